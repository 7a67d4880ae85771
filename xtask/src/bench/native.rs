//! How fast the command line is.

use super::browser::Series;
use crate::process;
use crate::setup::Tools;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

/// As many as the page traces on its CPU.
const RUNS: usize = 9;

/// Has `trainer predict` trace `photo` several times in one process, and takes the times that its verdicts tell.
///
/// # Errors
/// When the program fails or tells no times.
pub fn measure(tools: &Tools, photo: &Path) -> Result<Series> {
    let mut command = tools.command("cargo");
    command.args(["run", "--quiet", "--release", "--package", "trainer", "--", "predict", "--json"]);
    command.args([photo; RUNS]);
    println!("==> timing the native program");
    let lines = process::output(&mut command).context("`trainer predict` failed")?;
    let times: Vec<_> = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?.get("milliseconds")?.as_f64())
        .collect();
    Series::new(&times).context("`trainer predict` told no times")
}
