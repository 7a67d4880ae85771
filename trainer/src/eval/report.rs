//! What a judgement leaves behind: one shape for JSON, CSV and Markdown, read again by `trainer card`.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::protocol::Protocol;
use crate::metrics::{Bin, Bootstrap};

/// Layout number of `report.json`; it changes when a field changes its meaning.
pub const LAYOUT: u32 = 1;

/// Everything that was measured, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`LAYOUT`].
    pub layout: u32,
    /// `eval` or `robust`.
    pub kind: String,
    /// How it came about.
    pub made: Made,
    /// The bundles, in the order given.
    pub models: Vec<JudgedModel>,
    /// By model, set and condition.
    pub results: Vec<SetResult>,
    /// Over the models, by set and condition; empty of a single model.
    pub summary: Vec<SetSummary>,
    /// Pictures left out because they cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// What it takes to measure the same again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// Name and version of the program.
    pub program: String,
    /// The protocol with every default.
    pub protocol: Protocol,
    /// SHA-256 of `labels.csv`.
    pub labels_sha256: String,
    /// Most pictures of one generator or real source in one split; `null` for all.
    pub pictures: Option<usize>,
    /// Of the choice of pictures and of k-means.
    pub seed: u64,
    /// How intervals are made.
    pub bootstrap: Bootstrap,
}

/// A bundle that was judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedModel {
    /// The file's name, without its folder.
    pub file: String,
    /// Name of the model.
    pub name: String,
    /// Version of the model.
    pub version: String,
    /// SHA-256 of the bundle.
    pub sha256: String,
    /// SHA-256 of weights and manifest without the model card; a card does not change it.
    pub identity: String,
    /// The generators it was trained on.
    pub generators: Vec<String>,
}

/// One model on one set under one condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetResult {
    /// Place in [`Report::models`].
    pub model: usize,
    /// Name of the set.
    pub set: String,
    /// As conditions are written.
    pub condition: String,
    /// Real pictures.
    pub real: usize,
    /// Fake pictures.
    pub fake: usize,
    /// By name; one that has no meaning on this set is absent.
    pub metrics: BTreeMap<String, Number>,
    /// What figures are drawn from; only of `trainer eval`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
}

/// A measured number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// Measured on the pictures as they are.
    pub value: f64,
    /// Lower end of the bootstrap interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// Tables and curves behind the numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// By level: `forgery`, `family`, `generator`.
    pub confusion: BTreeMap<String, Confusion>,
    /// By what was answered: `authenticity`, `generator`.
    pub reliability: BTreeMap<String, Vec<Bin>>,
    /// False against true positive rate of fake.
    pub roc: Vec<(f64, f64)>,
    /// False positive rate of unknown generators against correct classification rate of known ones.
    pub oscr: Vec<(f64, f64)>,
}

/// Counts by truth and answer, of fakes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// True classes, the rows.
    pub truths: Vec<String>,
    /// Answered classes, the columns.
    pub answers: Vec<String>,
    /// `[truths, answers]`.
    pub counts: Vec<Vec<usize>>,
}

/// Several models on one set under one condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetSummary {
    /// Name of the set.
    pub set: String,
    /// As conditions are written.
    pub condition: String,
    /// By name.
    pub metrics: BTreeMap<String, Spread>,
}

/// A number over several models.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Mean of the models that have it.
    pub mean: f64,
    /// Their sample standard deviation; 0 of a single one.
    pub deviation: f64,
    /// How many have it.
    pub models: usize,
}

/// A picture that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Its name in the table.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl Report {
    /// Reads `report.json`, or the one in a folder.
    pub fn read(path: &Path) -> Result<Self> {
        let path = if path.is_dir() { path.join("report.json") } else { path.to_path_buf() };
        let text = fs::read(&path).with_context(|| {
            format!(
                "cannot read {}; name a folder that `trainer eval` or `trainer robust` wrote",
                path.display()
            )
        })?;
        let report: Self = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
        ensure!(
            report.layout == LAYOUT,
            "{} has layout {}, this program reads layout {LAYOUT}; judge again",
            path.display(),
            report.layout
        );
        Ok(report)
    }

    /// Mean and deviation over the models, in the order of the results.
    pub fn summarize(&mut self) {
        self.summary.clear();
        if self.models.len() < 2 {
            return;
        }
        for result in &self.results {
            let same = |other: &SetSummary| other.set == result.set && other.condition == result.condition;
            if self.summary.iter().any(same) {
                continue;
            }
            let mut values = BTreeMap::<&str, Vec<f64>>::new();
            for other in self
                .results
                .iter()
                .filter(|other| other.set == result.set && other.condition == result.condition)
            {
                for (name, number) in &other.metrics {
                    values.entry(name).or_default().push(number.value);
                }
            }
            self.summary.push(SetSummary {
                set: result.set.clone(),
                condition: result.condition.clone(),
                metrics: values
                    .into_iter()
                    .map(|(name, values)| (name.to_string(), Spread::of(&values)))
                    .collect(),
            });
        }
    }

    /// Long form: model, set, condition, metric, value, low, high.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["model", "set", "condition", "metric", "value", "low", "high"])?;
        for result in &self.results {
            let model = &self.models[result.model].file;
            for (name, Number { value, low, high }) in &result.metrics {
                let text = |value: &Option<f64>| value.map_or(String::new(), |value| value.to_string());
                let numbers = [value.to_string(), text(low), text(high)];
                table.write_record(
                    [&**model, &result.set, &result.condition, name]
                        .into_iter()
                        .chain(numbers.iter().map(String::as_str)),
                )?;
            }
        }
        Ok(table.into_inner()?)
    }
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let models = values.len();
        let mean = values.iter().sum::<f64>() / models as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = if models > 1 { (squares / (models - 1) as f64).sqrt() } else { 0.0 };
        Self { mean, deviation, models }
    }
}

impl Number {
    /// As percent with the interval, or with two decimals where it is a count.
    pub fn percent(&self) -> String {
        let interval = match (self.low, self.high) {
            (Some(low), Some(high)) => format!(" ({:.1} to {:.1})", low * 100.0, high * 100.0),
            _ => String::new(),
        };
        format!("{:.1}{interval}", self.value * 100.0)
    }
}
