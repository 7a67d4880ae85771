//! A model's numbers on a split, clean and after another JPEG.

use anyhow::Result;
use bmrl::{FaceCrop, FaceTensors, Score, TextTable, model::Classifier};
use burn::tensor::{Tensor, backend::Backend};
use indicatif::ProgressIterator;
use rand::{SeedableRng, rngs::StdRng};
use rayon::prelude::*;

use crate::{distort::Distortion, loader::read_picture, pack::Sample};

/// Faces computed at once.
pub const BATCH: usize = 32;

/// What happens to a picture before it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// As stored.
    Clean,
    /// Encoded again as JPEG of this quality, 4:2:0.
    Jpeg(u8),
}

/// A sample and what the network said of it.
pub struct Judged {
    /// The sample.
    pub sample: Sample,
    /// Side of its native crop, in pixels.
    pub side: u32,
    /// The network's numbers.
    pub score: Score,
}

/// Judges every sample's native crop as a whole face.
pub fn judge<B: Backend>(
    model: &Classifier<B>,
    text: &TextTable,
    samples: &[Sample],
    condition: Condition,
    device: &B::Device,
) -> Result<Vec<Judged>> {
    let mut judged = Vec::with_capacity(samples.len());
    for chunk in samples.chunks(BATCH).progress() {
        let crops = prepare(chunk, condition)?;
        let output = model.forward(FaceTensors::new(&crops, device));
        let rows =
            rows(output.embedding)?.into_iter().zip(rows(output.logits)?).zip(rows(output.similarity)?);
        for ((sample, crop), ((embedding, logits), similarity)) in chunk.iter().zip(&crops).zip(rows) {
            let text = text.similarity(&embedding);
            let score = Score { embedding, logits, similarity, text };
            judged.push(Judged { sample: sample.clone(), side: crop.side, score });
        }
    }
    Ok(judged)
}

/// Each sample's native crop as a whole face, in parallel.
pub fn prepare(samples: &[Sample], condition: Condition) -> Result<Vec<FaceCrop>> {
    let crop = |sample: &Sample| {
        let picture = read_picture(&sample.native)?;
        Ok(FaceCrop::whole(&match condition {
            Condition::Clean => picture,
            Condition::Jpeg(quality) => Distortion::Jpeg { quality, halved_chroma: true }
                .apply(&picture, &mut StdRng::seed_from_u64(0))?,
        }))
    };
    samples.par_iter().map(crop).collect()
}

/// The rows of a tensor, read back.
pub fn rows<B: Backend>(tensor: Tensor<B, 2>) -> Result<Vec<Vec<f32>>> {
    let width = tensor.dims()[1];
    let data = tensor.into_data().convert::<f32>();
    let values =
        data.into_vec::<f32>().map_err(|error| anyhow::anyhow!("reading a result back: {error:?}"))?;
    Ok(values.chunks_exact(width).map(<[f32]>::to_vec).collect())
}
