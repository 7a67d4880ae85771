//! The files under a folder, looked through once.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::words;
use crate::data::skip::{Reason, Skip};

/// Endings of what can be read.
const PICTURES: [&str; 7] = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "jfif"];

/// Endings of pictures that cannot.
const FOREIGN: [&str; 7] = ["tif", "tiff", "heic", "heif", "avif", "jxl", "jp2"];

/// Folders beside the pictures of public sets that hold no photos.
const NO_PHOTOS: [&str; 5] = ["masks", "mask", "landmarks", "parsing", "__macosx"];

/// A folder, or one file alone.
pub struct Tree {
    /// The folder; of a file, the one it is in.
    pub root: PathBuf,
    /// Tables, lists and JSON files at its top; of a file, only that file.
    pub tops: Vec<PathBuf>,
    /// Pictures, in the order of their paths.
    pub pictures: Vec<Leaf>,
    /// What could not be listed, and pictures of a kind that cannot be read.
    pub skipped: Vec<Skip>,
}

/// A picture in a tree.
pub struct Leaf {
    /// Its path.
    pub path: PathBuf,
    /// The names of the folders on the way, the root's own first.
    pub folders: Vec<String>,
    /// Its name without the ending.
    pub stem: String,
}

impl Leaf {
    /// The nearest folder.
    pub fn parent(&self) -> &str {
        self.folders.last().map_or("", |name| name)
    }

    /// The split that a folder's name tells, the nearest first.
    pub fn split(&self) -> Option<crate::data::item::Split> {
        self.folders.iter().rev().find_map(|name| words::split(name))
    }
}

impl Tree {
    /// Looks through a folder, but not through `out`.
    pub fn new(path: &Path, out: &Path) -> Result<Self> {
        let mut tree =
            Self { root: path.into(), tops: Vec::new(), pictures: Vec::new(), skipped: Vec::new() };
        if path.is_file() {
            tree.root = path.parent().unwrap_or(Path::new("")).into();
            tree.tops.push(path.into());
            return Ok(tree);
        }
        // Of `.` and `..` the name is only known so.
        let full = path.canonicalize().with_context(|| format!("cannot open {}", path.display()))?;
        let own = full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let out = out.canonicalize().ok();
        let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
        let walk = walk.filter_entry(|entry| {
            let is_out = || entry.path().canonicalize().ok() == out && out.is_some();
            !(entry.depth() > 0 && entry.file_type().is_dir() && is_out())
        });
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(path).to_path_buf();
                    tree.skipped.push(Skip::new(path, Reason::Unreadable, error.to_string()));
                    continue;
                }
            };
            if entry.file_type().is_file() {
                tree.add(path, &own, entry.path(), entry.depth());
            }
        }
        Ok(tree)
    }

    fn add(&mut self, root: &Path, own: &str, path: &Path, depth: usize) {
        let name = |part: &std::ffi::OsStr| part.to_string_lossy().into_owned();
        let ending = path.extension().map(|ending| name(ending).to_lowercase()).unwrap_or_default();
        if depth == 1 && ["csv", "json", "txt", "tsv", "lst"].contains(&&*ending) {
            self.tops.push(path.into());
        }
        let inner = path.strip_prefix(root).ok().and_then(Path::parent).unwrap_or(Path::new(""));
        let folders: Vec<String> = std::iter::once(own.to_string()).chain(inner.iter().map(name)).collect();
        if folders[1..].iter().any(|folder| NO_PHOTOS.contains(&&*folder.to_lowercase())) {
            return;
        }
        if FOREIGN.contains(&&*ending) {
            let detail = format!("{ending} cannot be read; convert it to PNG");
            self.skipped.push(Skip::new(path.into(), Reason::NotAPicture, detail));
        }
        // `._name` is what macOS keeps beside a file.
        if !PICTURES.contains(&&*ending) || path.file_name().is_some_and(|file| name(file).starts_with("._"))
        {
            return;
        }
        let stem = path.file_stem().map(name).unwrap_or_default();
        self.pictures.push(Leaf { path: path.into(), folders, stem });
    }

    /// Whether some picture lies under a folder for which this holds.
    pub fn has_folder(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.pictures.iter().any(|leaf| leaf.folders.iter().any(|name| holds(name)))
    }

    /// Files at the top with one of these endings.
    pub fn tops_of(&self, endings: &[&str]) -> Vec<&PathBuf> {
        let is = |path: &&PathBuf| {
            path.extension()
                .is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
        };
        self.tops.iter().filter(is).collect()
    }

    /// The name of the root.
    pub fn name(&self) -> String {
        let full = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        full.file_name().map_or_else(|| "data".into(), |name| name.to_string_lossy().into_owned())
    }
}
