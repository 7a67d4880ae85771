//! The card's words. Every number in it is read from the bundle, a report or a table, and the card says which.

use std::fmt::Write as _;

use super::Sources;
use crate::{
    eval::{
        markdown::{heading, how, tables},
        report::{Report, SetResult},
    },
    robust::{by_generator, generators, overall},
};

/// What is known to break the answers of any such model.
const ATTACKS: &str = "\
Anyone who wants a wrong answer can get one. Known ways, from the least effort to the most:

- **Compression.** JPEG, WebP and the recompression of messengers remove the fine traces that the answer rests on.
- **Resizing.** Scaling replaces the generator's pixel grid by the scaler's. Small faces carry little to begin with.
- **Recapture.** A photo or screenshot of a screen looks like a photo to this model.
- **Blur, noise, filters.** Added grain or smoothing hides traces; so does a second generator or an upscaler.
- **Adversarial noise.** Changes that nobody sees, computed against this model or one like it, turn its answer around. The
  weights are public, so such changes are easy to compute. The model has no defence against them.
- **Generators that were not trained on.** They may be called real, or by the name of another generator. \"Unknown\" catches
  some of them.
- **Partial edits.** A change outside the face crop, or of a small part of it, may leave no trace in the answer.

An edited or compressed real photo may in turn be called fake.
";

const NOT_FOR: &str = "\
- Not as evidence, in court or anywhere else: an answer is a hint that needs other grounds.
- Not for decisions about people: accusation, moderation, hiring, credit, border control, insurance.
- Not to identify, recognise or track anyone. It answers how a picture was made, not who is in it.
- Not to declare a picture genuine: \"real\" means only that no trace of a known kind was found.
- Not on pictures of a kind that the tests above do not cover, without testing on such pictures first.
- Not on children's pictures or intimate pictures, nor on pictures that you may not lawfully process.
- Not beyond the terms of the data above: where these allow research only, so does this model.
";

/// The whole card.
pub fn write(sources: &Sources) -> String {
    let manifest = &sources.bundle.manifest;
    let judged = &sources.bundle.judged;
    let mut text = format!("# Model card: {} version {}\n\n", manifest.name, manifest.version);
    let _ = writeln!(
        text,
        "Written by `trainer card` {} from files: the bundle (weights and manifest `{}`){}{}. No number in it was typed by hand.\n",
        env!("CARGO_PKG_VERSION"),
        judged.identity,
        if sources.report.is_some() { ", a report of `trainer eval`" } else { "" },
        if sources.robust.is_some() { ", a report of `trainer robust`" } else { "" },
    );
    if let Some(about) = &sources.about {
        let _ = writeln!(text, "{}\n", about.trim());
    }
    text += &model(sources);
    text += &data(sources);
    text += &numbers(sources);
    text += &robustness(sources.robust.as_ref());
    let _ = write!(text, "\n## Known attacks\n\n{ATTACKS}\n## What it must not be used for\n\n{NOT_FOR}");
    text
}

fn model(sources: &Sources) -> String {
    let manifest = &sources.bundle.manifest;
    let mut text = "## The model\n\nFrom the bundle's manifest. It says of a face whether it is real or fake, and of a fake the forgery type, \
                    the family and the generator, or that the generator is unknown.\n\n"
        .to_string();
    let results = &manifest.training.results;
    for (name, words) in [
        ("parameters", "parameters at inference"),
        ("multiply_accumulates", "multiply-accumulates for a face"),
    ] {
        if let Some(value) = results.get(name) {
            let _ = writeln!(text, "- {words}: {value}");
        }
    }
    let _ = writeln!(
        text,
        "- network: preset `{}`, embedding of {} numbers",
        manifest.config.preset, manifest.config.width
    );
    if !manifest.training.summary.is_empty() {
        let _ = writeln!(text, "- training: `{}`", manifest.training.summary);
    }
    text += "\n";
    text += &heading(&["Generator", "Forgery type", "Family", "Known from"].map(String::from), 4);
    let taxonomy = &manifest.taxonomy;
    let named = taxonomy.generators.iter().map(|one| (one, "pictures"));
    for (one, from) in named.chain(taxonomy.added.iter().map(|one| (one, "its prompt only"))) {
        let _ = writeln!(text, "| {} | {} | {} | {from} |", one.name, one.forgery, one.family);
    }
    text
}

fn data(sources: &Sources) -> String {
    let mut text = "\n## Data and its terms\n\n".to_string();
    if let Some(words) = &sources.data_terms {
        let _ = writeln!(text, "{}\n", words.trim());
    }
    if let Some(terms) = &sources.terms {
        text += "Pictures by use, counted in `labels.csv`, with its columns `origin` and `terms`:\n\n";
        text += &terms.table();
        text += "\nFakes of a generator that the table of generators above does not list were not trained on, in whichever split they are.\n";
    }
    text
}

fn numbers(sources: &Sources) -> String {
    let mut text = "\n## How well it does\n\n".to_string();
    match &sources.report {
        Some((report, model)) => {
            let _ = writeln!(text, "From the report of `trainer eval`.\n\n{}", how(report));
            text += "In percent, with intervals where pictures were drawn again.\n\n";
            text += &tables(&of_model(report, *model));
        }
        None if sources.bundle.manifest.training.results.is_empty() => {
            text += "It has not been measured: neither the bundle nor a report has numbers.\n";
        }
        None => text += &from_bundle(sources),
    }
    let reliability = &sources.bundle.manifest.reliability;
    if !reliability.is_empty() {
        text += "\n### By size of the face and quality of the file\n\nFrom the bundle's manifest, balanced accuracy of real against fake in percent.\n\n";
        text += &heading(&["Measured on".to_string(), "L1, macro".to_string()], 1);
        for row in reliability {
            let _ = writeln!(text, "| {} | {:.1} |", row.basis, row.authenticity * 100.0);
        }
    }
    text
}

/// What the exporter measured, where there is no report.
fn from_bundle(sources: &Sources) -> String {
    let mut text = "No report was given. These numbers were measured by `trainer export` and stand in the bundle's manifest; they have no \
                    intervals.\n\n"
        .to_string();
    text += &heading(&["Number".to_string(), "Value".to_string()], 1);
    for (name, value) in &sources.bundle.manifest.training.results {
        if name.contains('.') {
            let _ = writeln!(text, "| {name} | {value} |");
        }
    }
    text
}

fn robustness(robust: Option<&(Report, usize)>) -> String {
    let mut text = "\n## What compression and editing leave of it\n\n".to_string();
    let Some((report, model)) = robust else {
        text += "Not measured: no report of `trainer robust` was given.\n";
        return text;
    };
    let results = of_model(report, *model);
    let _ = writeln!(text, "From the report of `trainer robust`.\n\n{}", how(report));
    text += "In percent, with intervals where pictures were drawn again.\n\n";
    text += &overall(&results);
    for (ending, words) in
        [("authenticity", "Called fake, by generator"), ("generator", "Named rightly, by generator")]
    {
        let _ = write!(text, "\n### {words}\n\n");
        text += &by_generator(&results, &generators(report), ending);
    }
    text
}

fn of_model(report: &Report, model: usize) -> Vec<&SetResult> {
    report.results.iter().filter(|result| result.model == model).collect()
}
