//! Tools that `cargo install` builds, one folder per version in the user's cache.

use crate::{process, version, workspace};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A published program that cargo can install.
pub struct CargoTool {
    /// The package's name.
    pub package: &'static str,
    /// The program's name.
    pub program: &'static str,
    /// The only version that will do.
    pub version: String,
    /// More arguments for `cargo install`.
    pub arguments: &'static [&'static str],
    /// Environment variables for it.
    pub environment: &'static [(&'static str, &'static str)],
    /// For the person who waits.
    pub usual_time: &'static str,
}

impl CargoTool {
    /// The folder that PATH needs in front, or `None` when the right version is on PATH already.
    ///
    /// # Errors
    /// When the tool has to be built and cannot be.
    pub fn ensure(&self) -> Result<Option<PathBuf>> {
        let first = process::on_path(self.program).into_iter().next();
        if first.is_some_and(|program| self.is(&program)) {
            return Ok(None);
        }
        let cache = workspace::tool_cache()?;
        let home = cache.join(format!("{}-{}", self.program, self.version));
        let folder = home.join("bin");
        if !self.is(&folder.join(self.program)) {
            self.install(&cache, &home)?;
        }
        Ok(Some(folder))
    }

    fn is(&self, program: &Path) -> bool {
        process::output(Command::new(program).arg("--version")).as_deref().and_then(version::in_text)
            == Some(self.version.as_str())
    }

    /// Builds beside the final folder and moves it there at the end, so that an interrupted build is never taken for a
    /// tool. What was compiled stays, and the next try goes on from there.
    fn install(&self, cache: &Path, home: &Path) -> Result<()> {
        let partial = cache.join(format!(".partial-{}-{}", self.program, self.version));
        let staged = partial.join("root");
        fs::create_dir_all(&partial).with_context(|| format!("cannot create {}", partial.display()))?;

        let heading = format!("building {} {} (once; {})", self.package, self.version, self.usual_time);
        let mut command = Command::new("cargo");
        command
            .current_dir(workspace::root())
            .args(["install", self.package, "--version", &self.version])
            .args(self.arguments)
            .envs(self.environment.iter().copied())
            .arg("--force")
            .arg("--root")
            .arg(&staged)
            .arg("--target-dir")
            .arg(partial.join("target"));
        process::run(&heading, &mut command)?;
        ensure!(
            self.is(&staged.join("bin").join(self.program)),
            "{} was built but is not version {}",
            self.program,
            self.version
        );

        // Another clone's set-up may have come first; either result is good.
        if home.exists() {
            fs::remove_dir_all(home).with_context(|| format!("cannot replace {}", home.display()))?;
        }
        fs::rename(&staged, home).with_context(|| format!("cannot create {}", home.display()))?;
        fs::remove_dir_all(&partial).with_context(|| format!("cannot remove {}", partial.display()))
    }
}
