//! The learner's data loaders: training pictures drawn at random, validation pictures in order.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use bmrl::{FaceCrop, FaceTensors, Taxonomy};
use burn::{
    data::dataloader::{DataLoader, DataLoaderIterator, Progress},
    tensor::{Device, backend::Backend},
};
use burn_train::Interrupter;
use rayon::prelude::*;

use super::{
    run_log::RunLog,
    step::{TrainingItem, ValidationItem},
};
use crate::{
    evaluate::{BATCH, Condition, crop},
    interrupt,
    loader::{Batch, Sampler, ahead, epoch_batches},
    loss::Objective,
    pack::Sample,
};

/// Compression of the validation pictures: the choice of the best epoch must not rest on how files were saved.
const VALIDATION: Condition = Condition::Jpeg(80);

/// Batches of validation pictures that wait for the device.
const AHEAD: usize = 2;

/// Makes the losses for a device.
pub type MakeObjective<B> = Arc<dyn Fn(&Device<B>) -> Objective<B> + Send + Sync>;

/// Draws the batches of an epoch; every epoch and every device has draws of its own, the same in every run of one seed.
pub struct TrainingLoader<B: Backend> {
    /// Where from.
    pub sampler: Arc<Sampler>,
    /// Pictures in a batch.
    pub batch: usize,
    /// First and one past the last of an epoch's pictures that are this loader's.
    pub pictures: (usize, usize),
    /// Batches whose gradients are added.
    pub accumulation: usize,
    /// Of the run.
    pub seed: u64,
    /// Epochs begun, counted by whoever iterates.
    pub epoch: Arc<AtomicUsize>,
    /// The losses.
    pub make_objective: MakeObjective<B>,
    /// The losses on this loader's device.
    pub objective: Arc<Objective<B>>,
    /// Told how long the device waited.
    pub log: RunLog,
    /// Stops the run when a picture cannot be read or a person asks for it.
    pub interrupter: Interrupter,
}

impl<B: Backend> TrainingLoader<B> {
    fn with(&self, pictures: (usize, usize), objective: Arc<Objective<B>>) -> Self {
        Self {
            sampler: self.sampler.clone(),
            batch: self.batch,
            pictures,
            accumulation: self.accumulation,
            seed: self.seed,
            // Each of several devices counts for itself.
            epoch: Arc::new(AtomicUsize::new(self.epoch.load(Ordering::Relaxed))),
            make_objective: self.make_objective.clone(),
            objective,
            log: self.log.clone(),
            interrupter: self.interrupter.clone(),
        }
    }
}

impl<B: Backend> DataLoader<B, TrainingItem<B>> for TrainingLoader<B> {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<TrainingItem<B>> + 'a> {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed) + 1;
        let (first, end) = self.pictures;
        let seed = mixed(&[self.seed, epoch as u64, first as u64]);
        // Dropout is drawn by the backend: from here on as in any other run that reaches this epoch.
        B::seed(&self.objective.device(), seed);
        let batches = epoch_batches(self.sampler.clone(), self.batch, end - first, seed);
        Box::new(Prepared {
            batches,
            done: 0,
            total: end - first,
            started: Instant::now(),
            waited: Duration::ZERO,
            loader: self,
        })
    }

    fn num_items(&self) -> usize {
        self.pictures.1 - self.pictures.0
    }

    fn to_device(&self, device: &B::Device) -> Arc<dyn DataLoader<B, TrainingItem<B>>> {
        Arc::new(self.with(self.pictures, Arc::new((self.make_objective)(device))))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<B, TrainingItem<B>>> {
        let first = self.pictures.0;
        Arc::new(self.with((first + start, first + end), self.objective.clone()))
    }
}

/// SplitMix64 over several numbers (Steele et al. 2014).
fn mixed(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |state: u64, number| {
        let mut z = state.wrapping_add(*number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

struct Prepared<'a, B: Backend> {
    batches: Receiver<Result<Batch>>,
    done: usize,
    total: usize,
    started: Instant,
    waited: Duration,
    loader: &'a TrainingLoader<B>,
}

impl<B: Backend> Iterator for Prepared<'_, B> {
    type Item = TrainingItem<B>;

    fn next(&mut self) -> Option<TrainingItem<B>> {
        let loader = self.loader;
        if stop_asked(&loader.interrupter) {
            return None;
        }
        let asked = Instant::now();
        let batch = self.batches.recv().ok()?;
        self.waited += asked.elapsed();
        match batch {
            Ok(batch) => {
                self.done += batch.crops.len();
                let (objective, accumulation) = (loader.objective.clone(), loader.accumulation);
                Some(TrainingItem { batch, objective, accumulation })
            }
            Err(error) => {
                let way_out = "mend or remove it, or skip such pictures with --skip-unreadable";
                loader.interrupter.stop(Some(&format!("{error:#}; {way_out}")));
                None
            }
        }
    }
}

impl<B: Backend> DataLoaderIterator<TrainingItem<B>> for Prepared<'_, B> {
    fn progress(&self) -> Progress {
        Progress::new(self.done, self.total)
    }
}

impl<B: Backend> Drop for Prepared<'_, B> {
    fn drop(&mut self) {
        self.loader.log.waited(self.waited.as_secs_f64() / self.started.elapsed().as_secs_f64().max(1e-9));
    }
}

/// Passes a person's Ctrl-C on to the learner.
fn stop_asked(interrupter: &Interrupter) -> bool {
    if interrupt::requested() && !interrupter.should_stop() {
        interrupter.stop(None);
    }
    interrupter.should_stop()
}

/// The validation pictures, in order.
pub struct ValidationLoader<B: Backend> {
    /// The pictures.
    pub samples: Arc<Vec<Sample>>,
    /// The classes.
    pub taxonomy: Arc<Taxonomy>,
    /// Where the model is.
    pub device: B::Device,
    /// As in training.
    pub interrupter: Interrupter,
}

impl<B: Backend> DataLoader<B, ValidationItem<B>> for ValidationLoader<B> {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<ValidationItem<B>> + 'a> {
        let samples = self.samples.clone();
        let batches = ahead(samples.len().div_ceil(BATCH), AHEAD, move |index| {
            let chunk = samples.chunks(BATCH).nth(index).unwrap_or_default();
            let crops: Result<Vec<FaceCrop>> =
                chunk.par_iter().map(|sample| crop(sample, VALIDATION)).collect();
            Ok((chunk.to_vec(), crops?))
        });
        Box::new(PreparedValidation { batches, done: 0, loader: self })
    }

    fn num_items(&self) -> usize {
        self.samples.len()
    }

    fn to_device(&self, device: &B::Device) -> Arc<dyn DataLoader<B, ValidationItem<B>>> {
        Arc::new(Self {
            samples: self.samples.clone(),
            taxonomy: self.taxonomy.clone(),
            device: device.clone(),
            interrupter: self.interrupter.clone(),
        })
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<B, ValidationItem<B>>> {
        Arc::new(Self {
            samples: Arc::new(self.samples[start..end].to_vec()),
            taxonomy: self.taxonomy.clone(),
            device: self.device.clone(),
            interrupter: self.interrupter.clone(),
        })
    }
}

struct PreparedValidation<'a, B: Backend> {
    batches: Receiver<Result<(Vec<Sample>, Vec<FaceCrop>)>>,
    done: usize,
    loader: &'a ValidationLoader<B>,
}

impl<B: Backend> Iterator for PreparedValidation<'_, B> {
    type Item = ValidationItem<B>;

    fn next(&mut self) -> Option<ValidationItem<B>> {
        let loader = self.loader;
        if stop_asked(&loader.interrupter) {
            return None;
        }
        match self.batches.recv().ok()? {
            Ok((samples, crops)) => {
                self.done += crops.len();
                let faces = FaceTensors::new(&crops, &loader.device);
                Some(ValidationItem { faces, samples, taxonomy: loader.taxonomy.clone() })
            }
            Err(error) => {
                loader.interrupter.stop(Some(&format!("{error:#}; mend or remove it")));
                None
            }
        }
    }
}

impl<B: Backend> DataLoaderIterator<ValidationItem<B>> for PreparedValidation<'_, B> {
    fn progress(&self) -> Progress {
        Progress::new(self.done, self.loader.samples.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_of_neighbours_differ_in_many_bits() {
        let apart = |a: &[u64], b: &[u64]| (mixed(a) ^ mixed(b)).count_ones();
        assert!(apart(&[1, 1, 0], &[1, 2, 0]) > 16);
        assert!(apart(&[1, 2, 0], &[2, 1, 0]) > 16);
        assert_eq!(mixed(&[3, 4]), mixed(&[3, 4]));
    }
}
