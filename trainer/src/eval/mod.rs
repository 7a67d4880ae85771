//! `trainer eval`: judges what ships by a protocol.

mod assess;
mod figures;
pub mod job;
mod judged_bundle;
pub mod markdown;
mod projection;
mod protocol;
pub mod report;
mod unfinished;

use std::{fs, process::ExitCode};

use anyhow::{Context, Result};
use clap::Args;

pub use job::JudgeOptions;
pub use judged_bundle::BundleFile;
pub use protocol::{Generators, Protocol, TestSet};

use crate::interrupt;
use job::{Job, write_whole};

/// What to do after a stop.
pub const GO_ON: &str = "the same command goes on where it stopped";

/// Options of `trainer eval`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  trainer eval --model model.safetensors --data DATA --out reports/first")]
pub struct EvalArguments {
    #[command(flatten)]
    options: JudgeOptions,
    /// Which pictures are judged and how: zs-dfa, closed-set, cross-source, leave-one-generator-out, or a TOML file
    #[arg(long, default_value = "zs-dfa")]
    protocol: String,
}

/// Runs `trainer eval`.
pub fn run(arguments: &EvalArguments) -> Result<ExitCode> {
    interrupt::install();
    let out = &arguments.options.out;
    let protocol = Protocol::read(&arguments.protocol)?;
    let job = Job { options: &arguments.options, kind: "eval", protocol, details: true };
    let Some((report, maps)) = job::run(&job)? else { return Ok(interrupt::stopped(GO_ON)) };
    let figures = out.join("figures");
    fs::create_dir_all(&figures).with_context(|| format!("cannot make {}", figures.display()))?;
    let drawn = figures::draw(&report, &maps)?;
    for (name, svg) in &drawn {
        write_whole(&figures.join(name), svg.as_bytes())?;
    }
    let markdown = markdown::write(&report, &drawn);
    write_whole(&out.join("report.csv"), &report.csv()?)?;
    write_whole(&out.join("report.md"), markdown.as_bytes())?;
    // Last: a folder with it is complete.
    write_whole(&out.join("report.json"), &serde_json::to_vec_pretty(&report)?)?;
    println!("{}", out.join("report.md").display());
    Ok(ExitCode::SUCCESS)
}
