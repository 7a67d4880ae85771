//! Where each known generator stands on the levels: the one table, and a person's additions to it.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use bmrl::{Generator, Taxonomy};
use serde::Deserialize;

use super::generators::GENERATORS;

/// A row of a `--levels` file: `[Name]`, then `forgery = "EFS"` and `family = "GAN"`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    forgery: String,
    family: String,
}

/// Generators by any of their names.
pub struct Levels {
    known: HashMap<String, Generator>,
}

impl Levels {
    /// The table, and over it the generators of a TOML file.
    pub fn new(file: Option<&Path>) -> Result<Self> {
        let mut known = HashMap::new();
        for (name, forgery, family, aliases) in GENERATORS {
            for alias in std::iter::once(name).chain(*aliases) {
                known.insert(key(alias), Generator::new(name, forgery, family));
            }
        }
        let Some(path) = file else {
            return Ok(Self { known });
        };
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let places: HashMap<String, Place> = toml::from_str(&text)
            .with_context(|| format!("{}: expected [Name] with forgery and family", path.display()))?;
        for (name, place) in places {
            let generator = Generator::new(&name, &place.forgery, &place.family);
            check(&generator).with_context(|| path.display().to_string())?;
            known.insert(key(&name), generator);
        }
        Ok(Self { known })
    }

    /// A generator by one of its names; capitals, spaces and punctuation do not matter.
    pub fn get(&self, name: &str) -> Option<&Generator> {
        self.known.get(&key(name))
    }
}

/// That a generator's forgery type and family are known ones, and its name none that is taken.
pub fn check(generator: &Generator) -> Result<()> {
    let fault = Taxonomy::new(vec![generator.clone()]).fault();
    ensure!(fault.is_none(), "{}", fault.unwrap_or_default());
    Ok(())
}

/// What is compared of a name: its letters and digits, in lower case.
pub fn key(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generator_of_the_table_has_its_place_and_no_name_stands_twice() {
        let mut names = Vec::new();
        for (name, forgery, family, aliases) in GENERATORS {
            check(&Generator::new(name, forgery, family)).unwrap();
            names.extend(std::iter::once(name).chain(*aliases).map(|name| key(name)));
        }
        names.sort();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn a_file_adds_generators_and_a_wrong_word_in_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("levels.toml");
        fs::write(&path, "[\"Splat 3\"]\nforgery = \"EFS\"\nfamily = \"graphics\"\n").unwrap();
        let levels = Levels::new(Some(&path)).unwrap();
        assert_eq!(levels.get("splat-3").unwrap().family, "graphics");
        assert_eq!(levels.get("stable_diffusion_v_1_4").unwrap().name, "SD1.4");
        fs::write(&path, "[Splat]\nforgery = \"EFX\"\nfamily = \"graphics\"\n").unwrap();
        let error = format!("{:#}", Levels::new(Some(&path)).err().unwrap());
        assert!(error.contains("EFX"), "{error}");
    }
}
