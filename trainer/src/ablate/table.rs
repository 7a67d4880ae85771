//! The table of an ablation, from the reports of `trainer eval`: a row a variant, means over its seeds.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::whole_file::write_whole;

/// The table to read.
pub const MARKDOWN: &str = "ablation.md";

/// The table to compute with: every metric of every report.
const CSV: &str = "ablation.csv";

/// Columns of the Markdown table: metric and heading.
const COLUMNS: [(&str, &str); 6] = [
    ("authenticity.auroc", "real/fake AUROC"),
    ("forgery.accuracy", "forgery type"),
    ("family.accuracy", "family"),
    ("generator.accuracy", "generator"),
    ("unknown.auroc", "unknown AUROC"),
    ("oscr", "OSCR"),
];

/// Values over the seeds by set, condition and metric.
type Values = BTreeMap<(String, String, String), Vec<f64>>;

/// Writes both tables of the reports so far.
///
/// # Errors
/// When a report cannot be read or a table not be written.
pub fn write(folder: &Path, reports: &[(String, PathBuf)]) -> Result<()> {
    let read = |(name, path): &(String, PathBuf)| Ok((name.clone(), values(path)?));
    let variants: Vec<(String, Values)> = reports.iter().map(read).collect::<Result<_>>()?;
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["variant", "set", "condition", "metric", "mean", "deviation", "seeds"])?;
    for (name, values) in &variants {
        for ((set, condition, metric), values) in values {
            let (mean, deviation) = moments(values);
            let deviation = deviation.map_or_else(String::new, |value| format!("{value:.4}"));
            let (mean, seeds) = (format!("{mean:.4}"), values.len().to_string());
            table.write_record([name, set, condition, metric, &mean, &deviation, &seeds])?;
        }
    }
    write_whole(&folder.join(CSV), &table.into_inner()?)?;
    write_whole(&folder.join(MARKDOWN), markdown(&variants).as_bytes())
}

fn values(report: &Path) -> Result<Values> {
    let text = fs::read(report).with_context(|| format!("cannot read {}", report.display()))?;
    let report: Value = serde_json::from_slice(&text).with_context(|| report.display().to_string())?;
    let mut values = Values::new();
    for result in report["results"].as_array().into_iter().flatten() {
        let text = |field: &str| result[field].as_str().unwrap_or_default().to_string();
        for (metric, measured) in result["metrics"].as_object().into_iter().flatten() {
            let key = (text("set"), text("condition"), metric.clone());
            values.entry(key).or_default().extend(measured["value"].as_f64());
        }
    }
    Ok(values)
}

/// A table for each set and condition, the variants in their order.
fn markdown(variants: &[(String, Values)]) -> String {
    let mut places: Vec<(&String, &String)> = variants
        .iter()
        .flat_map(|(_, values)| values.keys().map(|(set, condition, _)| (set, condition)))
        .collect();
    places.sort();
    places.dedup();
    let mut text = String::from("# Ablation\n");
    for (set, condition) in places {
        let headings: Vec<&str> = COLUMNS.iter().map(|(_, heading)| *heading).collect();
        text += &format!("\n## {set}, {condition}\n\n| variant | {} |\n", headings.join(" | "));
        text += &format!("|---|{}\n", "---:|".repeat(COLUMNS.len()));
        for (name, values) in variants {
            let cell = |metric: &str| {
                let key = (set.clone(), condition.clone(), metric.to_string());
                values.get(&key).map_or_else(String::new, |values| match moments(values) {
                    (mean, Some(deviation)) => format!("{mean:.3} ± {deviation:.3}"),
                    (mean, None) => format!("{mean:.3}"),
                })
            };
            let cells: Vec<String> = COLUMNS.iter().map(|(metric, _)| cell(metric)).collect();
            text += &format!("| {name} | {} |\n", cells.join(" | "));
        }
    }
    text
}

/// Mean, and the standard deviation of a sample of several.
fn moments(values: &[f64]) -> (f64, Option<f64>) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_deviations_are_over_the_seeds() {
        let folder = tempfile::tempdir().unwrap();
        let result = |value: f64| serde_json::json!({"set": "seen", "condition": "clean", "metrics": {"oscr": {"value": value}}});
        let report = folder.path().join("report.json");
        let text = serde_json::json!({"results": [result(0.5), result(0.7)]}).to_string();
        fs::write(&report, text).unwrap();
        write(folder.path(), &[("full".into(), report)]).unwrap();
        let table = fs::read_to_string(folder.path().join(MARKDOWN)).unwrap();
        assert!(table.contains("0.600 ± 0.141"), "{table}");
        let csv = fs::read_to_string(folder.path().join(CSV)).unwrap();
        assert!(csv.contains("full,seen,clean,oscr,0.6000,0.1414,2"), "{csv}");
    }
}
