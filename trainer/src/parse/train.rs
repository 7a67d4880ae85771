//! `trainer parse --train`: cross entropy, AdamW, one cosine; the epoch of the best mean IoU is kept.

use std::{path::Path, process::ExitCode, sync::Arc, sync::mpsc, thread, time::Instant};

use anyhow::{Context, Result, ensure};
use burn::{
    backend::Autodiff,
    lr_scheduler::{LrScheduler, cosine::CosineAnnealingLrSchedulerConfig},
    module::{AutodiffModule, Module},
    optim::{AdamWConfig, GradientsParams, Optimizer},
    tensor::{Tensor, TensorData, activation::log_softmax, backend::Backend},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use rayon::prelude::*;

use super::{
    augment::{Example, draw},
    iou::{Confusion, Iou},
    masks::MaskFolder,
    network::{Parser, ParserConfig},
    pairs::{Choice, Pair, Pairs},
    parser_file::{self, Description},
    segment::{best_classes, prepare, scores},
};
use crate::interrupt;

/// Batches that wait for the device.
const AHEAD: usize = 3;

/// Pictures segmented at a time.
const SEGMENTED: usize = 32;

/// How a parser is trained.
pub struct Training<'a> {
    /// The labelled pictures.
    pub images: &'a Path,
    /// Their masks.
    pub masks: MaskFolder,
    /// The file to write.
    pub out: &'a Path,
    /// Pictures that choose nothing.
    pub test: &'a glob::Pattern,
    /// Pictures that choose the epoch.
    pub validate: &'a Choice,
    /// Side of what the parser sees, in pixels.
    pub side: usize,
    /// Passes over the training pictures.
    pub epochs: usize,
    /// Pictures in a step.
    pub batch: usize,
    /// At the first step.
    pub learning_rate: f64,
    /// Of the weights, the choice and the augmentation.
    pub seed: u64,
}

/// Trains and writes the parser; prints its description as JSON.
pub fn train<B: Backend>(device: B::Device, training: Training) -> Result<ExitCode> {
    let pairs =
        Pairs::list(training.images, &training.masks, training.test, training.validate, training.seed)?;
    let weights = class_weights(&pairs.frequencies(&training.masks)?);
    let masks = Arc::new(training.masks);
    let network = ParserConfig::new(training.side, masks.classes.classes.len());
    network.check().context("--side")?;
    B::seed(&device, training.seed);
    let mut parser: Parser<Autodiff<B>> = network.init(&device);
    eprintln!(
        "{} + {} + {} pictures to train, choose and test; {} parameters, {:.0} M multiply-accumulates",
        pairs.train.len(),
        pairs.validation.len(),
        pairs.test.len(),
        parser.num_params(),
        network.multiply_accumulates() as f64 / 1e6
    );
    let mut optimizer = AdamWConfig::new().with_weight_decay(0.01).init();
    let steps = pairs.train.len().div_ceil(training.batch);
    let schedule = CosineAnnealingLrSchedulerConfig::new(training.learning_rate, training.epochs * steps);
    let mut schedule = schedule.init().map_err(|error| anyhow::anyhow!("--learning-rate: {error}"))?;
    let weights = Tensor::<Autodiff<B>, 1>::from_floats(&*weights, &device);
    let batches = batches(pairs.train, Arc::clone(&masks), network.side, training.batch, training.seed);
    let mut best: Option<Description> = None;

    for epoch in 1..=training.epochs {
        let started = Instant::now();
        let mut sum = 0.0;
        for _ in 0..steps {
            if interrupt::requested() {
                return Ok(interrupt::stopped(&match best {
                    Some(best) => format!(
                        "{} holds epoch {}, the best so far; a new run starts afresh",
                        training.out.display(),
                        best.epoch
                    ),
                    None => "nothing is written before the first epoch ends".into(),
                }));
            }
            let batch = batches.recv().context("the data loader stopped")??;
            let loss = loss(&parser, &batch, &network, &weights, &device);
            let value = f64::from(
                loss.clone().into_data().convert::<f32>().to_vec::<f32>().map_or(f32::NAN, |v| v[0]),
            );
            ensure!(value.is_finite(), "the loss is {value} in epoch {epoch}; lower --learning-rate");
            sum += value;
            let gradients = GradientsParams::from_grads(loss.backward(), &parser);
            parser = optimizer.step(schedule.step(), parser, gradients);
        }
        let valid = parser.valid();
        let validation = measure(&valid, &network, &pairs.validation, &masks, &device)?;
        let better = best.as_ref().is_none_or(|best| validation.mean > best.validation.mean);
        let (mean, seconds) = (validation.mean, started.elapsed().as_secs_f64());
        let note = if better { ", kept" } else { "" };
        eprintln!(
            "epoch {epoch}/{} loss {:.4} mean IoU {mean:.4}{note}, {seconds:.1} s",
            training.epochs,
            sum / steps as f64
        );
        if better {
            let (network, classes, seed) = (network.clone(), masks.classes.clone(), training.seed);
            let description = Description { network, classes, seed, epoch, validation, test: None };
            parser_file::save(training.out, &description, &valid)?;
            best = Some(description);
        }
    }
    drop(batches);
    finish::<B>(training.out, &pairs.test, &masks, &device)
}

/// Measures the kept epoch on the test pictures and says so in the file too.
fn finish<B: Backend>(out: &Path, test: &[Pair], masks: &MaskFolder, device: &B::Device) -> Result<ExitCode> {
    let (mut description, parser) = parser_file::load::<B>(out, device)?;
    eprintln!(
        "epoch {} was the best; by it, on the pictures that chose it:\n{}",
        description.epoch, description.validation
    );
    if !test.is_empty() {
        let iou = measure(&parser, &description.network, test, masks, device)?;
        eprintln!("on the test pictures:\n{iou}");
        description.test = Some(iou);
        parser_file::save(out, &description, &parser)?;
    }
    println!("{}", serde_json::to_string(&description)?);
    Ok(ExitCode::SUCCESS)
}

/// Rare classes count more: by the root of their rarity, so that a typical pixel counts 1.
fn class_weights(frequencies: &[f64]) -> Vec<f32> {
    let raw: Vec<f64> = frequencies.iter().map(|frequency| (frequency + 1e-3).powf(-0.5)).collect();
    let typical: f64 = raw.iter().zip(frequencies).map(|(weight, frequency)| weight * frequency).sum();
    raw.iter().map(|weight| (weight / typical) as f32).collect()
}

/// Cross entropy of each cell against the shares of its classes, weighted by class.
fn loss<B: Backend>(
    parser: &Parser<B>,
    batch: &[Example],
    network: &ParserConfig,
    weights: &Tensor<B, 1>,
    device: &B::Device,
) -> Tensor<B, 1> {
    let tensor = |field: fn(&Example) -> &Vec<f32>, channels: usize, side: usize| {
        let values: Vec<f32> = batch.iter().flat_map(|example| field(example).iter().copied()).collect();
        Tensor::<B, 4>::from_data(TensorData::new(values, [batch.len(), channels, side, side]), device)
    };
    let pictures = tensor(|example| &example.pixels, 3, network.side);
    let shares = tensor(|example| &example.shares, network.classes, network.map_side());
    let weighted = shares * weights.clone().reshape([1, network.classes, 1, 1]);
    let total = weighted.clone().sum();
    (weighted * log_softmax(parser.forward(pictures), 1)).sum().neg() / total
}

/// Shuffled, augmented batches without end.
fn batches(
    pairs: Vec<Pair>,
    masks: Arc<MaskFolder>,
    side: usize,
    batch: usize,
    seed: u64,
) -> mpsc::Receiver<Result<Vec<Example>>> {
    let (sender, receiver) = mpsc::sync_channel(AHEAD);
    thread::spawn(move || {
        let mirrored = masks.classes.mirrored();
        let mut rng = StdRng::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        loop {
            order.shuffle(&mut rng);
            let seeded: Vec<(usize, u64)> = order.iter().map(|&pick| (pick, rng.random())).collect();
            for chunk in seeded.chunks(batch) {
                let examples = chunk.par_iter().map(|&(pick, seed)| {
                    let (picture, mask) = pairs[pick].read(&masks)?;
                    draw(&picture, &mask, &mirrored, side, &mut StdRng::seed_from_u64(seed))
                });
                // The receiver is gone when training has ended.
                if sender.send(examples.collect()).is_err() {
                    return;
                }
            }
        }
    });
    receiver
}

/// IoU at the pictures' own sizes.
fn measure<B: Backend>(
    parser: &Parser<B>,
    network: &ParserConfig,
    pairs: &[Pair],
    masks: &MaskFolder,
    device: &B::Device,
) -> Result<Iou> {
    let nothing = || Confusion::new(network.classes);
    let mut all = nothing();
    for chunk in pairs.chunks(SEGMENTED) {
        let read = chunk.par_iter().map(|pair| {
            let (picture, mask) = pair.read(masks)?;
            Ok((prepare(&picture, network.side), mask))
        });
        let (prepared, truths): (Vec<_>, Vec<_>) = read.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let scores = scores(parser, &prepared, network.side, device)?;
        let counted = scores.par_iter().zip(&truths).map(|(scores, truth)| {
            let mut confusion = nothing();
            confusion.add(truth, &best_classes(scores, network.map_side(), truth.dimensions()));
            confusion
        });
        all = counted.reduce(nothing, |sum, more| sum.merge(&more)).merge(&all);
    }
    Ok(all.iou(&masks.classes, pairs.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_class_counts_more_and_a_typical_pixel_one() {
        let frequencies = [0.5, 0.4, 0.09, 0.01, 0.0];
        let weights = class_weights(&frequencies);
        assert!(weights.windows(2).all(|pair| pair[0] < pair[1]), "{weights:?}");
        let typical: f64 = weights.iter().zip(frequencies).map(|(&w, f)| f64::from(w) * f).sum();
        assert!((typical - 1.0).abs() < 1e-6);
    }
}
