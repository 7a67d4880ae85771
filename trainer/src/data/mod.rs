//! `trainer data`: folders of pictures, as public data sets lie on the disk, to one data folder that is trained on.

mod clusters;
mod collect;
mod generators;
mod item;
mod journal;
mod label;
mod layout;
mod levels;
mod near;
mod picture;
mod quantiser;
mod report;
mod row;
mod shortcuts;
mod skip;
mod split;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, ensure};
use bmrl::FaceFinder;
use clap::Args;

use crate::interrupt;
use journal::Journal;
use label::Renames;
use layout::{Layout, Options};
use levels::Levels;
use picture::{Faces, Intake};
use report::{Input, Report};
use skip::Skip;
use split::{Plan, Shares};

/// The SeetaFace model that every bundle carries (see its licence beside it).
const FACE_FINDER: &[u8] = include_bytes!("../../../shared/assets/seeta_fd_frontal_v1.0.bin");

/// Options of `trainer data`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  trainer data DATA --faces whole --out prepared")]
pub struct DataArguments {
    /// Folders of pictures; also tables, lists and JSON files that name pictures
    #[arg(required = true, value_name = "FOLDER")]
    paths: Vec<PathBuf>,
    /// Folder for labels.csv, the face crops and the report
    #[arg(long)]
    out: PathBuf,
    /// How the folders are laid out [default: told from what is in them]
    #[arg(long, value_enum)]
    layout: Option<Layout>,
    /// Where the faces are
    #[arg(long, value_enum, default_value = "auto")]
    faces: Faces,
    /// Leave face crops where they are: labels.csv then holds their whole paths
    #[arg(long)]
    in_place: bool,
    /// Folder that the paths of tables, lists and JSON files start from [default: theirs]
    #[arg(long)]
    root: Option<PathBuf>,
    /// TOML file with the place of further generators: [NAME], forgery = "EFS", family = "GAN"
    #[arg(long)]
    levels: Option<PathBuf>,
    /// Another name for what a data set calls a class, for instance fake=SDXL or 0=real; may be repeated
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// Parts of the pictures for train, val and test_seen, where the data set has no splits
    #[arg(long, default_value = "80/10/10", value_name = "TRAIN/VAL/TEST")]
    split: Shares,
    /// Seed of the splits
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Make new splits even where the data set has its own
    #[arg(long)]
    resplit: bool,
    /// Generator, or source of real pictures, for test_unseen; may be repeated
    #[arg(long, value_name = "NAME")]
    unseen: Vec<String>,
    /// Bits of 256 in which the hashes of near-duplicates may differ
    #[arg(long, default_value_t = near::NEAR, value_parser = clap::value_parser!(u32).range(..=i64::from(near::MOST_NEAR)))]
    near: u32,
    /// Fail, and write no labels.csv, when any picture has to be left out
    #[arg(long)]
    strict: bool,
}

/// Runs `trainer data`; exit code 1 when a picture was left out and `--strict` was asked for.
pub fn run(arguments: &DataArguments) -> Result<ExitCode> {
    interrupt::install();
    ensure!(
        !arguments.in_place || arguments.faces == Faces::Whole,
        "--in-place copies nothing, so it needs --faces whole: the pictures must be face crops already"
    );
    let out = &arguments.out;
    prepare(out, &arguments.paths)?;
    let levels = Levels::new(arguments.levels.as_deref())?;
    let renames = Renames::new(&arguments.rename)?;
    let options = Options { levels: &levels, root: arguments.root.as_deref(), out };
    let (mut items, mut inputs, mut unlisted) = (Vec::new(), Vec::<Input>::new(), Vec::<Skip>::new());
    for path in &arguments.paths {
        let found = layout::read(path, arguments.layout, &options)?;
        let pictures = found.items.len();
        eprintln!("{}: {pictures} pictures, read as {}", path.display(), found.layout.name());
        inputs.push(Input { path: path.clone(), layout: found.layout.name(), pictures });
        items.extend(found.items);
        unlisted.extend(found.skipped);
    }
    let (items, warnings) = label::label(items, &levels, &renames)?;

    let intake = Intake {
        out: out.clone(),
        faces: arguments.faces,
        in_place: arguments.in_place,
        finder: FaceFinder::new(FACE_FINDER)?,
    };
    let mut journal = Journal::open(&intake)?;
    let Some(outcomes) = collect::take_in(&items, &intake, &mut journal)? else {
        return Ok(interrupt::stopped("the same command goes on where it was"));
    };
    let mut found = collect::collect(items, outcomes, arguments.resplit);
    found.skipped.extend(unlisted);
    found.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    let (mut clusters, near) = collect::join(&found.rows, arguments.near);
    let plan = Plan { shares: arguments.split, seed: arguments.seed, unseen: &arguments.unseen };
    let split = split::split(&mut found.rows, &mut clusters, &plan)?;
    let report = Report::new(inputs, &found, &near, arguments.near, split, warnings);
    report.write(&found.skipped, out)?;
    // Whoever reads may have seen enough.
    let _ = io::stdout().write_all(report.summary().as_bytes());
    ensure!(!found.rows.is_empty(), "no picture is left; {} says why", out.join("skipped.csv").display());
    if arguments.strict && !found.skipped.is_empty() {
        eprintln!(
            "trainer: {} pictures cannot be used, so --strict writes no labels.csv; {} names them",
            found.skipped.len(),
            out.join("skipped.csv").display()
        );
        return Ok(ExitCode::FAILURE);
    }
    row::write(&found.rows, out)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the folder that is written to, unless it is read from or holds a table that is not ours to replace.
fn prepare(out: &Path, inputs: &[PathBuf]) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let whole = out.canonicalize().with_context(|| out.display().to_string())?;
    let is_read = inputs.iter().any(|path| path.canonicalize().is_ok_and(|path| path == whole));
    ensure!(!is_read, "{} is read from; take another folder for --out", out.display());
    ensure!(
        !out.join("labels.csv").exists() || out.join(journal::NAME).exists(),
        "{} holds a labels.csv that trainer data did not write; take another --out",
        out.display()
    );
    Ok(())
}
