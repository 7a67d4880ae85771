//! `trainer bench`: what a training step and an inference cost, and what part of a step each view and loss takes.

use std::{process::ExitCode, time::Instant};

use anyhow::Result;
use bmrl::{
    FaceTensors, Generator, Taxonomy,
    model::{Bmrl, MethodConfig},
    views::{richest_patch, sobel_magnitude, srm_residual},
};
use burn::{
    backend::Autodiff,
    module::{AutodiffModule, Module},
    optim::{AdamWConfig, GradientsParams, Optimizer},
    tensor::{Distribution, Tensor, backend::Backend},
};
use clap::Args;
use serde::Serialize;

use crate::{
    backend::{BackendName, with_backend},
    loss::{
        Irrelevant, LossWeights, Membership, Objective, alignment, dfacc, distillation, level_cross_entropy,
        matching,
    },
    recipe::{DEFAULT_PRESET, Recipe},
    tokenizer::token_chains,
};

/// Options of `trainer bench`.
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// Networks: web, nano, paper or residual
    #[arg(default_value = DEFAULT_PRESET)]
    preset: String,
    /// Faces in a training step
    #[arg(long, default_value_t = 32)]
    batch: usize,
    /// Runs of each part after one to warm up; the median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

/// Median times in milliseconds, and sizes.
#[derive(Debug, Serialize)]
struct Report {
    preset: String,
    backend: String,
    batch: usize,
    parameters: usize,
    parameters_at_inference: usize,
    multiply_accumulates: u64,
    inference_ms: f64,
    step_ms: f64,
    /// Each view's making and each loss with its gradient, on the whole batch.
    parts_ms: Vec<(&'static str, f64)>,
}

/// Runs `trainer bench`; the report is one line of JSON.
///
/// # Errors
/// When there is no such preset or backend.
pub fn run(arguments: &BenchArguments) -> Result<ExitCode> {
    let method = Recipe::preset(&arguments.preset)?.method;
    let report = with_backend!(arguments.backend, measure(&method, arguments))?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(ExitCode::SUCCESS)
}

fn measure<B: Backend>(
    device: B::Device,
    method: &MethodConfig,
    arguments: &BenchArguments,
) -> Result<Report> {
    let taxonomy = taxonomy();
    let weights = LossWeights::default();
    let classes: Vec<usize> = (0..arguments.batch).map(|index| index % taxonomy.classes()).collect();
    let rows: Vec<usize> = (0..arguments.batch).collect();
    let mut method = method.clone();
    // As in the reference's bench: dropout is not what is compared.
    method.model.dropout = 0.0;
    let model: Bmrl<Autodiff<B>> = Bmrl::new(&method, taxonomy.classes(), weights.guidance(), &device);
    let chains = token_chains(&taxonomy, method.language.context)?;
    let objective = Objective::new(weights.clone(), &taxonomy, chains, &device);
    let faces = random_faces::<Autodiff<B>>(arguments.batch, &device);
    let maps = faces.face.clone().div_scalar(255.0);
    let clock = Clock { runs: arguments.runs.max(1), device: device.clone() };

    let mut optimizer = AdamWConfig::new().init();
    let mut trained = Some(model.clone());
    let step_ms = clock.median::<B>(|| {
        if let Some(model) = trained.take() {
            let losses = objective.losses(&model, faces.clone(), &classes, Some(maps.clone()), &rows);
            let gradients = GradientsParams::from_grads(losses.total.backward(), &model);
            trained = Some(optimizer.step(1e-4, model, gradients));
        }
    });
    let folded = model.valid().classifier.fold();
    let one = random_faces::<B>(1, &device);
    let inference_ms = clock.median::<B>(|| drop(folded.forward(one.clone()).logits.into_data()));
    Ok(Report {
        preset: method.preset.clone(),
        backend: B::name(&device),
        batch: arguments.batch,
        parameters: model.num_params(),
        parameters_at_inference: folded.num_params(),
        multiply_accumulates: method.model.multiply_accumulates(),
        inference_ms,
        step_ms,
        parts_ms: parts::<B>(&clock, &method, &taxonomy, &classes),
    })
}

/// Each view of a batch, and each loss of random features with its gradient.
fn parts<B: Backend>(
    clock: &Clock<B>,
    method: &MethodConfig,
    taxonomy: &Taxonomy,
    classes: &[usize],
) -> Vec<(&'static str, f64)> {
    let device = &clock.device;
    let batch = classes.len();
    let faces = random_faces::<B>(batch, device);
    let unit = faces.face.clone().div_scalar(255.0);
    let (patch, _) = richest_patch(faces.native.clone());
    let (patch, native) = (patch.div_scalar(255.0), faces.native);
    let random = |rows: usize, columns: usize| {
        Tensor::<Autodiff<B>, 2>::random([rows, columns], Distribution::Normal(0.0, 1.0), device)
            .require_grad()
    };
    let (count, width) = (taxonomy.classes(), method.model.width);
    let (features, others, centres) = (random(batch, width), random(batch, width), random(count, width));
    let logits = random(batch, count);
    let scale = Tensor::<Autodiff<B>, 1>::ones([1], device);
    let names: Vec<String> = (0..count).map(|class| class.to_string()).collect();
    let (level, irrelevant) = (Membership::new(&names, device), Irrelevant::new(&taxonomy.groups(), device));
    let (chains, rows): (Vec<usize>, Vec<usize>) = ((0..count).collect(), (0..batch).collect());
    let gradient = |loss: Tensor<Autodiff<B>, 1>| drop(loss.backward());
    let temperature = LossWeights::default().distillation_temperature;
    vec![
        ("view: richest patch", clock.median::<B>(|| drop(richest_patch(native.clone())))),
        ("view: SRM", clock.median::<B>(|| drop(srm_residual(patch.clone())))),
        ("view: Sobel", clock.median::<B>(|| drop(sobel_magnitude(unit.clone())))),
        (
            "loss: cross entropy, one level",
            clock.median::<B>(|| gradient(level_cross_entropy(logits.clone(), classes, &level))),
        ),
        (
            "loss: DFACC",
            clock.median::<B>(|| gradient(dfacc(features.clone(), centres.clone(), classes, &irrelevant))),
        ),
        (
            "loss: alignment",
            clock.median::<B>(|| {
                gradient(alignment(features.clone(), centres.clone(), classes, &chains, scale.clone()));
            }),
        ),
        (
            "loss: matching",
            clock.median::<B>(|| {
                gradient(matching(features.clone(), others.clone(), classes, &rows, scale.clone()));
            }),
        ),
        (
            "loss: distillation",
            clock.median::<B>(|| gradient(distillation(features.clone(), others.clone(), temperature))),
        ),
    ]
}

/// Waits for the device before and after each run.
struct Clock<B: Backend> {
    runs: usize,
    device: B::Device,
}

impl<B: Backend> Clock<B> {
    /// Median milliseconds of a run.
    fn median<D: Backend<Device = B::Device>>(&self, mut work: impl FnMut()) -> f64 {
        let mut times: Vec<f64> = (0..=self.runs)
            .map(|_| {
                // A device that cannot be waited for shows in the next result that is read.
                let _ = D::sync(&self.device);
                let start = Instant::now();
                work();
                let _ = D::sync(&self.device);
                start.elapsed().as_secs_f64() * 1e3
            })
            .skip(1)
            .collect();
        times.sort_by(f64::total_cmp);
        (times[times.len() / 2] * 1e3).round() / 1e3
    }
}

fn random_faces<B: Backend>(batch: usize, device: &B::Device) -> FaceTensors<B> {
    let random = || {
        let distribution = Distribution::Uniform(0.0, 255.0);
        Tensor::<B, 4>::random([batch, 3, 224, 224], distribution, device).round()
    };
    FaceTensors { face: random(), native: random() }
}

/// Generators of every kind.
fn taxonomy() -> Taxonomy {
    Taxonomy::new(vec![
        Generator::new("StyleGAN1", "EFS", "GAN"),
        Generator::new("StyleGAN2", "EFS", "GAN"),
        Generator::new("SD2.1", "EFS", "diffusion"),
        Generator::new("SimSwap", "FS", "autoencoder"),
    ])
}
