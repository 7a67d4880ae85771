//! The bundle: one safetensors file with the weights, the face finder and everything needed to read the answer.

use std::collections::HashMap;

use burn::tensor::backend::Backend;
use burn_store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::{Deserialize, Serialize};

use crate::{
    calibration::Calibration,
    model::{Classifier, ModelConfig},
    taxonomy::Taxonomy,
};

/// Key of the manifest in the safetensors metadata.
pub const MANIFEST_KEY: &str = "bmrl";

/// Name of the tensor that holds the face finder's file, byte for byte.
const FACE_FINDER_KEY: &str = "face_finder";

/// Layout of the manifest; a bundle with another number is refused.
const LAYOUT: u32 = 1;

/// Largest bundle accepted, in bytes.
const MAX_BYTES: usize = 512 * 1024 * 1024;

/// Why a bundle was refused.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Larger than any bundle of ours.
    #[error(
        "the model file has {0} bytes, more than the {MAX_BYTES} allowed; use one made by `trainer export`"
    )]
    TooLarge(usize),
    /// Not safetensors, or cut off.
    #[error(
        "the model file is damaged or incomplete ({0}); fetch it again or export it again with `trainer export`"
    )]
    Damaged(String),
    /// Safetensors without our manifest.
    #[error("the model file carries no `{MANIFEST_KEY}` manifest; use a bundle made by `trainer export`")]
    NotABundle,
    /// The manifest cannot be read.
    #[error("the model file's manifest is wrong ({0}); export it again with `trainer export`")]
    Manifest(String),
    /// Made by a newer or older program.
    #[error("the model file has layout {0}, this program reads layout {LAYOUT}; update the older of the two")]
    Layout(u32),
    /// A tensor is absent or has the wrong shape.
    #[error("the model file does not fit its own description ({0}); export it again with `trainer export`")]
    Weights(String),
    /// The face finder is damaged.
    #[error(transparent)]
    FaceFinder(#[from] crate::FaceFinderError),
}

/// How often real against fake was right, for faces up to a size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// Applies to face crops of at most this many pixels a side.
    pub up_to_side: u32,
    /// Balanced accuracy of real against fake, 0.5 to 1.
    pub authenticity: f64,
    /// On which pictures it was measured.
    pub basis: String,
}

/// The vector that a device must reproduce before its answers are trusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelfCheck {
    /// Class logits of the pattern `FaceCrop::self_check`, computed at export.
    pub logits: Vec<f32>,
}

/// How the weights came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// What it was trained on, how long, and with what, in words.
    pub summary: String,
    /// Measured numbers by name, for instance `test_seen.authenticity.balanced_accuracy`.
    pub results: std::collections::BTreeMap<String, f64>,
}

/// Everything about a bundle except its tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Layout number of this manifest.
    pub layout: u32,
    /// Name of the model, for instance `bmrl-web`.
    pub name: String,
    /// Version of the model.
    pub version: String,
    /// The network.
    pub config: ModelConfig,
    /// The generators it knows.
    pub taxonomy: Taxonomy,
    /// From logits to probabilities.
    pub calibration: Calibration,
    /// By face size, ascending.
    pub reliability: Vec<Reliability>,
    /// The start-up check.
    pub self_check: SelfCheck,
    /// Where it came from.
    pub training: Training,
}

impl Manifest {
    /// A manifest of the layout that this program writes.
    pub fn new(name: &str, version: &str, config: ModelConfig, taxonomy: Taxonomy) -> Self {
        Self {
            layout: LAYOUT,
            name: name.into(),
            version: version.into(),
            config,
            taxonomy,
            calibration: Calibration::default(),
            reliability: Vec::new(),
            self_check: SelfCheck { logits: Vec::new() },
            training: Training { summary: String::new(), results: Default::default() },
        }
    }
}

/// A bundle read into memory, its weights on a device.
pub struct Bundle<B: Backend> {
    /// What the file says of itself.
    pub manifest: Manifest,
    /// The network, ready for inference.
    pub classifier: Classifier<B>,
    /// The SeetaFace model's bytes.
    pub face_finder: Vec<u8>,
}

impl<B: Backend> Bundle<B> {
    /// Reads a bundle; weights stored as f16 are computed with as f32.
    pub fn read(bytes: &[u8], device: &B::Device) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BYTES {
            return Err(BundleError::TooLarge(bytes.len()));
        }
        let damaged = |error: safetensors::SafeTensorError| BundleError::Damaged(error.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let text = header.metadata().as_ref().and_then(|entries| entries.get(MANIFEST_KEY));
        let value: serde_json::Value = serde_json::from_str(text.ok_or(BundleError::NotABundle)?)
            .map_err(|error| BundleError::Manifest(error.to_string()))?;
        // The layout is read before the rest, which another layout may have changed.
        match value.get("layout").and_then(serde_json::Value::as_u64) {
            Some(layout) if layout == u64::from(LAYOUT) => {}
            other => return Err(BundleError::Layout(other.unwrap_or(0) as u32)),
        }
        let manifest: Manifest =
            serde_json::from_value(value).map_err(|error| BundleError::Manifest(error.to_string()))?;
        if let Some(fault) = manifest.taxonomy.fault().or_else(|| manifest.config.fault()) {
            return Err(BundleError::Manifest(fault));
        }
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let face_finder = tensors
            .tensor(FACE_FINDER_KEY)
            .map_err(|_| BundleError::Weights(format!("no tensor {FACE_FINDER_KEY:?}")))?
            .data()
            .to_vec();

        let mut classifier = Classifier::new(&manifest.config, manifest.taxonomy.classes(), device);
        let mut store = SafetensorsStore::from_bytes(Some(bytes.to_vec()))
            .with_from_adapter(HalfPrecisionAdapter::new())
            .with_predicate(|name, _| name != FACE_FINDER_KEY);
        let applied =
            classifier.load_from(&mut store).map_err(|error| BundleError::Weights(error.to_string()))?;
        if let Some((missing, _)) = applied.missing.first() {
            return Err(BundleError::Weights(format!("no tensor {missing:?}")));
        }
        if let Some(error) = applied.errors.first() {
            return Err(BundleError::Weights(error.to_string()));
        }
        Ok(Self { manifest, classifier, face_finder })
    }

    /// Writes the bundle, weights as f16.
    pub fn write(&self) -> Result<Vec<u8>, BundleError> {
        let mut store = SafetensorsStore::from_bytes(None).with_to_adapter(HalfPrecisionAdapter::new());
        let weights = |error: &dyn std::fmt::Display| BundleError::Weights(error.to_string());
        self.classifier.save_into(&mut store).map_err(|error| weights(&error))?;
        let saved = store.get_bytes().map_err(|error| weights(&error))?;
        let tensors = SafeTensors::deserialize(&saved).map_err(|error| weights(&error))?;
        let finder = TensorView::new(Dtype::U8, vec![self.face_finder.len()], &self.face_finder)
            .map_err(|error| weights(&error))?;
        let mut all = tensors.tensors();
        all.push((FACE_FINDER_KEY.to_string(), finder));
        let manifest = serde_json::to_string(&self.manifest)
            .map_err(|error| BundleError::Manifest(error.to_string()))?;
        let metadata = HashMap::from([(MANIFEST_KEY.to_string(), manifest)]);
        safetensors::serialize(all, Some(metadata)).map_err(|error| weights(&error))
    }
}
