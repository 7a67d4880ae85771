//! The sample pictures that the repository carries in `www/samples`.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One line of `www/samples/index.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sample {
    /// File name within `www/samples`.
    pub file: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// How many faces the picture shows; the face finder sees exactly these.
    pub faces: usize,
    /// What the page calls it.
    pub title: String,
}

/// `www/samples` of this checkout.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../www/samples"))
}

/// Every sample, as `index.json` lists them.
pub fn index() -> std::io::Result<Vec<Sample>> {
    Ok(serde_json::from_slice(&fs::read(folder().join("index.json"))?)?)
}
