//! A report for people.

use std::fmt::Write as _;

use super::{
    figures::Figures,
    report::{Number, Report, SetResult, Spread},
};

/// The numbers of a set in the order of the table, and what each is called there.
pub const SHOWN: [(&str, &str); 23] = [
    ("authenticity.accuracy", "L1 real or fake, accuracy"),
    ("authenticity.balanced_accuracy", "L1, macro"),
    ("authenticity.recall_real", "L1, real pictures called real"),
    ("authenticity.recall_fake", "L1, fakes called fake"),
    ("authenticity.auroc", "L1, AUROC"),
    ("authenticity.average_precision", "L1, average precision of fake"),
    ("authenticity.eer", "L1, equal error rate"),
    ("authenticity.ece", "L1, calibration error"),
    ("forgery.accuracy", "L2 forgery type, accuracy"),
    ("forgery.macro_accuracy", "L2, macro"),
    ("family.accuracy", "L3 family, accuracy"),
    ("family.macro_accuracy", "L3, macro"),
    ("group.accuracy", "Forgery type and family, accuracy"),
    ("group.macro_accuracy", "Forgery type and family, macro"),
    ("generator.accuracy", "L4 generator, of those the model knows, accuracy"),
    ("generator.macro_accuracy", "L4, macro"),
    ("generator.ece", "L4, calibration error"),
    ("generator.called_unknown", "Fakes called unknown"),
    ("unknown.auroc", "Known or unknown generator, AUROC"),
    ("oscr", "OSCR"),
    ("clusters.nmi", "Clusters, NMI"),
    ("clusters.ari", "Clusters, ARI"),
    ("images", "Pictures"),
];

/// The whole report; `figures` lie in `figures/`.
pub(super) fn write(report: &Report, figures: &Figures) -> String {
    let mut text = head(report);
    if !report.summary.is_empty() {
        text += "\n## All models: mean ± standard deviation, in percent\n\n";
        text += &summary(report);
    }
    for (model, judged) in report.models.iter().enumerate() {
        let own: Vec<&SetResult> = report.results.iter().filter(|result| result.model == model).collect();
        let _ = write!(
            text,
            "\n## {}\n\nIn percent, with 95 % intervals where pictures were drawn again.\n\n",
            judged.file
        );
        text += &tables(&own);
    }
    if !figures.is_empty() {
        text += "\n## Figures\n\n";
        for name in figures.keys() {
            let _ = writeln!(text, "![{}](figures/{name})\n", name.trim_end_matches(".svg"));
        }
    }
    text
}

/// What was judged, and how.
pub fn head(report: &Report) -> String {
    format!("# {}\n\n{}", if report.kind == "robust" { "Robustness" } else { "Evaluation" }, how(report))
}

/// Protocol, models, pictures and intervals.
pub fn how(report: &Report) -> String {
    let made = &report.made;
    let pictures = made.pictures.map_or("all pictures".into(), |most| {
        format!(
            "at most {most} pictures of each generator and real source in each split, chosen by seed {}",
            made.seed
        )
    });
    let about = made.protocol.about.trim_end_matches('.');
    let mut text =
        format!("Protocol `{}`{}{about}.\n\n", made.protocol.name, if about.is_empty() { "" } else { ": " });
    for model in &report.models {
        let _ = writeln!(
            text,
            "- `{}`: {} version {}, SHA-256 `{}`, trained on {} generators ({})",
            model.file,
            model.name,
            model.version,
            model.sha256,
            model.generators.len(),
            model.generators.join(", ")
        );
    }
    let bootstrap = &made.bootstrap;
    let intervals = if bootstrap.draws == 0 {
        "no intervals".to_string()
    } else {
        format!(
            "{} % intervals from {} bootstrap draws of groups (pictures of one person or video; a picture alone where no group is \
             named), seed {}",
            bootstrap.level * 100.0,
            bootstrap.draws,
            bootstrap.seed
        )
    };
    let _ = writeln!(text, "- {pictures}; {intervals}");
    let _ = writeln!(text, "- {}, `labels.csv` with SHA-256 `{}`", made.program, made.labels_sha256);
    if !report.unreadable.is_empty() {
        let _ = writeln!(text, "- left out because they cannot be read: {}", report.unreadable.len());
        for one in &report.unreadable {
            let _ = writeln!(text, "  - `{}`: {}", one.file, one.reason);
        }
    }
    text
}

/// All numbers of one model, and those of each generator and source.
pub fn tables(results: &[&SetResult]) -> String {
    numbers(results) + &by_stratum(results)
}

/// Sets and conditions as columns.
fn numbers(results: &[&SetResult]) -> String {
    let titles = results.iter().map(|result| format!("{}, {}", result.set, result.condition));
    let mut text = heading(&std::iter::once("".to_string()).chain(titles).collect::<Vec<_>>(), 1);
    for (name, words) in SHOWN {
        let cells: Vec<String> = results.iter().map(|result| cell(name, result.metrics.get(name))).collect();
        if cells.iter().any(|cell| cell != "-") {
            let _ = writeln!(text, "| {words} | {} |", cells.join(" | "));
        }
    }
    text
}

/// Generators, sources and pairs as rows.
fn by_stratum(results: &[&SetResult]) -> String {
    let mut text = String::new();
    for (ending, words) in [
        (".authenticity", "Real or fake said rightly, by generator and source"),
        (".auroc", "AUROC of one generator against all real pictures, and of pairs of one source"),
        (".generator", "Generator named rightly"),
        (".family", "Family said rightly"),
        (".forgery", "Forgery type said rightly"),
        (".called_unknown", "Called unknown"),
    ] {
        let overall: Vec<&str> = SHOWN.iter().map(|(name, _)| *name).collect();
        let mut names: Vec<&String> = results.iter().flat_map(|result| result.metrics.keys()).collect();
        names.retain(|name| name.ends_with(ending) && !overall.contains(&name.as_str()));
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            continue;
        }
        let titles = results.iter().map(|result| format!("{}, {}", result.set, result.condition));
        let _ = write!(text, "\n### {words}\n\n");
        text += &heading(&std::iter::once("".to_string()).chain(titles).collect::<Vec<_>>(), 1);
        for name in names {
            let cells: Vec<String> =
                results.iter().map(|result| cell(name, result.metrics.get(name))).collect();
            let _ = writeln!(text, "| {} | {} |", name.trim_end_matches(ending), cells.join(" | "));
        }
    }
    text
}

fn summary(report: &Report) -> String {
    let titles = report.summary.iter().map(|summary| format!("{}, {}", summary.set, summary.condition));
    let mut text = heading(&std::iter::once("".to_string()).chain(titles).collect::<Vec<_>>(), 1);
    for (name, words) in SHOWN.iter().filter(|(name, _)| *name != "images") {
        let cell = |spread: Option<&Spread>| {
            spread.map_or("-".into(), |spread| {
                let few = if spread.models < report.models.len() {
                    format!(" (of {})", spread.models)
                } else {
                    String::new()
                };
                format!("{:.1} ± {:.1}{few}", spread.mean * 100.0, spread.deviation * 100.0)
            })
        };
        let cells: Vec<String> =
            report.summary.iter().map(|summary| cell(summary.metrics.get(*name))).collect();
        if cells.iter().any(|cell| cell != "-") {
            let _ = writeln!(text, "| {words} | {} |", cells.join(" | "));
        }
    }
    text
}

fn cell(name: &str, number: Option<&Number>) -> String {
    match number {
        None => "-".into(),
        Some(number) if name == "images" => format!("{}", number.value),
        Some(number) => number.percent(),
    }
}

/// The first row of a table and the line below it; the first `words` columns hold words, the others numbers.
pub fn heading(titles: &[String], words: usize) -> String {
    let rule: Vec<&str> =
        (0..titles.len()).map(|column| if column < words { "---" } else { "--:" }).collect();
    format!("| {} |\n| {} |\n", titles.join(" | "), rule.join(" | "))
}
