//! npm packages, as their committed lock file says.

use crate::{process, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A copy of the lock file that `node_modules` was installed from; written last, so that its presence means all is there.
const STAMP: &str = ".installed-from";

/// Installs the packages of `folder` (below the repository's top) unless they are there, and gives the folder of
/// their programs.
///
/// # Errors
/// When npm fails or the folder cannot be read or written.
pub fn ensure(folder: &str, what: &str) -> Result<PathBuf> {
    let folder = workspace::root().join(folder);
    let modules = folder.join("node_modules");
    let lock_file = folder.join("package-lock.json");
    let lock = fs::read(&lock_file).with_context(|| format!("cannot read {}", lock_file.display()))?;
    let stamp = modules.join(STAMP);
    if fs::read(&stamp).ok().as_ref() != Some(&lock) {
        let heading = format!("installing {what} (npm ci in {})", workspace::display(&folder));
        let mut command = Command::new("npm");
        // No scripts: nothing here has one that it needs, and none is run unseen.
        command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder);
        process::run(&heading, &mut command)?;
        fs::write(&stamp, &lock).with_context(|| format!("cannot write {}", stamp.display()))?;
    }
    Ok(modules.join(".bin"))
}
