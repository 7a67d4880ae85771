//! Where pictures came from and under which terms, from the columns `origin` and `terms` of `labels.csv`.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::eval::markdown::heading;

#[derive(Deserialize)]
struct Row {
    split: String,
    #[serde(default)]
    origin: String,
    #[serde(default)]
    terms: String,
}

/// Counts by origin and terms.
pub struct DataTerms {
    /// Pictures for training, for choices, and for tests only.
    rows: BTreeMap<(String, String), [usize; 3]>,
}

impl DataTerms {
    /// Reads a data folder's table.
    pub fn read(folder: &Path) -> Result<Self> {
        let labels = folder.join("labels.csv");
        let mut reader = csv::Reader::from_path(&labels).with_context(|| {
            format!("cannot read {}; --data names a folder that holds labels.csv", labels.display())
        })?;
        let mut rows = BTreeMap::<_, [usize; 3]>::new();
        for row in reader.deserialize() {
            let Row { split, origin, terms } = row.with_context(|| format!("in {}", labels.display()))?;
            let use_of = match &*split {
                "train" => 0,
                "val" => 1,
                split if split.starts_with("test") => 2,
                // Anything else took no part.
                _ => continue,
            };
            rows.entry((origin, terms)).or_default()[use_of] += 1;
        }
        Ok(Self { rows })
    }

    /// As a table; what is not stated is said to be so.
    pub fn table(&self) -> String {
        let titles = ["Origin", "Terms", "Train", "Validation", "Test"].map(String::from);
        let mut text = heading(&titles, 2);
        let stated = |words: &str, missing: &str| match words.trim() {
            "" => missing.to_string(),
            words => words.replace('|', "\\|").replace('\n', " "),
        };
        let mut totals = [0; 3];
        for ((origin, terms), counts) in &self.rows {
            let (origin, terms) = (stated(origin, "not stated"), stated(terms, "**not stated**"));
            let _ = writeln!(text, "| {origin} | {terms} | {} | {} | {} |", counts[0], counts[1], counts[2]);
            totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        let _ = writeln!(text, "| All | | {} | {} | {} |", totals[0], totals[1], totals[2]);
        text
    }
}
