//! `trainer train`: the weighted losses, AdamW and one cosine, in the hands of burn-train's learner.

mod loaders;
mod measures;
mod plain;
pub mod run_log;
mod step;

use std::{
    fs,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, atomic::AtomicUsize},
};

use anyhow::{Context, Result, bail, ensure};
use bmrl::{
    Taxonomy, TaxonomyAdditions,
    model::{Bmrl, Encoder, EncoderConfig},
};
use burn::{
    backend::Autodiff,
    grad_clipping::GradientClippingConfig,
    lr_scheduler::{
        composed::{ComposedLrScheduler, ComposedLrSchedulerConfig, SchedulerReduction},
        cosine::CosineAnnealingLrSchedulerConfig,
        linear::LinearLrSchedulerConfig,
    },
    module::Module,
    optim::AdamWConfig,
    tensor::backend::Backend,
};
use burn_train::{
    ExecutionStrategy, Interrupter, Learner, MultiDeviceOptim, SupervisedTraining, TrainingStrategy,
    renderer::tui::TuiMetricsRendererWrapper,
};
use clap::Args;

pub use step::Learned;
pub(crate) use step::batch_losses;

use self::{
    loaders::{MakeObjective, TrainingLoader, ValidationLoader},
    measures::{LossMean, Measure, ValidationMeasure},
    plain::PlainLines,
    run_log::{KeepLastAndBest, Patience, RunLog},
};
use crate::{
    backend::{BackendName, with_backend},
    checkpoint::{self, Run, RunLock, WholeFiles, last_whole},
    interrupt,
    loader::{PictureCache, Sampler},
    loss::Objective,
    pack::{DataPack, Sample},
    panics::caught,
    pretrained,
    recipe::{Recipe, TrainingConfig},
    tokenizer::token_chains,
    whole_file::write_whole,
};

/// Options of `trainer train`.
#[derive(Debug, Clone, Args)]
#[command(args_override_self = true)]
#[command(after_help = "Examples:
  trainer train --data DATA --out runs/second --preset nano --epochs 1
  trainer train --resume runs/first")]
pub struct TrainArguments {
    /// Folder with labels.csv and the pictures it names [default with --resume: the run's]
    #[arg(long, required_unless_present = "resume")]
    data: Option<PathBuf>,
    /// Folder for the run; must not hold another one
    #[arg(long, required_unless_present = "resume", conflicts_with = "resume")]
    out: Option<PathBuf>,
    /// Go on with the run in this folder, with its own configuration
    #[arg(long, value_name = "RUN", conflicts_with_all = ["preset", "config", "settings", "taxonomy", "init"])]
    resume: Option<PathBuf>,
    /// Networks and losses to start from: web, nano, paper or residual [default: the file's, or web]
    #[arg(long)]
    preset: Option<String>,
    /// TOML file with a configuration; what it leaves out has the preset's value
    #[arg(long)]
    config: Option<PathBuf>,
    /// One value of the configuration, for instance losses.dfacc=0; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// TOML file with further forgery types, families and generators, or other prompts for known ones
    #[arg(long)]
    taxonomy: Option<PathBuf>,
    /// Generator to keep out of training, by whose pictures "unknown" is calibrated; may be repeated
    #[arg(long, value_name = "GENERATOR")]
    hold_back: Vec<String>,
    /// training.epochs: after each the model is validated and a checkpoint is written
    #[arg(long)]
    epochs: Option<usize>,
    /// training.batch: pictures per step
    #[arg(long)]
    batch: Option<usize>,
    /// training.learning_rate: the highest, lowered to zero along a cosine
    #[arg(long)]
    learning_rate: Option<f64>,
    /// training.seed: of the weights, the draws and the augmentation
    #[arg(long)]
    seed: Option<u64>,
    /// training.patience: epochs without a better score after which training ends
    #[arg(long)]
    patience: Option<usize>,
    /// start.run: another run, or a file that `trainer weights` wrote, whose weights to start from
    #[arg(long, value_name = "RUN")]
    init: Option<PathBuf>,
    /// start.language: CLIP text tower to start the language encoder from
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    language: Option<PathBuf>,
    /// start.backbone: residual network to start the encoder of `--preset residual` from
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    backbone: Option<PathBuf>,
    /// Replace a picture that cannot be read by another instead of stopping
    #[arg(long)]
    skip_unreadable: bool,
    /// Memory for decoded pictures, in MiB
    #[arg(long, default_value_t = 1024)]
    cache: u64,
    /// Lines instead of the dashboard
    #[arg(long)]
    no_tui: bool,
    /// Devices that share the work, where the backend has several
    #[arg(long, default_value_t = 1)]
    devices: usize,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

impl TrainArguments {
    fn recipe(&self) -> Result<Recipe> {
        let mut settings = Vec::new();
        let mut put = |name: &str, value: Option<String>| {
            settings.extend(value.map(|value| format!("{name}={value}")));
        };
        // A path or a name is text, whatever it looks like.
        let text = |value: &dyn ToString| toml::Value::from(value.to_string()).to_string();
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| text(&path.display()));
        put("training.epochs", self.epochs.map(|value| value.to_string()));
        put("training.batch", self.batch.map(|value| value.to_string()));
        put("training.learning_rate", self.learning_rate.map(|value| format!("{value:?}")));
        put("training.seed", self.seed.map(|value| value.to_string()));
        put("training.patience", self.patience.map(|value| value.to_string()));
        put("start.run", path(&self.init));
        put("start.language", path(&self.language));
        put("start.backbone", path(&self.backbone));
        let names: Vec<String> = self.hold_back.iter().map(|name| text(name)).collect();
        put("training.hold_back", (!names.is_empty()).then(|| format!("[{}]", names.join(", "))));
        settings.extend(self.settings.iter().cloned());
        let mut recipe = Recipe::read(self.preset.as_deref(), self.config.as_deref(), &settings)?;
        if let Some(path) = &self.taxonomy {
            let TaxonomyAdditions { forgeries, families, generators } = additions(path)?;
            recipe.taxonomy.forgeries.extend(forgeries);
            recipe.taxonomy.families.extend(families);
            recipe.taxonomy.generators.extend(generators);
        }
        Ok(recipe)
    }
}

/// Runs `trainer train`.
///
/// # Errors
/// When something asked for cannot be done; what was trained so far stays.
pub fn run(arguments: &TrainArguments) -> Result<ExitCode> {
    interrupt::install();
    let (folder, run, data, _lock) = match (&arguments.resume, &arguments.out, &arguments.data) {
        (Some(folder), ..) => {
            let lock = RunLock::take(folder)?;
            let run = Run::read(folder)?;
            let data = DataPack::read(arguments.data.as_ref().unwrap_or(&run.data))?;
            if data.labels_sha256 != run.labels_sha256 {
                eprintln!("labels.csv is not the one that this run began with; it goes on with the new one");
            }
            (folder, run, data, lock)
        }
        (None, Some(folder), Some(data)) => {
            let recipe = arguments.recipe()?;
            let held = Run::exists(folder);
            let name = folder.display();
            ensure!(
                !held,
                "{name} holds a run already; name another folder, or go on with it: --resume {name}"
            );
            let folder_of_data = fs::canonicalize(data).unwrap_or_else(|_| data.clone());
            let data = DataPack::read(data)?;
            let mut taxonomy = data.taxonomy(&recipe.training.hold_back)?;
            extend(&mut taxonomy, recipe.taxonomy.clone())?;
            let labels_sha256 = data.labels_sha256.clone();
            let lock = RunLock::take(folder)?;
            let run = Run { recipe, taxonomy, data: folder_of_data, labels_sha256, epoch: 0 };
            run.create(folder)?;
            (folder, run, data, lock)
        }
        _ => bail!("--data and --out are needed, or --resume"),
    };
    with_backend!(arguments.backend, train(arguments, folder, run, data))
}

fn train<B: Backend>(
    device: B::Device,
    arguments: &TrainArguments,
    folder: &Path,
    run: Run,
    data: DataPack,
) -> Result<ExitCode> {
    let Recipe { training, losses, .. } = &run.recipe;
    let (devices, strategy) = devices::<Autodiff<B>>(&device, arguments.devices)?;
    let kept = |split| -> Vec<Sample> {
        data.split(split).into_iter().filter(|sample| !sample.is_any_of(&training.hold_back)).collect()
    };
    let (train_split, validation) = (kept("train"), kept("val"));
    ensure!(!validation.is_empty(), "no picture is in the split val; by those the best epoch is chosen");

    B::seed(&device, training.seed);
    let mut model: Bmrl<Autodiff<B>> = run.model(&device);
    let mut epochs = run_log::read(folder)?;
    let last = last_whole(folder, &epochs);
    // What came after the last whole checkpoint is done again.
    epochs.truncate(last.map_or(0, |last| epochs.iter().take_while(|epoch| epoch.number <= last).count()));
    if last.is_none() {
        model = start_from_others(model, &run.recipe, &device)?;
    }
    if last == Some(training.epochs) {
        eprintln!("{} is finished: {} epochs", folder.display(), training.epochs);
        return Ok(ExitCode::SUCCESS);
    }

    let interrupter = Interrupter::new();
    let names: Vec<&'static str> = std::iter::once("loss")
        .chain(losses.named().into_iter().filter(|(_, weight)| *weight > 0.0).map(|(name, _)| name))
        .collect();
    let log = RunLog::new(folder, &names, epochs, interrupter.clone());
    let cache = PictureCache::new(arguments.cache << 20);
    let sampler = Arc::new(Sampler::new(
        train_split,
        &run.taxonomy,
        training.balance,
        run.recipe.augmentation.clone(),
        cache,
        arguments.skip_unreadable,
    )?);
    let drawn = if training.epoch_pictures > 0 { training.epoch_pictures } else { sampler.samples() };
    let chains = token_chains(&run.taxonomy, run.recipe.method.language.context)?;
    let (weights, taxonomy) = (losses.clone(), run.taxonomy.clone());
    let make_objective: MakeObjective<Autodiff<B>> =
        Arc::new(move |device| Objective::new(weights.clone(), &taxonomy, chains.clone(), device));
    let training_loader = TrainingLoader {
        sampler: sampler.clone(),
        batch: training.batch,
        pictures: (0, drawn),
        accumulation: training.accumulation,
        seed: training.seed,
        epoch: Arc::new(AtomicUsize::new(last.unwrap_or(0))),
        objective: Arc::new(make_objective(&device)),
        make_objective,
        log: log.clone(),
        interrupter: interrupter.clone(),
    };
    eprintln!(
        "{} on {}: {} classes, {} + {} pictures, {} parameters, {} of them at inference",
        run.recipe.method.preset,
        B::name(&device),
        run.taxonomy.classes(),
        sampler.samples(),
        validation.len(),
        model.num_params(),
        model.classifier.num_params()
    );
    let validation_loader = ValidationLoader::<B> {
        samples: Arc::new(validation),
        taxonomy: Arc::new(run.taxonomy.clone()),
        device: device.clone(),
        interrupter: interrupter.clone(),
    };

    let dashboard = io::stdout().is_terminal() && !arguments.no_tui;
    let mut learning =
        SupervisedTraining::new(folder, Arc::new(training_loader), Arc::new(validation_loader))
            .with_training_strategy(TrainingStrategy::Default(strategy))
            .with_interrupter(interrupter.clone())
            .with_application_logger(None)
            .with_metric_logger(log.clone())
            .with_checkpointing_strategy(KeepLastAndBest { log: log.clone(), last: training.keep })
            .with_file_checkpointer(WholeFiles)
            .num_epochs(training.epochs);
    for measure in [Measure::Score, Measure::Authenticity, Measure::Forgery] {
        learning = learning.metric_valid_numeric(ValidationMeasure::new(measure));
    }
    for name in &names {
        learning = learning.metric_train_numeric(LossMean::new(name, interrupter.clone()));
    }
    if training.accumulation > 1 {
        learning = learning.grads_accumulation(training.accumulation);
    }
    if training.patience > 0 {
        learning = learning.early_stopping(Patience { log: log.clone(), epochs: training.patience });
    }
    if let Some(last) = last {
        learning = learning.checkpoint(last);
    }
    learning = if dashboard {
        learning.renderer(TuiMetricsRendererWrapper::new(interrupter.clone(), last))
    } else {
        learning.renderer(PlainLines::new())
    };
    let optimizer = AdamWConfig::new()
        .with_weight_decay(training.weight_decay)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(training.gradient_norm)))
        .init();
    let rate = schedule(training, training.epochs * drawn.div_ceil(training.batch * devices))?;
    let learner = Learner::new(Learned { model }, optimizer, rate);
    let outcome = caught(|| drop(learning.launch(learner)));

    let skipped = sampler.skipped();
    if !skipped.is_empty() {
        let path = folder.join("unreadable.txt");
        let lines: Vec<String> = skipped.into_iter().collect();
        write_whole(&path, (lines.join("\n") + "\n").as_bytes())?;
        eprintln!("{} pictures could not be read and were skipped: {}", lines.len(), path.display());
    }
    let go_on = format!("go on with: trainer train --resume {}", folder.display());
    if let Err(panic) = outcome {
        bail!("training stopped: {panic}; {go_on}");
    }
    if let Some(reason) = interrupter.get_message() {
        bail!("training stopped: {reason}; {go_on}");
    }
    if interrupter.should_stop() {
        return Ok(interrupt::stopped(&go_on));
    }
    let epochs = log.epochs();
    if let Some(best) = run_log::best(&epochs) {
        eprintln!("{} epochs; the best is {} with score {:.4}", epochs.len(), best.number, best.score());
    }
    Ok(ExitCode::SUCCESS)
}

/// The strategy for so many devices of a backend, and how many there are in it.
fn devices<B: Backend>(first: &B::Device, wanted: usize) -> Result<(usize, ExecutionStrategy<B>)> {
    use burn::tensor::backend::DeviceOps;
    if wanted <= 1 {
        return Ok((1, ExecutionStrategy::SingleDevice(first.clone())));
    }
    let kind = first.id().type_id;
    let there = B::device_count(kind);
    ensure!(there >= wanted, "--devices {wanted}: {} has {there}", B::name(first));
    let device = |index| burn::tensor::backend::DeviceId::new(kind, index as u16);
    let all = (0..wanted)
        .map(|index| <B::Device as burn::tensor::backend::Device>::from_id(device(index)))
        .collect();
    Ok((wanted, ExecutionStrategy::MultiDevice(all, MultiDeviceOptim::OptimMainDevice)))
}

/// A linear rise times a cosine that ends at zero.
fn schedule(training: &TrainingConfig, steps: usize) -> Result<ComposedLrScheduler> {
    let warm_up = training.warm_up.min(steps / 10).max(1);
    ComposedLrSchedulerConfig::new()
        .cosine(CosineAnnealingLrSchedulerConfig::new(training.learning_rate, steps.max(1)))
        .linear(LinearLrSchedulerConfig::new(1.0 / warm_up as f64, 1.0, warm_up))
        .with_reduction(SchedulerReduction::Prod)
        .init()
        .map_err(anyhow::Error::msg)
}

/// Puts the weights that are asked for in their places.
fn start_from_others<B: Backend>(mut model: Bmrl<B>, recipe: &Recipe, device: &B::Device) -> Result<Bmrl<B>> {
    let start = &recipe.start;
    let named = |path: &PathBuf| !path.as_os_str().is_empty();
    if named(&start.run) {
        checkpoint::initialize(&start.run, &mut model, device)?;
    }
    if named(&start.backbone) {
        match (&mut model.classifier.encoder, &recipe.method.model.encoder) {
            (Encoder::Residual(network), EncoderConfig::Residual(config)) => {
                pretrained::backbone(&start.backbone, config, network)?;
            }
            _ => bail!("--backbone is for an encoder of the type residual; add --preset residual"),
        }
    }
    if !named(&start.language) {
        return Ok(model);
    }
    ensure!(recipe.losses.guidance().language, "--language: no loss of these uses a language encoder");
    let method = &recipe.method;
    let (encoder, projected) =
        pretrained::language(&start.language, &method.language, method.model.width, device)?;
    if !projected {
        eprintln!("{}: its projection is of another width; a fresh one is trained", start.language.display());
    }
    Ok(model.with_language(encoder))
}

/// What a TOML file adds to the levels and generators.
///
/// # Errors
/// When it cannot be read.
pub fn additions(path: &Path) -> Result<TaxonomyAdditions> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

/// Adds them.
///
/// # Errors
/// When they do not fit.
pub fn extend(taxonomy: &mut Taxonomy, additions: TaxonomyAdditions) -> Result<()> {
    taxonomy.extend(additions);
    match taxonomy.fault() {
        Some(fault) => bail!("the levels and generators: {fault}"),
        None => Ok(()),
    }
}
