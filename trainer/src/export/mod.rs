//! `trainer export`: a checkpoint to the bundle that the page, the extension and `trainer predict` load.

mod stored;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use bmrl::{
    Bundle, Manifest, Taxonomy, TextTable, hex_sha256,
    model::{Bmrl, normalize},
};
use burn::{module::Module, tensor::backend::Backend};
use clap::Args;
use stored::{Storage, store};

use crate::{
    backend::{BackendName, with_inference_backend},
    calibrate::calibrate,
    checkpoint,
    evaluate::{Condition, Judged, Network, judge, reliability, rows},
    metrics::{Results, measure},
    pack::DataPack,
    tokenizer::token_chains,
    train::{additions, extend},
    whole_file::write_whole,
};

/// The SeetaFace model that every bundle carries (see its licence beside it).
const FACE_FINDER: &[u8] = include_bytes!("../../../shared/assets/seeta_fd_frontal_v1.0.bin");

/// Fewer validation pictures than this do not calibrate a model: a share near 0.9 is then off by 0.03 and more.
const FEW: usize = 100;

/// Options of `trainer export`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  trainer export --run runs/first --data DATA --out model.safetensors")]
pub struct ExportArguments {
    /// Folder that `trainer train` wrote
    #[arg(long)]
    run: PathBuf,
    /// Folder with labels.csv and the pictures it names, for calibration and measurement
    #[arg(long)]
    data: PathBuf,
    /// Epoch whose weights to take [default: the best]
    #[arg(long)]
    epoch: Option<usize>,
    /// Bundle to write
    #[arg(long)]
    out: PathBuf,
    /// TOML file with generators to add from their prompts alone, without training
    #[arg(long)]
    add: Option<PathBuf>,
    /// How weights are stored; int8 only where it changes no answer on the validation split
    #[arg(long, value_enum, default_value_t)]
    weights: Storage,
    /// Version of the model
    #[arg(long, default_value = "1")]
    version: String,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

/// Runs `trainer export`.
pub fn run(arguments: &ExportArguments) -> Result<ExitCode> {
    let results = with_inference_backend!(arguments.backend, export(arguments))?;
    println!("{}", serde_json::to_string_pretty(&results)?);
    Ok(ExitCode::SUCCESS)
}

fn export<B: Backend>(device: B::Device, arguments: &ExportArguments) -> Result<Results> {
    let (run, model) = checkpoint::load::<B>(&arguments.run, arguments.epoch, &device)?;
    let data = DataPack::read(&arguments.data)?;
    let mut taxonomy = run.taxonomy;
    if let Some(path) = &arguments.add {
        extend(&mut taxonomy, additions(path)?)?;
    }
    let text = text_table(&model, &taxonomy, run.recipe.method.language.context, &device)?;
    let model = model.classifier.fold();
    let config = run.recipe.method.model.folded();
    let name = format!("bmrl-{}", config.preset);

    let conditions = [("clean", Condition::Clean), ("jpeg75", Condition::Jpeg(75))];
    let judge_split = |split: &str, condition| judge(&model, &text, &data.split(split), condition, &device);
    let (mut validation, mut held_back) = (Vec::new(), Vec::new());
    for (_, condition) in conditions {
        let judged = judge_split("val", condition)?;
        let (unseen, seen): (Vec<Judged>, Vec<Judged>) =
            judged.into_iter().partition(|one| one.sample.is_any_of(&run.recipe.training.hold_back));
        validation.extend(seen);
        held_back.extend(unseen);
        // Nothing of these was used in training either.
        let spare =
            data.split("train").into_iter().filter(|sample| sample.is_any_of(&run.recipe.training.hold_back));
        held_back.extend(judge(&model, &text, &spare.collect::<Vec<_>>(), condition, &device)?);
    }
    let calibration = calibrate(&validation, &held_back, &taxonomy);
    let pictures = validation.len() / conditions.len();
    if pictures < FEW {
        eprintln!("only {pictures} pictures in val: do not trust the probabilities of this bundle");
    }
    let mut manifest = Manifest::new(&name, &arguments.version, config, taxonomy);
    manifest.calibration = calibration;
    let mut results = Results::new();
    for split in ["val", "test_seen", "test_unseen"] {
        for (label, condition) in conditions {
            let judged = judge_split(split, condition)?;
            let prefix = format!("{split}.{label}");
            results.extend(measure(&prefix, &judged, &manifest.calibration, &manifest.taxonomy));
        }
    }
    let network = Network { model: &model, text: &text, device: &device };
    manifest.reliability = reliability(&network, &data.split("test_seen"), &manifest)?;
    results.insert("parameters".into(), model.num_params() as f64);
    results.insert("multiply_accumulates".into(), manifest.config.multiply_accumulates() as f64);
    let settings = serde_json::to_string(&run.recipe.training)?;
    manifest.training.summary = format!("epoch {} of {settings}", run.epoch);
    manifest.training.results = results.clone();

    let mut bundle = Bundle { manifest, classifier: model, face_finder: FACE_FINDER.to_vec(), text };
    let (bytes, change) = store(&mut bundle, arguments.weights, &data.split("val"), &device)?;
    write_whole(&arguments.out, &bytes)?;
    eprintln!(
        "{}: {} bytes, SHA-256 {}; storing changed a probability by at most {:.4} and {} of {} answers on val",
        arguments.out.display(),
        bytes.len(),
        hex_sha256(&bytes),
        change.probability,
        change.answers,
        change.pictures
    );
    Ok(results)
}

/// The normalised features of every prompt chain; none when the model was trained without text.
fn text_table<B: Backend>(
    model: &Bmrl<B>,
    taxonomy: &Taxonomy,
    context: usize,
    device: &B::Device,
) -> Result<TextTable> {
    match model.text(&token_chains(taxonomy, context)?, device) {
        Some(features) => Ok(TextTable { features: rows(normalize(features))? }),
        None if taxonomy.added.is_empty() => Ok(TextTable::default()),
        None => anyhow::bail!("this run was trained without text, so a prompt cannot add a generator to it"),
    }
}
