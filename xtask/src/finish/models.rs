//! `models/index.json`: how large each model is and its hash, so that the page can tell a whole one from a damaged or
//! another one, and find it among those it has kept.

use super::{digest, read, write};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

pub const FOLDER: &str = "models";
pub const EXTENSION: &str = "safetensors";

/// `[{file, bytes, sha256}]`, in the order of their names.
pub fn list(dist: &Path) -> Result<Vec<Value>> {
    let folder = dist.join(FOLDER);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| name.ends_with(&format!(".{EXTENSION}")));
    names.sort();
    let describe = |name: &String| {
        let bytes = read(&folder.join(name))?;
        Ok(json!({ "file": name, "bytes": bytes.len(), "sha256": digest::sha256(&bytes) }))
    };
    names.iter().map(describe).collect()
}

pub fn write_index(dist: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(&list(dist)?)?;
    write(&dist.join(FOLDER).join("index.json"), &format!("{text}\n"))
}
