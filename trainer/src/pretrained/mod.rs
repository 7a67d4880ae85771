//! Weights that others trained: a CLIP text tower for the language encoder, a residual network for the baseline.

mod clip;
mod pickle;
mod residual;
mod state_dict;
mod torch;

pub use clip::language;
pub use residual::backbone;

use anyhow::{Result, ensure};
use burn::{
    module::ParamId,
    tensor::{TensorData, backend::Backend},
};
use burn_store::{ModuleSnapshot, TensorSnapshot};

/// Puts `weights`, by the module's own names, into it. `fresh` begins the names that may keep what they have.
fn apply<B: Backend>(
    module: &mut impl ModuleSnapshot<B>,
    weights: Vec<(String, TensorData)>,
    fresh: &str,
) -> Result<()> {
    let snapshot = |(name, data): (String, TensorData)| {
        let path = name.split('.').map(str::to_owned).collect();
        TensorSnapshot::from_data(data, path, Vec::new(), ParamId::new())
    };
    let applied = module.apply(weights.into_iter().map(snapshot).collect(), None, None, true);
    let missing = applied.missing.iter().map(|(name, _)| name).filter(|name| !name.starts_with(fresh));
    let missing: Vec<&String> = missing.collect();
    ensure!(missing.is_empty(), "it lacks what {missing:?} need");
    ensure!(applied.errors.is_empty(), "it does not fit: {:?}", applied.errors);
    ensure!(applied.unused.is_empty(), "it has more than is asked for: {:?}", applied.unused);
    Ok(())
}
