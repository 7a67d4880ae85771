//! Named tensors of a safetensors file or of a PyTorch checkpoint.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use burn::tensor::{DType, TensorData};
use safetensors::{Dtype, SafeTensors};

use super::torch;

/// Tensors by name, single precision; whole numbers are left out.
pub struct StateDict(BTreeMap<String, TensorData>);

impl StateDict {
    /// Reads a file, of PyTorch's kind unless its name ends in `.safetensors`.
    ///
    /// `anchor` is the end of a name that the wanted network has. What stands before it there (`state_dict.`,
    /// `module.`) is taken off every name, and names without that beginning are left out.
    ///
    /// # Errors
    /// When the file cannot be read, is neither, or has no such name.
    pub fn read(path: &Path, anchor: &str) -> Result<Self> {
        Self::read_any(path, anchor).with_context(|| {
            format!(
                "{}: name a .safetensors file or a PyTorch state dict (.pt, .pth, .bin) of that network",
                path.display()
            )
        })
    }

    fn read_any(path: &Path, anchor: &str) -> Result<Self> {
        let safe = path.extension().is_some_and(|ending| ending == "safetensors");
        Self(if safe { safetensors(path)? } else { torch::read(path)? }).below(anchor)
    }

    /// A tensor, taken out.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn take(&mut self, name: &str) -> Result<TensorData> {
        self.0.remove(name).with_context(|| format!("no tensor {name:?}"))
    }

    /// A tensor's shape; empty when there is none of that name.
    pub fn shape(&self, name: &str) -> Vec<usize> {
        self.0.get(name).map_or_else(Vec::new, |data| data.shape.to_vec())
    }

    /// Whether there is a tensor of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Names of what has not been taken.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// What has not been taken.
    pub fn into_rest(self) -> impl Iterator<Item = (String, TensorData)> {
        self.0.into_iter()
    }

    fn below(self, anchor: &str) -> Result<Self> {
        // The shortest: a residual network has `bn1` in every block, too.
        let found = self.0.keys().filter(|name| {
            name.strip_suffix(anchor).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        });
        let Some(shortest) = found.min_by_key(|name| name.len()) else {
            let names: Vec<&String> = self.0.keys().take(3).collect();
            bail!("no tensor {anchor:?} among {} ({names:?} ...)", self.0.len());
        };
        let before = shortest[..shortest.len() - anchor.len()].to_owned();
        let kept =
            self.0.into_iter().filter_map(|(name, data)| Some((name.strip_prefix(&before)?.into(), data)));
        Ok(Self(kept.collect()))
    }
}

fn safetensors(path: &Path) -> Result<BTreeMap<String, TensorData>> {
    let bytes = fs::read(path).context("it cannot be read")?;
    let tensors = SafeTensors::deserialize(&bytes).context("it is no safetensors file, or cut off")?;
    let floats = tensors.tensors().into_iter().filter_map(|(name, view)| {
        let dtype = match view.dtype() {
            Dtype::F64 => DType::F64,
            Dtype::F32 => DType::F32,
            Dtype::F16 => DType::F16,
            Dtype::BF16 => DType::BF16,
            _ => return None,
        };
        let data = TensorData::from_bytes_vec(view.data().to_vec(), view.shape().to_vec(), dtype);
        Some((name, data.convert::<f32>()))
    });
    Ok(floats.collect())
}
