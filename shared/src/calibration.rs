//! From the network's numbers to calibrated probabilities on the four levels, and to words.

use serde::{Deserialize, Serialize};

use crate::{
    enrolled::Enrolled,
    open_set::OpenSet,
    score::Score,
    taxonomy::{Generator, Kind, REAL, Taxonomy, UNKNOWN},
    verdict::{Answer, Authenticity, CANNOT_TELL, Distribution},
};

/// Fitted on the validation split, never on training data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// How head, centres and prompt chains are weighed.
    pub fusion: Fusion,
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
    /// Generators enrolled after training, in the order of [`Taxonomy::enrolled`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrolled: Vec<Enrolled>,
}

/// A class's score is a weighted sum of what the class head, its centre and its prompt chain say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fusion {
    /// Of the class logit: the inverse of a temperature.
    pub logits: f64,
    /// Of the cosine similarity to the centre.
    pub centre: f64,
    /// Of the cosine similarity to the prompt chain.
    pub text: f64,
    /// The same where nothing but the chain is known.
    pub text_alone: f64,
}

impl Default for Calibration {
    /// The class head as it is, never "unknown" by itself.
    fn default() -> Self {
        Self {
            fusion: Fusion { logits: 1.0, centre: 0.0, text: 0.0, text_alone: 1.0 / 0.07 },
            fake_slope: 1.0,
            fake_intercept: 0.0,
            open_set: OpenSet { intercept: -2.0, confidence: 0.0, centre: 0.0, text: 0.0 },
            authenticity_threshold: 0.6,
            level_threshold: 0.5,
            enrolled: Vec::new(),
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
    /// Probabilities and words from the network's numbers.
    pub fn levels(&self, score: &Score, taxonomy: &Taxonomy) -> Levels {
        let classes = self.class_probabilities(score);
        let fake = sigmoid(self.fake_slope * fake_log_odds(&classes) + self.fake_intercept);
        let authenticity = Authenticity { real: 1.0 - fake, fake };

        let named: Vec<&Generator> = taxonomy.named().collect();
        let before = self.generators(score, &classes);
        let unknown = self.open_set.unknown(OpenSet::features(score, &before, None));
        // The enrolled ones take their share of everything, "unknown" included, and leave the rest in its proportions.
        let odds: Vec<f64> = self.enrolled.iter().map(|one| one.odds(score, self.fusion.text)).collect();
        let rest = 1.0 / (1.0 + odds.iter().sum::<f64>());
        let new = || odds.iter().map(|odds| odds * rest);
        let known: Vec<f64> = before.iter().map(|p| p * rest).chain(new()).collect();
        let sum_over = |kinds: &[Kind], level: fn(&Generator) -> &str| {
            let sum = |kind: &Kind| -> f64 {
                let members = named.iter().zip(&known);
                // Not `sum`, which is -0 over nothing.
                members
                    .filter(|(generator, _)| level(generator) == kind.name)
                    .fold(0.0, |sum, (_, p)| sum + p)
            };
            Distribution(kinds.iter().map(|kind| (kind.name.clone(), sum(kind))).collect())
        };
        let forgery = sum_over(&taxonomy.forgeries, |generator| &generator.forgery);
        let family = sum_over(&taxonomy.families, |generator| &generator.family);

        let shares = before.iter().map(|p| p * rest * (1.0 - unknown)).chain(new());
        let mut generator: Vec<(String, f64)> =
            named.iter().map(|generator| generator.name.clone()).zip(shares).collect();
        generator.push((UNKNOWN.to_string(), unknown * rest));
        let generator = Distribution(generator);

        let nearest = (0..known.len()).max_by(|&a, &b| known[a].total_cmp(&known[b]));
        let nearest = nearest.map(|index| named[index].name.clone());
        let answer = self.answer(authenticity, &forgery, &family, &generator, nearest);
        Levels { authenticity, forgery, family, generator, answer }
    }

    /// Probabilities of the trained classes, `[classes]`, class 0 real.
    pub fn class_probabilities(&self, score: &Score) -> Vec<f64> {
        let Fusion { logits, centre, text, .. } = self.fusion;
        let at = |values: &[f32], class: usize| f64::from(values.get(class).copied().unwrap_or(0.0));
        let sum = |class: usize| {
            logits * at(&score.logits, class)
                + centre * at(&score.similarity, class)
                + text * at(&score.text, class)
        };
        softmax((0..score.logits.len()).map(sum))
    }

    /// Probabilities of the generators given fake: the trained ones in class order, then those known from text
    /// only. The latter get the share of the fake chains that the text alone gives them, so that adding a name
    /// never changes what is real.
    pub fn generators(&self, score: &Score, classes: &[f64]) -> Vec<f64> {
        let trained = conditional(classes);
        let text = score.text.get(1..).unwrap_or_default();
        let added = text.len().saturating_sub(trained.len());
        if added == 0 {
            return trained;
        }
        let shares = softmax(text.iter().map(|&cosine| self.fusion.text_alone * f64::from(cosine)));
        let (_, new) = shares.split_at(trained.len());
        let rest = 1.0 - new.iter().sum::<f64>();
        trained.iter().map(|p| p * rest).chain(new.iter().copied()).collect()
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

/// Softmax, safe for large values.
fn softmax(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = values.iter().map(|value| (value - highest).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

pub(crate) fn sigmoid(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taxonomy() -> Taxonomy {
        Taxonomy::new(vec![
            Generator::new("StyleGAN1", "EFS", "GAN"),
            Generator::new("SD2.1", "EFS", "diffusion"),
            Generator::new("inswapper", "FS", "GAN"),
        ])
    }

    fn score(logits: [f32; 4]) -> Score {
        Score { logits: logits.into(), similarity: vec![0.0, 0.9, 0.1, 0.1], ..Score::default() }
    }

    fn levels(calibration: &Calibration, logits: [f32; 4]) -> Levels {
        calibration.levels(&score(logits), &taxonomy())
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
        let open_set = OpenSet { intercept: 4.0, confidence: -2.0, centre: -8.0, text: 0.0 };
        let calibration = Calibration { open_set, ..Calibration::default() };
        let near = score([0.0, 9.0, 0.0, 0.0]);
        let answer = calibration.levels(&near, &taxonomy()).answer;
        assert_eq!(answer.generator.as_deref(), Some("StyleGAN1"));
        let far = Score { similarity: vec![0.9, 0.1, 0.1, 0.1], ..near };
        let answer = calibration.levels(&far, &taxonomy()).answer;
        assert_eq!(
            (answer.generator.as_deref(), answer.nearest.as_deref()),
            (Some(UNKNOWN), Some("StyleGAN1"))
        );
    }

    #[test]
    fn a_generator_known_from_text_only_takes_part_on_every_level_and_leaves_what_is_real() {
        let mut taxonomy = taxonomy();
        let calibration = Calibration::default();
        let logits = [0.0, 1.0, 1.0, 1.0];
        let without = calibration.levels(&Score { text: vec![0.0; 4], ..score(logits) }, &taxonomy);
        taxonomy.added.push(Generator::new("Glow", "AM", "flow"));
        let with = |cosine| {
            let text = vec![0.0, 0.0, 0.0, 0.0, cosine];
            calibration.levels(&Score { text, ..score(logits) }, &taxonomy)
        };
        let close = with(0.6);
        assert_eq!(close.answer.nearest.as_deref(), Some("Glow"));
        assert_eq!(close.answer.family.as_deref(), Some("flow"));
        assert_eq!(close.answer.forgery.as_deref(), Some("AM"));
        assert_eq!(close.authenticity, without.authenticity);
        let far = with(-0.6);
        assert!(far.family.get("flow") < 1e-3, "{:?}", far.family);
        assert!((far.family.get("GAN") - without.family.get("GAN")).abs() < 1e-3);
    }

    #[test]
    fn an_enrolled_generator_takes_its_share_and_leaves_the_rest_as_it_was() {
        let (mut taxonomy, mut calibration) = (taxonomy(), Calibration::default());
        let score = |x: f32| {
            let embedding = vec![x, (1.0 - x * x).sqrt()];
            Score { embedding, similarity: vec![0.9, 0.3, 0.2, 0.1], ..score([0.0, 2.0, 1.0, 0.0]) }
        };
        let before = [0.99, -0.5].map(|x| calibration.levels(&score(x), &taxonomy));
        taxonomy.enrolled.push(Generator::new("Glow", "AM", "flow"));
        calibration.enrolled.push(Enrolled {
            centre: vec![1.0, 0.0],
            text: None,
            scale: 30.0,
            floor: 0.8,
            pictures: 5,
        });
        let [near, far] = [0.99, -0.5].map(|x| calibration.levels(&score(x), &taxonomy));
        assert_eq!((near.authenticity, far.authenticity), (before[0].authenticity, before[1].authenticity));
        let words = [&near.answer.generator, &near.answer.nearest, &near.answer.family, &near.answer.forgery];
        assert_eq!(words.map(|word| word.as_deref().unwrap()), ["Glow", "Glow", "flow", "AM"]);
        for level in [&near.forgery, &near.family, &near.generator] {
            assert!((level.0.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-9, "{level:?}");
        }
        let part = |levels: &Levels, name: &str| levels.generator.get(name) / levels.generator.get(UNKNOWN);
        assert!((part(&near, "SD2.1") - part(&before[0], "SD2.1")).abs() < 1e-9);
        assert_eq!(far.answer, before[1].answer);
        for (name, p) in &before[1].generator.0 {
            assert!((far.generator.get(name) - p).abs() < 1e-9, "{name}");
        }
    }

    #[test]
    fn head_centre_and_chain_are_weighed() {
        let fusion = Fusion { logits: 0.5, centre: 2.0, text: 3.0, text_alone: 10.0 };
        let calibration = Calibration { fusion, ..Calibration::default() };
        let score = Score {
            logits: vec![1.0, 2.0],
            similarity: vec![0.3, -0.1],
            text: vec![-0.2, 0.4],
            ..Score::default()
        };
        // 0.5 * (2 - 1) + 2 * (-0.1 - 0.3) + 3 * (0.4 + 0.2) = 1.5
        let p = calibration.class_probabilities(&score)[1];
        assert!((p - 1.0 / (1.0 + (-1.5_f64).exp())).abs() < 1e-6, "{p}");
    }
}
