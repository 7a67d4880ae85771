//! Programs that come from the system's package manager.

use crate::process;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

/// A program that the system provides.
#[derive(Clone, Copy)]
pub struct SystemProgram {
    /// The names that it goes by on PATH, the usual one first.
    names: &'static [&'static str],
    /// An environment variable that may name the file instead.
    variable: Option<&'static str>,
    /// Debian's packages.
    packages: &'static [&'static str],
}

/// Runs the browser tests and wasm-opt.
pub const NODE: SystemProgram = SystemProgram { names: &["node"], variable: None, packages: &["nodejs"] };

/// Installs wasm-opt and the browser driver.
pub const NPM: SystemProgram = SystemProgram { names: &["npm"], variable: None, packages: &["npm"] };

/// The browser of the tests.
pub const CHROMIUM: SystemProgram = SystemProgram {
    names: &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    variable: Some("CHROMIUM"),
    // Without a font the page's screenshots have boxes for letters.
    packages: &["chromium", "fonts-liberation"],
};

impl SystemProgram {
    /// The program's file, if there is one.
    pub fn find(&self) -> Option<PathBuf> {
        let named = self.variable.and_then(env::var_os).map(PathBuf::from);
        named
            .filter(|file| file.is_file())
            .or_else(|| self.names.iter().find_map(|name| process::on_path(name).into_iter().next()))
    }
}

/// Installs those of `programs` that are missing.
///
/// # Errors
/// When that takes a person: the message says which command to run.
pub fn ensure(programs: &[SystemProgram]) -> Result<()> {
    let missing: Vec<_> = programs.iter().filter(|program| program.find().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.iter().flat_map(|program| program.packages).copied().collect::<Vec<_>>().join(" ");
    let browser = missing.iter().any(|program| program.variable == CHROMIUM.variable);
    if process::on_path("apt-get").is_empty() || (browser && on_ubuntu()) {
        bail!(
            "not installed: {packages}. Install them with this system's package manager (on Ubuntu Chromium is a \
             snap: `sudo snap install chromium`), then run the same command again. A Chrome or Chromium elsewhere \
             is used when CHROMIUM=/path/to/it says so"
        );
    }
    if !is_root() {
        bail!(
            "not installed: {packages}. Run `sudo apt-get install -y {packages}`, then the same command again"
        );
    }
    apt_get("apt-get update", &["update"])?;
    for program in missing {
        // One by one: some builds of `nodejs` bring npm along and refuse Debian's.
        if program.find().is_none() {
            let heading = format!("apt-get install {}", program.packages.join(" "));
            let arguments = [&["install", "-y", "--no-install-recommends"], program.packages].concat();
            apt_get(&heading, &arguments)?;
        }
    }
    Ok(())
}

fn apt_get(heading: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    process::run(heading, &mut command)
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Ubuntu's package `chromium` is a pointer to a snap.
fn on_ubuntu() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=ubuntu"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_under_any_of_its_names() {
        let shell =
            SystemProgram { names: &["no-such-program-here", "sh"], variable: None, packages: &["dash"] };
        assert!(shell.find().is_some_and(|file| file.ends_with("sh")));
    }

    #[test]
    fn a_missing_program_is_not_found() {
        let nothing = SystemProgram {
            names: &["no-such-program-here"],
            variable: Some("NO_SUCH_VARIABLE_HERE"),
            packages: &["none"],
        };
        assert_eq!(nothing.find(), None);
    }
}
