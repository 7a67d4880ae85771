//! Pictures through the network, prepared ahead of it.

use std::{ops::ControlFlow, sync::mpsc::sync_channel, thread};

use anyhow::Result;
use bmrl::{FaceCrop, FaceTensors, Score, TextTable, model::Classifier};
use burn::tensor::{Tensor, backend::Backend};
use image::RgbImage;
use rand::{SeedableRng, rngs::StdRng};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::Condition;
use crate::{loader::read_picture, pack::Sample, progress::Progress};

/// Faces computed at once.
pub const BATCH: usize = 32;

/// Prepared batches that wait for the device.
const AHEAD: usize = 2;

/// A sample and what the network said of it.
pub struct Judged {
    /// The sample.
    pub sample: Sample,
    /// Side of its native crop, in pixels.
    pub side: u32,
    /// The network's numbers.
    pub score: Score,
}

/// What judges.
pub struct Network<'a, B: Backend> {
    /// From faces to numbers.
    pub model: &'a Classifier<B>,
    /// The prompt chains.
    pub text: &'a TextTable,
    /// Where it is.
    pub device: &'a B::Device,
}

/// A sample and the conditions under which it is judged; its file is read once for all of them.
pub struct Work {
    /// The sample.
    pub sample: Sample,
    /// In this order.
    pub conditions: Vec<Condition>,
}

/// Judges every sample's native crop as a whole face, with progress.
pub fn judge<B: Backend>(
    model: &Classifier<B>,
    text: &TextTable,
    samples: &[Sample],
    condition: Condition,
    device: &B::Device,
) -> Result<Vec<Judged>> {
    let work: Vec<Work> =
        samples.iter().map(|sample| Work { sample: sample.clone(), conditions: vec![condition] }).collect();
    let mut judged = Vec::with_capacity(samples.len());
    let mut progress = Progress::new(samples.len(), "pictures");
    judge_work(&Network { model, text, device }, &work, |_, _, one| {
        judged.push(one?);
        progress.add(1);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(judged)
}

/// One crop, or why there is none, with the place of its work and its condition.
type Prepared = (usize, Condition, Result<FaceCrop>);

/// Judges all work in order. Reading and distorting go on in another thread while the network computes. `each` gets every answer
/// with the place of its work and its condition, a picture that cannot be read as an error, and says whether to go on.
pub fn judge_work<B: Backend>(
    network: &Network<'_, B>,
    work: &[Work],
    mut each: impl FnMut(usize, Condition, Result<Judged>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Vec<Prepared>>(AHEAD);
        scope.spawn(move || {
            let mut waiting = Vec::new();
            let mut rest = work.iter().enumerate();
            loop {
                // As many pictures as fill two batches: their crops are all that is held in memory.
                let mut chunk = Vec::new();
                let mut crops = 0;
                while crops < 2 * BATCH
                    && let Some((index, one)) = rest.next()
                {
                    crops += one.conditions.len();
                    chunk.push((index, one));
                }
                let last = chunk.is_empty();
                waiting.extend(prepare(&chunk));
                while waiting.len() >= BATCH || (last && !waiting.is_empty()) {
                    let batch = waiting.drain(..BATCH.min(waiting.len())).collect();
                    // The receiver is gone when nobody wants more.
                    if sender.send(batch).is_err() {
                        return;
                    }
                }
                if last {
                    return;
                }
            }
        });
        for batch in receiver {
            let crops: Vec<FaceCrop> = batch.iter().filter_map(|one| one.2.as_ref().ok().cloned()).collect();
            let mut scores = score(network, &crops)?.into_iter();
            for (index, condition, crop) in batch {
                let sample = &work[index].sample;
                let judged = crop.and_then(|crop| {
                    let score = scores.next().ok_or_else(|| anyhow::anyhow!("the device gave no answer"))?;
                    Ok(Judged { sample: sample.clone(), side: crop.square.side, score })
                });
                if each(index, condition, judged)?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

/// Reads each picture once and puts it through its conditions.
fn prepare(chunk: &[(usize, &Work)]) -> Vec<Prepared> {
    let pictures: Vec<Result<RgbImage>> =
        chunk.par_iter().map(|(_, one)| read_picture(&one.sample.native)).collect();
    let pairs: Vec<(usize, &Work, Condition, &Result<RgbImage>)> = chunk
        .iter()
        .zip(&pictures)
        .flat_map(|((index, one), picture)| {
            one.conditions.iter().map(move |condition| (*index, *one, *condition, picture))
        })
        .collect();
    pairs
        .into_par_iter()
        .map(|(index, one, condition, picture)| {
            let crop = match picture {
                Ok(picture) => {
                    distorted(picture, condition, &one.sample.file).map(|picture| FaceCrop::whole(&picture))
                }
                Err(error) => Err(anyhow::anyhow!("{error:#}")),
            };
            (index, condition, crop)
        })
        .collect()
}

/// A sample's native crop as a whole face.
pub fn crop(sample: &Sample, condition: Condition) -> Result<FaceCrop> {
    let picture = read_picture(&sample.native)?;
    Ok(FaceCrop::whole(&distorted(&picture, condition, &sample.file)?))
}

/// The same noise for a picture whatever else is judged, and at every strength.
fn distorted(picture: &RgbImage, condition: Condition, file: &str) -> Result<RgbImage> {
    let Some(distortion) = condition.distortion() else { return Ok(picture.clone()) };
    let seed: [u8; 32] = Sha256::digest(file).into();
    distortion.apply(picture, &mut StdRng::from_seed(seed))
}

fn score<B: Backend>(network: &Network<'_, B>, crops: &[FaceCrop]) -> Result<Vec<Score>> {
    if crops.is_empty() {
        return Ok(Vec::new());
    }
    let output = network.model.forward(FaceTensors::new(crops, network.device));
    let scores = rows(output.embedding)?.into_iter().zip(rows(output.logits)?).zip(rows(output.similarity)?);
    let score = |((embedding, logits), similarity): ((Vec<f32>, Vec<f32>), Vec<f32>)| Score {
        text: network.text.similarity(&embedding),
        embedding,
        logits,
        similarity,
    };
    Ok(scores.map(score).collect())
}

/// The rows of a tensor, read back.
pub fn rows<B: Backend>(tensor: Tensor<B, 2>) -> Result<Vec<Vec<f32>>> {
    let width = tensor.dims()[1];
    let data = tensor.into_data().convert::<f32>();
    let values =
        data.into_vec::<f32>().map_err(|error| anyhow::anyhow!("reading a result back: {error:?}"))?;
    Ok(values.chunks_exact(width).map(<[f32]>::to_vec).collect())
}
