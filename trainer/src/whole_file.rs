//! Files that appear whole or not at all.

use std::{fs, io, io::Write, path::Path};

use anyhow::{Context, Result};

/// Writes a file; what was there before stays until the new content is on the disk.
///
/// # Errors
/// When it cannot be written, for instance because the disk is full; the message names the file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = |file: &mut fs::File| file.write_all(bytes);
    replace(path, write).with_context(|| format!("cannot write {}", path.display()))
}

/// The same for content that is written piece by piece.
///
/// # Errors
/// What `write` and the file system say.
pub fn replace(path: &Path, write: impl FnOnce(&mut fs::File) -> io::Result<()>) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!("part.{name}"));
    let written = fs::File::create(&part).and_then(|mut file| {
        write(&mut file)?;
        // A name may reach the disk before its content does.
        file.sync_all()?;
        fs::rename(&part, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}
