//! What came of it: `report.json`, `report.md`, `skipped.csv`, and a few lines on the terminal.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::Serialize;

use super::{
    collect::{Collected, Near},
    item::Split,
    near::Hash,
    row::Row,
    shortcuts::{Shortcut, WARN},
    skip::Skip,
    split::{EXAMPLES, Outcome},
};

/// A group with more than this part of the pictures is told: no split can be made around it.
const LARGE_GROUP: f64 = 0.2;

/// How many times as many reals as fakes, or fakes as reals, are told.
const UNBALANCED: usize = 5;

/// Everything that `report.json` holds.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What was read, and as which layout.
    pub inputs: Vec<Input>,
    /// Rows of `labels.csv`.
    pub pictures: usize,
    /// Of those, real.
    pub real: usize,
    /// Pictures by split, then by generator or `real` and source.
    pub splits: BTreeMap<&'static str, BTreeMap<String, usize>>,
    /// Real and fake pictures by source.
    pub sources: BTreeMap<String, [usize; 2]>,
    /// Copies that were left out.
    pub copies: usize,
    /// Of those, copies that their data set has for another split.
    pub copies_across_splits: usize,
    /// Near-duplicates: bits of the hash, and in how many of them they may differ.
    pub near_duplicate_bits: [u32; 2],
    /// Pairs of near-duplicates.
    pub near_duplicates: usize,
    /// Pairs that the data sets' own splits put on two sides.
    pub near_duplicates_across_splits: usize,
    /// Groups that are never split.
    pub groups: usize,
    /// The largest: its name, and its part of the pictures.
    pub largest_group: (String, f64),
    /// Groups that the data sets' own splits tear apart.
    pub torn_groups: usize,
    /// Examples of near-duplicates and groups on two sides.
    pub examples: Vec<String>,
    /// What the files tell of the label.
    pub shortcuts: Vec<Shortcut>,
    /// Files whose ending is not what they hold.
    pub misnamed: usize,
    /// Pictures with more than one face, of which the largest was taken.
    pub several_faces: usize,
    /// Left out, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// What a person should know before training.
    pub warnings: Vec<String>,
}

/// One path of the command line.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    /// As given.
    pub path: PathBuf,
    /// How it was read.
    pub layout: String,
    /// Pictures it names.
    pub pictures: usize,
}

impl Report {
    /// Measures the finished table.
    pub fn new(
        inputs: Vec<Input>,
        found: &Collected,
        near: &Near,
        distance: u32,
        split: Outcome,
        warnings: Vec<String>,
    ) -> Self {
        let rows = &found.rows;
        let mut splits: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
        let mut sources: BTreeMap<String, [usize; 2]> = BTreeMap::new();
        let mut groups: Vec<&str> = rows.iter().map(|row| &*row.group).collect();
        groups.sort_unstable();
        groups.dedup();
        for row in rows {
            *splits.entry(row.split.name()).or_default().entry(row.stratum()).or_default() += 1;
            sources.entry(row.source.clone()).or_default()[usize::from(row.generator.is_some())] += 1;
        }
        let mut skipped: BTreeMap<&'static str, usize> = BTreeMap::new();
        for skip in &found.skipped {
            *skipped.entry(skip.reason.name()).or_default() += 1;
        }
        let part = split.largest.1 as f64 / rows.len().max(1) as f64;
        let mut report = Self {
            inputs,
            pictures: rows.len(),
            real: rows.iter().filter(|row| row.generator.is_none()).count(),
            splits,
            sources,
            copies: found.copies,
            copies_across_splits: found.copies_across_splits,
            near_duplicate_bits: [Hash::BITS as u32, distance],
            near_duplicates: near.pairs,
            near_duplicates_across_splits: near.across_splits,
            groups: groups.len(),
            largest_group: (split.largest.0.clone(), (part * 1e4).round() / 1e4),
            torn_groups: split.torn,
            examples: near.examples.iter().chain(&split.examples).take(EXAMPLES).cloned().collect(),
            shortcuts: shortcuts(rows),
            misnamed: rows.iter().filter(|row| is_misnamed(row)).count(),
            several_faces: rows.iter().filter(|row| row.facts.faces > 1).count(),
            skipped,
            warnings,
        };
        report.warn(&split);
        report
    }

    fn warn(&mut self, split: &Outcome) {
        let mut warnings = Vec::new();
        let fake = self.pictures - self.real;
        for (name, what) in [("train", "nothing to train on"), ("val", "nothing to choose an epoch by")] {
            if !self.splits.contains_key(name) {
                warnings.push(format!("no picture is for {name}: {what}; --resplit makes new splits"));
            }
        }
        if self.real == 0 || fake == 0 {
            warnings.push(format!("{} real and {fake} fake pictures: training needs both", self.real));
        } else if self.real > UNBALANCED * fake || fake > UNBALANCED * self.real {
            warnings.push(format!("{} real and {fake} fake pictures: far from balanced", self.real));
        }
        for found in self.shortcuts.iter().filter(|found| found.balanced_accuracy >= WARN) {
            warnings.push(format!(
                "the {} alone tells real from fake with a balanced accuracy of {:.2}: a model may learn that instead \
                 of the face",
                found.property, found.balanced_accuracy
            ));
        }
        if self.near_duplicates_across_splits + self.torn_groups > 0 {
            warnings.push(format!(
                "the data sets' own splits put {} pairs of near-duplicates on two sides and tear {} groups apart; \
                 --resplit keeps them together",
                self.near_duplicates_across_splits, self.torn_groups
            ));
        }
        if self.largest_group.1 > LARGE_GROUP && self.groups > 1 {
            let (name, part) = &self.largest_group;
            warnings.push(format!(
                "group {name} has {:.0} % of the pictures and stays in one split",
                part * 100.0
            ));
        }
        if split.val_from_train {
            warnings.push("the data sets have no val split: part of train was taken for it".into());
        }
        if split.unseen_unused > 0 {
            warnings.push(format!(
                "{} pictures of unseen generators or sources stay unused: the rest of their group is in train or val",
                split.unseen_unused
            ));
        }
        self.warnings.extend(warnings);
    }

    /// Writes the three files.
    pub fn write(&self, skipped: &[Skip], out: &Path) -> Result<()> {
        let whole = |name: &str, text: &[u8]| {
            let (part, path) = (out.join(format!("part.{name}")), out.join(name));
            let written = fs::write(&part, text).and_then(|()| fs::rename(&part, &path));
            written.with_context(|| format!("cannot write {}", path.display()))
        };
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["path", "reason", "detail"])?;
        for skip in skipped {
            table.write_record([&*skip.path.to_string_lossy(), skip.reason.name(), &skip.detail])?;
        }
        whole("skipped.csv", &table.into_inner()?)?;
        whole("report.json", (serde_json::to_string_pretty(self)? + "\n").as_bytes())?;
        whole("report.md", self.markdown().as_bytes())
    }

    /// A few lines for the terminal.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        for input in &self.inputs {
            let _ = writeln!(
                text,
                "{}: {} pictures, read as {}",
                input.path.display(),
                input.pictures,
                input.layout
            );
        }
        let _ = writeln!(text, "{} pictures kept, {} real", self.pictures, self.real);
        for (split, classes) in &self.splits {
            let total: usize = classes.values().sum();
            let real: usize =
                classes.iter().filter(|(name, _)| name.starts_with("real ")).map(|(_, count)| count).sum();
            let _ = writeln!(text, "  {split}: {total}, {real} real, {} classes", classes.len());
        }
        let skipped: Vec<String> =
            self.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        if !skipped.is_empty() {
            let _ = writeln!(text, "left out: {} (skipped.csv)", skipped.join(", "));
        }
        let _ = writeln!(
            text,
            "{} copies left out, {} pairs of near-duplicates",
            self.copies, self.near_duplicates
        );
        for warning in &self.warnings {
            let _ = writeln!(text, "note: {warning}");
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!("# Data report\n\n{} pictures, {} real.\n\n", self.pictures, self.real);
        let _ = writeln!(text, "| read | layout | pictures |\n|---|---|---|");
        for input in &self.inputs {
            let _ = writeln!(text, "| {} | {} | {} |", input.path.display(), input.layout, input.pictures);
        }
        if !self.warnings.is_empty() {
            text += "\n## To know before training\n\n";
            self.warnings.iter().for_each(|warning| text += &format!("- {warning}\n"));
        }
        let splits: Vec<&str> = self.splits.keys().copied().collect();
        let _ = writeln!(text, "\n## Pictures by class and split\n\n| class | {} |", splits.join(" | "));
        let _ = writeln!(text, "|---|{}", "---|".repeat(splits.len()));
        let mut classes: Vec<&String> = self.splits.values().flat_map(BTreeMap::keys).collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let counts =
                splits.iter().map(|split| self.splits[split].get(class).copied().unwrap_or(0).to_string());
            let _ = writeln!(text, "| {class} | {} |", counts.collect::<Vec<_>>().join(" | "));
        }
        text += "\n## Sources\n\n| source | real | fake |\n|---|---|---|\n";
        for (source, [real, fake]) in &self.sources {
            let _ = writeln!(text, "| {source} | {real} | {fake} |");
        }
        let _ = writeln!(text, "\n## Duplicates and groups\n");
        let [bits, distance] = self.near_duplicate_bits;
        let _ = writeln!(
            text,
            "- Copies, byte for byte, left out: {}; their data sets have {} of them for another split\n\
             - Near-duplicates (hashes that differ in at most {distance} of {bits} bits): {} pairs, {} of them on two \
             sides of the data sets' own splits\n\
             - Groups: {}; the largest, {}, has {:.1} % of the pictures; torn apart by own splits: {}",
            self.copies,
            self.copies_across_splits,
            self.near_duplicates,
            self.near_duplicates_across_splits,
            self.groups,
            self.largest_group.0,
            self.largest_group.1 * 100.0,
            self.torn_groups
        );
        self.examples.iter().for_each(|example| text += &format!("  - {example}\n"));
        text += "\n## What the files tell of the label\n\nBalanced accuracy of real against fake from the property \
                 alone (0.5 is chance), and the part of the label's and of the generator's entropy that it explains.\n\n\
                 | property | balanced accuracy | label | generator |\n|---|---|---|---|\n";
        for found in &self.shortcuts {
            let Shortcut { property, balanced_accuracy, label_information, generator_information } = found;
            let _ = writeln!(
                text,
                "| {property} | {balanced_accuracy:.3} | {label_information:.3} | {generator_information:.3} |"
            );
        }
        let _ = writeln!(text, "\n## Left out\n\n| reason | pictures |\n|---|---|");
        for (reason, count) in &self.skipped {
            let _ = writeln!(text, "| {reason} | {count} |");
        }
        let _ = writeln!(
            text,
            "\nEvery one is in `skipped.csv`. Files whose ending is not what they hold, but kept: {}. Pictures with \
             several faces, of which the largest was taken: {}.",
            self.misnamed, self.several_faces
        );
        text
    }
}

/// Format, size and quantiser of the originals that are in use.
fn shortcuts(rows: &[Row]) -> Vec<Shortcut> {
    type Property = (&'static str, fn(&Row) -> String);
    let quantiser = |row: &Row| row.facts.quantiser.map_or_else(|| "none".into(), |sum| sum.to_string());
    let size = |row: &Row| format!("{} x {}", row.facts.width, row.facts.height);
    let properties: [Property; 4] = [
        ("format", |row| row.facts.format.clone()),
        ("size", size),
        ("JPEG quantiser", quantiser),
        ("bytes a pixel", |row| {
            let pixels = f64::from(row.facts.width) * f64::from(row.facts.height);
            format!("{:.0}", (row.facts.bytes as f64 / pixels).log2() * 4.0)
        }),
    ];
    let used = || rows.iter().filter(|row| row.split != Split::Unused);
    let measure = |(name, value): &Property| {
        let generator = |row: &Row| row.generator.as_ref().map(|known| known.name.clone());
        let owned: Vec<(String, Option<String>)> = used().map(|row| (value(row), generator(row))).collect();
        let pictures: Vec<(String, Option<&str>)> =
            owned.iter().map(|(value, generator)| (value.clone(), generator.as_deref())).collect();
        Shortcut::measure(name, &pictures)
    };
    properties.iter().map(measure).collect()
}

fn is_misnamed(row: &Row) -> bool {
    let ending = row.original.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let ending =
        ending.as_deref().map(|ending| if ["jpg", "jfif"].contains(&ending) { "jpeg" } else { ending });
    ending.is_some_and(|ending| ending != row.facts.format)
}
