//! A run's folder: `run.json` says what is trained, `model.safetensors` holds the best weights so far.

use std::{fs, path::Path, rc::Rc};

use anyhow::{Context, Result, ensure};
use bmrl::{Taxonomy, model::Bmrl};
use burn::tensor::{DType, backend::Backend};
use burn_store::{ModuleAdapter, ModuleSnapshot, SafetensorsStore, TensorSnapshot};
use serde::{Deserialize, Serialize};

use crate::recipe::Recipe;

const RUN: &str = "run.json";
const WEIGHTS: &str = "model.safetensors";

/// What a run trains, and how far it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// The networks and losses.
    pub recipe: Recipe,
    /// The classes.
    pub taxonomy: Taxonomy,
    /// Generators kept out of training, by which "unknown" is calibrated.
    pub hold_back: Vec<String>,
    /// How it is trained, as typed; without paths, since a bundle repeats it.
    pub settings: serde_json::Value,
    /// Epoch of the saved weights, counted from 1.
    pub epoch: usize,
    /// Validation score of the saved weights.
    pub score: f64,
}

impl Run {
    /// The model that this run trains, with fresh weights.
    pub fn model<B: Backend>(&self, device: &B::Device) -> Bmrl<B> {
        let guidance = self.recipe.losses.guidance();
        Bmrl::new(&self.recipe.method, self.taxonomy.classes(), guidance, device)
    }
}

/// Writes both files; each appears whole or not at all.
pub fn save<B: Backend>(folder: &Path, run: &Run, model: &Bmrl<B>) -> Result<()> {
    // The store insists on its own ending.
    let part = folder.join(format!("part.{WEIGHTS}"));
    write_weights(&part, model)?;
    fs::rename(&part, folder.join(WEIGHTS)).with_context(|| format!("cannot rename {}", part.display()))?;
    let part = folder.join(format!("part.{RUN}"));
    fs::write(&part, serde_json::to_vec_pretty(run)?)
        .with_context(|| format!("cannot write {}", part.display()))?;
    fs::rename(&part, folder.join(RUN)).with_context(|| format!("cannot rename {}", part.display()))
}

/// Reads a run and its weights.
pub fn load<B: Backend>(folder: &Path, device: &B::Device) -> Result<(Run, Bmrl<B>)> {
    let path = folder.join(RUN);
    let text = fs::read(&path).with_context(|| {
        format!("cannot read {}; name a folder that `trainer train` wrote", path.display())
    })?;
    let run: Run = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
    let mut model = run.model(device);
    load_weights(&folder.join(WEIGHTS), &mut model, |_| false)?;
    Ok((run, model))
}

/// Takes the classifier of another run, and of the guiding encoders those that it has too.
pub fn initialize<B: Backend>(folder: &Path, model: &mut Bmrl<B>) -> Result<()> {
    load_weights(&folder.join(WEIGHTS), model, |name| !name.starts_with("classifier."))
}

/// Every parameter of a module by its name, as safetensors.
pub fn write_weights<B: Backend>(path: &Path, module: &impl ModuleSnapshot<B>) -> Result<()> {
    let mut store = SafetensorsStore::from_file(path).skip_enum_variants(true).overwrite(true);
    module.save_into(&mut store).map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))
}

fn load_weights<B: Backend>(path: &Path, model: &mut Bmrl<B>, may_lack: impl Fn(&str) -> bool) -> Result<()> {
    let mut store = SafetensorsStore::from_file(path)
        .skip_enum_variants(true)
        .allow_partial(true)
        .with_from_adapter(Single);
    let applied = model
        .load_from(&mut store)
        .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))?;
    let missing: Vec<&str> =
        applied.missing.iter().map(|(name, _)| &**name).filter(|name| !may_lack(name)).collect();
    ensure!(missing.is_empty(), "{} lacks {missing:?}", path.display());
    ensure!(applied.errors.is_empty(), "{} does not fit: {:?}", path.display(), applied.errors);
    Ok(())
}

/// Half precision, as `trainer weights --half` writes it, to the single precision that everything computes in.
/// burn-store's own adapter turns single precision into half as well.
#[derive(Clone)]
struct Single;

impl ModuleAdapter for Single {
    fn adapt(&self, snapshot: &TensorSnapshot) -> TensorSnapshot {
        if snapshot.dtype != DType::F16 {
            return snapshot.clone();
        }
        let half = snapshot.clone_data_fn();
        TensorSnapshot::from_closure(
            Rc::new(move || Ok(half()?.convert::<f32>())),
            DType::F32,
            snapshot.shape.clone(),
            snapshot.path_stack.clone().unwrap_or_default(),
            snapshot.container_stack.clone().unwrap_or_default(),
            snapshot.tensor_id.unwrap_or_default(),
        )
    }

    fn clone_box(&self) -> Box<dyn ModuleAdapter> {
        Box::new(self.clone())
    }
}
