//! `trainer weights`: a run's weights for another program.

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use burn::tensor::backend::Backend;
use burn_store::{HalfPrecisionAdapter, KeyRemapper, ModuleSnapshot, SafetensorsStore};
use clap::Args;

use crate::{
    backend::{BackendName, with_backend},
    checkpoint,
};

/// Options of `trainer weights`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  trainer weights --run runs/first --out weights.safetensors --half")]
pub struct WeightsArguments {
    /// Folder that `trainer train` wrote
    #[arg(long)]
    run: PathBuf,
    /// Safetensors file to write
    #[arg(long)]
    out: PathBuf,
    /// Epoch whose weights to take [default: the best]
    #[arg(long)]
    epoch: Option<usize>,
    /// Half precision for all but norms, tokens and centres
    #[arg(long)]
    half: bool,
    /// Other names: a regular expression and what replaces it, for instance ^classifier\.=net. ; may be repeated
    #[arg(long, value_name = "PATTERN=NEW")]
    rename: Vec<String>,
}

/// Runs `trainer weights`.
///
/// # Errors
/// When the run cannot be read, a pattern is wrong, or the file cannot be written.
pub fn run(arguments: &WeightsArguments) -> Result<ExitCode> {
    with_backend!(BackendName::default(), write(arguments))?;
    Ok(ExitCode::SUCCESS)
}

fn write<B: Backend>(device: B::Device, arguments: &WeightsArguments) -> Result<()> {
    let (_, model) = checkpoint::load::<B>(&arguments.run, arguments.epoch, &device)?;
    let mut names = KeyRemapper::new();
    for rename in &arguments.rename {
        let (pattern, new) =
            rename.split_once('=').with_context(|| format!("{rename:?} is not of the form pattern=new"))?;
        names = names.add_pattern(pattern, new).with_context(|| format!("the pattern {pattern:?}"))?;
    }
    let mut taken = BTreeMap::new();
    for (new, old) in names.remap(model.collect(None, None, true)).1 {
        if let Some(other) = taken.insert(new.clone(), old.clone()) {
            bail!("{other} and {old} would both be {new}; change --rename");
        }
    }
    let mut store =
        SafetensorsStore::from_file(&arguments.out).skip_enum_variants(true).remap(names).overwrite(true);
    if arguments.half {
        store = store.with_to_adapter(HalfPrecisionAdapter::new());
    }
    model
        .save_into(&mut store)
        .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", arguments.out.display()))
}
