//! Running other programs so that a person sees what goes on.

use crate::timing::human;
use anyhow::{Context, Result, bail};
use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Prints `heading`, runs `command` with its output shown as it comes, and prints how long it took.
///
/// # Errors
/// When the program cannot be started or exits with a failure.
pub fn run(heading: &str, command: &mut Command) -> Result<()> {
    println!("==> {heading}");
    let start = Instant::now();
    let status = command.status().with_context(|| cannot_start(command))?;
    if !status.success() {
        bail!("{heading}: `{}` failed ({status})", line(command));
    }
    println!("    took {}", human(start.elapsed()));
    Ok(())
}

/// As [`run`], and hands each line of standard output to `each` too.
///
/// # Errors
/// As [`run`].
pub fn run_watching(heading: &str, command: &mut Command, mut each: impl FnMut(&str)) -> Result<()> {
    println!("==> {heading}");
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut bytes = Vec::new();
        // By bytes: a program may print what is not UTF-8.
        while output.read_until(b'\n', &mut bytes)? > 0 {
            let text = String::from_utf8_lossy(&bytes);
            print!("{text}");
            each(text.trim_end());
            bytes.clear();
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{heading}: `{}` failed ({status})", line(command));
    }
    Ok(())
}

/// What `command` prints on standard output, or `None` when it cannot be run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Every program called `name` on PATH, in its order.
pub fn on_path(name: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(name)).filter(|file| file.is_file()).collect()
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", command.get_program().to_string_lossy())
}

fn line(command: &Command) -> String {
    let words: Vec<_> =
        [command.get_program()].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}
