//! Set-up: what the other verbs need, installed when it is missing, with pinned versions.
//!
//! What is there already costs a check of some milliseconds. What is interrupted half-way is done again: nothing
//! counts as installed before it is complete.

mod cargo_tool;
mod node;
mod npm;
mod system;
mod toolchain;

use crate::{lockfile, process, version, workspace};
use anyhow::Result;
use cargo_tool::CargoTool;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The last release that builds with this project's toolchain.
const TRUNK: &str = "0.21.14";
/// The release in `xtask/npm/package.json`, as `wasm-opt --version` gives it and `Trunk.toml` asks for it.
const WASM_OPT: &str = "132";

/// The tools, ready to run.
pub struct Tools {
    /// Folders that go in front of PATH.
    folders: Vec<PathBuf>,
    /// The browsers; only after [`for_tests`].
    chromium: Option<PathBuf>,
    firefox: Option<PathBuf>,
}

impl Tools {
    /// A command that runs in the repository's top folder and finds every tool on its PATH.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(workspace::root()).env("PATH", self.path());
        for (variable, browser) in [("CHROMIUM", &self.chromium), ("FIREFOX", &self.firefox)] {
            if let Some(browser) = browser {
                command.env(variable, browser);
            }
        }
        command
    }

    /// The browser with one argument; it does not start before [`for_tests`].
    pub fn chromium_command(&self, argument: &str) -> Command {
        let mut command = self.command(self.chromium.as_deref().unwrap_or(Path::new("chromium")));
        command.arg(argument);
        command
    }

    fn path(&self) -> OsString {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = self.folders.iter().cloned().chain(env::split_paths(&inherited));
        // Only a folder with a `:` in its name cannot be joined, and then no tool could be found there either.
        env::join_paths(all).unwrap_or(inherited)
    }
}

/// All that building the page needs.
///
/// # Errors
/// When something cannot be installed; the message says which command to run.
pub fn for_build() -> Result<Tools> {
    system::ensure(&[system::NODE, system::NPM])?;
    toolchain::ensure()?;
    let mut folders = Vec::new();
    folders.extend(node::ensure()?);
    let trunk = CargoTool {
        package: "trunk",
        program: "trunk",
        version: TRUNK.to_owned(),
        // No default features: they are for downloading tools, which are installed here instead.
        arguments: &["--locked", "--no-default-features"],
        // Its own profile optimises for speed at run time; here it spends its time waiting for other programs.
        environment: &[
            ("CARGO_PROFILE_RELEASE_LTO", "off"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
        ],
        usual_time: "4 to 8 minutes on two cores",
    };
    folders.extend(trunk.ensure()?);
    let wasm_bindgen = CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        // The generated JavaScript and the crate have to be of the same version.
        version: lockfile::version_of("wasm-bindgen")?,
        // Not `--locked`: its lock file names a crate that registry mirrors may lack.
        arguments: &[],
        environment: &[],
        usual_time: "2 to 10 minutes on two cores",
    };
    folders.extend(wasm_bindgen.ensure()?);
    folders.extend(npm_packages()?);
    Ok(Tools { folders, chromium: None, firefox: None })
}

/// All that the tests and the benchmarks need.
///
/// # Errors
/// As [`for_build`].
pub fn for_tests() -> Result<Tools> {
    // All at once and first: a person who has to type a command for this types it before the long builds.
    let mut parts = vec![system::NODE, system::NPM, system::CHROMIUM];
    if cfg!(target_os = "linux") {
        // Elsewhere Firefox is used where it is, and its tests say so where it is not.
        parts.extend([system::FIREFOX, system::SOFTWARE_VULKAN]);
    }
    system::ensure(&parts)?;
    let mut tools = for_build()?;
    npm::ensure("tests/browser", "the browser drivers, axe and the type checker")?;
    tools.chromium = system::CHROMIUM.find();
    tools.firefox = system::FIREFOX.find();
    Ok(tools)
}

/// The page's npm packages, and the folder of wasm-opt unless it is on PATH already.
fn npm_packages() -> Result<Option<PathBuf>> {
    let programs = npm::ensure("xtask/npm", "wasm-opt and the page's reader of zip files")?;
    let found = process::on_path("wasm-opt").into_iter().next();
    let printed = found.and_then(|program| process::output(Command::new(program).arg("--version")));
    if printed.as_deref().and_then(version::in_text) == Some(WASM_OPT) {
        return Ok(None);
    }
    Ok(Some(programs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn wasm_opt_is_pinned_to_one_version_everywhere() {
        let read = |path| fs::read_to_string(workspace::root().join(path)).unwrap();
        assert!(read("xtask/npm/package.json").contains(&format!("\"binaryen\": \"{WASM_OPT}.0.0\"")));
        assert!(read("Trunk.toml").contains(&format!("wasm_opt = \"version_{WASM_OPT}\"")));
    }
}
