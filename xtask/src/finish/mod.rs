//! What the page gets when all of its files are built: it can then check itself, and keep itself for use without a
//! network. Finishing a folder a second time changes nothing.

mod digest;
mod models;
pub mod modules;
mod offline;
pub mod page;

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Writes the list of models, the integrity of what `index.html` loads, and the service worker's list of files, in this
/// order: each covers what was written before it.
///
/// # Errors
/// When a file that the page refers to is not there, or one cannot be read or written.
pub fn run(dist: &Path) -> Result<()> {
    println!("==> finishing the page: integrity, list of models, files to keep");
    models::write_index(dist)?;
    page::add_integrity(dist)?;
    offline::write_list(dist)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Leaves a file as it is, with its time, when it has this content already.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|now| now == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
