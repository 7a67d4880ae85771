//! Whether pictures are ready when the device wants them: training steps on a data folder.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context, Result};
use bmrl::model::{Bmrl, MethodConfig};
use burn::{
    backend::Autodiff,
    optim::{AdamWConfig, GradientsParams, Optimizer},
    tensor::{ElementConversion, backend::Backend},
};
use serde::{Deserialize, Serialize};

use crate::{
    augment::Augmentation,
    loader::{PictureCache, Sampler, epoch_batches},
    loss::{LossWeights, Objective},
    pack::DataPack,
    tokenizer::token_chains,
    train::batch_losses,
};

/// As `trainer train` has it.
const BALANCE: f64 = 0.5;

/// Memory for decoded pictures, in bytes.
const CACHE: u64 = 1 << 30;

/// What steps on real pictures take, reading, augmentation and all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Feeding {
    /// Trained pictures in a second.
    pub pictures_per_second: f64,
    /// Share of the time, 0 to 1, in which the device had work: the rest is waiting for pictures.
    pub device_share: f64,
}

/// Takes `steps` steps after one to warm up.
///
/// # Errors
/// When the data folder cannot be read.
pub fn feeding<B: Backend>(
    device: B::Device,
    method: &MethodConfig,
    batch: usize,
    steps: usize,
    data: &Path,
) -> Result<Feeding> {
    let data = DataPack::read(data)?;
    let taxonomy = data.taxonomy(&[])?;
    let (samples, cache) = (data.split("train"), PictureCache::new(CACHE));
    let sampler = Sampler::new(samples, &taxonomy, BALANCE, Augmentation::default(), cache, false)?;
    let batches = epoch_batches(Arc::new(sampler), batch, batch * (steps + 1), 1);
    let weights = LossWeights::default();
    let chains = token_chains(&taxonomy, method.language.context)?;
    let mut model: Bmrl<Autodiff<B>> = Bmrl::new(method, taxonomy.classes(), weights.guidance(), &device);
    let objective = Objective::new(weights, &taxonomy, chains, &device);
    let mut optimizer = AdamWConfig::new().init();
    let (mut waited, mut worked) = (0.0, 0.0);
    for step in 0..=steps {
        let asked = Instant::now();
        let batch = batches.recv().context("the data loader stopped")??;
        let ready = Instant::now();
        let losses = batch_losses(&objective, &model, &batch, &device);
        let value: f64 = losses.total.clone().into_scalar().elem();
        let gradients = GradientsParams::from_grads(losses.total.backward(), &model);
        model = optimizer.step(1e-4, model, gradients);
        // A device that cannot be waited for shows in the next loss that is read.
        let _ = B::sync(&device);
        anyhow::ensure!(value.is_finite(), "the loss is {value}");
        if step > 0 {
            waited += (ready - asked).as_secs_f64();
            worked += ready.elapsed().as_secs_f64();
        }
    }
    let total: f64 = waited + worked;
    Ok(Feeding { pictures_per_second: (batch * steps) as f64 / total, device_share: worked / total })
}
