//! FaceForensics++ and DeepFakeDetection: `manipulated_sequences/METHOD/c23/frames/000_003/0001.png`,
//! `original_sequences/youtube/c23/frames/000/0001.png`; `train.json`, `val.json`, `test.json` with pairs of videos.

use std::{collections::HashMap, fs};

use anyhow::{Context, Result};

use super::{
    tree::{Leaf, Tree},
    words,
};
use crate::data::item::{Claim, Item, Split};

/// The folders of real and of manipulated videos.
const HALVES: [&str; 2] = ["original_sequences", "manipulated_sequences"];

pub fn recognises(tree: &Tree) -> bool {
    tree.has_folder(|name| HALVES.contains(&name))
}

pub fn items(tree: &Tree) -> Result<Vec<Item>> {
    let splits = splits(tree)?;
    Ok(tree.pictures.iter().filter_map(|leaf| item(leaf, &splits)).collect())
}

fn item(leaf: &Leaf, splits: &HashMap<String, Split>) -> Option<Item> {
    let half = leaf.folders.iter().position(|name| HALVES.contains(&&**name))?;
    let below = &leaf.folders[half + 1..];
    let method = below.first()?;
    let set = if method == "actors" || method == "DeepFakeDetection" { "DFD" } else { "FF++" };
    let compression = below.iter().find(|name| ["c0", "raw", "c23", "hq", "c40", "lq"].contains(&&***name));
    let source = compression.map_or_else(|| set.to_string(), |compression| format!("{set} {compression}"));
    let claim = if leaf.folders[half] == HALVES[0] { Claim::Real } else { Claim::fake(method) };
    // A video is a folder of frames; some tools write the frames side by side instead.
    let mut groups = words::groups(leaf.parent());
    if groups.is_empty() {
        groups = words::groups(&leaf.stem);
    }
    let split = groups.iter().find_map(|group| splits.get(group)).copied();
    Some(Item { split, groups, ..Item::new(leaf.path.clone(), claim, source) })
}

/// The split of each video, from the JSON files with pairs such as `["071", "054"]`.
fn splits(tree: &Tree) -> Result<HashMap<String, Split>> {
    let mut splits = HashMap::new();
    for path in tree.tops_of(&["json"]) {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(split) = Split::from_word(&stem) else { continue };
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let pairs: Vec<Vec<String>> = serde_json::from_str(&text)
            .with_context(|| format!("{}: expected pairs of videos", path.display()))?;
        splits.extend(pairs.into_iter().flatten().map(|video| (format!("ff:{video}"), split)));
    }
    Ok(splits)
}
