//! `trainer predict`: verdicts on pictures.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result};
use bmrl::{FaceMode, FaceVerdict, Tracer, Verdict};
use burn::tensor::backend::Backend;
use clap::{Args, ValueEnum};

use crate::backend::{BackendName, with_backend};

/// The model that ships.
const DEFAULT_MODEL: &[u8] = include_bytes!("../../www/models/bmrl-web.safetensors");

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Faces {
    /// Find faces and crop each with margin.
    Auto,
    /// Each picture is a face crop.
    Whole,
}

/// Options of `trainer predict`.
#[derive(Debug, Args)]
pub struct PredictArguments {
    /// Pictures
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object per picture and line
    #[arg(long)]
    json: bool,
    /// Where the faces are
    #[arg(long, value_enum, default_value = "auto")]
    faces: Faces,
    /// Bundle to use instead of the one that ships
    #[arg(long)]
    model: Option<PathBuf>,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

/// Runs `trainer predict`; exit code 1 when a picture could not be read.
pub fn run(arguments: &PredictArguments) -> Result<ExitCode> {
    let bytes;
    let model = match &arguments.model {
        Some(path) => {
            bytes = fs::read(path).with_context(|| format!("cannot read the model {}", path.display()))?;
            &bytes[..]
        }
        None => DEFAULT_MODEL,
    };
    with_backend!(arguments.backend, predict(arguments, model))
}

fn predict<B: Backend>(device: B::Device, arguments: &PredictArguments, model: &[u8]) -> Result<ExitCode> {
    let tracer = Tracer::<B>::load(model, &device)?;
    let mut failed = false;
    let mut output = io::stdout().lock();
    for path in &arguments.files {
        let verdict = trace(&tracer, path, arguments.faces);
        failed |= verdict.error.is_some();
        let line = if arguments.json { serde_json::to_string(&verdict)? } else { sentence(&verdict) };
        match writeln!(output, "{line}") {
            // Whoever read us has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            other => other.context("cannot write the answer")?,
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn trace<B: Backend>(tracer: &Tracer<B>, path: &std::path::Path, faces: Faces) -> Verdict {
    let started = Instant::now();
    let mode = match faces {
        Faces::Auto => FaceMode::Auto,
        Faces::Whole => FaceMode::Whole,
    };
    let (bytes, unread) = match fs::read(path) {
        Ok(bytes) => (bytes, None),
        Err(error) => (Vec::new(), Some(format!("cannot read the file: {error}"))),
    };
    let mut verdict = pollster::block_on(tracer.trace(&bytes, mode));
    verdict.error = unread.or(verdict.error);
    verdict.path = Some(path.display().to_string());
    verdict.backend = "cpu".into();
    verdict.milliseconds = started.elapsed().as_secs_f64() * 1e3;
    verdict
}

/// A verdict in words, a line per face.
fn sentence(verdict: &Verdict) -> String {
    let path = verdict.path.as_deref().unwrap_or("-");
    if let Some(error) = &verdict.error {
        return format!("{path}: {error}");
    }
    if verdict.faces.is_empty() {
        return format!("{path}: no face found; for a picture that is a face crop use --faces whole");
    }
    let lines: Vec<String> = verdict.faces.iter().map(|face| format!("{path}: {}", words(face))).collect();
    lines.join("\n")
}

fn words(face: &FaceVerdict) -> String {
    let [x, y, width, height] = face.area;
    let answer = &face.answer;
    let share = |p: f64| format!("{:.0} %", p * 100.0);
    let likeliest = face.authenticity.real.max(face.authenticity.fake);
    let mut text = format!("face {x},{y} {width}x{height}: {} ({})", answer.authenticity, share(likeliest));
    let levels = [
        ("forgery", &answer.forgery, &face.forgery),
        ("family", &answer.family, &face.family),
        ("generator", &answer.generator, &face.generator),
    ];
    for (level, word, distribution) in levels {
        if let Some(word) = word {
            let p = distribution
                .0
                .iter()
                .find(|(name, _)| name == word)
                .map(|(_, p)| format!(" ({})", share(*p)));
            text.push_str(&format!(", {level} {word}{}", p.unwrap_or_default()));
        }
    }
    if let Some(nearest) = &answer.nearest {
        text.push_str(&format!(", nearest {nearest}"));
    }
    text
}
