//! The service worker's list: every file of the page with its hash. A change in any of them changes the list, so that
//! browsers see a new service worker and fetch what has changed.

use super::{digest, models, read, read_text, write};
use crate::extension::BROWSERS;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

const WORKER: &str = "service-worker.js";
const LIST: &str = "globalThis.BUILT = ";

/// Writes the list into the first line of the service worker.
pub fn write_list(dist: &Path) -> Result<()> {
    let path = dist.join(WORKER);
    let source = read_text(&path)?;
    let code = match source.split_once('\n') {
        Some((first, rest)) if first.starts_with(LIST) => rest,
        _ => &source,
    };
    let mut files = Map::new();
    collect(dist, "", &mut files)?;
    let models = models::list(dist)?;
    let version = digest::sha256(json!([files, models, code]).to_string().as_bytes());
    let list = json!({ "version": version[..16], "files": files, "models": models });
    write(&path, &format!("{LIST}{list};\n{code}"))
}

/// All files whose name does not start with a dot, but for the worker itself, the models, which the page keeps, type
/// declarations, which no browser asks for, and the extensions.
fn collect(dist: &Path, below: &str, files: &mut Map<String, Value>) -> Result<()> {
    let folder = dist.join(below);
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let model = below == models::FOLDER && name.ends_with(models::EXTENSION);
        let extension = below.is_empty() && (BROWSERS.contains(&&*name) || name.ends_with(".zip"));
        if name.starts_with('.') || name.ends_with(".d.ts") || model || extension || path == WORKER {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(dist, &path, files)?;
        } else {
            files.insert(path, digest::integrity(&read(&entry.path())?).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_of(dist: &Path) -> Value {
        let worker = read_text(&dist.join(WORKER)).unwrap();
        let (first, code) = worker.split_once('\n').unwrap();
        assert_eq!(code, "work();\n");
        serde_json::from_str(first.strip_prefix(LIST).unwrap().trim_end_matches(';')).unwrap()
    }

    #[test]
    fn the_list_has_every_file_and_changes_with_each() {
        let dist = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dist.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for name in [
            "index.html",
            "www/a.js",
            "www/a.d.ts",
            ".built-from",
            "models/m.safetensors",
            "models/index.json",
        ] {
            file(name, name);
        }
        file(WORKER, "work();\n");
        write_list(dist.path()).unwrap();
        let first = list_of(dist.path());
        let names: Vec<_> = first["files"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["index.html", "models/index.json", "www/a.js"]);
        assert_eq!(first["files"]["www/a.js"], digest::integrity(b"www/a.js"));
        assert_eq!(first["models"][0]["sha256"], digest::sha256(b"models/m.safetensors"));

        write_list(dist.path()).unwrap();
        assert_eq!(list_of(dist.path()), first);
        file("www/a.js", "changed");
        write_list(dist.path()).unwrap();
        assert_ne!(list_of(dist.path())["version"], first["version"]);
        file("www/a.js", "www/a.js");
        file("models/m.safetensors", "changed");
        write_list(dist.path()).unwrap();
        assert_ne!(list_of(dist.path())["version"], first["version"]);
    }
}
