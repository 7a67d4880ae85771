//! `trainer predict`: verdicts on pictures.

mod ahead;
mod answers;
mod inputs;
mod table;
mod words;

use std::{borrow::Cow, fs, path::PathBuf, process::ExitCode, time::Instant};

use ahead::{Prepared, prepare_ahead};
use answers::{Answers, Format};
use anyhow::{Context, Result, bail};
use bmrl::{FaceMode, Tracer, Verdict};
use burn::tensor::backend::Backend;
use clap::{Args, ValueEnum};
use inputs::{Inputs, STANDARD_INPUT, Shard, path_hash};

use crate::{
    backend::{BackendName, with_inference_backend},
    interrupt,
    progress::Progress,
};

/// The model that ships.
const DEFAULT_MODEL: &[u8] = include_bytes!("../../../www/models/bmrl-web.safetensors");

/// Where the faces of a picture are.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Faces {
    /// Find faces and crop each with margin.
    Auto,
    /// Each picture is a face crop.
    Whole,
}

impl From<Faces> for FaceMode {
    fn from(faces: Faces) -> Self {
        match faces {
            Faces::Auto => Self::Auto,
            Faces::Whole => Self::Whole,
        }
    }
}

/// Options of `trainer predict`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trainer predict picture.jpg\n  trainer predict --faces whole --csv DATA > verdicts.csv"
)]
pub struct PredictArguments {
    /// Pictures, folders of pictures, patterns such as 'a/*.jpg', or - for a list of paths on standard input
    #[arg(required_unless_present = "list")]
    files: Vec<PathBuf>,
    /// File with further paths, one a line; - is standard input
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Paths in lists end with NUL, as `find -print0` writes them
    #[arg(long)]
    null: bool,
    /// One JSON object per picture and line
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// CSV, a row per face
    #[arg(long)]
    csv: bool,
    /// File for the answers, JSON lines or CSV by its ending; one that is there is continued
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Answer only part I of N, by a hash of the path; I counts from 1
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Where the faces are
    #[arg(long, value_enum, default_value = "auto")]
    faces: Faces,
    /// Pictures taken together, and most faces computed at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// Bundle to use instead of the one that ships
    #[arg(long)]
    model: Option<PathBuf>,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

impl PredictArguments {
    fn format(&self) -> Format {
        let is_csv =
            |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        match &self.out {
            _ if self.csv => Format::Csv,
            _ if self.json => Format::Json,
            Some(path) if is_csv(path) => Format::Csv,
            Some(_) => Format::Json,
            None => Format::Text,
        }
    }

    /// The paths of this shard.
    fn inputs(&self) -> Result<Inputs> {
        let all = inputs::inputs(&self.files, self.list.as_deref(), self.null)?;
        Ok(match self.shard {
            Some(shard) => Box::new(all.filter(move |input| shard.holds(&input.path))),
            None => all,
        })
    }

    fn reads_standard_input(&self) -> bool {
        self.files.iter().chain(&self.list).any(|path| path.as_os_str() == STANDARD_INPUT)
    }
}

/// Reads a bundle, or takes the one that ships.
///
/// # Errors
/// When it cannot be read.
pub fn model_bytes(path: Option<&PathBuf>) -> Result<Cow<'static, [u8]>> {
    Ok(match path {
        Some(path) => {
            fs::read(path).with_context(|| format!("cannot read the model {}", path.display()))?.into()
        }
        None => DEFAULT_MODEL.into(),
    })
}

/// The pictures behind files, folders and patterns.
///
/// # Errors
/// When there is nothing to read behind one of them.
pub fn pictures(files: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let found = inputs::inputs(files, None, false)?.map(|input| match input.wrong {
        Some(wrong) => bail!("{}: {wrong}", input.path.display()),
        None => Ok(input.path),
    });
    found.collect()
}

/// Runs `trainer predict`; exit code 1 when a picture could not be read.
///
/// # Errors
/// When the model or a list cannot be read, or the answers cannot be written.
pub fn run(arguments: &PredictArguments) -> Result<ExitCode> {
    let model = model_bytes(arguments.model.as_ref())?;
    with_inference_backend!(arguments.backend, predict(arguments, &model))
}

fn predict<B: Backend>(device: B::Device, arguments: &PredictArguments, model: &[u8]) -> Result<ExitCode> {
    let backend = arguments.backend.resolve()?.word();
    let tracer = Tracer::<B>::load(model, &device)?;
    let format = arguments.format();
    let mut answers = match &arguments.out {
        Some(path) => {
            interrupt::install();
            Answers::file(path, format, &tracer.model().sha256)?
        }
        None => Answers::standard_output(format)?,
    };
    // Beside answers on the same terminal it would be in the way; a list that is still being written has no length.
    let shown = arguments.out.is_some() && !arguments.reads_standard_input();
    let mut progress =
        if shown { Some(Progress::new(arguments.inputs()?.count(), "pictures")) } else { None };
    let answered = std::mem::take(&mut answers.answered);
    if let Some(progress) = &mut progress {
        progress.add(answered.len());
    }
    let asked = arguments.inputs()?;
    let left: Inputs = if answered.is_empty() {
        asked
    } else {
        Box::new(asked.filter(move |input| !answered.contains(&path_hash(&input.path.display().to_string()))))
    };

    let mut failed = answers.failed;
    let batch = usize::from(arguments.batch);
    for group in prepare_ahead(left, batch, tracer.finder(), arguments.faces.into()) {
        let verdicts = verdicts(&tracer, group, batch, backend);
        failed |= verdicts.iter().any(|verdict| verdict.error.is_some());
        let text = verdicts.iter().map(|verdict| format.write(verdict)).collect::<Result<String>>()?;
        if !answers.write(&text)? {
            break;
        }
        if let Some(progress) = &mut progress {
            progress.add(verdicts.len());
        }
        if interrupt::requested() {
            drop(progress);
            return Ok(interrupt::stopped("the same command goes on from here"));
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The verdicts on a group of inputs. The time of each is its own preparation and its faces' part of the device's time.
fn verdicts<B: Backend>(
    tracer: &Tracer<B>,
    group: Vec<Prepared>,
    batch: usize,
    backend: &str,
) -> Vec<Verdict> {
    let started = Instant::now();
    let (mut pictures, mut rest) = (Vec::with_capacity(group.len()), Vec::with_capacity(group.len()));
    for Prepared { path, picture, unread, seconds } in group {
        pictures.push(picture);
        rest.push((path, unread, seconds));
    }
    let mut verdicts = pollster::block_on(tracer.verdicts(&pictures, batch));
    let device_seconds = started.elapsed().as_secs_f64();
    let faces: usize = verdicts.iter().map(|verdict| verdict.faces.len()).sum();
    for (verdict, (path, unread, seconds)) in verdicts.iter_mut().zip(rest) {
        let part = verdict.faces.len() as f64 / faces.max(1) as f64;
        verdict.error = unread.or(verdict.error.take());
        verdict.path = Some(path);
        verdict.backend = backend.into();
        verdict.milliseconds = (seconds + device_seconds * part) * 1e3;
    }
    verdicts
}
