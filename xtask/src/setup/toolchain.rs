//! The parts of the Rust toolchain that rustup adds.

use crate::{process, workspace};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// Adds the wasm target, the formatter and the linter where they are missing.
///
/// `rust-toolchain.toml` names them too, but rustup heeds it only where automatic installation is on.
///
/// # Errors
/// When rustup is not there or fails.
pub fn ensure() -> Result<()> {
    let root = workspace::root();
    let sysroot = process::output(Command::new("rustc").current_dir(root).args(["--print", "sysroot"]))
        .map(PathBuf::from)
        .context("`rustc` does not run; install it with rustup (https://rustup.rs)")?;

    if !sysroot.join("lib/rustlib").join(WASM).join("lib").is_dir() {
        rustup(&["target", "add", WASM])?;
    }
    let missing: Vec<_> = [("rustfmt", "rustfmt"), ("cargo-clippy", "clippy")]
        .into_iter()
        .filter(|(program, _)| !sysroot.join("bin").join(program).is_file())
        .map(|(_, component)| component)
        .collect();
    if !missing.is_empty() {
        rustup(&[&["component", "add"], missing.as_slice()].concat())?;
    }
    Ok(())
}

fn rustup(arguments: &[&str]) -> Result<()> {
    let heading = format!("rustup {}", arguments.join(" "));
    let mut command = Command::new("rustup");
    command.current_dir(workspace::root()).args(arguments);
    process::run(&heading, &mut command)
        .with_context(|| format!("without rustup, install what `{heading}` would"))
}
