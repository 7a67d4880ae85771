//! `trainer train`: cross entropy on three levels plus DFACC, AdamW, one cosine.

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use anyhow::{Context, Result, ensure};
use bmrl::{
    Calibration, FaceTensors, Taxonomy,
    model::{Classifier, ModelConfig},
};
use burn::{
    backend::Autodiff,
    grad_clipping::GradientClippingConfig,
    module::{AutodiffModule, Module},
    optim::{AdamWConfig, GradientsParams, Optimizer},
    tensor::{Tensor, backend::Backend},
};
use clap::Args;
use serde::Serialize;

use crate::{
    backend::{BackendName, with_backend},
    checkpoint::{self, Run},
    data::{DataPack, Sample},
    evaluate::{Condition, judge},
    loader::training_batches,
    loss::{Irrelevant, Membership, dfacc, level_cross_entropy},
    metrics::measure,
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
    /// Network: web or nano
    #[arg(long, default_value = "web")]
    preset: String,
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
    /// Weight of the DFACC loss
    #[arg(long, default_value_t = 1.0)]
    dfacc: f64,
    /// Weight of the cross entropy on real against fake
    #[arg(long, default_value_t = 0.5)]
    authenticity: f64,
    /// Weight of the cross entropy on the group, forgery type x family
    #[arg(long, default_value_t = 0.5)]
    group: f64,
    /// Seed of the weights, the draws and the augmentation
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Start from the weights of another run
    #[arg(long)]
    #[serde(skip)]
    init: Option<PathBuf>,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    #[serde(skip)]
    backend: BackendName,
}

/// Runs `trainer train`.
pub fn run(arguments: &TrainArguments) -> Result<ExitCode> {
    let config = ModelConfig::preset(&arguments.preset)
        .with_context(|| format!("no preset {:?}; use web or nano", arguments.preset))?;
    ensure!(arguments.batch > 0 && arguments.epochs > 0, "--batch and --epochs must be at least 1");
    let checkpoint = arguments.out.join("run.json");
    ensure!(!checkpoint.exists(), "{} holds a run already; name another folder", arguments.out.display());
    fs::create_dir_all(&arguments.out).with_context(|| format!("cannot make {}", arguments.out.display()))?;
    with_backend!(arguments.backend, train(arguments, config))?;
    Ok(ExitCode::SUCCESS)
}

struct Targets<B: Backend> {
    class: Membership<B>,
    authenticity: Membership<B>,
    group: Membership<B>,
    irrelevant: Irrelevant<B>,
}

impl<B: Backend> Targets<B> {
    fn new(taxonomy: &Taxonomy, device: &B::Device) -> Self {
        let groups = taxonomy.groups();
        let names: Vec<String> = (0..taxonomy.classes()).map(|class| class.to_string()).collect();
        let sides: Vec<String> = (0..taxonomy.classes()).map(|class| (class > 0).to_string()).collect();
        Self {
            class: Membership::new(&names, device),
            authenticity: Membership::new(&sides, device),
            group: Membership::new(&groups, device),
            irrelevant: Irrelevant::new(&groups, device),
        }
    }

    fn loss(
        &self,
        model: &Classifier<B>,
        faces: FaceTensors<B>,
        classes: &[usize],
        weights: &TrainArguments,
    ) -> Tensor<B, 1> {
        let output = model.forward(faces);
        let level = |level| level_cross_entropy(output.logits.clone(), classes, level);
        level(&self.class)
            + level(&self.authenticity).mul_scalar(weights.authenticity)
            + level(&self.group).mul_scalar(weights.group)
            + dfacc(output.embedding, model.centres.val(), classes, &self.irrelevant)
                .mul_scalar(weights.dfacc)
    }
}

fn train<B: Backend>(device: B::Device, arguments: &TrainArguments, config: ModelConfig) -> Result<()> {
    let data = DataPack::read(&arguments.data)?;
    let (training, validation) = (data.split("train"), data.split("val"));
    let taxonomy = data.taxonomy()?;
    B::seed(&device, arguments.seed);
    let mut model: Classifier<Autodiff<B>> = match &arguments.init {
        Some(folder) => {
            let (run, model) = checkpoint::load(folder, &device)?;
            ensure!(
                run.config == config && run.taxonomy == taxonomy,
                "{} trains another model",
                folder.display()
            );
            model
        }
        None => Classifier::new(&config, taxonomy.classes(), &device),
    };
    let parameters = model.num_params();
    eprintln!(
        "{} classes, {} + {} pictures, {parameters} parameters",
        taxonomy.classes(),
        training.len(),
        validation.len()
    );
    let mut optimizer = AdamWConfig::new()
        .with_weight_decay(arguments.weight_decay)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .init();
    let targets = Targets::new(&taxonomy, &device);
    let steps_per_epoch = training.len().div_ceil(arguments.batch);
    let batches = training_batches(training, &taxonomy, arguments.batch, arguments.seed)?;
    let mut log = csv::Writer::from_path(arguments.out.join("log.csv"))?;
    log.write_record(["epoch", "loss", "seconds", "score", "authenticity_auroc", "group_accuracy"])?;
    let mut best = f64::NEG_INFINITY;
    let last = arguments.out.join("last");
    fs::create_dir_all(&last).with_context(|| format!("cannot make {}", last.display()))?;

    for epoch in 1..=arguments.epochs {
        let started = Instant::now();
        let mut total = 0.0;
        for step in 0..steps_per_epoch {
            let batch = batches.recv().context("the data loader stopped")??;
            let faces = FaceTensors::new(&batch.crops, &device);
            let loss = targets.loss(&model, faces, &batch.classes, arguments);
            let value: f64 = burn::tensor::ElementConversion::elem(loss.clone().into_scalar());
            ensure!(value.is_finite(), "the loss is {value} in epoch {epoch}; lower --learning-rate");
            total += value;
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            let done = (epoch - 1) * steps_per_epoch + step;
            model = optimizer.step(learning_rate(arguments, done, steps_per_epoch), model, gradients);
            if step % 20 == 19 {
                let rate = (step + 1) as f64 * arguments.batch as f64 / started.elapsed().as_secs_f64();
                eprintln!(
                    "epoch {epoch} step {}/{steps_per_epoch} loss {:.4} {rate:.1} pictures/s",
                    step + 1,
                    total / (step + 1) as f64
                );
            }
        }
        let (score, authenticity, group) = validate(&model.valid(), &validation, &taxonomy, &device)?;
        let loss = total / steps_per_epoch as f64;
        let seconds = started.elapsed().as_secs_f64();
        eprintln!(
            "epoch {epoch} loss {loss:.4} val score {score:.4} auroc {authenticity:.4} group {group:.4} {seconds:.0} s"
        );
        log.serialize((epoch, loss, seconds, score, authenticity, group))?;
        log.flush()?;
        let settings = serde_json::to_value(arguments)?;
        let run = Run { config: config.clone(), taxonomy: taxonomy.clone(), settings, epoch, score };
        checkpoint::save(&last, &run, &model.valid())?;
        if score > best {
            best = score;
            checkpoint::save(&arguments.out, &run, &model.valid())?;
        }
    }
    Ok(())
}

/// The choice of the best epoch: AUROC of real against fake and accuracy on forgery type, both after JPEG 80.
fn validate<B: Backend>(
    model: &Classifier<B>,
    samples: &[Sample],
    taxonomy: &Taxonomy,
    device: &B::Device,
) -> Result<(f64, f64, f64)> {
    let judged = judge(model, samples, Condition::Jpeg(80), device)?;
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
