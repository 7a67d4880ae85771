//! Batches prepared ahead of the device.

use std::{
    fs,
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

use anyhow::{Context, Result};
use bmrl::{FaceCrop, Taxonomy};
use image::RgbImage;
use rand::{
    Rng, SeedableRng,
    distr::{Distribution, weighted::WeightedIndex},
    rngs::StdRng,
};
use rayon::prelude::*;

use crate::{
    augment::{Pictures, View, augment},
    pack::Sample,
};

/// Batches that wait for the device.
const AHEAD: usize = 3;

/// Faces and their classes.
pub struct Batch {
    /// Prepared pixels.
    pub crops: Vec<FaceCrop>,
    /// Class of each.
    pub classes: Vec<usize>,
    /// Parsing maps, 224 x 224, of those that have one.
    pub maps: Vec<RgbImage>,
    /// Which those are.
    pub map_rows: Vec<usize>,
}

impl Batch {
    fn new(views: Vec<View>, classes: Vec<usize>) -> Self {
        let mut batch = Self { crops: Vec::new(), classes, maps: Vec::new(), map_rows: Vec::new() };
        for (row, View { crop, map }) in views.into_iter().enumerate() {
            batch.crops.push(crop);
            if let Some(map) = map {
                batch.maps.push(map);
                batch.map_rows.push(row);
            }
        }
        batch
    }
}

/// Reads a picture of the data pack.
pub fn read_picture(path: &std::path::Path) -> Result<RgbImage> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bmrl::decode(&bytes).with_context(|| path.display().to_string())?.pixels)
}

/// Augmented batches without end: half of them real, strata of unequal size brought closer together.
pub fn training_batches(
    samples: Vec<Sample>,
    taxonomy: &Taxonomy,
    batch: usize,
    seed: u64,
) -> Result<Receiver<Result<Batch>>> {
    let weights = sampling_weights(&samples);
    let index = WeightedIndex::new(&weights).context("the train split has no samples")?;
    let classes: Vec<usize> = samples
        .iter()
        .map(|sample| sample.generator.as_ref().map_or(0, |known| taxonomy.class(&known.name).unwrap_or(0)))
        .collect();
    let (sender, receiver) = sync_channel(AHEAD);
    thread::spawn(move || {
        let mut rng = StdRng::seed_from_u64(seed);
        loop {
            let picks: Vec<(usize, u64)> =
                (0..batch).map(|_| (index.sample(&mut rng), rng.random())).collect();
            let views: Result<Vec<View>> = picks
                .par_iter()
                .map(|&(pick, seed)| {
                    let sample = &samples[pick];
                    let pictures = Pictures {
                        native: read_picture(&sample.native)?,
                        face: sample.face.as_deref().map(read_picture).transpose()?,
                        map: sample.parsing.as_deref().map(read_picture).transpose()?,
                    };
                    augment(&pictures, &mut StdRng::seed_from_u64(seed))
                })
                .collect();
            let classes = picks.iter().map(|&(pick, _)| classes[pick]).collect();
            let ready = views.map(|views| Batch::new(views, classes));
            // The receiver is gone when training has ended.
            if sender.send(ready).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

/// Within real and within fake, a stratum of `n` samples weighs `sqrt(n)`; real and fake weigh the same.
fn sampling_weights(samples: &[Sample]) -> Vec<f64> {
    let mut counts = std::collections::HashMap::<String, f64>::new();
    for sample in samples {
        *counts.entry(sample.stratum()).or_default() += 1.0;
    }
    let raw: Vec<f64> = samples.iter().map(|sample| counts[&sample.stratum()].powf(-0.5)).collect();
    let total = |fake: bool| -> f64 {
        let members = samples.iter().zip(&raw).filter(|(sample, _)| sample.generator.is_some() == fake);
        members.map(|(_, weight)| weight).sum()
    };
    let totals = [total(false), total(true)];
    let side = |sample: &Sample| totals[usize::from(sample.generator.is_some())];
    samples.iter().zip(&raw).map(|(sample, weight)| weight / side(sample)).collect()
}
