//! Enrolling: the numbers of a generator from a few pictures' embeddings and the bundle's own centres.

use burn::tensor::backend::Backend;
use serde::{Deserialize, Serialize};

use crate::{
    bundle::{BundleError, Manifest, with_manifest},
    enrolled::Enrolled,
    model::normalize,
    score::Score,
    taxonomy::Generator,
    tracer::Tracer,
};

/// How far below the enrolled pictures' own cosines a face may lie and still count as near. At 0.1 the shipped bundle names about
/// six in ten further pictures of a generator that was enrolled from five, and gives one in 25 pictures of trained generators the
/// new name (docs/trainer/enroll.md).
const SLACK: f64 = 0.1;

/// The floor where fewer than [`FEWEST`] pictures leave their own cosines unknown.
const USUAL_FLOOR: f64 = 0.8;

/// The scale where they do.
const USUAL_SCALE: f64 = 30.0;

/// How far from 1 the square of an embedding's length may lie: digits were cut off when it was written down.
const UNIT_TOLERANCE: f64 = 1e-3;

/// Fewest pictures of which each can be compared with the centre of the others.
const FEWEST: usize = 3;

/// Candidates for the scale: below, nothing is ever sure; above, everything always is.
const SCALES: [f64; 7] = [20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0];

/// A generator to enrol.
#[derive(Debug, Clone, Deserialize)]
pub struct Examples {
    /// Its name and its place on the levels above.
    #[serde(flatten)]
    pub generator: Generator,
    /// [`FaceEmbedding::embedding`](crate::FaceEmbedding::embedding) of one face a picture, each `[width]`.
    pub embeddings: Vec<Vec<f32>>,
}

/// How well an enrolled generator can be told apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EnrolledReport {
    /// Its name.
    pub name: String,
    /// How many pictures it was enrolled from.
    pub pictures: usize,
    /// Of them, those that get its name when each is judged by the others; `None` for fewer than two.
    pub named: Option<usize>,
    /// The trained fake whose centre is closest.
    pub closest: String,
    /// The cosine between the two.
    pub cosine: f64,
}

/// Why nothing was enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrollError {
    /// A name is taken, or a level is unknown.
    #[error("{0}")]
    Taxonomy(String),
    /// No embeddings.
    #[error("{0}: no picture was given")]
    Empty(String),
    /// Of another model, or damaged.
    #[error("{name}: an embedding is not {width} numbers of this model; embed the pictures again")]
    Embedding {
        /// Which generator's.
        name: String,
        /// Numbers in an embedding of this model.
        width: usize,
    },
    /// The device gave no answer.
    #[error("the model could not be read back from this device ({0}); try the CPU")]
    Device(String),
}

impl EnrollError {
    /// Whether what was given is at fault, so that every device would say the same.
    pub fn blames_input(&self) -> bool {
        !matches!(self, Self::Device(_))
    }
}

impl<B: Backend> Tracer<B> {
    /// Enrols generators for as long as this tracer lives, beside those of its bundle and in place of those enrolled here before.
    ///
    /// # Errors
    /// Then nothing changes.
    pub async fn enroll(&self, all: &[Examples]) -> Result<Vec<EnrolledReport>, EnrollError> {
        let centres = self.centres().await.map_err(EnrollError::Device)?;
        let mut manifest = Manifest::clone(&self.loaded);
        let mut reports = Vec::with_capacity(all.len());
        for one in all {
            let (enrolled, report) = self.enrolled(one, &centres, &manifest)?;
            manifest.taxonomy.enrolled.push(one.generator.clone());
            manifest.calibration.enrolled.push(enrolled);
            reports.push(report);
        }
        match manifest.fault() {
            Some(fault) => Err(EnrollError::Taxonomy(fault)),
            None => {
                self.set_manifest(manifest);
                Ok(reports)
            }
        }
    }

    /// The bundle that this tracer was loaded from, with what was enrolled since.
    ///
    /// # Errors
    /// When `bundle` is damaged.
    pub fn with_enrolled(&self, bundle: &[u8]) -> Result<Vec<u8>, BundleError> {
        with_manifest(bundle, &self.manifest())
    }

    fn enrolled(
        &self,
        Examples { generator, embeddings }: &Examples,
        centres: &[Vec<f32>],
        manifest: &Manifest,
    ) -> Result<(Enrolled, EnrolledReport), EnrollError> {
        let (name, width) = (generator.name.clone(), manifest.config.width);
        if embeddings.is_empty() {
            return Err(EnrollError::Empty(name));
        }
        let length = |one: &Vec<f32>| one.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
        if embeddings.iter().any(|one| one.len() != width || (length(one) - 1.0).abs() > UNIT_TOLERANCE) {
            return Err(EnrollError::Embedding { name, width });
        }
        let scores: Vec<Score> =
            embeddings.iter().map(|embedding| self.compared(embedding.clone(), centres)).collect();
        let fakes = &centres[1..];
        let enrolled = fit(&scores, fakes, None);
        let text = manifest.calibration.fusion.text;
        let others = left_out(&enrolled, &scores);
        let named =
            others.iter().zip(&scores).filter(|(one, score)| share(one.odds(score, text)) > 0.5).count();
        let (closest, cosine) = fakes
            .iter()
            .enumerate()
            .map(|(index, centre)| (index, product(centre, &enrolled.centre)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or_default();
        let report = EnrolledReport {
            name,
            pictures: scores.len(),
            named: (scores.len() > 1).then_some(named),
            closest: manifest
                .taxonomy
                .generators
                .get(closest)
                .map_or_else(String::new, |one| one.name.clone()),
            cosine,
        };
        Ok((enrolled, report))
    }

    /// The class centres, normalised, the real class first.
    async fn centres(&self) -> Result<Vec<Vec<f32>>, String> {
        let centres = normalize(self.classifier.centres.val());
        let width = centres.dims()[1];
        let data = centres.into_data_async().await.map_err(|error| format!("{error:?}"))?;
        let values = data.convert::<f32>().into_vec::<f32>().map_err(|error| format!("{error:?}"))?;
        Ok(values.chunks_exact(width).map(<[f32]>::to_vec).collect())
    }
}

/// A generator's centre, scale and floor. `centres` are the normalised centres of the trained fakes, each taken as a picture that
/// is not of it.
pub fn fit(scores: &[Score], centres: &[Vec<f32>], text: Option<Vec<f32>>) -> Enrolled {
    let embeddings: Vec<&[f32]> = scores.iter().map(|score| &score.embedding[..]).collect();
    let mut best = Enrolled {
        centre: centre(embeddings.iter().copied()),
        text,
        scale: USUAL_SCALE,
        floor: USUAL_FLOOR,
        pictures: scores.len(),
    };
    if scores.len() < FEWEST {
        return best;
    }
    let others: Vec<Enrolled> = left_out(&best, scores);
    let cosines = others.iter().zip(&embeddings).map(|(one, embedding)| product(&one.centre, embedding));
    best.floor = cosines.sum::<f64>() / scores.len() as f64 - SLACK;
    let rivals: Vec<Score> = centres
        .iter()
        .map(|own| {
            // The real class comes first and is not compared with.
            let similarity = centres.iter().map(|other| product(own, other) as f32);
            Score {
                embedding: own.clone(),
                similarity: std::iter::once(0.0).chain(similarity).collect(),
                ..Score::default()
            }
        })
        .collect();
    let likelihood = |scale: f64| -> f64 {
        let tried = Enrolled { scale, ..best.clone() };
        let share = |one: &Enrolled, score: &Score| share(one.odds(score, 0.0));
        let own = left_out(&tried, scores);
        let own: f64 = own.iter().zip(scores).map(|(one, score)| share(one, score).max(1e-12).ln()).sum();
        let rest: f64 = rivals.iter().map(|score| (1.0 - share(&tried, score)).max(1e-12).ln()).sum();
        own / scores.len() as f64 + rest / rivals.len().max(1) as f64
    };
    let likeliest = SCALES.into_iter().max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b)));
    Enrolled { scale: likeliest.unwrap_or(USUAL_SCALE), ..best }
}

/// The same generator as each picture would have met it, had it not been among those enrolled.
pub fn left_out(all: &Enrolled, scores: &[Score]) -> Vec<Enrolled> {
    let without = |out: usize| {
        let rest = scores.iter().enumerate().filter(move |(index, _)| *index != out);
        Enrolled { centre: centre(rest.map(|(_, score)| &score.embedding[..])), ..all.clone() }
    };
    (0..scores.len()).map(without).collect()
}

/// From odds to a probability.
pub fn share(odds: f64) -> f64 {
    if odds.is_infinite() { 1.0 } else { odds / (1.0 + odds) }
}

/// The mean of unit vectors, brought to unit length.
fn centre<'a>(vectors: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
    let mut sum: Vec<f64> = Vec::new();
    for vector in vectors {
        sum.resize(vector.len(), 0.0);
        sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt().max(1e-12);
    sum.iter().map(|value| (value / length) as f32).collect()
}

/// The cosine of the angle between unit vectors.
pub fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit vector near an axis of three, and its cosines to the first two, which are trained centres.
    fn score(axis: usize, noise: f32) -> Score {
        let mut embedding = [noise; 3];
        embedding[axis] = 1.0;
        let embedding = centre([&embedding[..]].into_iter());
        let similarity = vec![0.0, embedding[0], embedding[1]];
        Score { embedding, similarity, ..Score::default() }
    }

    #[test]
    fn pictures_like_those_enrolled_get_the_name_and_trained_ones_do_not() {
        let centres = [vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]];
        for count in [1, 2, 5] {
            let shown: Vec<Score> = (0..count).map(|index| score(2, 0.02 * index as f32)).collect();
            let enrolled = fit(&shown, &centres, None);
            assert_eq!(enrolled.fault(3), None);
            assert_eq!(enrolled.pictures, count);
            let share = |axis| share(enrolled.odds(&score(axis, 0.05), 0.0));
            assert!(share(2) > 0.9 && share(0) < 0.01 && share(1) < 0.01, "{count}: {enrolled:?}");
        }
    }

    #[test]
    fn infinite_odds_are_certainty() {
        assert_eq!((share(f64::INFINITY), share(1.0), share(0.0)), (1.0, 0.5, 0.0));
    }
}
