//! Which pictures are asked about: files, folders, patterns and lists, as one stream of paths.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, BufRead, BufReader},
    iter,
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

/// What a folder is searched for; a file that is named may have any ending.
const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "webp", "gif", "bmp"];

/// The list on standard input.
pub const STANDARD_INPUT: &str = "-";

/// A path to answer for.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// As it was given, or as it was found.
    pub path: PathBuf,
    /// Why there is nothing to read.
    pub wrong: Option<String>,
}

impl Input {
    fn picture(path: PathBuf) -> Self {
        Self { path, wrong: None }
    }

    fn wrong(path: impl Into<PathBuf>, why: impl Into<String>) -> Self {
        Self { path: path.into(), wrong: Some(why.into()) }
    }
}

/// Paths in an order that depends on nothing but what is there.
pub type Inputs = Box<dyn Iterator<Item = Input> + Send>;

/// The pictures behind `files`, then those that `list` names, one a line or each ended by a NUL.
///
/// # Errors
/// When the list cannot be opened.
pub fn inputs(files: &[PathBuf], list: Option<&Path>, null: bool) -> Result<Inputs> {
    let end = if null { 0 } else { b'\n' };
    let mut all: Inputs = Box::new(iter::empty());
    for file in files {
        let more = if file.as_os_str() == STANDARD_INPUT { listed(file, end)? } else { named(file.clone()) };
        all = Box::new(all.chain(more));
    }
    if let Some(list) = list {
        all = Box::new(all.chain(listed(list, end)?));
    }
    Ok(all)
}

/// A file, the pictures of a folder, or what a pattern matches.
fn named(path: PathBuf) -> Inputs {
    if path.is_dir() {
        return folder(path);
    }
    let text = path.to_string_lossy().into_owned();
    if path.exists() || !text.contains(['*', '?', '[']) {
        return Box::new(iter::once(Input::picture(path)));
    }
    let matches = match glob::glob(&text) {
        Ok(matches) => matches,
        Err(error) => return Box::new(iter::once(Input::wrong(path, format!("no such file, and {error}")))),
    };
    let mut matches = matches.peekable();
    if matches.peek().is_none() {
        return Box::new(iter::once(Input::wrong(path, "no file matches this pattern")));
    }
    Box::new(matches.flat_map(|found| match found {
        Ok(found) if found.is_dir() => folder(found),
        Ok(found) => Box::new(iter::once(Input::picture(found))),
        Err(error) => Box::new(iter::once(Input::wrong(error.path().to_owned(), unread(error.error())))),
    }))
}

/// The pictures below a folder, sorted by name within each folder; hidden ones are left out.
fn folder(root: PathBuf) -> Inputs {
    let shown =
        |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let found = WalkDir::new(&root).follow_links(true).sort_by_file_name().into_iter().filter_entry(shown);
    let mut pictures = found
        .filter_map(|entry| match entry {
            Ok(entry) => {
                let picture = entry.file_type().is_file() && is_picture(entry.path());
                picture.then(|| Input::picture(entry.into_path()))
            }
            Err(error) => {
                let path = error.path().unwrap_or(Path::new("")).to_owned();
                Some(Input::wrong(path, format!("cannot read the folder: {error}")))
            }
        })
        .peekable();
    if pictures.peek().is_none() {
        let why = format!("no picture in this folder; it is searched for {}", ENDINGS.join(", "));
        return Box::new(iter::once(Input::wrong(root, why)));
    }
    Box::new(pictures)
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| ENDINGS.contains(&&*ending))
}

/// The paths of a list, read as they are needed.
fn listed(list: &Path, end: u8) -> Result<Inputs> {
    let name = list.to_owned();
    let mut reader: Box<dyn BufRead + Send> = if list.as_os_str() == STANDARD_INPUT {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(list).with_context(|| format!("cannot read the list {}", list.display()))?;
        Box::new(BufReader::new(file))
    };
    let mut broken = false;
    Ok(Box::new(iter::from_fn(move || {
        while !broken {
            let mut line = Vec::new();
            match reader.read_until(end, &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => {
                    broken = true;
                    return Some(Input::wrong(&name, format!("cannot read the list: {error}")));
                }
            }
            if line.last() == Some(&end) {
                line.pop();
            }
            if end == b'\n' && line.last() == Some(&b'\r') {
                line.pop();
            }
            if !line.is_empty() {
                return Some(Input::picture(path_of(line)));
            }
        }
        None
    })))
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The words for a file that the system does not hand over.
pub fn unread(error: &io::Error) -> String {
    format!("cannot read the file: {error}")
}

/// Identifies a path as it is written, in verdicts too.
pub fn path_hash(path: &str) -> u128 {
    let digest = Sha256::digest(path.as_bytes());
    digest[..16].iter().fold(0, |hash, byte| hash << 8 | u128::from(*byte))
}

/// One part of all inputs: part `index` of `count`, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: u32,
}

impl Shard {
    /// Whether a path is in this part. It depends on the path alone, as given, so that a folder may grow.
    pub fn holds(self, path: &Path) -> bool {
        path_hash(&path.to_string_lossy()) % u128::from(self.count) == u128::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts =
            text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err("shards are 1/N to N/N".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn paths(files: &[PathBuf]) -> Vec<PathBuf> {
        inputs(files, None, false).unwrap().map(|input| input.path).collect()
    }

    #[test]
    fn a_folder_is_its_pictures_sorted_and_a_pattern_what_it_matches() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("b/.hidden")).unwrap();
        fs::create_dir(root.join("empty")).unwrap();
        for file in ["c.JPG", "a.png", "b/z.webp", "b/a.gif", "notes.txt", "b/.hidden/x.jpg", ".y.jpg"] {
            fs::write(root.join(file), "").unwrap();
        }
        let expected: Vec<PathBuf> =
            ["a.png", "b/a.gif", "b/z.webp", "c.JPG"].map(|file| root.join(file)).into();
        assert_eq!(paths(&[root.into()]), expected);
        assert_eq!(paths(&[root.join("*.png")]), [root.join("a.png")]);
        assert_eq!(paths(&[root.join("notes.txt")]), [root.join("notes.txt")]);
        for nothing in [root.join("empty"), root.join("*.bmp")] {
            let found: Vec<Input> = inputs(std::slice::from_ref(&nothing), None, false).unwrap().collect();
            assert!(found.len() == 1 && found[0].wrong.is_some() && found[0].path == nothing, "{found:?}");
        }
        // A name with a bracket is a name first.
        fs::write(root.join("a[1].jpg"), "").unwrap();
        assert_eq!(paths(&[root.join("a[1].jpg")]), [root.join("a[1].jpg")]);
    }

    #[test]
    fn a_list_is_read_by_lines_or_by_nul() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list");
        let read = |text: &str, null| -> Vec<String> {
            fs::write(&list, text).unwrap();
            let found = inputs(&[], Some(&list), null).unwrap();
            found.map(|input| input.path.display().to_string()).collect()
        };
        assert_eq!(read("a b.jpg\r\n\nc.jpg", false), ["a b.jpg", "c.jpg"]);
        assert_eq!(read("a\nb.jpg\0c.jpg\0", true), ["a\nb.jpg", "c.jpg"]);
    }

    #[test]
    fn shards_share_all_paths_among_them() {
        let shards: Vec<Shard> = (1..=3).map(|index| format!("{index}/3").parse().unwrap()).collect();
        let mut sizes = [0; 3];
        for index in 0..300 {
            let path = PathBuf::from(format!("pictures/{index}.jpg"));
            let holders: Vec<usize> = (0..3).filter(|&shard| shards[shard].holds(&path)).collect();
            assert_eq!(holders.len(), 1);
            sizes[holders[0]] += 1;
        }
        assert!(sizes.iter().all(|&size| size > 70), "{sizes:?}");
        for wrong in ["0/3", "4/3", "1", "a/b", "1/0", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
