//! What the measurements were taken on.

use crate::process;
use crate::setup::Tools;
use std::fs;
use std::process::Command;
use std::thread;

/// One paragraph: command, date, commit, machine and its load before the measurements, programs.
pub fn conditions(tools: &Tools) -> String {
    let say = |command: &mut Command| process::output(command).unwrap_or_else(|| "unknown".to_owned());
    let date = say(tools.command("date").args(["-u", "+%F %H:%M UTC"]));
    let commit = say(tools.command("git").args(["describe", "--always", "--dirty"]));
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let system = value(&system, "PRETTY_NAME=").unwrap_or("unknown system");
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = value(&cpu, "model name\t:").unwrap_or("unknown processor");
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown");
    let node = say(tools.command("node").arg("--version"));
    let rust = say(tools.command("rustc").arg("--version"));
    let chromium = say(&mut tools.chromium_command("--version"));
    format!(
        "`cargo xtask bench`, {date}, commit {commit}, {cores} cores of {cpu}, {system}, load {load} at the start. \
         {chromium}, Node {node}, {rust}.\n"
    )
}

fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.trim().trim_matches('"'))
}
