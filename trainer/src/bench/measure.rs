//! What a training step and an inference cost, and what part of a step each view and loss takes.

use std::time::Instant;

use anyhow::Result;
use bmrl::{
    FaceTensors, Generator, Taxonomy,
    model::{Bmrl, MethodConfig},
    views::{richest_patch, sobel_magnitude, srm_residual},
};
use burn::{
    backend::Autodiff,
    module::Module,
    optim::{AdamWConfig, GradientsParams, Optimizer},
    tensor::{Distribution, Tensor, backend::Backend},
};

use super::{Inference, Training, memory::peak};
use crate::{
    loss::{
        Irrelevant, LossWeights, Membership, Objective, alignment, dfacc, distillation, level_cross_entropy,
        matching,
    },
    tokenizer::token_chains,
};

/// Faces whose memory is compared with that of one.
const MANY: usize = 9;

/// An inference on one face: the network is folded, as in a bundle. Comes before anything else, so that its memory is its own.
pub fn inference<B: Backend>(device: B::Device, method: &MethodConfig, runs: usize) -> Result<Inference> {
    let clock = Clock::<B> { runs, device: device.clone() };
    let model: Bmrl<B> = model(method, &device);
    let parameters = model.num_params();
    let folded = model.classifier.fold();
    let one = random_faces::<B>(1, &device);
    let infer = |faces: &FaceTensors<B>| drop(folded.forward(faces.clone()).logits.into_data());
    // The first of a size also compiles and tunes kernels, where a backend has them.
    infer(&one);
    let peak_bytes = peak(|| infer(&one));
    let milliseconds = clock.median::<B>(|| infer(&one));
    let many = random_faces::<B>(MANY, &device);
    infer(&many);
    let further = |(many, one): (u64, u64)| many.saturating_sub(one) / (MANY as u64 - 1);
    let bytes_per_image = peak(|| infer(&many)).zip(peak_bytes).map(further);
    Ok(Inference {
        device: B::name(&device),
        parameters,
        parameters_at_inference: folded.num_params(),
        milliseconds,
        peak_bytes,
        bytes_per_image,
    })
}

/// A step of training and its parts.
pub fn training<B: Backend>(
    device: B::Device,
    method: &MethodConfig,
    batch: usize,
    runs: usize,
) -> Result<Training> {
    let taxonomy = taxonomy();
    let classes: Vec<usize> = (0..batch).map(|index| index % taxonomy.classes()).collect();
    let rows: Vec<usize> = (0..batch).collect();
    let model: Bmrl<Autodiff<B>> = model(method, &device);
    let chains = token_chains(&taxonomy, method.language.context)?;
    let objective = Objective::new(LossWeights::default(), &taxonomy, chains, &device);
    let faces = random_faces::<Autodiff<B>>(batch, &device);
    let maps = faces.face.clone().div_scalar(255.0);
    let clock = Clock { runs, device: device.clone() };

    let mut optimizer = AdamWConfig::new().init();
    let mut trained = Some(model);
    let step_ms = clock.median::<B>(|| {
        if let Some(model) = trained.take() {
            let losses = objective.losses(&model, faces.clone(), &classes, Some(maps.clone()), &rows);
            let gradients = GradientsParams::from_grads(losses.total.backward(), &model);
            trained = Some(optimizer.step(1e-4, model, gradients));
        }
    });
    let parts = parts::<B>(&clock, method, &taxonomy, &classes);
    let parts_ms = parts.into_iter().map(|(name, ms)| (name.to_string(), ms)).collect();
    Ok(Training { step_ms, parts_ms, feeding: None })
}

fn model<B: Backend>(method: &MethodConfig, device: &B::Device) -> Bmrl<B> {
    let mut method = method.clone();
    // As in the reference's bench: dropout is not what is compared.
    method.model.dropout = 0.0;
    Bmrl::new(&method, taxonomy().classes(), LossWeights::default().guidance(), device)
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
