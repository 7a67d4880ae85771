//! A bundle to judge, and what names it.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use bmrl::{MANIFEST_KEY, Manifest};
use safetensors::SafeTensors;
use sha2::{Digest, Sha256};

use super::report::JudgedModel;

/// SHA-256 as 64 hexadecimal digits.
pub fn hex_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A bundle's file, and its manifest apart.
pub struct BundleFile {
    /// Everything.
    pub bytes: Vec<u8>,
    /// What it says of itself.
    pub manifest: Manifest,
    /// What a report calls it.
    pub judged: JudgedModel,
}

impl BundleFile {
    /// Reads the parts that need no device.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let bytes = fs::read(path).with_context(|| format!("cannot read the model {name}"))?;
        let (manifest, identity) = parse(&bytes).with_context(|| name.clone())?;
        let judged = JudgedModel {
            file: path.file_name().map_or(name, |name| name.to_string_lossy().into_owned()),
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            sha256: hex_sha256(&bytes),
            identity,
            generators: manifest.taxonomy.generators.iter().map(|known| known.name.clone()).collect(),
        };
        Ok(Self { bytes, manifest, judged })
    }
}

/// The manifest, and the SHA-256 of weights and manifest without the card.
fn parse(bytes: &[u8]) -> Result<(Manifest, String)> {
    let no_bundle = "not a bundle; name one that `trainer export` wrote";
    let tensors = SafeTensors::deserialize(bytes).context(no_bundle)?;
    let (_, header) = SafeTensors::read_metadata(bytes).context(no_bundle)?;
    let text = header.metadata().as_ref().and_then(|entries| entries.get(MANIFEST_KEY)).context(no_bundle)?;
    let manifest: Manifest = serde_json::from_str(text).context(no_bundle)?;
    // As this program writes it: an older bundle lacks fields that one with a card has.
    let without_card = Manifest { card: Default::default(), ..manifest.clone() };
    let mut hash = Sha256::new_with_prefix(serde_json::to_string(&without_card)?);
    let sorted: BTreeMap<String, _> = tensors.tensors().into_iter().collect();
    for (name, tensor) in sorted {
        hash.update(format!("{name} {:?} {:?}\n", tensor.dtype(), tensor.shape()));
        hash.update(tensor.data());
    }
    Ok((manifest, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
