//! A folder for each class: `real/x.jpg`, `StyleGAN2/x.png`, `fake/SDXL/x.png`; `train`, `val` and `test` above or
//! below.

use super::{
    Options,
    tree::{Leaf, Tree},
    words,
};
use crate::data::item::{Claim, Item};

pub fn recognises(tree: &Tree) -> bool {
    tree.pictures.iter().any(|leaf| leaf.folders.len() > 1)
}

pub fn items(tree: &Tree, options: &Options) -> Vec<Item> {
    let set = tree.name();
    tree.pictures.iter().map(|leaf| item(leaf, &set, options)).collect()
}

fn item(leaf: &Leaf, set: &str, options: &Options) -> Item {
    // Without folders below it, the root itself is the class.
    let below = &leaf.folders[usize::from(leaf.folders.len() > 1)..];
    let classes: Vec<String> = below.iter().filter(|name| words::split(name).is_none()).cloned().collect();
    let (claim, source) = match classes.iter().position(|name| words::is_real(name)) {
        Some(at) => (Claim::Real, classes.get(at + 1).map_or(set, |name| name)),
        None => {
            let first = classes.iter().find(|name| !words::is_fake(name)).or(classes.first());
            let generator = words::generator(&classes, options.levels).or_else(|| first.cloned());
            (Claim::fake(&generator.unwrap_or_else(|| leaf.parent().into())), set)
        }
    };
    Item { split: leaf.split(), ..Item::new(leaf.path.clone(), claim, source) }
}
