//! Files that appear whole or not at all, and folders of pictures.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use walkdir::WalkDir;

/// Endings of pictures that can be read.
const PICTURES: [&str; 6] = ["jpg", "jpeg", "png", "webp", "gif", "bmp"];

/// Writes a file beside its place and moves it there; makes the folder where it is missing.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = folder.join(format!("part.{name}"));
    fs::write(&part, bytes).with_context(|| format!("cannot write {}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("cannot rename {}", part.display()))
}

/// The pictures below a folder, as paths from it, in order; half-written ones are left out.
pub fn pictures(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let path = entry.path();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let half_written = entry.file_name().to_string_lossy().starts_with("part.");
        if entry.file_type().is_file() && PICTURES.contains(&&*ending) && !half_written {
            found.push(path.strip_prefix(folder).unwrap_or(path).to_path_buf());
        }
    }
    Ok(found)
}

/// A path from a folder in the one spelling that tables use, with `/`.
pub fn spelt(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
