//! Generators that a bundle was shown a few pictures of, after training.

use serde::{Deserialize, Serialize};

use crate::score::Score;

/// What is known of an enrolled generator; its name stands at the same place in
/// [`Taxonomy::enrolled`](crate::Taxonomy::enrolled).
///
/// A fake face is of it rather than of anything else with odds that grow with the cosine between the face's embedding and the
/// centre. The rest of the probability is divided as it would be without it, and real against fake is decided before: a
/// picture that is not near the centre has the same verdict as before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    /// Mean of the pictures' normalised embeddings, normalised, `[width]`.
    pub centre: Vec<f32>,
    /// L2-normalised feature of its prompt chain, `[width]`, where a run gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Vec<f32>>,
    /// Factor on cosines: the inverse of a temperature.
    pub scale: f64,
    /// Cosine to the centre at which a face that is near nothing else is as likely of it as not.
    pub floor: f64,
    /// How many pictures it was enrolled from.
    pub pictures: usize,
}

impl Enrolled {
    /// Odds of this generator against all that was known before, given a fake face: a softmax of its cosine against those of
    /// the trained fakes' centres and `floor`. The prompt chain counts as much as calibration found chains to count
    /// (`text_weight`, [`Fusion::text`](crate::Fusion::text)).
    pub fn odds(&self, score: &Score, text_weight: f64) -> f64 {
        let fakes =
            |cosines: &[f32]| cosines.iter().skip(1).map(|&cosine| f64::from(cosine)).collect::<Vec<_>>();
        let others = fakes(&score.similarity);
        let mut own = self.scale * cosine(&self.centre, &score.embedding);
        if let Some(text) = &self.text {
            let closest = fakes(&score.text).into_iter().fold(f64::NEG_INFINITY, f64::max);
            if closest.is_finite() {
                own += text_weight * (cosine(text, &score.embedding) - closest);
            }
        }
        let others = others.iter().chain([&self.floor]).map(|other| (self.scale * other - own).exp());
        1.0 / others.sum::<f64>()
    }

    /// The first thing that is wrong, if any.
    pub fn fault(&self, width: usize) -> Option<String> {
        let vectors = std::iter::once(&self.centre).chain(&self.text);
        if vectors.clone().any(|vector| vector.len() != width) {
            return Some(format!("an enrolled centre or text has not {width} numbers"));
        }
        let numbers = vectors.flatten().map(|&value| f64::from(value)).chain([self.scale, self.floor]);
        if self.scale <= 0.0 || numbers.into_iter().any(|number| !number.is_finite()) {
            return Some("an enrolled generator has a number that is none, or a scale below zero".into());
        }
        None
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enrolled() -> Enrolled {
        Enrolled { centre: vec![1.0, 0.0], text: None, scale: 30.0, floor: 0.8, pictures: 5 }
    }

    fn score(x: f32, closest: f32) -> Score {
        let embedding = vec![x, (1.0 - x * x).sqrt()];
        Score { embedding, similarity: vec![1.0, closest, -0.5], ..Score::default() }
    }

    #[test]
    fn it_is_likely_only_where_it_is_near_and_nearer_than_the_rest() {
        let odds = |x, closest| enrolled().odds(&score(x, closest), 0.0);
        assert!(odds(0.97, 0.2) > 50.0);
        assert!(odds(0.97, 0.99) < 1.0, "a trained fake is nearer");
        assert!(odds(0.5, -0.3) < 1e-3, "near nothing is not near");
        assert!((odds(0.8, -0.9) - 1.0).abs() < 1e-3, "the floor is even odds");
    }

    #[test]
    fn its_text_counts_as_calibration_says() {
        let with = Enrolled { text: Some(vec![1.0, 0.0]), ..enrolled() };
        let score = Score { text: vec![0.9, 0.2, 0.1], ..score(0.8, 0.1) };
        assert_eq!(with.odds(&score, 0.0), enrolled().odds(&score, 0.0));
        let more = with.odds(&score, 2.0) / with.odds(&score, 0.0);
        assert!((more - (2.0_f64 * 0.6).exp()).abs() < 1e-3, "{more}");
    }

    #[test]
    fn what_is_no_number_or_has_another_width_is_a_fault() {
        assert_eq!(enrolled().fault(2), None);
        assert!(enrolled().fault(3).is_some());
        assert!(Enrolled { scale: f64::NAN, ..enrolled() }.fault(2).is_some());
        assert!(Enrolled { scale: 0.0, ..enrolled() }.fault(2).is_some());
        assert!(Enrolled { centre: vec![f32::NAN, 0.0], ..enrolled() }.fault(2).is_some());
    }
}
