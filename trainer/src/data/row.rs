//! A row of `labels.csv`, and how the table is written.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use bmrl::{Generator, REAL};

use super::{item::Split, picture::Facts};

/// Columns of `labels.csv`: those that training reads, then what is known of the original.
const COLUMNS: [&str; 18] = [
    "file",
    "face_view",
    "label",
    "forgery",
    "family",
    "generator",
    "source",
    "split",
    "group",
    "original",
    "sha256",
    "perceptual_hash",
    "width",
    "height",
    "bytes",
    "format",
    "quantiser",
    "face_px",
];

/// One picture that was taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its path as given.
    pub original: PathBuf,
    /// What was measured.
    pub facts: Facts,
    /// `None` for a real face.
    pub generator: Option<Arc<Generator>>,
    /// The picture set it came from.
    pub source: String,
    /// Its data set's own split.
    pub own_split: Option<Split>,
    /// What its data set says of identities and videos.
    pub groups: Vec<String>,
    /// Its split.
    pub split: Split,
    /// The group that is never split.
    pub group: String,
}

impl Row {
    /// Its generator, or the source of a real picture.
    pub fn named(&self) -> &str {
        self.generator.as_ref().map_or(&self.source, |generator| &generator.name)
    }

    /// Its generator, or that it is real and of what source.
    pub fn stratum(&self) -> String {
        match &self.generator {
            Some(generator) => generator.name.clone(),
            None => format!("{REAL} {}", self.source),
        }
    }

    fn record(&self) -> [String; COLUMNS.len()] {
        let generator = self.generator.as_deref();
        let level =
            |of: fn(&Generator) -> &String| generator.map_or_else(String::new, |known| of(known).clone());
        let number = |value: Option<u32>| value.map_or_else(String::new, |value| value.to_string());
        let facts = &self.facts;
        [
            facts.file.clone(),
            facts.face_view.clone(),
            generator.map_or(REAL, |_| "fake").into(),
            level(|known| &known.forgery),
            level(|known| &known.family),
            level(|known| &known.name),
            self.source.clone(),
            self.split.name().into(),
            self.group.clone(),
            self.original.display().to_string(),
            facts.sha256.clone(),
            facts.hash.into(),
            facts.width.to_string(),
            facts.height.to_string(),
            facts.bytes.to_string(),
            facts.format.clone(),
            number(facts.quantiser),
            number(facts.face_px),
        ]
    }
}

/// Writes `labels.csv`, whole or not at all.
pub fn write(rows: &[Row], out: &Path) -> Result<()> {
    let (part, path) = (out.join("part.labels.csv"), out.join("labels.csv"));
    let place = || format!("cannot write {}", path.display());
    let mut table = csv::Writer::from_path(&part).with_context(place)?;
    table.write_record(COLUMNS).with_context(place)?;
    for row in rows {
        table.write_record(row.record()).with_context(place)?;
    }
    table.flush().with_context(place)?;
    fs::rename(&part, &path).with_context(place)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::data::near::Hash;

    /// A row with a path and a generator.
    pub fn row(original: &str, generator: Option<&str>) -> Row {
        let facts = Facts {
            file: format!("{original}.png"),
            face_view: String::new(),
            sha256: format!("{original:0>64}"),
            hash: Hash([0; Hash::BYTES]),
            width: 64,
            height: 64,
            bytes: 1000,
            format: "png".into(),
            quantiser: None,
            face_px: None,
            faces: 1,
        };
        Row {
            original: original.into(),
            facts,
            generator: generator.map(|name| Arc::new(Generator::new(name, "EFS", "GAN"))),
            source: "made".into(),
            own_split: None,
            groups: Vec::new(),
            split: Split::Unused,
            group: String::new(),
        }
    }
}
