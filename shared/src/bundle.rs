//! The bundle: one safetensors file with the weights, the face finder and everything needed to read the answer.

use std::collections::HashMap;

use burn::tensor::backend::Backend;
use burn_store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::{
    calibration::Calibration,
    model::{Classifier, ModelConfig},
    score::TextTable,
    taxonomy::Taxonomy,
    weights::{Stored, Weights, quantise, serialize, widened},
};

/// Key of the manifest in the safetensors metadata.
pub const MANIFEST_KEY: &str = "bmrl";

/// Name of the tensor that holds the face finder's file, byte for byte.
const FACE_FINDER_KEY: &str = "face_finder";

/// Name of the tensor `[chains, width]` with the prompt chains' features.
const TEXT_KEY: &str = "text_features";

/// Layout of the manifest; a bundle with a newer or older number is refused.
const LAYOUT: u32 = 3;

/// Layout of a bundle without enrolled generators and eight-bit weights, which programs before them read as well.
const PLAIN_LAYOUT: u32 = 2;

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
    #[error(
        "the model file has layout {0}, this program reads layouts {PLAIN_LAYOUT} to {LAYOUT}; update the older of the two"
    )]
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
    /// Applies to JPEG files of at most this quality; other files count as 100. Absent from bundles measured at one quality.
    #[serde(default = "best_quality", skip_serializing_if = "is_best_quality")]
    pub up_to_quality: u8,
    /// Balanced accuracy of real against fake, 0.5 to 1.
    pub authenticity: f64,
    /// On which pictures it was measured.
    pub basis: String,
}

fn best_quality() -> u8 {
    100
}

fn is_best_quality(quality: &u8) -> bool {
    *quality == best_quality()
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
    /// By face size and by quality within, ascending.
    pub reliability: Vec<Reliability>,
    /// The start-up check.
    pub self_check: SelfCheck,
    /// Where it came from.
    pub training: Training,
    /// The model card, as Markdown; empty where none was written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub card: String,
}

impl Manifest {
    /// A manifest with nothing measured yet.
    pub fn new(name: &str, version: &str, config: ModelConfig, taxonomy: Taxonomy) -> Self {
        Self {
            layout: PLAIN_LAYOUT,
            name: name.into(),
            version: version.into(),
            config,
            taxonomy,
            calibration: Calibration::default(),
            reliability: Vec::new(),
            self_check: SelfCheck { logits: Vec::new() },
            training: Training { summary: String::new(), results: Default::default() },
            card: String::new(),
        }
    }

    /// What was measured on pictures most like one of a face of `side` pixels and of this JPEG quality, if anything was.
    pub fn measured(&self, side: u32, quality: Option<u8>) -> Option<&Reliability> {
        let table = &self.reliability;
        let size = table.iter().find(|row| side <= row.up_to_side).or(table.last())?.up_to_side;
        let mut rows = table.iter().filter(|row| row.up_to_side == size);
        let quality = quality.unwrap_or_else(best_quality);
        rows.clone().find(|row| quality <= row.up_to_quality).or_else(|| rows.next_back())
    }

    /// The first thing that is wrong, if any.
    pub(crate) fn fault(&self) -> Option<String> {
        let enrolled = &self.calibration.enrolled;
        if enrolled.len() != self.taxonomy.enrolled.len() {
            return Some("as many enrolled generators as centres are needed".into());
        }
        let fault = self.taxonomy.fault().or_else(|| self.config.fault());
        fault.or_else(|| enrolled.iter().find_map(|one| one.fault(self.config.width)))
    }

    /// As the metadata of a file that needs this layout.
    fn metadata(&self, weights: Weights) -> Result<HashMap<String, String>, BundleError> {
        let plain = weights != Weights::Eight && self.taxonomy.enrolled.is_empty();
        let stored = Self { layout: if plain { PLAIN_LAYOUT } else { LAYOUT }, ..self.clone() };
        let text =
            serde_json::to_string(&stored).map_err(|error| BundleError::Manifest(error.to_string()))?;
        Ok(HashMap::from([(MANIFEST_KEY.to_string(), text)]))
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
    /// The prompt chains' features; none when the model was trained without text.
    pub text: TextTable,
}

impl<B: Backend> Bundle<B> {
    /// Reads a bundle; its weights are computed with in single precision, however they are stored.
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
            Some(layout) if (u64::from(PLAIN_LAYOUT)..=u64::from(LAYOUT)).contains(&layout) => {}
            other => return Err(BundleError::Layout(other.unwrap_or(0) as u32)),
        }
        let manifest: Manifest =
            serde_json::from_value(value).map_err(|error| BundleError::Manifest(error.to_string()))?;
        if let Some(fault) = manifest.fault() {
            return Err(BundleError::Manifest(fault));
        }
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let face_finder = tensors
            .tensor(FACE_FINDER_KEY)
            .map_err(|_| BundleError::Weights(format!("no tensor {FACE_FINDER_KEY:?}")))?
            .data()
            .to_vec();

        let text = read_text(&tensors, &manifest)?;
        let mut classifier = Classifier::new(&manifest.config, manifest.taxonomy.classes(), device);
        let weights = widened(&tensors, &[FACE_FINDER_KEY, TEXT_KEY]).map_err(BundleError::Weights)?;
        let mut store = SafetensorsStore::from_bytes(Some(weights)).skip_enum_variants(true);
        let applied =
            classifier.load_from(&mut store).map_err(|error| BundleError::Weights(error.to_string()))?;
        if let Some((missing, _)) = applied.missing.first() {
            return Err(BundleError::Weights(format!("no tensor {missing:?}")));
        }
        if let Some(error) = applied.errors.first() {
            return Err(BundleError::Weights(error.to_string()));
        }
        Ok(Self { manifest, classifier, face_finder, text })
    }

    /// Writes the bundle, weights as F16.
    pub fn write(&self) -> Result<Vec<u8>, BundleError> {
        self.write_as(Weights::Half)
    }

    /// Writes the bundle.
    pub fn write_as(&self, weights: Weights) -> Result<Vec<u8>, BundleError> {
        let mut store = SafetensorsStore::from_bytes(None).skip_enum_variants(true);
        if weights != Weights::Single {
            store = store.with_to_adapter(HalfPrecisionAdapter::new());
        }
        let fail = |error: &dyn std::fmt::Display| BundleError::Weights(error.to_string());
        self.classifier.save_into(&mut store).map_err(|error| fail(&error))?;
        let saved = store.get_bytes().map_err(|error| fail(&error))?;
        let saved = SafeTensors::deserialize(&saved).map_err(|error| fail(&error))?;
        let mut all: Vec<Stored> = Vec::new();
        for (name, view) in saved.tensors() {
            match weights {
                Weights::Eight => all.extend(quantise(name, &view).map_err(BundleError::Weights)?),
                Weights::Single | Weights::Half => {
                    all.push((name, view.dtype(), view.shape().to_vec(), view.data().to_vec()));
                }
            }
        }
        let finder = self.face_finder.clone();
        all.push((FACE_FINDER_KEY.to_string(), Dtype::U8, vec![finder.len()], finder));
        let features: Vec<u8> =
            self.text.features.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        if !features.is_empty() {
            let shape = vec![self.text.features.len(), self.manifest.config.width];
            all.push((TEXT_KEY.to_string(), Dtype::F32, shape, features));
        }
        serialize(&all, Some(self.manifest.metadata(weights)?)).map_err(BundleError::Weights)
    }
}

/// The same bundle with another manifest, its tensors untouched.
pub fn with_manifest(bundle: &[u8], manifest: &Manifest) -> Result<Vec<u8>, BundleError> {
    let tensors =
        SafeTensors::deserialize(bundle).map_err(|error| BundleError::Damaged(error.to_string()))?;
    let all: Vec<Stored> = tensors
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, view.dtype(), view.shape().to_vec(), view.data().to_vec()))
        .collect();
    let eight = all.iter().any(|(_, dtype, ..)| *dtype == Dtype::I8);
    let weights = if eight { Weights::Eight } else { Weights::Half };
    serialize(&all, Some(manifest.metadata(weights)?)).map_err(BundleError::Weights)
}

/// One row per prompt chain of the taxonomy, or none at all.
fn read_text(tensors: &SafeTensors<'_>, manifest: &Manifest) -> Result<TextTable, BundleError> {
    let Ok(view) = tensors.tensor(TEXT_KEY) else {
        if manifest.taxonomy.added.is_empty() {
            return Ok(TextTable::default());
        }
        return Err(BundleError::Weights(format!(
            "generators known from text only, and no tensor {TEXT_KEY:?}"
        )));
    };
    let (chains, width) = (manifest.taxonomy.chains().len(), manifest.config.width);
    if view.dtype() != Dtype::F32 || view.shape() != [chains, width] {
        let found = (view.dtype(), view.shape());
        return Err(BundleError::Weights(format!("{TEXT_KEY} is {found:?}, not F32 [{chains}, {width}]")));
    }
    let values: Vec<f32> =
        view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let features = values.chunks_exact(width).map(<[f32]>::to_vec).collect();
    Ok(TextTable { features })
}
