//! GenImage: `stable_diffusion_v_1_4/imagenet_ai_0419_sdv4/train/ai/x.png`, or `Midjourney/val/nature/x.JPEG`.

use super::{
    Options,
    tree::{Leaf, Tree},
    words,
};
use crate::data::item::{Claim, Item};

pub fn recognises(tree: &Tree) -> bool {
    tree.pictures.iter().any(|leaf| half(leaf).is_some())
}

pub fn items(tree: &Tree, options: &Options) -> Vec<Item> {
    tree.pictures.iter().filter_map(|leaf| item(leaf, options)).collect()
}

/// Where `train/ai` or its like begins.
fn half(leaf: &Leaf) -> Option<usize> {
    let is = |pair: &[String]| words::split(&pair[0]).is_some() && ["ai", "nature"].contains(&&*pair[1]);
    leaf.folders.windows(2).position(is)
}

fn item(leaf: &Leaf, options: &Options) -> Option<Item> {
    let at = half(leaf)?;
    let above = &leaf.folders[..at];
    let (claim, source) = if leaf.folders[at + 1] == "nature" {
        (Claim::Real, "ImageNet")
    } else {
        let known = words::generator(above, options.levels);
        // `imagenet_ai_0419_sdv4` ends in the generator.
        let ends = || {
            let last = above.last()?.rsplit('_').next()?;
            options.levels.get(last).map(|_| last.to_string())
        };
        let generator = known.or_else(ends).or_else(|| above.last().cloned())?;
        (Claim::fake(&generator), "GenImage")
    };
    Some(Item { split: words::split(&leaf.folders[at]), ..Item::new(leaf.path.clone(), claim, source) })
}
