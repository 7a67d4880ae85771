//! When a fake's generator is called unknown.

use serde::{Deserialize, Serialize};

use crate::{calibration::sigmoid, score::Score};

/// Logistic model of "this generator is none of the known ones".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenSet {
    /// Intercept.
    pub intercept: f64,
    /// Weight of the likeliest known generator's conditional probability.
    pub confidence: f64,
    /// Weight of the highest cosine similarity to a known generator's centre.
    pub centre: f64,
    /// Weight of the highest cosine similarity to a known generator's prompt chain.
    pub text: f64,
}

impl OpenSet {
    /// What the decision rests on: the likeliest generator's probability, the closest fake centre, the closest fake
    /// chain. `known` is what [`Calibration::generators`] gives; `without` leaves one generator out, as if it had never been
    /// heard of.
    pub fn features(score: &Score, known: &[f64], without: Option<usize>) -> [f64; 3] {
        let kept = |index: &usize| Some(*index) != without;
        let total: f64 = (0..known.len()).filter(kept).map(|index| known[index]).sum();
        let likeliest = (0..known.len()).filter(kept).map(|index| known[index]).fold(0.0, f64::max);
        let closest = |cosines: &[f32]| {
            let fakes = cosines.iter().skip(1).enumerate().filter(|(index, _)| kept(index));
            fakes
                .map(|(_, &cosine)| f64::from(cosine))
                .fold(None, |best: Option<f64>, value| Some(best.map_or(value, |best| best.max(value))))
        };
        [
            likeliest / total.max(f64::MIN_POSITIVE),
            closest(&score.similarity).unwrap_or(0.0),
            closest(&score.text).unwrap_or(0.0),
        ]
    }

    /// Probability of "unknown" from [`OpenSet::features`].
    pub fn unknown(&self, [confidence, centre, text]: [f64; 3]) -> f64 {
        sigmoid(self.intercept + self.confidence * confidence + self.centre * centre + self.text * text)
    }
}
