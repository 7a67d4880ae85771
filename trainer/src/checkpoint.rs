//! A run's folder: `run.json` says what is trained, `model.safetensors` holds the best weights so far.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use bmrl::{
    Taxonomy,
    model::{Classifier, ModelConfig},
};
use burn::tensor::backend::Backend;
use burn_store::{ModuleSnapshot, SafetensorsStore};
use serde::{Deserialize, Serialize};

const RUN: &str = "run.json";
const WEIGHTS: &str = "model.safetensors";

/// What a run trains, and how far it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// The network as trained.
    pub config: ModelConfig,
    /// The classes.
    pub taxonomy: Taxonomy,
    /// How it is trained, as typed; without paths, since a bundle repeats it.
    pub settings: serde_json::Value,
    /// Epoch of the saved weights, counted from 1.
    pub epoch: usize,
    /// Validation score of the saved weights.
    pub score: f64,
}

/// Writes both files; each appears whole or not at all.
pub fn save<B: Backend>(folder: &Path, run: &Run, model: &Classifier<B>) -> Result<()> {
    // The store insists on its own ending.
    let part = folder.join(format!("part.{WEIGHTS}"));
    let mut store = SafetensorsStore::from_file(&part).overwrite(true);
    model
        .save_into(&mut store)
        .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", part.display()))?;
    fs::rename(&part, folder.join(WEIGHTS)).with_context(|| format!("cannot rename {}", part.display()))?;
    let part = folder.join(format!("part.{RUN}"));
    fs::write(&part, serde_json::to_vec_pretty(run)?)
        .with_context(|| format!("cannot write {}", part.display()))?;
    fs::rename(&part, folder.join(RUN)).with_context(|| format!("cannot rename {}", part.display()))
}

/// Reads a run and its weights.
pub fn load<B: Backend>(folder: &Path, device: &B::Device) -> Result<(Run, Classifier<B>)> {
    let path = folder.join(RUN);
    let text = fs::read(&path).with_context(|| {
        format!("cannot read {}; name a folder that `trainer train` wrote", path.display())
    })?;
    let run: Run = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
    let mut model = Classifier::new(&run.config, run.taxonomy.classes(), device);
    let path = folder.join(WEIGHTS);
    let mut store = SafetensorsStore::from_file(&path);
    let applied = model
        .load_from(&mut store)
        .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))?;
    ensure!(applied.missing.is_empty(), "{} lacks {:?}", path.display(), applied.missing);
    ensure!(applied.errors.is_empty(), "{} does not fit: {:?}", path.display(), applied.errors);
    Ok((run, model))
}
