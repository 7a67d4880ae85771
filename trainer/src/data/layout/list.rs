//! Lines of `path<TAB>label`, perhaps `<TAB>split`; the label is `real` or the generator's name.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::{Options, from, tree::Tree, words};
use crate::data::item::{Claim, Item, Split};

/// Endings of lists.
const ENDINGS: [&str; 3] = ["txt", "tsv", "lst"];

pub fn recognises(tree: &Tree) -> bool {
    let has_tab = |text: String| text.lines().any(|line| !line.starts_with('#') && line.contains('\t'));
    tree.tops_of(&ENDINGS).iter().any(|path| fs::read_to_string(path).is_ok_and(has_tab))
}

pub fn items(tree: &Tree, options: &Options) -> Result<Vec<Item>> {
    let base = options.root.unwrap_or(&tree.root);
    let set = tree.name();
    let mut items = Vec::new();
    for path in tree.tops_of(&ENDINGS) {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let place = || format!("{}, line {}", path.display(), number + 1);
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            ensure!(
                fields.len() >= 2 && !fields[0].is_empty() && !fields[1].is_empty(),
                "{}: expected path<TAB>label, found {line:?}",
                place()
            );
            let claim = if words::is_real(fields[1]) { Claim::Real } else { Claim::fake(fields[1]) };
            let split = match fields.get(2) {
                Some(word) if !word.is_empty() => {
                    let known = Split::from_word(word);
                    ensure!(known.is_some(), "{}: {word:?} is no split; use train, val or test", place());
                    known
                }
                _ => words::split(&stem),
            };
            items.push(Item { split, ..Item::new(from(base, fields[0]), claim, &*set) });
        }
    }
    Ok(items)
}
