//! Reading the version that a program says it has.

/// The first word of `text` that starts with a digit, a leading `v` left out:
/// `trunk 0.21.14` and `v20.1.0` and `wasm-opt version 132 (version_132)` all work.
pub fn in_text(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.strip_prefix('v').unwrap_or(word))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The number before the first dot.
pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_print() {
        assert_eq!(in_text("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(in_text("wasm-bindgen 0.2.130 (abc 2026)"), Some("0.2.130"));
        assert_eq!(in_text("wasm-opt version 132 (version_132)"), Some("132"));
        assert_eq!(in_text("v20.20.2"), Some("20.20.2"));
        assert_eq!(in_text("command not found"), None);
        assert_eq!(in_text(""), None);
    }

    #[test]
    fn the_major_version_is_a_number() {
        assert_eq!(major("20.20.2"), Some(20));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major("nightly"), None);
    }
}
