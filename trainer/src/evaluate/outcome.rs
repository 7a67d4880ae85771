//! One picture's truth and answers: all that the metrics look at.

use std::collections::BTreeMap;

use bmrl::{Calibration, Generator, REAL, Taxonomy, UNKNOWN};
use serde::{Deserialize, Serialize};

use super::Judged;

/// One judged picture. Answers on the levels below authenticity are given that it is fake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its name in the table.
    pub file: String,
    /// What it was made by; `None` when it is real.
    pub truth: Option<Generator>,
    /// The picture set it came from.
    pub source: String,
    /// Pictures of one identity, video or original share it; empty where it is not known.
    pub group: String,
    /// Whether the model can name its generator; false when it is real.
    pub known: bool,
    /// Probability of fake.
    pub fake: f64,
    /// Likeliest forgery type.
    pub forgery: String,
    /// Likeliest family.
    pub family: String,
    /// Likeliest pair of forgery type and family, as `EFS/GAN`.
    pub kind: String,
    /// Likeliest generator that has a name.
    pub generator: String,
    /// Its probability among those that have a name.
    pub generator_probability: f64,
    /// Probability that none of them made it.
    pub unknown: f64,
    /// L2-normalised, `[width]`; empty where nothing looks at it.
    pub embedding: Vec<f32>,
}

impl Outcome {
    /// What calibration and taxonomy make of the network's numbers.
    pub fn new(judged: &Judged, calibration: &Calibration, taxonomy: &Taxonomy) -> Self {
        let levels = calibration.levels(&judged.score, taxonomy);
        let top =
            |level: &bmrl::Distribution| level.top().map_or(String::new(), |(name, _)| name.to_string());
        let unknown = levels.generator.get(UNKNOWN);
        let named: Vec<(&Generator, f64)> =
            taxonomy.named().map(|known| (known, levels.generator.get(&known.name))).collect();
        let likeliest = named.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let mut kinds = BTreeMap::<String, f64>::new();
        for (known, probability) in &named {
            *kinds.entry(kind(known)).or_default() += probability;
        }
        let sample = &judged.sample;
        Self {
            file: sample.file.clone(),
            known: sample
                .generator
                .as_ref()
                .is_some_and(|truth| taxonomy.named().any(|known| known.name == truth.name)),
            truth: sample.generator.clone(),
            source: sample.source.clone(),
            group: sample.group.clone(),
            fake: levels.authenticity.fake,
            forgery: top(&levels.forgery),
            family: top(&levels.family),
            kind: kinds
                .into_iter()
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .map_or_else(String::new, |best| best.0),
            generator: likeliest.map_or_else(String::new, |(known, _)| known.name.clone()),
            generator_probability: likeliest.map_or(0.0, |(_, p)| p / (1.0 - unknown).max(f64::MIN_POSITIVE)),
            unknown,
            embedding: judged.score.embedding.clone(),
        }
    }

    /// Whether it is fake.
    pub fn is_fake(&self) -> bool {
        self.truth.is_some()
    }

    /// Whether fake or real is said rightly at probability 1/2.
    pub fn authenticity_right(&self) -> bool {
        (self.fake > 0.5) == self.is_fake()
    }

    /// Whether a level's answer is the truth's; false when it is real.
    pub fn right(&self, level: Level) -> bool {
        self.truth.as_ref().is_some_and(|truth| level.of(truth) == level.answer(self))
    }

    /// Its generator, or `real` and its source.
    pub fn stratum(&self) -> String {
        self.truth.as_ref().map_or_else(|| format!("{REAL} {}", self.source), |truth| truth.name.clone())
    }
}

/// A level below authenticity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// L2.
    Forgery,
    /// L3.
    Family,
    /// L2 and L3 together, the pairs that the method trains as groups.
    Group,
    /// L4.
    Generator,
}

impl Level {
    /// From the top down.
    pub const ALL: [Self; 4] = [Self::Forgery, Self::Family, Self::Group, Self::Generator];

    /// As metrics are named.
    pub fn name(self) -> &'static str {
        match self {
            Self::Forgery => "forgery",
            Self::Family => "family",
            Self::Group => "group",
            Self::Generator => "generator",
        }
    }

    /// What is true of a generator.
    pub fn of(self, generator: &Generator) -> String {
        match self {
            Self::Forgery => generator.forgery.clone(),
            Self::Family => generator.family.clone(),
            Self::Group => kind(generator),
            Self::Generator => generator.name.clone(),
        }
    }

    /// What was answered.
    pub fn answer(self, outcome: &Outcome) -> &str {
        match self {
            Self::Forgery => &outcome.forgery,
            Self::Family => &outcome.family,
            Self::Group => &outcome.kind,
            Self::Generator => &outcome.generator,
        }
    }
}

fn kind(generator: &Generator) -> String {
    format!("{}/{}", generator.forgery, generator.family)
}
