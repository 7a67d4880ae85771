//! OW-DFA, as its own script arranges it: `IdentitySwap/Deepfakes/faceforensics/c23-000_003-012.png`,
//! `RealFace/Real/CelebDF/Celeb-real-id0_0000-12.png`.

use super::{
    tree::{Leaf, Tree},
    words,
};
use crate::data::{
    item::{Claim, Item},
    levels::key,
};

/// The folder of real faces.
const REAL: &str = "RealFace";

pub fn recognises(tree: &Tree) -> bool {
    tree.has_folder(|name| {
        name == REAL || ["IdentitySwap", "ExpressionTransfer", "EntireFaceSyncthesis"].contains(&name)
    })
}

pub fn items(tree: &Tree) -> Vec<Item> {
    tree.pictures.iter().filter_map(item).collect()
}

fn item(leaf: &Leaf) -> Option<Item> {
    let kind = leaf.folders.iter().position(|name| name == REAL || words::forgery(name).is_some())?;
    let below = &leaf.folders[kind + 1..];
    let claim = if leaf.folders[kind] == REAL {
        Claim::Real
    } else {
        let forgery = words::forgery(&leaf.folders[kind]).map(Into::into);
        Claim::Fake { generator: below.first()?.clone(), forgery, family: None }
    };
    let source = below.get(1).map_or("OW-DFA", |name| name);
    // FaceForensics++ names are compression-video-frame, Celeb-DF names end in video-frame.
    let is_video = ["faceforensics", "celebdf"].contains(&&*key(source));
    let video = leaf.stem.split('-').rev().find(|part| !words::groups(part).is_empty() && part.contains('_'));
    let video = video.or_else(|| leaf.stem.split('-').nth(1)).filter(|_| is_video);
    let groups = video.map(words::groups).unwrap_or_default();
    Some(Item { groups, split: leaf.split(), ..Item::new(leaf.path.clone(), claim, source) })
}
