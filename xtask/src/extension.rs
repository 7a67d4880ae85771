//! `cargo xtask extension`: the browser extension, from the built page and `extension/`, as a folder and a package for each
//! browser.

use crate::finish::{self, modules};
use crate::setup::Tools;
use crate::{web, workspace};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What the toolbar button shows.
const POPUP: &str = "popup.html";

/// Folders of `dist/` that hold the extensions, one a browser.
pub const BROWSERS: [&str; 2] = ["chrome", "firefox"];

/// What a store takes, in bytes.
const LARGEST: u64 = 20_000_000;

/// Scripts from which all others are reached. The worker loads one of the last two, which depends on what computes.
const ENTRIES: [&str; 6] = [
    "extension/background.js",
    "extension/panel.js",
    "extension/popup.js",
    "www/worker.js",
    "tracer-cpu.js",
    "tracer-gpu.js",
];

/// What no script imports.
const OTHERS: [&str; 4] =
    ["tracer-cpu_bg.wasm", "tracer-gpu_bg.wasm", "models/bmrl-web.safetensors", "models/index.json"];

/// Builds the page if need be, and both extensions from it.
///
/// # Errors
/// When a file is missing or a package is larger than stores take.
pub fn build(tools: &Tools) -> Result<()> {
    web::build(tools)?;
    for browser in BROWSERS {
        let files = files(browser)?;
        let folder = workspace::dist().join(browser);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        for (name, bytes) in &files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let package = workspace::dist().join(format!("bmrl-{browser}.zip"));
        pack(&files, &package)?;
        let size = fs::metadata(&package)?.len();
        ensure!(
            size <= LARGEST,
            "{} has {size} bytes, more than the {LARGEST} that stores take",
            package.display()
        );
        println!("{}: {:.1} MB, {} files", package.display(), size as f64 / 1e6, files.len());
    }
    Ok(())
}

/// Everything in the extension for `browser`, by its name there.
fn files(browser: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    let (root, dist) = (workspace::root(), workspace::dist());
    let mut files = BTreeMap::new();
    let mut popup = Vec::new();
    let own = root.join("extension");
    collect(&own, "", &mut |name, bytes| {
        match name.strip_prefix("manifest") {
            Some(_) => {} // written below
            None if name == POPUP => popup = bytes,
            None if name.starts_with("_locales/") || name.starts_with("icons/") => {
                files.insert(name.to_owned(), bytes);
            }
            None => {
                files.insert(format!("extension/{name}"), bytes);
            }
        }
    })?;
    files.insert("manifest.json".into(), manifest(&own, browser)?.into_bytes());
    // Scripts of the page lie in dist/, those of the extension beside it.
    let find = |name: &str| {
        let path = if name.starts_with("extension/") { root.join(name) } else { dist.join(name) };
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let script = |name: &str| Ok(String::from_utf8(find(name)?)?);
    for entry in ENTRIES {
        files.insert(entry.to_owned(), find(entry)?);
        for name in modules::imported_by(&script, entry)? {
            files.insert(name.clone(), find(&name)?);
        }
    }
    for name in OTHERS {
        files.insert(name.into(), find(name)?);
    }
    // The panel is the page: all that it carries comes along.
    let panel = panel(&String::from_utf8(find(finish::page::PAGE)?)?)?;
    let popup = String::from_utf8(popup)?;
    for name in local_files(&panel).chain(local_files(&popup)) {
        files.entry(name.to_owned()).or_insert(find(name)?);
    }
    files.insert(POPUP.into(), popup.into_bytes());
    collect(&dist.join("samples"), "samples/", &mut |name, bytes| {
        files.insert(name.to_owned(), bytes);
    })?;
    files.insert("panel.html".into(), panel.into_bytes());
    Ok(files)
}

/// The built page, without what installs it, and with the script of the extension.
fn panel(page: &str) -> Result<String> {
    let installs = ["rel=\"manifest\"", "rel=\"apple-touch-icon\"", "rel=\"modulepreload\"", "data-trunk"];
    let kept: Vec<&str> =
        page.lines().filter(|line| !installs.iter().any(|install| line.contains(install))).collect();
    let (before, after) = kept
        .iter()
        .position(|line| line.contains("page/page.js"))
        .map(|place| kept.split_at(place + 1))
        .context("the page does not load page.js")?;
    let own = [
        "    <link rel=\"stylesheet\" href=\"extension/extension.css\">",
        "    <link rel=\"stylesheet\" href=\"extension/history.css\">",
        "    <script type=\"module\" src=\"extension/panel.js\"></script>",
    ];
    Ok([before, &own, after].concat().join("\n") + "\n")
}

/// What a page loads.
fn local_files(html: &str) -> impl Iterator<Item = &str> {
    let after = |name: &'static str| html.split(name).skip(1).filter_map(|rest| rest.split('"').next());
    after(" href=\"")
        .chain(after(" src=\""))
        .filter(|name| name.contains('.') && !name.starts_with(['#', '.']))
}

/// The manifest, with what another browser wants otherwise.
fn manifest(own: &Path, browser: &str) -> Result<String> {
    let read = |name: &str| -> Result<Value> {
        let path = own.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
    };
    let mut manifest = read("manifest.json")?;
    manifest["version"] = env!("CARGO_PKG_VERSION").into();
    if browser != "chrome" {
        merge(&mut manifest, &read(&format!("manifest.{browser}.json"))?);
    }
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

/// `null` takes a key away.
fn merge(into: &mut Value, more: &Value) {
    let (Value::Object(into), Value::Object(more)) = (&mut *into, more) else {
        *into = more.clone();
        return;
    };
    for (key, value) in more {
        if value.is_null() {
            into.remove(key);
        } else {
            merge(into.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

fn collect(folder: &Path, below: &str, take: &mut impl FnMut(&str, Vec<u8>)) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), take)?;
        } else if !name.ends_with(".d.ts") {
            take(&name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// In the order of their names and without times, so that the same files make the same package.
fn pack(files: &BTreeMap<String, Vec<u8>>, package: &Path) -> Result<()> {
    let file = File::create(package).with_context(|| format!("cannot write {}", package.display()))?;
    let mut archive = ZipWriter::new(file);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, bytes) in files {
        archive.start_file(name, options)?;
        archive.write_all(bytes)?;
    }
    archive.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn another_browsers_manifest_changes_what_it_names() {
        let mut manifest = json!({ "a": { "b": 1, "c": 2 }, "d": 3 });
        merge(&mut manifest, &json!({ "a": { "b": null, "e": [4] }, "d": 5 }));
        assert_eq!(manifest, json!({ "a": { "c": 2, "e": [4] }, "d": 5 }));
    }

    #[test]
    fn the_same_files_make_the_same_package() {
        let folder = tempfile::tempdir().unwrap();
        let files = BTreeMap::from([("b.js".to_string(), vec![1; 4000]), ("a.js".to_string(), vec![2])]);
        let pack = |name| {
            let path = folder.path().join(name);
            super::pack(&files, &path).unwrap();
            fs::read(path).unwrap()
        };
        assert_eq!(pack("one.zip"), pack("two.zip"));
    }
}
