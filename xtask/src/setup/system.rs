//! What comes from the system's package manager.

use crate::process;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Something that the system provides.
#[derive(Clone, Copy)]
pub struct SystemPart {
    /// The file that shows that it is there.
    file: SystemFile,
    /// Debian's packages.
    packages: &'static [&'static str],
}

/// Where a file of the system is to be found.
#[derive(Clone, Copy)]
enum SystemFile {
    Program {
        /// The names that it goes by on PATH, the usual one first.
        names: &'static [&'static str],
        /// An environment variable that may name the file instead.
        variable: Option<&'static str>,
    },
    Data {
        folders: &'static [&'static str],
        /// How its name begins.
        start: &'static str,
    },
}

/// Runs the browser tests and wasm-opt.
pub const NODE: SystemPart =
    SystemPart { file: SystemFile::Program { names: &["node"], variable: None }, packages: &["nodejs"] };

/// Installs wasm-opt and the browser driver.
pub const NPM: SystemPart =
    SystemPart { file: SystemFile::Program { names: &["npm"], variable: None }, packages: &["npm"] };

/// The browser of the tests.
pub const CHROMIUM: SystemPart = SystemPart {
    file: SystemFile::Program {
        names: &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
        variable: Some("CHROMIUM"),
    },
    // Without a font the page's screenshots have boxes for letters.
    packages: &["chromium", "fonts-liberation"],
};

/// The second browser of the tests: it has no WebGPU where Debian builds it, so that the page has to do without.
pub const FIREFOX: SystemPart = SystemPart {
    file: SystemFile::Program { names: &["firefox-esr", "firefox"], variable: Some("FIREFOX") },
    packages: &["firefox-esr"],
};

/// A GPU that any machine has, for the native tests: Mesa's lavapipe, which computes on the CPU. The package brings the
/// Vulkan loader along; what shows that it is there is the file by which the loader finds the driver.
pub const SOFTWARE_VULKAN: SystemPart = SystemPart {
    file: SystemFile::Data {
        folders: &["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"],
        start: "lvp_icd.",
    },
    packages: &["mesa-vulkan-drivers"],
};

impl SystemPart {
    /// The file that shows that it is there, if it is.
    pub fn find(&self) -> Option<PathBuf> {
        match self.file {
            SystemFile::Program { names, variable } => {
                let named = variable.and_then(env::var_os).map(PathBuf::from);
                named
                    .filter(|file| file.is_file())
                    .or_else(|| names.iter().find_map(|name| process::on_path(name).into_iter().next()))
            }
            SystemFile::Data { folders, start } => {
                folders.iter().find_map(|folder| starting_with(start, Path::new(folder)))
            }
        }
    }
}

/// A file in `folder` whose name begins with `start`.
fn starting_with(start: &str, folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten();
    files
        .filter(|file| file.file_name().to_str().is_some_and(|name| name.starts_with(start)))
        .map(|file| file.path())
        .next()
}

/// Installs those of `parts` that are missing.
///
/// # Errors
/// When that takes a person: the message says which command to run.
pub fn ensure(parts: &[SystemPart]) -> Result<()> {
    let missing: Vec<_> = parts.iter().filter(|part| part.find().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.iter().flat_map(|part| part.packages).copied().collect::<Vec<_>>().join(" ");
    let browser = missing.iter().any(|part| [CHROMIUM.packages, FIREFOX.packages].contains(&part.packages));
    if process::on_path("apt-get").is_empty() || (browser && on_ubuntu()) {
        bail!(
            "not installed: {packages}. Install them with this system's package manager (on Ubuntu Chromium is a \
             snap: `sudo snap install chromium`, and Firefox one called firefox), then run the same command again. A \
             Chrome, Chromium or Firefox elsewhere is used when CHROMIUM=/path/to/it or FIREFOX=/path/to/it says so"
        );
    }
    if !is_root() {
        bail!(
            "not installed: {packages}. Run `sudo apt-get install -y {packages}`, then the same command again"
        );
    }
    apt_get("apt-get update", &["update"])?;
    for part in missing {
        // One by one: some builds of `nodejs` bring npm along and refuse Debian's.
        if part.find().is_none() {
            let heading = format!("apt-get install {}", part.packages.join(" "));
            let arguments = [&["install", "-y", "--no-install-recommends"], part.packages].concat();
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
        let shell = SystemPart {
            file: SystemFile::Program { names: &["no-such-program-here", "sh"], variable: None },
            packages: &["dash"],
        };
        assert!(shell.find().is_some_and(|file| file.ends_with("sh")));
    }

    #[test]
    fn what_is_missing_is_not_found() {
        let program =
            SystemFile::Program { names: &["no-such-program-here"], variable: Some("NO_SUCH_VARIABLE_HERE") };
        let data = SystemFile::Data { folders: &["/no/such/folder", "/"], start: "no-such-file-here" };
        for file in [program, data] {
            assert_eq!(SystemPart { file, packages: &["none"] }.find(), None);
        }
    }

    #[test]
    fn a_file_is_found_by_the_start_of_its_name() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/setup");
        assert_eq!(starting_with("syst", &source), Some(source.join("system.rs")));
    }
}
