//! What training says of itself: means of the losses, on the terminal and as CSV.

use std::{fmt, fs::File, path::Path};

use anyhow::{Context, Result};
use burn::tensor::{ElementConversion, backend::Backend};

use crate::loss::{LossWeights, Losses};

/// Means of each loss over the batches so far.
#[derive(Debug, Default)]
pub struct Means {
    /// Name, sum, batches; the total first.
    sums: Vec<(&'static str, f64, usize)>,
}

impl Means {
    /// Adds a batch and returns its total.
    pub fn add<B: Backend>(&mut self, losses: &Losses<B>) -> f64 {
        let total: f64 = losses.total.clone().into_scalar().elem();
        self.put("loss", total);
        for (name, value) in &losses.parts {
            self.put(name, value.clone().into_scalar().elem());
        }
        total
    }

    /// The mean of a loss; `None` when no batch had it.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.sums.iter().find(|(known, ..)| *known == name).map(|(_, sum, count)| sum / *count as f64)
    }

    fn put(&mut self, name: &'static str, value: f64) {
        match self.sums.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, sum, count)) => (*sum, *count) = (*sum + value, *count + 1),
            None => self.sums.push((name, value, 1)),
        }
    }
}

impl fmt::Display for Means {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> =
            self.sums.iter().map(|(name, sum, count)| format!("{name} {:.4}", sum / *count as f64)).collect();
        formatter.write_str(&parts.join(" "))
    }
}

/// `log.csv`: a row per epoch.
pub struct Log {
    writer: csv::Writer<File>,
    losses: Vec<&'static str>,
}

impl Log {
    /// Starts the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(path: &Path, weights: &LossWeights) -> Result<Self> {
        let losses: Vec<&str> =
            weights.named().into_iter().filter(|(_, w)| *w > 0.0).map(|(n, _)| n).collect();
        let mut writer =
            csv::Writer::from_path(path).with_context(|| format!("cannot write {}", path.display()))?;
        let rest = ["seconds", "score", "authenticity_auroc", "forgery_accuracy"];
        writer.write_record(["epoch", "loss"].iter().chain(&losses).chain(&rest))?;
        Ok(Self { writer, losses })
    }

    /// Adds an epoch. A loss that no batch had is left empty.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, epoch: usize, means: &Means, rest: &[f64]) -> Result<()> {
        let text = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let mut row = vec![epoch.to_string(), text(means.get("loss"))];
        row.extend(self.losses.iter().map(|name| text(means.get(name))));
        row.extend(rest.iter().map(f64::to_string));
        self.writer.write_record(row)?;
        Ok(self.writer.flush()?)
    }
}
