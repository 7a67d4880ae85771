//! What is trained and towards what, as a TOML file.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use bmrl::model::MethodConfig;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::loss::LossWeights;

/// The preset where nothing else is said.
pub const DEFAULT_PRESET: &str = "web";

/// A whole configuration: the networks and the weights of the losses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The networks.
    #[serde(flatten)]
    pub method: MethodConfig,
    /// The losses.
    pub losses: LossWeights,
}

impl Recipe {
    /// A preset with the default losses.
    ///
    /// # Errors
    /// When there is no such preset.
    pub fn preset(name: &str) -> Result<Self> {
        let method = MethodConfig::preset(name)
            .with_context(|| format!("no preset {name:?}; use one of {:?}", MethodConfig::PRESETS))?;
        Ok(Self { method, losses: LossWeights::default() })
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
        merge(&mut table, given);
        table.insert("preset".into(), name.into());
        Self::from_table(table)
    }

    /// The whole configuration, to be read again.
    ///
    /// # Errors
    /// Never for a recipe that could be read.
    pub fn to_toml(&self) -> Result<String> {
        Ok(toml::to_string(self)?)
    }

    fn from_table(mut table: Table) -> Result<Self> {
        // Apart, so that an unknown name is noticed in either.
        let losses = table.remove("losses").unwrap_or_else(|| Table::new().into());
        let losses: LossWeights = losses.try_into().context("losses")?;
        let method: MethodConfig = table.try_into()?;
        let fault = method.fault().or_else(|| losses.fault());
        ensure!(fault.is_none(), "{}", fault.unwrap_or_default());
        Ok(Self { method, losses })
    }
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
        assert!(error("[losses]\ndfac = 1.0").contains("dfac"));
        assert!(error("[losses]\ndfacc = -1.0").contains("at least 0"));
        assert!(error("[model]\nwitdh = 3").contains("witdh"));
        assert!(error("[language]\nheads = 3").contains("language"));
        assert!(error("[model.encoder.image]\ntokens = 7").contains("image view"));
        assert!(error("[model").contains("TOML"));
    }
}
