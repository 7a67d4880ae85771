//! `trainer bench`: what an inference and a training step cost, backend by backend.

mod feeding;
mod measure;
mod memory;

use std::{
    env, io,
    io::Write,
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
    str::FromStr,
};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::{
    backend::{BackendName, with_backend, with_inference_backend},
    recipe::{DEFAULT_PRESET, Recipe},
};
use feeding::{Feeding, feeding};
use measure::{inference, training};

/// Options of `trainer bench`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trainer bench nano --batch 2 --runs 1\n  trainer bench nano --backend all --runs 1 --json"
)]
pub struct BenchArguments {
    /// Networks: web, nano, paper or residual
    #[arg(default_value = DEFAULT_PRESET)]
    preset: String,
    /// Faces in a training step
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// Runs of each part after one to warm up; the median counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Data folder: also says whether its pictures are ready when the device wants them
    #[arg(long, value_name = "DATA", conflicts_with = "inference")]
    data: Option<PathBuf>,
    /// Leave training out
    #[arg(long)]
    inference: bool,
    /// One JSON object per backend and line instead of a table
    #[arg(long)]
    json: bool,
    /// auto, cuda, wgpu, tch, flex or candle; all compares those of this build
    #[arg(long, value_name = "BACKEND", default_value = "auto")]
    backend: Choice,
}

/// One backend, or each of this build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    All,
    One(BackendName),
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        BackendName::from_str(text, false).map(Self::One).map_err(|_| {
            let words: Vec<&str> = BackendName::ALL.into_iter().map(BackendName::word).collect();
            format!("it is none of auto, all, {}", words.join(", "))
        })
    }
}

/// Sizes, and median times in milliseconds.
#[derive(Debug, Serialize, Deserialize)]
struct Report {
    preset: String,
    /// As `--backend` takes it.
    backend: String,
    /// What the backend calls itself and its device.
    device: String,
    batch: u16,
    parameters: usize,
    parameters_at_inference: usize,
    multiply_accumulates: u64,
    /// One face.
    inference_ms: f64,
    /// Most memory that the process held while it computed one face; `null` where the system does not say. A GPU's own
    /// memory is not in it.
    inference_peak_bytes: Option<u64>,
    /// What each further face of a batch added to that.
    bytes_per_image: Option<u64>,
    #[serde(flatten)]
    training: Option<Training>,
}

/// The part of the report that `--inference` and Candle leave out.
#[derive(Debug, Serialize, Deserialize)]
struct Training {
    step_ms: f64,
    /// Each view's making and each loss with its gradient, on the whole batch.
    parts_ms: Vec<(String, f64)>,
    /// With `--data`.
    #[serde(flatten)]
    feeding: Option<Feeding>,
}

/// What [`inference`] finds.
struct Inference {
    device: String,
    parameters: usize,
    parameters_at_inference: usize,
    milliseconds: f64,
    peak_bytes: Option<u64>,
    bytes_per_image: Option<u64>,
}

/// Runs `trainer bench`; exit code 1 when one of several backends does not work.
///
/// # Errors
/// When there is no such preset or backend.
pub fn run(arguments: &BenchArguments) -> Result<ExitCode> {
    let method = Recipe::preset(&arguments.preset)?.method;
    let mut reports = Vec::new();
    let mut failed = false;
    match arguments.backend {
        Choice::One(backend) => reports.push(one(arguments, backend.resolve()?, &method)?),
        // A process each: one that crashes takes no other with it, and memory is counted apart.
        Choice::All => {
            for backend in BackendName::built() {
                match in_own_process(arguments, backend) {
                    Ok(report) => reports.push(report),
                    Err(error) => {
                        failed = true;
                        eprintln!("{backend}: {error:#}");
                    }
                }
            }
        }
    }
    let text = if arguments.json {
        let lines = reports.iter().map(|report| Ok(serde_json::to_string(report)? + "\n"));
        lines.collect::<Result<String>>()?
    } else {
        table(&reports)
    };
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(error).context("cannot write the report");
        }
        _ => {}
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn one(
    arguments: &BenchArguments,
    backend: BackendName,
    method: &bmrl::model::MethodConfig,
) -> Result<Report> {
    let runs = usize::from(arguments.runs);
    let found = with_inference_backend!(backend, inference(method, runs))?;
    let training = if arguments.inference || backend == BackendName::Candle {
        None
    } else {
        let batch = usize::from(arguments.batch);
        let mut found = with_backend!(backend, training(method, batch, runs))?;
        if let Some(data) = &arguments.data {
            found.feeding = Some(with_backend!(backend, feeding(method, batch, runs, data))?);
        }
        Some(found)
    };
    Ok(Report {
        preset: method.preset.clone(),
        backend: backend.word().into(),
        device: found.device,
        batch: arguments.batch,
        parameters: found.parameters,
        parameters_at_inference: found.parameters_at_inference,
        multiply_accumulates: method.model.multiply_accumulates(),
        inference_ms: found.milliseconds,
        inference_peak_bytes: found.peak_bytes,
        bytes_per_image: found.bytes_per_image,
        training,
    })
}

fn in_own_process(arguments: &BenchArguments, backend: BackendName) -> Result<Report> {
    let program = env::current_exe().context("this program does not know where it is")?;
    let mut command = Command::new(program);
    command.args(["bench", &arguments.preset, "--json", "--backend", backend.word()]);
    command.args(["--batch", &arguments.batch.to_string(), "--runs", &arguments.runs.to_string()]);
    if arguments.inference {
        command.arg("--inference");
    }
    if let Some(data) = &arguments.data {
        command.arg("--data").arg(data);
    }
    let output = command.stderr(Stdio::piped()).output().context("cannot start it")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "it does not work here: {}",
        said.lines().last().unwrap_or_default().trim()
    );
    serde_json::from_slice(&output.stdout).context("it gave no report")
}

/// A column per backend.
fn table(reports: &[Report]) -> String {
    let Some(first) = reports.first() else { return String::new() };
    let mebibytes = |bytes: Option<u64>| {
        bytes.map_or_else(|| "-".into(), |bytes| format!("{:.1} MiB", bytes as f64 / (1024.0 * 1024.0)))
    };
    let ms = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.2} ms"));
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let mut row = |label: &str, value: &dyn Fn(&Report) -> String| {
        rows.push((label.into(), reports.iter().map(value).collect()));
    };
    row(&first.preset, &|report| report.backend.clone());
    row("parameters", &|report| report.parameters.to_string());
    row("parameters at inference", &|report| report.parameters_at_inference.to_string());
    row("multiply-accumulates", &|report| report.multiply_accumulates.to_string());
    row("inference", &|report| ms(Some(report.inference_ms)));
    row("peak memory at inference", &|report| mebibytes(report.inference_peak_bytes));
    row("memory per further image", &|report| mebibytes(report.bytes_per_image));
    row(&format!("training step of {}", first.batch), &|report| {
        ms(report.training.as_ref().map(|t| t.step_ms))
    });
    let parts = reports
        .iter()
        .find_map(|report| report.training.as_ref())
        .map(|t| &t.parts_ms[..])
        .unwrap_or_default();
    for (index, (name, _)) in parts.iter().enumerate() {
        let value =
            |report: &Report| ms(report.training.as_ref().and_then(|t| Some(t.parts_ms.get(index)?.1)));
        row(&format!("  {name}"), &value);
    }
    let fed = |report: &Report| report.training.as_ref().and_then(|training| training.feeding.clone());
    if reports.iter().any(|report| fed(report).is_some()) {
        let cell = |report: &Report, text: &dyn Fn(Feeding) -> String| fed(report).map_or("-".into(), text);
        let rate = |feeding: Feeding| format!("{:.1}", feeding.pictures_per_second);
        let share = |feeding: Feeding| format!("{:.1} %", feeding.device_share * 100.0);
        rows.push((
            "trained pictures a second".into(),
            reports.iter().map(|report| cell(report, &rate)).collect(),
        ));
        rows.push((
            "device busy meanwhile".into(),
            reports.iter().map(|report| cell(report, &share)).collect(),
        ));
    }
    let label_width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    let width = rows.iter().flat_map(|(_, values)| values).map(String::len).max().unwrap_or(0);
    let line = |(label, values): &(String, Vec<String>)| {
        let values: String = values.iter().map(|value| format!("  {value:>width$}")).collect();
        format!("{label:<label_width$}{values}\n")
    };
    rows.iter().map(line).collect()
}
