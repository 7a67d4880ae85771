//! `trainer preset`: every field of a configuration with its default.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::recipe::{DEFAULT_PRESET, Recipe};

/// Options of `trainer preset`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  trainer preset nano > my.toml")]
pub struct PresetArguments {
    /// web, nano, paper or residual
    #[arg(default_value = DEFAULT_PRESET)]
    name: String,
}

/// Runs `trainer preset`.
///
/// # Errors
/// When there is no such preset.
pub fn run(arguments: &PresetArguments) -> Result<ExitCode> {
    print!("{}", Recipe::preset(&arguments.name)?.to_toml()?);
    Ok(ExitCode::SUCCESS)
}
