//! CSV: the columns of `labels.csv`, or at least a path and a label.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use csv::StringRecord;

use super::{Options, from, tree::Tree, words};
use crate::data::item::{Claim, Item, Split};

/// Names of the column with the path, the likeliest first.
const PATHS: [&str; 8] =
    ["file", "path", "image", "img_path", "image_path", "filename", "file_name", "filepath"];

/// Names of the column with the label.
const LABELS: [&str; 4] = ["label", "class", "target", "generator"];

pub fn recognises(tree: &Tree) -> bool {
    let is = |path: &PathBuf| {
        let headers = csv::Reader::from_path(path).ok().and_then(|mut reader| reader.headers().ok().cloned());
        headers
            .is_some_and(|headers| column(&headers, &PATHS).is_some() && column(&headers, &LABELS).is_some())
    };
    chosen(tree).is_some_and(is)
}

/// `labels.csv`, or the only table there is.
fn chosen(tree: &Tree) -> Option<&PathBuf> {
    let tables = tree.tops_of(&["csv"]);
    let own = tables.iter().find(|path| path.file_name().is_some_and(|name| name == "labels.csv"));
    own.copied().or_else(|| tables.first().copied().filter(|_| tables.len() == 1))
}

fn column(headers: &StringRecord, names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name)))
}

pub fn items(tree: &Tree, options: &Options) -> Result<Vec<Item>> {
    let path = chosen(tree).context("no labels.csv, and not exactly one other table")?;
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let headers = reader.headers().with_context(|| path.display().to_string())?.clone();
    let need = |names: &[&str]| {
        column(&headers, names).with_context(|| {
            format!(
                "{}: no column for it; name one of its columns {}",
                path.display(),
                names[..2].join(" or ")
            )
        })
    };
    let (file, label) = (need(&PATHS)?, need(&LABELS)?);
    let base = options.root.unwrap_or(&tree.root);
    let set = tree.name();
    let mut items = Vec::new();
    for (index, row) in reader.records().enumerate() {
        let place = || format!("{}, row {}", path.display(), index + 1);
        let row = row.with_context(place)?;
        let field = |name: &str| {
            let value = column(&headers, &[name]).and_then(|at| row.get(at)).map(str::trim);
            value.filter(|value| !value.is_empty() && *value != "none").map(str::to_string)
        };
        let label = row.get(label).unwrap_or_default().trim();
        ensure!(!label.is_empty(), "{}: no label", place());
        let claim = if words::is_real(label) {
            Claim::Real
        } else {
            let generator = field("generator").unwrap_or_else(|| label.into());
            Claim::Fake { generator, forgery: field("forgery"), family: field("family") }
        };
        let split = match field("split") {
            Some(word) => {
                let known = Split::from_word(&word);
                ensure!(
                    known.is_some(),
                    "{}: {word:?} is no split; use train, val, test_seen or test_unseen",
                    place()
                );
                known
            }
            None => None,
        };
        let picture = from(base, row.get(file).unwrap_or_default().trim());
        items.push(Item {
            face_view: field("face_view").map(|name| from(base, &name)),
            split,
            groups: field("group").map(|group| format!("{set}:{group}")).into_iter().collect(),
            ..Item::new(picture, claim, field("source").unwrap_or_else(|| set.clone()))
        });
    }
    Ok(items)
}
