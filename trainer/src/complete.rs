//! `trainer completions` and `trainer man`: what a shell and a reader get from the same description as `--help`.

use std::{fs, io, io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_complete::Shell;

/// Options of `trainer completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  trainer completions bash > trainer.bash")]
pub struct CompletionsArguments {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Options of `trainer man`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  trainer man --out man1")]
pub struct ManArguments {
    /// Folder for trainer.1 and a page for each verb
    #[arg(long)]
    out: PathBuf,
}

/// Runs `trainer completions`.
///
/// # Errors
/// When standard output cannot be written.
pub fn completions(arguments: &CompletionsArguments, mut program: Command) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "trainer", &mut script);
    match io::stdout().write_all(&script) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write the completions")
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Runs `trainer man`.
///
/// # Errors
/// When a page cannot be written.
pub fn man(arguments: &ManArguments, program: Command) -> Result<ExitCode> {
    let folder = &arguments.out;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    clap_mangen::generate_to(program, folder)
        .with_context(|| format!("cannot write man pages into {}", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}
