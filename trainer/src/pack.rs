//! The data pack: a folder with `labels.csv` and the pictures it names.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use bmrl::{Generator, Taxonomy, hex_sha256};
use serde::Deserialize;

/// A row of `labels.csv`, as far as it is used.
#[derive(Debug, Deserialize)]
struct Row {
    file: String,
    face_view: String,
    label: String,
    forgery: String,
    family: String,
    generator: String,
    source: String,
    split: String,
    #[serde(default)]
    parsing: String,
    #[serde(default)]
    group: String,
}

/// One picture of one face.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its name in the table.
    pub file: String,
    /// The face at the photo's own resolution, perhaps only part of it.
    pub native: PathBuf,
    /// The whole face, reduced; only where the native crop is a part.
    pub face: Option<PathBuf>,
    /// The face-parsing map of `native`, of its size, in the colours of its classes.
    pub parsing: Option<PathBuf>,
    /// `None` for a real face.
    pub generator: Option<Generator>,
    /// The picture set it came from.
    pub source: String,
    /// `train`, `val`, `test_seen` or `test_unseen`.
    pub split: String,
    /// Pictures of one identity, video or original share it; empty where it is not known.
    pub group: String,
}

impl Sample {
    /// Whether it is of this generator.
    pub fn is_of(&self, generator: &str) -> bool {
        self.generator.as_ref().is_some_and(|known| known.name == generator)
    }

    /// Whether it is of one of these generators.
    pub fn is_any_of(&self, generators: &[String]) -> bool {
        generators.iter().any(|name| self.is_of(name))
    }

    /// What is drawn alike often in training: a generator, or a source of real pictures.
    pub fn stratum(&self) -> String {
        match &self.generator {
            Some(generator) => generator.name.clone(),
            None => format!("real {}", self.source),
        }
    }
}

/// A read data pack.
pub struct DataPack {
    /// Every row, in file order.
    pub samples: Vec<Sample>,
    /// SHA-256 of labels.csv.
    pub labels_sha256: String,
}

impl DataPack {
    /// Reads `labels.csv`; pictures are opened later.
    pub fn read(folder: &Path) -> Result<Self> {
        let labels = folder.join("labels.csv");
        let bytes = fs::read(&labels).with_context(|| {
            format!("cannot read {}; --data names a folder that holds labels.csv", labels.display())
        })?;
        let mut reader = csv::Reader::from_reader(&*bytes);
        let mut samples = Vec::new();
        for row in reader.deserialize() {
            let row: Row = row.with_context(|| format!("in {}", labels.display()))?;
            let generator = (row.label != bmrl::REAL).then_some(Generator {
                name: row.generator,
                forgery: row.forgery,
                family: row.family,
                prompt: None,
            });
            let optional = |name: String| (!name.is_empty()).then(|| folder.join(name));
            samples.push(Sample {
                native: folder.join(&row.file),
                file: row.file,
                face: optional(row.face_view),
                parsing: optional(row.parsing),
                generator,
                source: row.source,
                split: row.split,
                group: row.group,
            });
        }
        ensure!(!samples.is_empty(), "{} has no rows", labels.display());
        Ok(Self { samples, labels_sha256: hex_sha256(&bytes) })
    }

    /// The samples of a split.
    pub fn split(&self, name: &str) -> Vec<Sample> {
        self.samples.iter().filter(|sample| sample.split == name).cloned().collect()
    }

    /// The generators of the training split, by name, less those that are held back.
    pub fn taxonomy(&self, hold_back: &[String]) -> Result<Taxonomy> {
        for name in hold_back {
            let known = self.samples.iter().any(|sample| sample.is_of(name));
            ensure!(known, "--hold-back {name:?}: no picture is of that generator");
        }
        let train =
            self.samples.iter().filter(|sample| sample.split == "train" && !sample.is_any_of(hold_back));
        let generators: BTreeMap<String, Generator> = train
            .filter_map(|sample| sample.generator.clone())
            .map(|generator| (generator.name.clone(), generator))
            .collect();
        let taxonomy = Taxonomy::new(generators.into_values().collect());
        ensure!(!taxonomy.generators.is_empty(), "the train split has no fakes");
        match taxonomy.fault() {
            Some(fault) => anyhow::bail!("labels.csv: {fault}"),
            None => Ok(taxonomy),
        }
    }
}
