//! `trainer parse`: face-parsing maps, which guide the training of the tracer.

mod augment;
mod classes;
mod files;
mod fill;
mod iou;
mod labels;
mod make;
mod map;
mod masks;
mod network;
mod pairs;
mod parser_file;
mod segment;
mod train;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, ensure};
use clap::{ArgGroup, Args};

use self::{
    classes::KnownSet,
    make::{Target, import, parse},
    masks::MaskFolder,
    pairs::Choice,
    train::{Training, train},
};
use crate::{
    backend::{BackendName, with_backend},
    interrupt,
};

/// Options of `trainer parse`.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("work").required(true).args(["train", "data"])),
    group(ArgGroup::new("source").args(["parser", "masks"])),
    after_help = "Example:
  trainer parse --train --images faces --masks masks --classes face-6 --out parser.safetensors
  trainer parse --data DATA --parser parser.safetensors"
)]
pub struct ParseArguments {
    /// Train a parser on labelled pictures
    #[arg(long, requires_all = ["images", "masks", "out"], conflicts_with_all = ["data", "parser"])]
    train: bool,
    /// Folder with labels.csv, whose pictures get a map
    #[arg(long, requires = "source")]
    data: Option<PathBuf>,
    /// Parser that makes the maps, as `--train` writes it
    #[arg(long, requires = "data")]
    parser: Option<PathBuf>,
    /// Folder of masks: a palette or grey PNG of class indices a picture, or CelebAMask-HQ's parts
    #[arg(long)]
    masks: Option<PathBuf>,
    /// What the indices of the masks mean, where their folder has no classes.json
    #[arg(long, value_enum, requires = "masks")]
    classes: Option<KnownSet>,
    /// With --train the file to write; otherwise the folder for maps and labels.csv [default: DATA itself]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Leave out a map of which one class takes more than this part
    #[arg(long, value_name = "PART", default_value_t = 0.95, conflicts_with = "train")]
    largest_share: f64,
    /// Folder of labelled pictures, for --train
    #[arg(long, requires = "train")]
    images: Option<PathBuf>,
    /// File names of the pictures that are only measured, once, at the end
    #[arg(long, value_name = "PATTERN", default_value = "test_*", requires = "train")]
    test: glob::Pattern,
    /// Pictures that choose the epoch: a part of the others, or a pattern of file names
    #[arg(long, value_name = "PART|PATTERN", default_value = "0.15", requires = "train")]
    validate: Choice,
    /// Side of the square that the parser sees a picture at, in pixels; a multiple of 16
    #[arg(long, default_value_t = 112, requires = "train")]
    side: usize,
    /// Passes over the training pictures
    #[arg(long, default_value_t = 60, requires = "train")]
    epochs: usize,
    /// Pictures per step
    #[arg(long, default_value_t = 16, requires = "train")]
    batch: usize,
    /// Highest learning rate, lowered to zero along a cosine
    #[arg(long, default_value_t = 2e-3, requires = "train")]
    learning_rate: f64,
    /// Seed of the weights, the draws and the augmentation
    #[arg(long, default_value_t = 1, requires = "train")]
    seed: u64,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

/// Runs `trainer parse`.
///
/// # Errors
/// When a folder or the parser cannot be read, or a mask does not fit. Pictures that fail while maps are made are
/// listed, and the exit code is 1.
pub fn run(arguments: &ParseArguments) -> Result<ExitCode> {
    interrupt::install();
    let masks =
        arguments.masks.as_ref().map(|folder| MaskFolder::open(folder, arguments.classes)).transpose()?;
    if arguments.train {
        ensure!(arguments.batch > 0 && arguments.epochs > 0, "--batch and --epochs must be at least 1");
        let training = Training {
            images: arguments.images.as_deref().context("--train needs --images")?,
            masks: masks.context("--train needs --masks")?,
            out: arguments.out.as_deref().context("--train needs --out")?,
            test: &arguments.test,
            validate: &arguments.validate,
            side: arguments.side,
            epochs: arguments.epochs,
            batch: arguments.batch,
            learning_rate: arguments.learning_rate,
            seed: arguments.seed,
        };
        return with_backend!(arguments.backend, train(training));
    }
    let data = arguments.data.as_deref().context("name a folder with --data")?;
    let share = arguments.largest_share;
    ensure!(share > 0.0 && share <= 1.0, "--largest-share {share}; it is above 0 and at most 1");
    let target = Target { data, out: arguments.out.as_deref().unwrap_or(data), largest_share: share };
    match (&arguments.parser, masks) {
        (Some(parser), _) => with_backend!(arguments.backend, parse(parser, &target)),
        (None, Some(masks)) => import(&masks, &target),
        (None, None) => anyhow::bail!("say where the maps come from: --parser FILE or --masks FOLDER"),
    }
}
