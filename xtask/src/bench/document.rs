//! The measured part of `docs/performance.md`.

use crate::workspace;
use anyhow::{Context, Result};
use std::fs;

const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// Puts `tables` between the document's markers.
///
/// # Errors
/// When the document or its markers are missing or it cannot be written.
pub fn write(tables: &str) -> Result<()> {
    let path = workspace::root().join("docs/performance.md");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = replaced(&text, tables)
        .with_context(|| format!("{} lacks the lines {BEGIN} and {END}", path.display()))?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("written into {}", workspace::display(&path));
    Ok(())
}

fn replaced(text: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n{END}{after}", tables.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let text = format!("# Title\n\n{BEGIN}\nold\n{END}\n\nNotes.\n");
        let expected = format!("# Title\n\n{BEGIN}\n| new |\n{END}\n\nNotes.\n");
        assert_eq!(replaced(&text, "| new |\n"), Some(expected.clone()));
        assert_eq!(replaced(&expected, "| new |"), Some(expected.clone()));
        assert_eq!(replaced("no markers", "| new |"), None);
    }
}
