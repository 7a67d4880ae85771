//! Batches prepared ahead of the device.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use anyhow::{Context, Result};
use bmrl::{FaceCrop, Taxonomy};
use image::RgbImage;
use quick_cache::{Weighter, sync::Cache};
use rand::{
    Rng, SeedableRng,
    distr::{Distribution, weighted::WeightedIndex},
    rngs::StdRng,
};
use rayon::prelude::*;

use crate::{
    augment::{Augmentation, Pictures, View},
    pack::Sample,
};

/// Batches that wait for the device.
const AHEAD: usize = 3;

/// Other pictures tried in the place of one that cannot be read.
const TRIES: usize = 20;

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
    fn new(drawn: Vec<(View, usize)>) -> Self {
        let mut batch =
            Self { crops: Vec::new(), classes: Vec::new(), maps: Vec::new(), map_rows: Vec::new() };
        for (row, (View { crop, map }, class)) in drawn.into_iter().enumerate() {
            batch.crops.push(crop);
            batch.classes.push(class);
            if let Some(map) = map {
                batch.maps.push(map);
                batch.map_rows.push(row);
            }
        }
        batch
    }
}

/// Reads a picture of the data folder.
pub fn read_picture(path: &Path) -> Result<RgbImage> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bmrl::decode(&bytes).with_context(|| path.display().to_string())?.pixels)
}

/// Does `work` for each index in order, on another thread and `ahead` results before they are asked for.
pub fn ahead<T: Send + 'static>(
    count: usize,
    ahead: usize,
    work: impl Fn(usize) -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, receiver) = sync_channel(ahead);
    thread::spawn(move || {
        // The receiver is gone when nobody asks any more.
        for index in 0..count {
            if sender.send(work(index)).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Decoded pictures, as many as fit into a stated number of bytes.
pub struct PictureCache {
    pictures: Cache<PathBuf, Arc<RgbImage>, Bytes>,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<PathBuf, Arc<RgbImage>> for Bytes {
    fn weight(&self, _: &PathBuf, picture: &Arc<RgbImage>) -> u64 {
        picture.as_raw().len() as u64
    }
}

impl PictureCache {
    /// For at most `bytes` of pixels.
    pub fn new(bytes: u64) -> Self {
        // Pictures of about this many bytes are expected; the limit holds for any.
        const USUAL: u64 = 256 * 256 * 3;
        Self { pictures: Cache::with_weighter((bytes / USUAL) as usize + 1, bytes, Bytes) }
    }

    /// The picture, from memory or from the disk.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, path: &Path) -> Result<Arc<RgbImage>> {
        if let Some(picture) = self.pictures.get(path) {
            return Ok(picture);
        }
        let picture = Arc::new(read_picture(path)?);
        self.pictures.insert(path.into(), picture.clone());
        Ok(picture)
    }
}

/// Draws augmented batches from samples: half of them real, strata brought closer together.
pub struct Sampler {
    samples: Vec<Sample>,
    classes: Vec<usize>,
    index: WeightedIndex<f64>,
    augmentation: Augmentation,
    cache: PictureCache,
    /// Whether a picture that cannot be read is replaced by another draw.
    skip_unreadable: bool,
    /// What was wrong with those.
    skipped: Mutex<BTreeSet<String>>,
}

impl Sampler {
    /// `balance` 0 draws every picture alike often within real and within fake, 1 every stratum.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn new(
        samples: Vec<Sample>,
        taxonomy: &Taxonomy,
        balance: f64,
        augmentation: Augmentation,
        cache: PictureCache,
        skip_unreadable: bool,
    ) -> Result<Self> {
        let index = WeightedIndex::new(sampling_weights(&samples, balance))
            .context("the train split has no samples; see the column `split` of labels.csv")?;
        let class = |sample: &Sample| {
            sample.generator.as_ref().map_or(0, |known| taxonomy.class(&known.name).unwrap_or(0))
        };
        let classes = samples.iter().map(class).collect();
        Ok(Self { samples, classes, index, augmentation, cache, skip_unreadable, skipped: Mutex::default() })
    }

    /// How many there are to draw from.
    pub fn samples(&self) -> usize {
        self.samples.len()
    }

    /// The batch of this seed, its pictures prepared in parallel.
    ///
    /// # Errors
    /// When a picture cannot be read and is not to be skipped.
    pub fn batch(&self, size: usize, seed: u64) -> Result<Batch> {
        let mut rng = StdRng::seed_from_u64(seed);
        let seeds: Vec<u64> = (0..size).map(|_| rng.random()).collect();
        let drawn = seeds.par_iter().map(|&seed| self.draw(&mut StdRng::seed_from_u64(seed)));
        Ok(Batch::new(drawn.collect::<Result<_>>()?))
    }

    /// What was wrong with each picture that was skipped.
    pub fn skipped(&self) -> BTreeSet<String> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self, rng: &mut StdRng) -> Result<(View, usize)> {
        let mut pick = self.index.sample(rng);
        let mut view = self.view(pick, rng);
        for _ in 0..TRIES {
            let Err(error) = &view else { break };
            if !self.skip_unreadable {
                break;
            }
            self.lock().insert(format!("{error:#}"));
            pick = self.index.sample(rng);
            view = self.view(pick, rng);
        }
        Ok((view?, self.classes[pick]))
    }

    fn view(&self, pick: usize, rng: &mut StdRng) -> Result<View> {
        let sample = &self.samples[pick];
        let read = |path: &PathBuf| self.cache.read(path);
        let pictures = Pictures {
            native: read(&sample.native)?,
            face: sample.face.as_ref().map(read).transpose()?,
            map: sample.parsing.as_ref().map(read).transpose()?,
        };
        self.augmentation.view(&pictures, rng)
    }
}

/// The batches of an epoch of so many pictures.
pub fn epoch_batches(
    sampler: Arc<Sampler>,
    batch: usize,
    pictures: usize,
    seed: u64,
) -> Receiver<Result<Batch>> {
    let count = pictures.div_ceil(batch);
    ahead(count, AHEAD, move |index| {
        let size = batch.min(pictures - index * batch);
        // Any two of these differ in many bits after StdRng's own mixing.
        sampler.batch(size, seed.wrapping_add((index as u64) << 20))
    })
}

/// Within real and within fake, a stratum of `n` samples weighs `n` to the power of `1 - balance`; real and fake weigh the same.
fn sampling_weights(samples: &[Sample], balance: f64) -> Vec<f64> {
    let mut counts = std::collections::HashMap::<String, f64>::new();
    for sample in samples {
        *counts.entry(sample.stratum()).or_default() += 1.0;
    }
    let raw: Vec<f64> = samples.iter().map(|sample| counts[&sample.stratum()].powf(-balance)).collect();
    let total = |fake: bool| -> f64 {
        let members = samples.iter().zip(&raw).filter(|(sample, _)| sample.generator.is_some() == fake);
        members.map(|(_, weight)| weight).sum()
    };
    let totals = [total(false), total(true)];
    let side = |sample: &Sample| totals[usize::from(sample.generator.is_some())];
    samples.iter().zip(&raw).map(|(sample, weight)| weight / side(sample)).collect()
}
