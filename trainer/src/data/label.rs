//! From what a data set calls its pictures to the four levels.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use bmrl::Generator;

use super::{
    item::{Claim, Item},
    levels::{self, Levels, key},
};

/// An item whose place on the levels is known.
pub struct Labelled {
    /// What the layout says.
    pub item: Item,
    /// `None` for a real face.
    pub generator: Option<Arc<Generator>>,
}

/// Other words for what a data set calls its classes.
pub struct Renames(HashMap<String, String>);

impl Renames {
    /// From `OLD=NEW`.
    pub fn new(words: &[String]) -> Result<Self> {
        let pair = |word: &String| {
            let (old, new) = word.split_once('=').filter(|(old, new)| !old.is_empty() && !new.is_empty())?;
            Some((key(old), new.to_string()))
        };
        let pairs = words
            .iter()
            .map(|word| pair(word).with_context(|| format!("--rename {word:?}: expected OLD=NEW")));
        Ok(Self(pairs.collect::<Result<_>>()?))
    }
}

/// Gives each item its levels, names each generator with one name, and lets each picture stand once; also answers
/// what is worth a warning. Fails when generators are not known, with all of them.
pub fn label(items: Vec<Item>, levels: &Levels, renames: &Renames) -> Result<(Vec<Labelled>, Vec<String>)> {
    let mut places = Places {
        levels,
        renames,
        known: HashMap::new(),
        unknown: BTreeMap::new(),
        warnings: BTreeSet::new(),
    };
    let mut labelled: Vec<Labelled> = Vec::with_capacity(items.len());
    let mut at: HashMap<(PathBuf, Option<String>), usize> = HashMap::new();
    for item in items {
        let generator = places.place(&item)?;
        let name = generator.as_ref().map(|generator| generator.name.clone());
        match at.get(&(item.path.clone(), name.clone())) {
            Some(&index) => {
                let known: &mut Item = &mut labelled[index].item;
                // Where a data set lists a picture for two splits, it must not be trained on.
                known.split = known.split.max(item.split);
                known.groups.extend(item.groups);
            }
            None => {
                at.insert((item.path.clone(), name), labelled.len());
                labelled.push(Labelled { item, generator });
            }
        }
    }
    places.finish()?;
    Ok((labelled, places.warnings.into_iter().collect()))
}

struct Places<'a> {
    levels: &'a Levels,
    renames: &'a Renames,
    /// By name, so that pictures share them.
    known: HashMap<String, Arc<Generator>>,
    /// Names without a place: what is known of it, how many pictures, and one of them.
    unknown: BTreeMap<String, (Option<String>, usize, PathBuf)>,
    warnings: BTreeSet<String>,
}

impl Places<'_> {
    fn place(&mut self, item: &Item) -> Result<Option<Arc<Generator>>> {
        let Claim::Fake { generator: name, forgery, family } = &item.claim else {
            return Ok(None);
        };
        let name = self.renames.0.get(&key(name)).unwrap_or(name);
        if key(name) == bmrl::REAL {
            return Ok(None);
        }
        let generator = match (self.levels.get(name), forgery, family) {
            (_, Some(forgery), Some(family)) => Generator::new(name, forgery, family),
            (Some(known), _, _) => {
                let other = forgery.as_ref().filter(|forgery| **forgery != known.forgery);
                if let Some(forgery) = other {
                    self.warnings.insert(format!(
                        "{name} lies under {forgery}; it is taken for {}, as elsewhere. A --levels file can say otherwise",
                        known.forgery
                    ));
                }
                known.clone()
            }
            _ => {
                let entry =
                    self.unknown.entry(name.clone()).or_insert((forgery.clone(), 0, item.path.clone()));
                entry.1 += 1;
                return Ok(None);
            }
        };
        if let Some(known) = self.known.get(&generator.name) {
            if (&known.forgery, &known.family) != (&generator.forgery, &generator.family) {
                bail!(
                    "{}: {} is {}/{} here and {}/{} elsewhere; a generator has one place: correct the table, or \
                     give one of them another name",
                    item.path.display(),
                    generator.name,
                    generator.forgery,
                    generator.family,
                    known.forgery,
                    known.family
                );
            }
            return Ok(Some(known.clone()));
        }
        levels::check(&generator).with_context(|| item.path.display().to_string())?;
        let generator = Arc::new(generator);
        self.known.insert(generator.name.clone(), generator.clone());
        Ok(Some(generator))
    }

    fn finish(&self) -> Result<()> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        let mut message = String::from("generators without a known place:");
        let mut file = String::new();
        for (name, (forgery, count, example)) in &self.unknown {
            message += &format!("\n  {name}: {count} pictures, for instance {}", example.display());
            let forgery = forgery.as_deref().unwrap_or("EFS, AM, FS or FR");
            let family = "GAN, diffusion, VAE, autoencoder, flow, autoregressive or graphics";
            file += &format!("\n[{name:?}]\nforgery = {forgery:?}\nfamily = {family:?}\n");
        }
        bail!(
            "{message}\nSay where each stands in a file for --levels:\n{file}\n\
             or call it by a known generator's name: --rename {:?}=StyleGAN2; by `real` where it is real",
            self.unknown.keys().next().map_or("fake", |name| name)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(items: Vec<Item>, renames: &[&str]) -> Result<(Vec<Labelled>, Vec<String>)> {
        let renames: Vec<String> = renames.iter().map(|word| word.to_string()).collect();
        label(items, &Levels::new(None)?, &Renames::new(&renames)?)
    }

    fn fake(path: &str, generator: &str, forgery: Option<&str>, family: Option<&str>) -> Item {
        let own = |word: Option<&str>| word.map(Into::into);
        let claim = Claim::Fake { generator: generator.into(), forgery: own(forgery), family: own(family) };
        Item::new(path.into(), claim, "made")
    }

    #[test]
    fn every_unknown_generator_is_named_with_what_to_add() {
        let items = vec![
            fake("a", "Splat3", Some("FS"), None),
            fake("b", "fake", None, None),
            fake("c", "sdv4", None, None),
        ];
        let error = run(items.clone(), &[]).err().unwrap().to_string();
        for part in ["[\"Splat3\"]\nforgery = \"FS\"", "[\"fake\"]", "--rename"] {
            assert!(error.contains(part), "{error}");
        }
        assert!(!error.contains("sdv4"), "{error}");
        let (labelled, _) = run(items, &["Splat3=SimSwap", "fake=real"]).unwrap();
        let names: Vec<Option<&str>> =
            labelled.iter().map(|one| one.generator.as_ref().map(|known| &*known.name)).collect();
        assert_eq!(names, [Some("SimSwap"), None, Some("SD1.4")]);
    }

    #[test]
    fn a_generator_with_two_places_is_refused_and_an_odd_folder_told() {
        let items =
            vec![fake("a", "Mine", Some("FS"), Some("GAN")), fake("b", "Mine", Some("FS"), Some("VAE"))];
        let error = run(items, &[]).err().unwrap().to_string();
        assert!(error.contains("FS/GAN") && error.contains("FS/VAE"), "{error}");
        let (labelled, warnings) = run(vec![fake("a", "StarGAN", Some("EFS"), None)], &[]).unwrap();
        assert_eq!(labelled[0].generator.as_ref().unwrap().forgery, "AM");
        assert!(warnings[0].contains("StarGAN"), "{warnings:?}");
    }

    #[test]
    fn a_picture_that_is_listed_twice_stands_once_on_the_test_side() {
        use crate::data::item::Split;
        let mut items = vec![fake("a", "SDXL", None, None), fake("a", "SDXL", None, None)];
        items[0].split = Some(Split::TestSeen);
        items[1].split = Some(Split::Val);
        let (labelled, _) = run(items, &[]).unwrap();
        assert_eq!(labelled.len(), 1);
        assert_eq!(labelled[0].item.split, Some(Split::TestSeen));
    }
}
