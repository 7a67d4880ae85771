//! What is trained and towards what, as a TOML file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use bmrl::{TaxonomyAdditions, model::MethodConfig};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{augment::Augmentation, loss::LossWeights, nearest::nearest};

/// The preset where nothing else is said.
pub const DEFAULT_PRESET: &str = "web";

/// A whole configuration: the networks, the losses, and how they are trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The networks.
    #[serde(flatten)]
    pub method: MethodConfig,
    /// The losses.
    pub losses: LossWeights,
    /// Steps, rates and what to keep.
    pub training: TrainingConfig,
    /// What a training picture goes through.
    pub augmentation: Augmentation,
    /// Weights to start from.
    pub start: StartConfig,
    /// Levels and generators besides the usual ones.
    pub taxonomy: TaxonomyAdditions,
}

/// How the model is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// After each of them the model is validated and a checkpoint is written.
    pub epochs: usize,
    /// Pictures drawn in an epoch; 0 for as many as the train split has.
    pub epoch_pictures: usize,
    /// Pictures per step of one device.
    pub batch: usize,
    /// Batches whose gradients are added before a step is taken.
    pub accumulation: usize,
    /// Highest learning rate, lowered to zero along a cosine.
    pub learning_rate: f64,
    /// Batches over which the rate rises from zero to the cosine; at most a tenth of all.
    pub warm_up: usize,
    /// Decoupled weight decay of AdamW.
    pub weight_decay: f32,
    /// Largest norm of a parameter's gradient; longer ones are shortened.
    pub gradient_norm: f32,
    /// Of the weights, the draws and the augmentation.
    pub seed: u64,
    /// 0 draws every picture alike often within real and within fake, 1 every generator and source.
    pub balance: f64,
    /// Epochs without a better validation score after which training ends; 0 for never.
    pub patience: usize,
    /// Checkpoints kept besides the best, at least 2.
    pub keep: usize,
    /// Generators kept out of training, by whose pictures "unknown" is calibrated.
    pub hold_back: Vec<String>,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            epochs: 20,
            epoch_pictures: 0,
            batch: 32,
            accumulation: 1,
            learning_rate: 1e-3,
            warm_up: 200,
            weight_decay: 0.05,
            gradient_norm: 1.0,
            seed: 1,
            balance: 0.5,
            patience: 0,
            keep: 2,
            hold_back: Vec::new(),
        }
    }
}

impl TrainingConfig {
    fn fault(&self) -> Option<String> {
        let counts = [("epochs", self.epochs), ("batch", self.batch), ("accumulation", self.accumulation)];
        if let Some((name, _)) = counts.iter().find(|(_, count)| *count == 0) {
            return Some(format!("training: {name} is 0; it is at least 1"));
        }
        if self.keep < 2 {
            return Some(format!("training: keep is {}; it is at least 2", self.keep));
        }
        if !(self.learning_rate > 0.0 && self.learning_rate <= 1.0) {
            return Some(format!(
                "training: learning_rate is {}; it is above 0 and at most 1",
                self.learning_rate
            ));
        }
        if !(0.0..=1.0).contains(&self.balance) {
            return Some(format!("training: balance is {}; it is 0 to 1", self.balance));
        }
        let positive = self.gradient_norm > 0.0 && self.weight_decay >= 0.0;
        (!positive).then(|| "training: gradient_norm is above 0, weight_decay at least 0".into())
    }
}

/// Weights to start from; what is not named starts fresh.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StartConfig {
    /// A run's folder, or a file that `trainer weights` wrote; empty for none.
    pub run: PathBuf,
    /// A CLIP text tower for the language encoder, as safetensors or a PyTorch state dict.
    pub language: PathBuf,
    /// A residual network for the encoder of the preset `residual`, likewise.
    pub backbone: PathBuf,
}

impl Recipe {
    /// A preset with the default losses.
    ///
    /// # Errors
    /// When there is no such preset.
    pub fn preset(name: &str) -> Result<Self> {
        let method = MethodConfig::preset(name)
            .with_context(|| format!("no preset {name:?}; use one of {:?}", MethodConfig::PRESETS))?;
        Ok(Self {
            method,
            losses: LossWeights::default(),
            training: TrainingConfig::default(),
            augmentation: Augmentation::default(),
            start: StartConfig::default(),
            taxonomy: TaxonomyAdditions::default(),
        })
    }

    /// From a file, if one is named, and from single settings such as `losses.dfacc=0`. What they leave out has the
    /// value of the preset that the file names, or `preset`.
    ///
    /// # Errors
    /// When something cannot be read, is not a field, or does not fit; the message names it.
    pub fn read(preset: Option<&str>, file: Option<&Path>, settings: &[String]) -> Result<Self> {
        let mut given = match file {
            Some(path) => {
                let text =
                    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
                text.parse::<Table>().with_context(|| path.display().to_string())?
            }
            None => Table::new(),
        };
        for setting in settings {
            set(&mut given, setting)?;
        }
        let named = given.get("preset").and_then(Value::as_str);
        let name = preset.or(named).unwrap_or(DEFAULT_PRESET).to_string();
        let mut table = Table::try_from(Self::preset(&name)?)?;
        if let Some(message) = unknown_key(&table, &given, "") {
            bail!("{message}");
        }
        merge(&mut table, given);
        table.insert("preset".into(), name.into());
        let recipe: Self = table.try_into()?;
        match recipe.fault() {
            Some(fault) => bail!("{fault}"),
            None => Ok(recipe),
        }
    }

    /// The whole configuration, to be read again.
    ///
    /// # Errors
    /// Never for a recipe that could be read.
    pub fn to_toml(&self) -> Result<String> {
        Ok(toml::to_string(self)?)
    }

    fn fault(&self) -> Option<String> {
        let Self { method, losses, training, augmentation, .. } = self;
        method
            .fault()
            .or_else(|| losses.fault())
            .or_else(|| training.fault())
            .or_else(|| augmentation.fault())
    }
}

/// Says which key of `given` the whole configuration does not have, and which one it may be meant for.
fn unknown_key(whole: &Table, given: &Table, place: &str) -> Option<String> {
    given.iter().find_map(|(key, value)| {
        let Some(known) = whole.get(key) else {
            let nearest = nearest(key, whole.keys().map(String::as_str))?;
            return Some(format!("{place}{key} is not a setting; the nearest is {place}{nearest}"));
        };
        match (known, value) {
            // Another encoder has keys of its own; what is wrong there its own reader says.
            (Value::Table(_), Value::Table(given)) if given.contains_key("type") => None,
            (Value::Table(known), Value::Table(given)) => {
                unknown_key(known, given, &format!("{place}{key}."))
            }
            _ => None,
        }
    })
}

/// Puts every value of `from` where it belongs in `into`; tables are merged, all else replaced.
fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// `model.encoder.noise_gain=8`; a value that is no TOML is text.
fn set(table: &mut Table, setting: &str) -> Result<()> {
    let (path, text) =
        setting.split_once('=').with_context(|| format!("{setting:?} is not of the form name=value"))?;
    let parsed: Option<Value> =
        format!("value = {text}").parse::<Table>().ok().and_then(|mut one| one.remove("value"));
    let mut value = parsed.unwrap_or_else(|| Value::from(text));
    for key in path.split('.').rev() {
        value = Value::Table(Table::from_iter([(key.to_string(), value)]));
    }
    if let Value::Table(one) = value {
        merge(table, one);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Recipe> {
        let mut file = tempfile::NamedTempFile::new()?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        Recipe::read(None, Some(file.path()), &[])
    }

    #[test]
    fn every_preset_survives_being_written_and_read() {
        for name in MethodConfig::PRESETS {
            let recipe = Recipe::preset(name).unwrap();
            assert_eq!(read(&recipe.to_toml().unwrap()).unwrap(), recipe);
        }
    }

    #[test]
    fn what_a_file_leaves_out_is_the_presets() {
        let recipe = read("preset = \"nano\"\n[model.encoder]\nnoise_source = \"resized\"").unwrap();
        let mut expected = Recipe::preset("nano").unwrap();
        if let bmrl::model::EncoderConfig::Mpve(mpve) = &mut expected.method.model.encoder {
            mpve.noise_source = bmrl::model::NoiseSource::Resized;
        }
        assert_eq!(recipe, expected);
    }

    #[test]
    fn single_settings_go_over_the_file() {
        let settings = ["losses.dfacc=0".to_string(), "language.layers=3".to_string()];
        let recipe = Recipe::read(Some("nano"), None, &settings).unwrap();
        assert_eq!((recipe.losses.dfacc, recipe.method.language.layers), (0.0, 3));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |text: &str| format!("{:#}", read(text).unwrap_err());
        assert!(error("preset = \"huge\"").contains("huge"));
        assert!(error("[losses]\ndfac = 1.0").contains("nearest is losses.dfacc"));
        assert!(error("[trainin]\nbatch = 1").contains("nearest is training"));
        assert!(error("[training]\nkeep = 1").contains("at least 2"));
        assert!(error("[augmentation]\njpeg = 2.0").contains("probability"));
        assert!(error("[losses]\ndfacc = -1.0").contains("at least 0"));
        assert!(error("[model]\nwitdh = 3").contains("witdh"));
        assert!(error("[language]\nheads = 3").contains("language"));
        assert!(error("[model.encoder.image]\ntokens = 7").contains("image view"));
        assert!(error("[model").contains("TOML"));
    }
}
