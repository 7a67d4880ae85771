//! `trainer train`: the weighted losses, AdamW, one cosine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use bmrl::{
    Calibration, FaceTensors, Taxonomy, TaxonomyAdditions, TextTable,
    model::{Bmrl, Classifier, Encoder, EncoderConfig},
    pixels,
};
use burn::{
    backend::Autodiff,
    grad_clipping::GradientClippingConfig,
    module::{AutodiffModule, Module},
    optim::{AdamWConfig, GradientsParams, Optimizer},
    tensor::backend::Backend,
};
use clap::Args;
use serde::Serialize;

use crate::{
    backend::{BackendName, with_backend},
    checkpoint::{self, Run},
    pack::{DataPack, Sample},
    evaluate::{Condition, judge},
    loader::{Batch, training_batches},
    log::{Log, Means},
    loss::{Losses, Objective},
    metrics::measure,
    pretrained,
    recipe::Recipe,
    tokenizer::token_chains,
};

/// Options of `trainer train`.
#[derive(Debug, Clone, Args, Serialize)]
pub struct TrainArguments {
    /// Folder with labels.csv and the pictures it names
    #[arg(long)]
    #[serde(skip)]
    data: PathBuf,
    /// Folder for the checkpoint and the log; must not hold another run
    #[arg(long)]
    #[serde(skip)]
    out: PathBuf,
    /// Networks and losses to start from: web, nano, paper or residual [default: the file's, or web]
    #[arg(long)]
    #[serde(skip)]
    preset: Option<String>,
    /// TOML file with networks and losses; what it leaves out has the preset's value
    #[arg(long)]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// One value of the configuration, for instance losses.dfacc=0; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    #[serde(skip)]
    settings: Vec<String>,
    /// TOML file with further forgery types, families and generators, or other prompts for known ones
    #[arg(long)]
    #[serde(skip)]
    taxonomy: Option<PathBuf>,
    /// Generator to keep out of training, by whose pictures "unknown" is calibrated; may be repeated
    #[arg(long, value_name = "GENERATOR")]
    hold_back: Vec<String>,
    /// Passes over as many pictures as the train split has
    #[arg(long, default_value_t = 20)]
    epochs: usize,
    /// Pictures per step
    #[arg(long, default_value_t = 32)]
    batch: usize,
    /// Highest learning rate, reached after the warm-up and lowered to zero along a cosine
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Steps of linear warm-up
    #[arg(long, default_value_t = 200)]
    warm_up: usize,
    /// Decoupled weight decay
    #[arg(long, default_value_t = 0.05)]
    weight_decay: f32,
    /// Seed of the weights, the draws and the augmentation
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Start from the weights of another run
    #[arg(long)]
    #[serde(skip)]
    init: Option<PathBuf>,
    /// CLIP text tower to start the language encoder from, as safetensors or a PyTorch state dict
    #[arg(long)]
    #[serde(skip)]
    language: Option<PathBuf>,
    /// Residual network to start the encoder of `--preset residual` from, likewise
    #[arg(long)]
    #[serde(skip)]
    backbone: Option<PathBuf>,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    #[serde(skip)]
    backend: BackendName,
}

/// Runs `trainer train`.
pub fn run(arguments: &TrainArguments) -> Result<ExitCode> {
    let recipe = Recipe::read(arguments.preset.as_deref(), arguments.config.as_deref(), &arguments.settings)?;
    ensure!(arguments.batch > 0 && arguments.epochs > 0, "--batch and --epochs must be at least 1");
    let checkpoint = arguments.out.join("run.json");
    ensure!(!checkpoint.exists(), "{} holds a run already; name another folder", arguments.out.display());
    fs::create_dir_all(&arguments.out).with_context(|| format!("cannot make {}", arguments.out.display()))?;
    with_backend!(arguments.backend, train(arguments, recipe))?;
    Ok(ExitCode::SUCCESS)
}

fn train<B: Backend>(device: B::Device, arguments: &TrainArguments, recipe: Recipe) -> Result<()> {
    let data = DataPack::read(&arguments.data)?;
    let kept = |split| -> Vec<Sample> {
        data.split(split).into_iter().filter(|sample| !sample.is_any_of(&arguments.hold_back)).collect()
    };
    let (training, validation) = (kept("train"), kept("val"));
    let mut taxonomy = data.taxonomy(&arguments.hold_back)?;
    if let Some(path) = &arguments.taxonomy {
        extend(&mut taxonomy, path)?;
    }
    let mut run = Run {
        recipe,
        taxonomy,
        hold_back: arguments.hold_back.clone(),
        settings: serde_json::to_value(arguments)?,
        epoch: 0,
        score: f64::NEG_INFINITY,
    };
    B::seed(&device, arguments.seed);
    let mut model: Bmrl<Autodiff<B>> = run.model(&device);
    if let Some(folder) = &arguments.init {
        checkpoint::initialize(folder, &mut model)?;
    }
    let mut model = start_from_others(model, &run.recipe, arguments, &device)?;
    let chains = token_chains(&run.taxonomy, run.recipe.method.language.context)?;
    let objective = Objective::new(run.recipe.losses.clone(), &run.taxonomy, chains, &device);
    let parameters = (model.num_params(), model.classifier.num_params());
    let sizes = (run.taxonomy.classes(), training.len(), validation.len());
    eprintln!(
        "{} classes, {} + {} pictures, {} parameters, {} of them at inference",
        sizes.0, sizes.1, sizes.2, parameters.0, parameters.1
    );
    let mut optimizer = AdamWConfig::new()
        .with_weight_decay(arguments.weight_decay)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .init();
    let steps_per_epoch = training.len().div_ceil(arguments.batch);
    let batches = training_batches(training, &run.taxonomy, arguments.batch, arguments.seed)?;
    let mut log = Log::create(&arguments.out.join("log.csv"), &run.recipe.losses)?;
    let mut best = f64::NEG_INFINITY;
    let last = arguments.out.join("last");
    fs::create_dir_all(&last).with_context(|| format!("cannot make {}", last.display()))?;

    for epoch in 1..=arguments.epochs {
        let started = Instant::now();
        let mut means = Means::default();
        for step in 0..steps_per_epoch {
            let batch = batches.recv().context("the data loader stopped")??;
            let losses = batch_losses(&objective, &model, &batch, &device);
            let value = means.add(&losses);
            ensure!(value.is_finite(), "the loss is {value} in epoch {epoch}; lower --learning-rate");
            let gradients = GradientsParams::from_grads(losses.total.backward(), &model);
            let done = (epoch - 1) * steps_per_epoch + step;
            model = optimizer
                .step(learning_rate(arguments, done, steps_per_epoch), model, gradients)
                .clamp_scale();
            if step % 20 == 19 {
                let rate = (step + 1) as f64 * arguments.batch as f64 / started.elapsed().as_secs_f64();
                eprintln!("epoch {epoch} step {}/{steps_per_epoch} {means} {rate:.1} pictures/s", step + 1);
            }
        }
        let (score, authenticity, group) =
            validate(&model.classifier.valid(), &validation, &run.taxonomy, &device)?;
        let seconds = started.elapsed().as_secs_f64();
        eprintln!(
            "epoch {epoch} {means} val score {score:.4} auroc {authenticity:.4} group {group:.4} {seconds:.0} s"
        );
        log.write(epoch, &means, &[seconds, score, authenticity, group])?;
        (run.epoch, run.score) = (epoch, score);
        checkpoint::save(&last, &run, &model.valid())?;
        if score > best {
            best = score;
            checkpoint::save(&arguments.out, &run, &model.valid())?;
        }
    }
    Ok(())
}

/// Puts the pretrained weights that are asked for in their places.
fn start_from_others<B: Backend>(
    mut model: Bmrl<B>,
    recipe: &Recipe,
    arguments: &TrainArguments,
    device: &B::Device,
) -> Result<Bmrl<B>> {
    if let Some(path) = &arguments.backbone {
        match (&mut model.classifier.encoder, &recipe.method.model.encoder) {
            (Encoder::Residual(network), EncoderConfig::Residual(config)) => {
                pretrained::backbone(path, config, network)?;
            }
            _ => anyhow::bail!("--backbone is for an encoder of the type residual; add --preset residual"),
        }
    }
    let Some(path) = &arguments.language else { return Ok(model) };
    ensure!(recipe.losses.guidance().language, "--language: no loss of these uses a language encoder");
    let method = &recipe.method;
    let (encoder, projected) = pretrained::language(path, &method.language, method.model.width, device)?;
    if !projected {
        eprintln!("{}: its projection is of another width; a fresh one is trained", path.display());
    }
    Ok(model.with_language(encoder))
}

/// The losses of a batch from the loader.
fn batch_losses<B: Backend>(
    objective: &Objective<B>,
    model: &Bmrl<B>,
    batch: &Batch,
    device: &B::Device,
) -> Losses<B> {
    let faces = FaceTensors::new(&batch.crops, device);
    let maps = (!batch.maps.is_empty()).then(|| pixels(batch.maps.iter(), device).div_scalar(255.0));
    objective.losses(model, faces, &batch.classes, maps, &batch.map_rows)
}

/// Adds what a file says to the levels and generators.
pub fn extend(taxonomy: &mut Taxonomy, path: &Path) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let additions: TaxonomyAdditions = toml::from_str(&text).with_context(|| path.display().to_string())?;
    taxonomy.extend(additions);
    match taxonomy.fault() {
        Some(fault) => anyhow::bail!("{}: {fault}", path.display()),
        None => Ok(()),
    }
}

/// The choice of the best epoch: AUROC of real against fake and accuracy on forgery type, both after JPEG 80.
fn validate<B: Backend>(
    model: &Classifier<B>,
    samples: &[Sample],
    taxonomy: &Taxonomy,
    device: &B::Device,
) -> Result<(f64, f64, f64)> {
    let judged = judge(model, &TextTable::default(), samples, Condition::Jpeg(80), device)?;
    let results = measure("val", &judged, &Calibration::default(), taxonomy);
    let get = |name: &str| results.get(name).copied().unwrap_or(0.0);
    let (authenticity, forgery) = (get("val.authenticity.auroc"), get("val.forgery.accuracy"));
    Ok(((authenticity + forgery) / 2.0, authenticity, forgery))
}

fn learning_rate(arguments: &TrainArguments, step: usize, steps_per_epoch: usize) -> f64 {
    let total = (arguments.epochs * steps_per_epoch) as f64;
    let warm_up = (arguments.warm_up as f64).min(total / 10.0).max(1.0);
    let step = step as f64 + 1.0;
    if step < warm_up {
        return arguments.learning_rate * step / warm_up;
    }
    let part = (step - warm_up) / (total - warm_up);
    arguments.learning_rate * 0.5 * (1.0 + (std::f64::consts::PI * part).cos())
}
