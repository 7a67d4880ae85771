//! DF40: `METHOD/ff/frames/000_003/001.png`, `METHOD/cdf/...`, and `METHOD/fake/...`, `METHOD/real/...` for the
//! methods that carry their own real faces; perhaps below `DF40_train` and `DF40_test`, `FS`, `FR`, `EFS`, `FE`.

use super::{
    Options,
    tree::{Leaf, Tree},
    words,
};
use crate::data::{
    item::{Claim, Item},
    levels::key,
};

/// Where the videos come from: FaceForensics++ and Celeb-DF.
const DOMAINS: [&str; 2] = ["ff", "cdf"];

pub fn recognises(tree: &Tree, options: &Options) -> bool {
    tree.has_folder(|name| key(name).starts_with("df40"))
        || tree.pictures.iter().any(|leaf| {
            leaf.folders.windows(2).any(|pair| {
                options.levels.get(&pair[0]).is_some()
                    && [&DOMAINS[..], &["frames"]].concat().contains(&&*pair[1])
            })
        })
}

pub fn items(tree: &Tree, options: &Options) -> Vec<Item> {
    tree.pictures.iter().map(|leaf| item(leaf, options)).collect()
}

fn item(leaf: &Leaf, options: &Options) -> Item {
    let domain = leaf.folders.iter().find(|name| DOMAINS.contains(&&***name));
    let source = domain.map_or_else(|| "DF40".to_string(), |domain| format!("DF40 {domain}"));
    let is_real = leaf.folders.iter().any(|name| {
        words::is_real(name) || ["originalsequences", "celebreal", "youtubereal"].contains(&&*key(name))
    });
    let claim = if is_real {
        Claim::Real
    } else {
        let known = words::generator(&leaf.folders, options.levels);
        let forgery = leaf.folders.iter().rev().find_map(|name| words::forgery(name));
        let other = || leaf.folders.iter().skip(1).find(|name| !is_plain(name)).cloned();
        Claim::Fake {
            generator: known.or_else(other).unwrap_or_else(|| leaf.parent().into()),
            forgery: forgery.map(Into::into),
            family: None,
        }
    };
    let mut groups = words::groups(leaf.parent());
    if groups.is_empty() && leaf.stem.contains('_') {
        groups = words::groups(&leaf.stem);
    }
    Item { split: leaf.split(), groups, ..Item::new(leaf.path.clone(), claim, source) }
}

/// A folder that is not named for a method.
fn is_plain(name: &str) -> bool {
    key(name).starts_with("df40")
        || name == "frames"
        || DOMAINS.contains(&name)
        || words::split(name).is_some()
        || words::forgery(name).is_some()
        || words::is_fake(name)
}
