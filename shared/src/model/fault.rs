//! Limits that every configuration keeps, so that a wrong one is a message and not an allocation.

/// Widest layer that is built.
pub const MAX_WIDTH: usize = 1 << 14;

/// What is wrong with a layer's width, if anything.
pub fn width(name: &str, width: usize) -> Option<String> {
    (width == 0 || width > MAX_WIDTH).then(|| format!("{name} {width} is not in 1 to {MAX_WIDTH}"))
}

/// What is wrong with a transformer's widths, if anything.
pub fn attention(width: usize, heads: usize, mlp: usize) -> Option<String> {
    if heads == 0 || !width.is_multiple_of(heads) {
        return Some(format!("width {width} does not divide into {heads} heads"));
    }
    self::width("width", width).or_else(|| self::width("mlp", mlp))
}
