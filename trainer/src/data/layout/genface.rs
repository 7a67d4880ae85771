//! GenFace: folders for the forgery types, in them families or generators, and a folder of real faces; `train`,
//! `val` and `test` above or below.

use super::{
    Options,
    tree::{Leaf, Tree},
    words,
};
use crate::data::{
    item::{Claim, Item},
    levels::key,
};

pub fn recognises(tree: &Tree) -> bool {
    tree.has_folder(|name| key(name).starts_with("genface") || forgery(name).is_some())
}

pub fn items(tree: &Tree, options: &Options) -> Vec<Item> {
    tree.pictures.iter().map(|leaf| item(leaf, options)).collect()
}

/// Here `Face_Swap` is the forgery type, not the generator of FaceForensics++.
fn forgery(name: &str) -> Option<&'static str> {
    words::forgery(name).or_else(|| (name.to_lowercase() == "face_swap").then_some("FS"))
}

fn item(leaf: &Leaf, options: &Options) -> Item {
    // The name of the root says which set it is.
    let folders = &leaf.folders[usize::from(leaf.folders.len() > 1)..];
    let said = folders.iter().find_map(|name| forgery(name));
    let originals = ["celebahq", "celebamaskhq", "ffhq", "lfw"];
    let real = folders
        .iter()
        .position(|name| words::is_real(name) || said.is_none() && originals.contains(&&*key(name)));
    let (claim, source) = match real {
        Some(at) => {
            let set = folders[at..].iter().rev().find(|name| !is_plain(name) && !words::is_real(name));
            (Claim::Real, set.map_or("GenFace", |name| name))
        }
        None => {
            let known = words::generator(folders, options.levels);
            let other = || folders.iter().rev().find(|name| !is_plain(name)).cloned();
            let generator = known.or_else(other).unwrap_or_else(|| leaf.parent().into());
            let family = folders.iter().find_map(|name| words::family(name)).map(Into::into);
            (Claim::Fake { generator, forgery: said.map(Into::into), family }, "GenFace")
        }
    };
    Item { split: leaf.split(), ..Item::new(leaf.path.clone(), claim, source) }
}

/// A folder that names no generator and no set.
fn is_plain(name: &str) -> bool {
    words::split(name).is_some()
        || forgery(name).is_some()
        || words::family(name).is_some()
        || words::is_fake(name)
        || name.bytes().all(|byte| byte.is_ascii_digit())
}
