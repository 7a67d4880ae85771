//! The figures of a report, by file name.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{
    job::Map,
    projection::Method,
    report::{Details, Report, SetResult},
};
use crate::plot::{Axes, DotRow, Series, dots, lines, matrix, reliability, scatter};

/// Figures as SVG by file name, in the order of their names.
pub type Figures = BTreeMap<String, String>;

/// Every figure of a report.
pub fn draw(report: &Report, maps: &[Map]) -> Result<Figures> {
    let mut figures = Figures::new();
    for model in 0..report.models.len() {
        let mut sets: Vec<&str> = Vec::new();
        for result in report.results.iter().filter(|result| result.model == model) {
            if !sets.contains(&&*result.set) {
                sets.push(&result.set);
            }
        }
        for set in sets {
            let own = report.results.iter().filter(|result| result.model == model && result.set == set);
            draw_set(report, &own.collect::<Vec<_>>(), &mut figures)?;
        }
    }
    for map in maps.iter().filter(|map| map.points.len() > 2) {
        let how = match map.method {
            Method::TSne => "t-SNE of the embeddings, perplexity 30",
            Method::Components => "first two principal components of the embeddings",
        };
        let caption = format!("{} pictures, {}; {how}; axes have no unit", map.points.len(), map.condition);
        let title = titled(report, map.model, &map.set, "Map of the embedding");
        figures.insert(file(report, map.model, &map.set, "map"), scatter(&title, &caption, &map.points)?);
    }
    Ok(figures)
}

/// `results` are of one model and set, one for each condition.
fn draw_set(report: &Report, results: &[&SetResult], figures: &mut Figures) -> Result<()> {
    let (model, set) = (results[0].model, &*results[0].set);
    let title = |what: &str| titled(report, model, set, what);
    let mut add = |what: &str, svg: String| figures.insert(file(report, model, set, what), svg);
    let details = || results.iter().filter_map(|result| Some((*result, result.details.as_ref()?)));

    let curves = |of: fn(&Details) -> &Vec<(f64, f64)>, metric: &str| -> Vec<Series> {
        let named = details().filter(|(_, details)| !of(details).is_empty());
        named
            .map(|(result, details)| {
                let area = result
                    .metrics
                    .get(metric)
                    .map_or(String::new(), |number| format!(", area {:.3}", number.value));
                Series { name: format!("{}{area}", result.condition), points: of(details).clone() }
            })
            .collect()
    };
    let roc = curves(|details| &details.roc, "authenticity.auroc");
    if !roc.is_empty() {
        let axes = Axes {
            title: &title("ROC of fake against real"),
            x: "false positive rate (0 to 1)",
            y: "true positive rate (0 to 1)",
            diagonal: true,
        };
        add("roc", lines(&axes, &roc)?);
    }
    let oscr = curves(|details| &details.oscr, "oscr");
    if !oscr.is_empty() {
        let axes = Axes {
            title: &title("Open-set classification rate of generators"),
            x: "false positive rate of unknown generators (0 to 1)",
            y: "correct classification rate of known ones (0 to 1)",
            diagonal: false,
        };
        add("oscr", lines(&axes, &oscr)?);
    }
    for (answer, words) in [("authenticity", "real or fake"), ("generator", "generator")] {
        let series = details().filter_map(|(result, details)| {
            let error = result.metrics.get(&format!("{answer}.ece"))?.value;
            Some((format!("{}, ECE {error:.3}", result.condition), details.reliability.get(answer)?.clone()))
        });
        let series: Vec<_> = series.collect();
        if !series.is_empty() {
            add(
                &format!("reliability-{answer}"),
                reliability(&title(&format!("Reliability, {words}")), &series)?,
            );
        }
    }
    for (result, details) in details() {
        for (level, table) in &details.confusion {
            let words = format!("{}, {}", capitalised(level), result.condition);
            let svg = matrix(&title(&words), &table.truths, &table.answers, &table.counts)?;
            add(&format!("confusion-{level}-{}", result.condition), svg);
        }
    }
    let conditions: Vec<String> = results.iter().map(|result| result.condition.clone()).collect();
    for (metric, words) in
        [("authenticity", "Real or fake said rightly"), ("generator", "Generator named rightly")]
    {
        let rows = rows(results, metric);
        if !rows.is_empty() {
            let svg =
                dots(&title(words), "share of the pictures, 95 % interval (0 to 1)", &conditions, &rows)?;
            add(&format!("accuracy-{metric}"), svg);
        }
    }
    Ok(())
}

/// A row for each generator and source that has `NAME.metric`.
fn rows(results: &[&SetResult], metric: &str) -> Vec<DotRow> {
    let ending = format!(".{metric}");
    let mut names: Vec<&str> = results
        .iter()
        .flat_map(|result| result.metrics.keys())
        .filter_map(|name| name.strip_suffix(&*ending))
        .collect();
    names.sort_unstable();
    names.dedup();
    let value = |result: &&SetResult, name: &str| {
        let number = result.metrics.get(&format!("{name}{ending}"))?;
        Some((number.value, number.low.zip(number.high)))
    };
    let row = |name: &str| DotRow {
        name: name.into(),
        values: results.iter().map(|result| value(result, name)).collect(),
    };
    names.into_iter().map(row).collect()
}

fn titled(report: &Report, model: usize, set: &str, what: &str) -> String {
    let model = if report.models.len() > 1 { format!(", model {}", model + 1) } else { String::new() };
    format!("{what} ({set}{model})")
}

/// Lower case, words joined by dashes.
fn file(report: &Report, model: usize, set: &str, what: &str) -> String {
    let model = if report.models.len() > 1 { format!("model{}-", model + 1) } else { String::new() };
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' }).collect()
    };
    format!("{model}{}-{what}.svg", plain(set))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
