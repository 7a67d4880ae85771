//! The JSON files of DeepfakeBench and DF40: set, label, split, perhaps compression, video, then
//! `{"label": "FF-DF", "frames": ["FaceForensics++/manipulated_sequences/.../001.png"]}`.

use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Options, from, tree::Tree, words};
use crate::data::item::{Claim, Item, Split};

pub fn recognises(tree: &Tree) -> bool {
    let tops = tree.tops_of(&["json"]);
    let is = |path: &&PathBuf| {
        let value = fs::read_to_string(path).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
        value.is_some_and(|value| {
            let labels = value.as_object().and_then(|sets| sets.values().next()).and_then(Value::as_object);
            let splits = labels.and_then(|labels| labels.values().next()).and_then(Value::as_object);
            splits.is_some_and(|splits| splits.keys().any(|name| Split::from_word(name).is_some()))
        })
    };
    tops.first().is_some_and(is)
}

pub fn items(tree: &Tree, options: &Options) -> Result<Vec<Item>> {
    let files = tree.tops_of(&["json"]);
    ensure!(!files.is_empty(), "no JSON files at the top of this folder");
    let base = options.root.unwrap_or(&tree.root);
    let mut reading = Reading { base, options, cut: Cell::new(0), items: Vec::new() };
    for path in files {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let value: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        let sets = value.as_object().with_context(|| format!("{}: expected an object", path.display()))?;
        for (set, labels) in sets {
            reading.set(set, labels);
        }
    }
    Ok(reading.items)
}

struct Reading<'a> {
    base: &'a Path,
    options: &'a Options<'a>,
    /// How many folders at the front of the last path that was found are the author's own.
    cut: Cell<usize>,
    items: Vec<Item>,
}

impl Reading<'_> {
    fn set(&mut self, set: &str, labels: &Value) {
        for (_, splits) in labels.as_object().into_iter().flatten() {
            for (word, videos) in splits.as_object().into_iter().flatten() {
                let split = Split::from_word(word);
                self.videos(set, split, videos);
            }
        }
    }

    /// Videos, or compressions that hold them.
    fn videos(&mut self, set: &str, split: Option<Split>, videos: &Value) {
        for (name, video) in videos.as_object().into_iter().flatten() {
            let (Some(label), Some(frames)) = (video["label"].as_str(), video["frames"].as_array()) else {
                self.videos(&format!("{set} {name}"), split, video);
                continue;
            };
            // A video's name may be the path it had on the author's disk.
            let video = name.rsplit(['/', '\\']).next().unwrap_or(name);
            for frame in frames.iter().filter_map(Value::as_str) {
                let claim = self.claim(label, frame);
                let item = Item::new(self.find(frame), claim, set);
                self.items.push(Item { split, groups: words::groups(video), ..item });
            }
        }
    }

    /// `FF-real` and `simswap_Real` are real. `FF-DF` and `simswap_Fake` name the generator, `FSAll_Fake` does not:
    /// there the frame's folders do.
    fn claim(&self, label: &str, frame: &str) -> Claim {
        let lower = label.to_lowercase();
        if lower == "real" || lower.ends_with("_real") || lower.ends_with("-real") {
            return Claim::Real;
        }
        let name = lower.strip_suffix("_fake").map_or(label, |name| &label[..name.len()]);
        if self.options.levels.get(name).is_some() {
            return Claim::fake(name);
        }
        let folders: Vec<String> = frame.split(['/', '\\']).map(Into::into).collect();
        Claim::fake(&words::generator(&folders, self.options.levels).unwrap_or_else(|| name.into()))
    }

    /// The frame below the base, however many folders of its author's disk stand before it.
    fn find(&self, frame: &str) -> PathBuf {
        let frame = frame.replace('\\', "/");
        let parts: Vec<&str> = frame.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let cuts = std::iter::once(self.cut.get()).chain(0..parts.len());
        for cut in cuts.filter(|cut| *cut < parts.len()) {
            let path = self.base.join(parts[cut..].join("/"));
            if path.is_file() {
                self.cut.set(cut);
                return path;
            }
        }
        from(self.base, &frame)
    }
}
