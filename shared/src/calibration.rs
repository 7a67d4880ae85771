//! From the network's numbers to calibrated probabilities on the four levels, and to words.

use serde::{Deserialize, Serialize};

use crate::{
    taxonomy::{FAMILIES, FORGERIES, REAL, Taxonomy, UNKNOWN},
    verdict::{Answer, Authenticity, CANNOT_TELL, Distribution},
};

/// Fitted on the validation split, never on training data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Temperature of the class softmax.
    pub temperature: f64,
    /// Slope of the log-odds of fake (Platt scaling).
    pub fake_slope: f64,
    /// Intercept of the log-odds of fake.
    pub fake_intercept: f64,
    /// When a fake's generator is called unknown.
    pub open_set: OpenSet,
    /// Authenticity below this probability is "cannot tell".
    pub authenticity_threshold: f64,
    /// Forgery type or family below this probability is "cannot tell".
    pub level_threshold: f64,
}

/// Logistic model of "this generator is none of the known ones".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenSet {
    /// Intercept.
    pub intercept: f64,
    /// Weight of the likeliest known generator's conditional probability.
    pub confidence: f64,
    /// Weight of the highest cosine similarity to a known generator's centre.
    pub similarity: f64,
}

impl Default for Calibration {
    /// The network as it is, never "unknown" by itself.
    fn default() -> Self {
        Self {
            temperature: 1.0,
            fake_slope: 1.0,
            fake_intercept: 0.0,
            open_set: OpenSet { intercept: -2.0, confidence: 0.0, similarity: 0.0 },
            authenticity_threshold: 0.6,
            level_threshold: 0.5,
        }
    }
}

/// The four levels of one face.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// L1.
    pub authenticity: Authenticity,
    /// L2 given fake.
    pub forgery: Distribution,
    /// L3 given fake.
    pub family: Distribution,
    /// L4 given fake, with `unknown`.
    pub generator: Distribution,
    /// The words.
    pub answer: Answer,
}

impl Calibration {
    /// Probabilities and words from class `logits` and centre `similarity`, each `[classes]`.
    pub fn levels(&self, logits: &[f32], similarity: &[f32], taxonomy: &Taxonomy) -> Levels {
        let classes = self.class_probabilities(logits);
        let fake_log_odds = self.fake_slope * fake_log_odds(&classes) + self.fake_intercept;
        let fake = sigmoid(fake_log_odds);
        let authenticity = Authenticity { real: 1.0 - fake, fake };

        let known = conditional(&classes);
        let sum_over = |names: &[&str], level: fn(&crate::Generator) -> &str| {
            let sum = |name: &str| -> f64 {
                let members = taxonomy.generators.iter().zip(&known);
                // Not `sum`, which is -0 over nothing.
                members.filter(|(generator, _)| level(generator) == name).fold(0.0, |sum, (_, p)| sum + p)
            };
            Distribution(names.iter().map(|name| (name.to_string(), sum(name))).collect())
        };
        let forgery = sum_over(&FORGERIES, |generator| &generator.forgery);
        let family = sum_over(&FAMILIES, |generator| &generator.family);

        let (nearest, unknown) = self.open_set(&known, similarity);
        let named = taxonomy.generators.iter().zip(&known);
        let mut generator: Vec<(String, f64)> =
            named.map(|(generator, p)| (generator.name.clone(), p * (1.0 - unknown))).collect();
        generator.push((UNKNOWN.to_string(), unknown));
        let generator = Distribution(generator);

        let nearest = taxonomy.generators.get(nearest).map(|generator| generator.name.clone());
        let answer = self.answer(authenticity, &forgery, &family, &generator, nearest);
        Levels { authenticity, forgery, family, generator, answer }
    }

    /// Softmax of the logits at the fitted temperature.
    pub fn class_probabilities(&self, logits: &[f32]) -> Vec<f64> {
        let scaled: Vec<f64> = logits.iter().map(|&logit| f64::from(logit) / self.temperature).collect();
        let highest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = scaled.iter().map(|value| (value - highest).exp()).collect();
        let total: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / total).collect()
    }

    /// The likeliest known generator's index and the probability that it is none of them.
    fn open_set(&self, known: &[f64], similarity: &[f32]) -> (usize, f64) {
        let nearest = (0..known.len()).max_by(|&a, &b| known[a].total_cmp(&known[b])).unwrap_or(0);
        let confidence = known.get(nearest).copied().unwrap_or(0.0);
        let closest = similarity.iter().skip(1).copied().fold(-1.0, f32::max);
        (nearest, self.open_set.unknown(confidence, f64::from(closest)))
    }

    fn answer(
        &self,
        authenticity: Authenticity,
        forgery: &Distribution,
        family: &Distribution,
        generator: &Distribution,
        nearest: Option<String>,
    ) -> Answer {
        let undecided = authenticity.real.max(authenticity.fake) < self.authenticity_threshold;
        if !undecided && authenticity.real > authenticity.fake {
            return Answer {
                authenticity: REAL.to_string(),
                forgery: None,
                family: None,
                generator: None,
                nearest: None,
            };
        }
        let word = |level: &Distribution, threshold: f64| {
            let sure = level.top().filter(|(_, p)| !undecided && *p >= threshold);
            Some(sure.map_or(CANNOT_TELL, |(name, _)| name).to_string())
        };
        Answer {
            authenticity: if undecided { CANNOT_TELL } else { "fake" }.to_string(),
            forgery: word(forgery, self.level_threshold),
            family: word(family, self.level_threshold),
            generator: word(generator, 0.0),
            nearest,
        }
    }
}

impl OpenSet {
    /// Probability of "unknown" from the likeliest known generator's probability and the closest centre.
    pub fn unknown(&self, confidence: f64, similarity: f64) -> f64 {
        sigmoid(self.intercept + self.confidence * confidence + self.similarity * similarity)
    }
}

/// Log-odds of fake from class probabilities.
pub(crate) fn fake_log_odds(classes: &[f64]) -> f64 {
    let floor = 1e-12;
    let fake: f64 = classes.iter().skip(1).sum();
    (fake.max(floor) / classes[0].max(floor)).ln()
}

/// Probabilities of the generators given fake, in class order without the real class.
pub(crate) fn conditional(classes: &[f64]) -> Vec<f64> {
    let fake: f64 = classes.iter().skip(1).sum();
    classes.iter().skip(1).map(|p| p / fake.max(f64::MIN_POSITIVE)).collect()
}

fn sigmoid(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;

    fn taxonomy() -> Taxonomy {
        let generator = |name: &str, forgery: &str, family: &str| Generator {
            name: name.into(),
            forgery: forgery.into(),
            family: family.into(),
        };
        Taxonomy {
            generators: vec![
                generator("StyleGAN1", "EFS", "GAN"),
                generator("SD2.1", "EFS", "diffusion"),
                generator("inswapper", "FS", "GAN"),
            ],
        }
    }

    fn levels(calibration: &Calibration, logits: [f32; 4]) -> Levels {
        calibration.levels(&logits, &[0.0, 0.9, 0.1, 0.1], &taxonomy())
    }

    #[test]
    fn every_level_sums_to_one_and_is_a_sum_of_the_one_below() {
        let found = levels(&Calibration::default(), [0.0, 2.0, 1.0, 0.5]);
        for level in [&found.forgery, &found.family, &found.generator] {
            let sum: f64 = level.0.iter().map(|(_, p)| p).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{level:?}");
        }
        assert!((found.authenticity.real + found.authenticity.fake - 1.0).abs() < 1e-9);
        let (gan, fs) = (found.family.get("GAN"), found.forgery.get("FS"));
        let efs_gan = gan - fs;
        let (a, b) = (2.0_f64.exp(), 1.0_f64.exp());
        assert!((efs_gan - a / (a + b + 0.5_f64.exp())).abs() < 1e-9, "{efs_gan}");
    }

    #[test]
    fn a_real_face_has_no_deeper_answer() {
        let answer = levels(&Calibration::default(), [9.0, 0.0, 0.0, 0.0]).answer;
        assert_eq!(answer.authenticity, REAL);
        assert_eq!(
            (answer.forgery, answer.family, answer.generator, answer.nearest),
            (None, None, None, None)
        );
    }

    #[test]
    fn an_even_score_is_cannot_tell() {
        let answer = levels(&Calibration::default(), [3.0_f32.ln(), 0.0, 0.0, 0.0]).answer;
        assert_eq!(answer.authenticity, CANNOT_TELL);
        assert_eq!(answer.family.as_deref(), Some(CANNOT_TELL));
    }

    #[test]
    fn a_fake_near_no_centre_is_unknown() {
        let open_set = OpenSet { intercept: 4.0, confidence: -2.0, similarity: -8.0 };
        let calibration = Calibration { open_set, ..Calibration::default() };
        let logits = [0.0, 9.0, 0.0, 0.0];
        let near = calibration.levels(&logits, &[0.0, 0.9, 0.1, 0.1], &taxonomy()).answer;
        assert_eq!(near.generator.as_deref(), Some("StyleGAN1"));
        let far = calibration.levels(&logits, &[0.9, 0.1, 0.1, 0.1], &taxonomy()).answer;
        assert_eq!((far.generator.as_deref(), far.nearest.as_deref()), (Some(UNKNOWN), Some("StyleGAN1")));
    }
}
