//! `cargo xtask test`: everything that says whether this works.

mod tally;

use crate::setup::{self, Tools};
use crate::timing::human;
use crate::{extension, process, workspace};
use anyhow::{Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use tally::Tally;

const WASM: &str = "wasm32-unknown-unknown";

/// Runs every stage, also after one has failed, and closes with a table of times and one line
/// `N passed, N failed, N skipped` over all runners. A check without tests of its own (format, lint, types, build)
/// counts as one.
///
/// # Errors
/// When anything failed.
pub fn run() -> Result<()> {
    let mut stages = Stages::default();
    let tools = stages.add("set-up", || setup::for_tests().map(|tools| (tools, Tally::default())));
    let Some(tools) = tools else { return stages.close() };

    stages.check("format", cargo(&tools, &["fmt", "--all", "--check"]));
    // The browser's package compiles for the browser only, once with each of its two features.
    let native = ["--workspace", "--exclude", "bmrl-web", "--all-targets"];
    stages
        .check("lint", cargo(&tools, &[&["clippy"], native.as_slice(), &["--", "-D", "warnings"]].concat()));
    for backend in ["cpu", "gpu"] {
        let package = ["clippy", "--package", "bmrl-web", "--target", WASM, "--features", backend];
        let name = format!("lint, {backend} module");
        stages.check(&name, cargo(&tools, &[package.as_slice(), &["--", "-D", "warnings"]].concat()));
    }
    for project in [".", "service-worker.json"] {
        let name = format!("JavaScript types, {project}");
        stages.check(&name, browser_tests(&tools, "node_modules/.bin/tsc", &["-p", project]));
    }
    // The same packages and targets for both, so that burn is compiled once.
    stages.check("programs", cargo(&tools, &[&["build"], native.as_slice()].concat()));
    stages.check("awkward pictures", maker(&tools, "fixtures"));
    stages.check("bundles", maker(&tools, "device-bundles"));
    stages.tests(
        "native tests",
        with_programs(cargo(&tools, &["test", "--workspace", "--exclude", "bmrl-web", "--no-fail-fast"])),
    );
    let built = stages.add("page and extension", || extension::build(&tools).map(|()| ((), one_check())));
    if built.is_some() {
        let arguments = ["--test", "--test-concurrency=1", "--test-reporter=spec"];
        stages.tests("browser tests", with_programs(browser_tests(&tools, "node", &arguments)));
    }
    stages.close()
}

fn cargo(tools: &Tools, arguments: &[&str]) -> Command {
    let mut command = tools.command("cargo");
    command.args(arguments);
    command
}

fn browser_tests(tools: &Tools, program: &str, arguments: &[&str]) -> Command {
    let folder = workspace::root().join("tests/browser");
    // A program that stands in the folder is named from it; `node` is on PATH.
    let mut command =
        if program.contains('/') { tools.command(folder.join(program)) } else { tools.command(program) };
    command.args(arguments).current_dir(folder);
    command
}

/// Tells tests where the command line program is, and what [`maker`] has made. They would build them otherwise.
fn with_programs(mut command: Command) -> Command {
    command
        .env("TRAINER", program("trainer"))
        .env("XTASK", program("xtask"))
        .env("FIXTURES", made_by("fixtures"))
        .env("DEVICE_BUNDLES", made_by("device-bundles"));
    command
}

/// The program `name` of this workspace, which makes files that the tests need.
fn maker(tools: &Tools, name: &str) -> Command {
    let mut command = tools.command(program(name));
    command.arg(made_by(name));
    command
}

/// The folder that [`maker`] fills.
fn made_by(name: &str) -> PathBuf {
    workspace::root().join("target").join(name)
}

/// A program of this workspace; they stand beside this one.
fn program(name: &str) -> PathBuf {
    env::current_exe().map_or(name.into(), |xtask| xtask.with_file_name(name))
}

/// What a check without tests of its own counts for.
fn one_check() -> Tally {
    Tally { passed: 1, ..Tally::default() }
}

/// The stages so far.
#[derive(Default)]
struct Stages {
    times: Vec<(String, Duration, bool)>,
    sum: Tally,
}

impl Stages {
    /// Runs a stage; `None` when it failed, which is printed and counted.
    fn add<T>(&mut self, name: &str, stage: impl FnOnce() -> Result<(T, Tally)>) -> Option<T> {
        let start = Instant::now();
        let result = stage();
        self.times.push((name.to_owned(), start.elapsed(), result.is_ok()));
        match result {
            Ok((value, tally)) => {
                self.sum += tally;
                Some(value)
            }
            Err(error) => {
                eprintln!("error: {error:#}");
                self.sum.failed += 1;
                None
            }
        }
    }

    /// A command that either succeeds or fails.
    fn check(&mut self, name: &str, mut command: Command) {
        self.add(name, || process::run(name, &mut command).map(|()| ((), one_check())));
    }

    /// A test runner, whose closing lines are counted.
    fn tests(&mut self, name: &str, mut command: Command) {
        let mut tally = Tally::default();
        let start = Instant::now();
        let result = process::run_watching(name, &mut command, |line| tally += Tally::from_line(line));
        if let Err(error) = &result {
            eprintln!("error: {error:#}");
            // A runner that fails without a failed test has not run them: it did not compile, or it crashed.
            tally.failed = tally.failed.max(1);
        }
        self.sum += tally;
        self.times.push((name.to_owned(), start.elapsed(), result.is_ok()));
    }

    fn close(self) -> Result<()> {
        println!("\n{:<20} {:>14}", "stage", "time");
        for (name, time, passed) in &self.times {
            println!("{name:<20} {:>14}{}", human(*time), if *passed { "" } else { "   FAILED" });
        }
        let total = self.times.iter().map(|(_, time, _)| *time).sum();
        println!("{:<20} {:>14}\n", "all", human(total));
        let Tally { passed, failed, skipped } = self.sum;
        println!("{passed} passed, {failed} failed, {skipped} skipped");
        if failed > 0 {
            let names: Vec<_> =
                self.times.iter().filter(|(_, _, passed)| !passed).map(|(name, _, _)| &**name).collect();
            bail!("failed: {}", names.join(", "));
        }
        Ok(())
    }
}
