//! A model file that is wrong in some way is refused with a message that says which and what to do.

use std::collections::HashMap;

use bmrl::{BundleError, SelfCheckError, Tracer};
use burn_flex::{Flex, FlexDevice};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde_json::Value;

use crate::{support::BUNDLE, verdict::sha256};

/// A bundle taken apart, to be put together otherwise.
struct Parts {
    manifest: Value,
    tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)>,
}

impl Parts {
    fn shipped() -> Self {
        let (_, header) = SafeTensors::read_metadata(&BUNDLE).unwrap();
        let text = &header.metadata().as_ref().unwrap()[bmrl::MANIFEST_KEY];
        let tensors = SafeTensors::deserialize(&BUNDLE).unwrap().tensors().into_iter();
        Self {
            manifest: serde_json::from_str(text).unwrap(),
            tensors: tensors
                .map(|(name, view)| (name, view.dtype(), view.shape().to_vec(), view.data().to_vec()))
                .collect(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes_with(Some(HashMap::from([(bmrl::MANIFEST_KEY.to_string(), self.manifest.to_string())])))
    }

    fn bytes_with(&self, metadata: Option<HashMap<String, String>>) -> Vec<u8> {
        let views = self.tensors.iter().map(|(name, dtype, shape, data)| {
            (name.clone(), TensorView::new(*dtype, shape.clone(), data).unwrap())
        });
        safetensors::serialize(views, metadata).unwrap()
    }

    /// The largest weight tensor: one that the answer depends on.
    fn largest(&mut self) -> &mut (String, Dtype, Vec<usize>, Vec<u8>) {
        let weights = self.tensors.iter_mut().filter(|(name, ..)| name != "face_finder");
        weights.max_by_key(|(_, _, _, data)| data.len()).unwrap()
    }
}

fn load(bytes: &[u8]) -> Result<Tracer<Flex>, BundleError> {
    Tracer::load(bytes, &FlexDevice)
}

/// The refusal, which must name a way out.
fn refusal(bytes: &[u8]) -> BundleError {
    let error = load(bytes).err().expect("the bundle is refused");
    let message = error.to_string();
    let ways = ["fetch", "export", "use a", "update"];
    assert!(ways.iter().any(|way| message.contains(way)), "what to do? {message}");
    error
}

#[test]
fn taken_apart_and_put_together_it_loads_and_names_its_own_hash() {
    let bytes = Parts::shipped().bytes();
    let tracer = load(&bytes).unwrap();
    assert_eq!(tracer.model().sha256, sha256(&bytes));
    assert!(pollster::block_on(tracer.self_check()).unwrap() <= 1e-3);
}

#[test]
fn what_is_no_bundle_is_refused() {
    assert!(matches!(refusal(b""), BundleError::Damaged(_)));
    assert!(matches!(refusal(b"<!doctype html><title>404</title>"), BundleError::Damaged(_)));
    assert!(matches!(refusal(&[0xFF; 64]), BundleError::Damaged(_)));
    // A header that claims more than there is, and a tensor that does.
    assert!(matches!(refusal(&[&u64::MAX.to_le_bytes()[..], b"{}"].concat()), BundleError::Damaged(_)));
    let header = br#"{"w":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}"#;
    let vast = [&(header.len() as u64).to_le_bytes()[..], header].concat();
    assert!(load(&vast).is_err());
    // Another program's model.
    assert!(matches!(refusal(&Parts::shipped().bytes_with(None)), BundleError::NotABundle));
}

#[test]
fn a_cut_off_download_is_refused_wherever_it_ends() {
    let bytes = &*BUNDLE;
    for length in [7, 8, 100, bytes.len() / 100, bytes.len() / 2, bytes.len() - 1] {
        let error = refusal(&bytes[..length]);
        assert!(matches!(error, BundleError::Damaged(_)), "{length} bytes: {error}");
    }
    assert!(load(&[bytes, &b"more"[..]].concat()).is_err(), "bytes after the end");
}

#[test]
fn a_manifest_that_is_wrong_is_refused() {
    let mut parts = Parts::shipped();
    parts.manifest["layout"] = 99.into();
    let error = refusal(&parts.bytes());
    assert!(matches!(error, BundleError::Layout(99)), "{error}");

    for field in ["config", "taxonomy", "calibration", "self_check", "name"] {
        let mut parts = Parts::shipped();
        parts.manifest.as_object_mut().unwrap().remove(field);
        let error = refusal(&parts.bytes());
        assert!(
            matches!(&error, BundleError::Manifest(reason) if reason.contains(field)),
            "{field}: {error}"
        );
    }

    let mut parts = Parts::shipped();
    parts.manifest["taxonomy"]["generators"][0]["family"] = "sorcery".into();
    let error = refusal(&parts.bytes());
    assert!(matches!(&error, BundleError::Manifest(reason) if reason.contains("sorcery")), "{error}");
}

#[test]
fn weights_that_do_not_fit_are_named() {
    let mut parts = Parts::shipped();
    let lost = parts.largest().0.clone();
    parts.tensors.retain(|(name, ..)| *name != lost);
    let error = refusal(&parts.bytes());
    assert!(matches!(&error, BundleError::Weights(reason) if reason.contains(&lost)), "{error}");

    let mut parts = Parts::shipped();
    let (_, _, shape, data) = parts.largest();
    shape[0] -= 1;
    data.truncate(data.len() / (shape[0] + 1) * shape[0]);
    let error = refusal(&parts.bytes());
    assert!(matches!(error, BundleError::Weights(_)), "{error}");

    // One class fewer in the taxonomy than in the weights.
    let mut parts = Parts::shipped();
    parts.manifest["taxonomy"]["generators"].as_array_mut().unwrap().pop();
    let error = refusal(&parts.bytes());
    assert!(matches!(error, BundleError::Weights(_)), "{error}");
}

#[test]
fn a_face_finder_that_is_missing_or_damaged_is_refused() {
    let mut parts = Parts::shipped();
    parts.tensors.retain(|(name, ..)| name != "face_finder");
    let error = refusal(&parts.bytes());
    assert!(matches!(&error, BundleError::Weights(reason) if reason.contains("face_finder")), "{error}");

    let mut parts = Parts::shipped();
    let finder = parts.tensors.iter_mut().find(|(name, ..)| name == "face_finder").unwrap();
    let whole = finder.3.clone();
    let mut other = whole.clone();
    other[4000] ^= 1;
    let damaged: [&[u8]; 4] = [&[], &whole[..1000], &[0xFF; 1000], &other];
    for bytes in damaged {
        let finder = parts.tensors.iter_mut().find(|(name, ..)| name == "face_finder").unwrap();
        (finder.2, finder.3) = (vec![bytes.len()], bytes.to_vec());
        let error = refusal(&parts.bytes());
        assert!(matches!(error, BundleError::FaceFinder(_)), "{} bytes: {error}", bytes.len());
    }
}

/// What a manifest claims must not be allocated before it is compared with the weights that are there.
#[test]
fn a_manifest_that_claims_a_vast_network_is_refused() {
    let mut parts = Parts::shipped();
    parts.manifest["config"]["width"] = (1_u64 << 24).into();
    refusal(&parts.bytes());
    let mut parts = Parts::shipped();
    parts.manifest["config"]["mlp"] = (1_u64 << 40).into();
    refusal(&parts.bytes());
}

/// Weights that load and compute something else must not answer anybody.
#[test]
fn weights_changed_in_place_fail_the_self_check() {
    let mut parts = Parts::shipped();
    // The sign bit of every little-endian float in one tensor.
    let (_, dtype, _, data) = parts.largest();
    let size = dtype.bitsize() / 8;
    data.iter_mut().skip(size - 1).step_by(size).for_each(|byte| *byte ^= 0x80);
    let tracer = load(&parts.bytes()).unwrap();
    let error = pollster::block_on(tracer.self_check()).unwrap_err();
    assert!(matches!(error, SelfCheckError::Differs(_)), "{error}");
}

/// Not-a-number must count as wrong, not pass a comparison.
#[test]
fn weights_that_compute_nothing_fail_the_self_check() {
    let mut parts = Parts::shipped();
    let (_, dtype, _, data) = parts.largest();
    assert_eq!(*dtype, Dtype::F16);
    data.chunks_mut(2).for_each(|float| float.copy_from_slice(&0x7E00_u16.to_le_bytes()));
    let tracer = load(&parts.bytes()).unwrap();
    assert!(pollster::block_on(tracer.self_check()).is_err());
}
