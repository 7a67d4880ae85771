//! A parser as one safetensors file; its metadata says its sizes, its classes and how well it does.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use burn::tensor::backend::Backend;
use burn_store::{ModuleSnapshot, SafetensorsStore};
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};

use super::{
    classes::ClassSet,
    iou::Iou,
    network::{Parser, ParserConfig},
};

/// Where the metadata has the description.
const KEY: &str = "face_parser";

/// What a parser is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Description {
    /// Its sizes.
    pub network: ParserConfig,
    /// What it tells apart.
    pub classes: ClassSet,
    /// Seed of its training.
    pub seed: u64,
    /// Epoch of these weights, counted from 1.
    pub epoch: usize,
    /// On the pictures by which the epoch was chosen.
    pub validation: Iou,
    /// On the pictures that chose nothing; known when training has ended.
    pub test: Option<Iou>,
}

/// Writes a parser; the file appears whole or not at all.
pub fn save<B: Backend>(path: &Path, description: &Description, parser: &Parser<B>) -> Result<()> {
    let name = path.file_name().context("--out names a file")?.to_string_lossy();
    let part = path.with_file_name(format!("part.{name}"));
    let mut store =
        SafetensorsStore::from_file(&part).overwrite(true).metadata(KEY, serde_json::to_string(description)?);
    parser
        .save_into(&mut store)
        .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("cannot rename {}", part.display()))
}

/// Reads a parser.
pub fn load<B: Backend>(path: &Path, device: &B::Device) -> Result<(Description, Parser<B>)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.display();
    let text = SafeTensors::read_metadata(&bytes)
        .ok()
        .and_then(|(_, header)| header.metadata().as_ref()?.get(KEY).cloned())
        .with_context(|| format!("{name} is not a face parser; `trainer parse --train` writes one"))?;
    let description: Description = serde_json::from_str(&text).with_context(|| name.to_string())?;
    description
        .network
        .check()
        .and_then(|()| description.classes.check())
        .with_context(|| name.to_string())?;
    let (told, named) = (description.network.classes, description.classes.classes.len());
    ensure!(told == named, "{name}: its network tells {told} classes apart and its list names {named}");
    let mut parser = description.network.init(device);
    let mut store = SafetensorsStore::from_bytes(Some(bytes)).allow_partial(true);
    let applied =
        parser.load_from(&mut store).map_err(|error| anyhow::anyhow!("cannot read {name}: {error}"))?;
    ensure!(applied.missing.is_empty(), "{name} lacks {:?}", applied.missing);
    ensure!(applied.errors.is_empty(), "{name} does not fit: {:?}", applied.errors);
    Ok((description, parser))
}
