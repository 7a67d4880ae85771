//! Building the page into `dist/`.

use crate::setup::Tools;
use crate::{finish, process, workspace};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

/// Everything that the built page is made from.
const INPUTS: [&str; 11] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "claims",
    "index.html",
    "rust-toolchain.toml",
    "shared",
    "web",
    "www",
    "xtask/npm/package-lock.json",
];

/// What the page takes from npm packages as it is: from below `xtask/npm/node_modules`, to below `dist`.
const VENDORED: [(&str, &str); 2] = [
    ("@zip.js/zip.js/dist/zip-core-external.min.js", "www/vendor/zip.js"),
    ("@zip.js/zip.js/LICENSE", "www/vendor/zip.LICENSE.txt"),
];

/// Builds the page unless `dist/` is already made from the files as they are, and finishes it.
///
/// # Errors
/// When a file cannot be read or the build fails.
pub fn build(tools: &Tools) -> Result<()> {
    compile(tools)?;
    finish::run(&workspace::dist())
}

fn compile(tools: &Tools) -> Result<()> {
    let stamp = workspace::dist().join(".built-from");
    let wanted = fingerprint()?;
    if fs::read_to_string(&stamp).is_ok_and(|built| built == wanted) {
        println!("==> dist/ is up to date");
        return Ok(());
    }
    // trunk runs cargo offline, and a newcomer has not downloaded the crates of the page yet.
    let mut fetch = tools.command("cargo");
    fetch.args(["fetch", "--target", "wasm32-unknown-unknown"]);
    process::run("downloading the crates of the page", &mut fetch)?;

    let mut trunk = tools.command("trunk");
    // trunk takes NO_COLOR for a flag and stops at any value but true or false.
    trunk.args(["build", "--release"]).env_remove("NO_COLOR");
    process::run("building the page: two wasm modules, compiled and optimised", &mut trunk)?;
    vendor()?;
    // trunk has emptied dist/, so a stamp never outlives what it stands for.
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

fn vendor() -> Result<()> {
    for (from, to) in VENDORED {
        let from = workspace::root().join("xtask/npm/node_modules").join(from);
        let to = workspace::dist().join(to);
        fs::create_dir_all(to.with_file_name(""))
            .with_context(|| format!("cannot make the folder of {}", to.display()))?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}

/// A hash of all inputs' names and contents.
fn fingerprint() -> Result<String> {
    let mut files = BTreeSet::new();
    for input in INPUTS {
        collect(&workspace::root().join(input), &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    for file in files {
        hasher.write(file.as_os_str().as_encoded_bytes());
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.insert(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
