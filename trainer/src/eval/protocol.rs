//! What is judged: test sets and conditions, as a person writes them into a file.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use bmrl::Taxonomy;
use serde::{Deserialize, Serialize};
use toml::Table;

use crate::nearest::suggestion;
use crate::{evaluate::Condition, pack::Sample};

/// The protocols that come with the program.
const BUILT_IN: [(&str, &str); 4] = [
    ("zs-dfa", include_str!("protocols/zs-dfa.toml")),
    ("closed-set", include_str!("protocols/closed-set.toml")),
    ("cross-source", include_str!("protocols/cross-source.toml")),
    ("leave-one-generator-out", include_str!("protocols/leave-one-generator-out.toml")),
];

const KEYS: [&str; 5] = ["name", "about", "conditions", "unseen", "sets"];
const SET_KEYS: [&str; 6] = ["name", "splits", "generators", "sources", "real", "each"];

/// Test sets and the conditions under which each is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// For reports.
    pub name: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub about: String,
    /// As [`Condition`] is written.
    #[serde(default = "clean")]
    pub conditions: Vec<String>,
    /// Generators that no model judged by this protocol may have been trained on.
    #[serde(default)]
    pub unseen: Vec<String>,
    /// At least one.
    pub sets: Vec<TestSet>,
}

/// Which pictures are judged together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestSet {
    /// For reports.
    pub name: String,
    /// Splits of `labels.csv`.
    #[serde(default = "test_splits")]
    pub splits: Vec<String>,
    /// Which fakes.
    #[serde(default)]
    pub generators: Generators,
    /// Picture sets, of real and fake pictures; empty for all.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Whether real pictures take part.
    #[serde(default = "yes")]
    pub real: bool,
    /// A set for each value that occurs: `generator` (each with all real pictures) or `source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
}

/// Which fakes are in a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Generators {
    /// By what the model was trained on.
    By(Training),
    /// By name.
    Named(Vec<String>),
}

/// By what the model was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Training {
    /// Every generator.
    All,
    /// Those that the model was trained on.
    Seen,
    /// Those that it was not.
    Unseen,
}

impl Default for Generators {
    fn default() -> Self {
        Self::By(Training::All)
    }
}

/// What a set is taken apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Each generator with all real pictures of the set.
    Generator,
    /// Each source of the set.
    Source,
}

fn clean() -> Vec<String> {
    vec!["clean".into()]
}

fn test_splits() -> Vec<String> {
    ["test_seen", "test_unseen"].map(String::from).to_vec()
}

fn yes() -> bool {
    true
}

impl Protocol {
    /// A built-in one by its name, or a file.
    pub fn read(name: &str) -> Result<Self> {
        if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Self::parse(text);
        }
        let path = Path::new(name);
        let names = BUILT_IN.map(|(known, _)| known);
        ensure!(
            path.exists(),
            "--protocol {name:?} is neither a file nor one of {}{}",
            names.join(", "),
            suggestion(name, names)
        );
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        Self::parse(&text).with_context(|| name.to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let table: Table = text.parse()?;
        let known_only = |table: &Table, known: &[&str], place: &str| match table
            .keys()
            .find(|key| !known.contains(&key.as_str()))
        {
            Some(key) => bail!("unknown key {key:?}{place}{}", suggestion(key, known.iter().copied())),
            None => Ok(()),
        };
        known_only(&table, &KEYS, "")?;
        for set in table.get("sets").and_then(toml::Value::as_array).into_iter().flatten() {
            set.as_table().map_or(Ok(()), |set| known_only(set, &SET_KEYS, " in [[sets]]"))?;
        }
        if let Some(word) = sets_words(&table).find(|word| !["all", "seen", "unseen"].contains(word)) {
            let hint = suggestion(word, ["all", "seen", "unseen"]);
            bail!("generators = {word:?} is none of \"all\", \"seen\", \"unseen\" or a list of names{hint}");
        }
        let protocol: Self = Table::try_into(table)?;
        ensure!(!protocol.sets.is_empty(), "a protocol needs at least one [[sets]]");
        ensure!(!protocol.conditions.is_empty(), "conditions must name at least one, for instance \"clean\"");
        let names: BTreeSet<&str> = protocol.sets.iter().map(|set| &*set.name).collect();
        ensure!(names.len() == protocol.sets.len(), "two sets have the same name");
        protocol.conditions()?;
        Ok(protocol)
    }

    /// The conditions, read.
    pub fn conditions(&self) -> Result<Vec<Condition>> {
        self.conditions.iter().map(|text| text.parse()).collect()
    }

    /// Refuses names that no picture has.
    pub fn check_names(&self, samples: &[Sample]) -> Result<()> {
        let generators = || samples.iter().filter_map(|one| Some(&*one.generator.as_ref()?.name));
        let check = |what: &str, names: &[String], known: BTreeSet<&str>| match names
            .iter()
            .find(|name| !known.contains(name.as_str()))
        {
            Some(name) => {
                bail!(
                    "protocol {:?}: no picture has the {what} {name:?}{}",
                    self.name,
                    suggestion(name, known)
                )
            }
            None => Ok(()),
        };
        check("generator", &self.unseen, generators().collect())?;
        for set in &self.sets {
            check("split", &set.splits, samples.iter().map(|one| &*one.split).collect())?;
            check("source", &set.sources, samples.iter().map(|one| &*one.source).collect())?;
            if let Generators::Named(names) = &set.generators {
                check("generator", names, generators().collect())?;
            }
        }
        Ok(())
    }

    /// The sets with the places of their samples, for a model that was trained on `taxonomy`; empty ones are left out.
    pub fn sets(&self, samples: &[Sample], taxonomy: &Taxonomy) -> Result<Vec<(String, Vec<usize>)>> {
        let trained = self.unseen.iter().find(|name| taxonomy.class(name).is_some());
        if let Some(name) = trained {
            bail!("protocol {:?}: {name:?} must be unseen, but this model was trained on it", self.name);
        }
        let mut all = Vec::new();
        for set in &self.sets {
            let rows: Vec<usize> =
                (0..samples.len()).filter(|&row| set.takes(&samples[row], taxonomy)).collect();
            let fakes = rows.iter().any(|&row| samples[row].generator.is_some());
            // Without its fakes a set of "seen" or "unseen" ones would be about something else.
            if !rows.is_empty() && (fakes || set.generators == Generators::default()) {
                all.extend(set.parts(rows, samples));
            }
        }
        Ok(all)
    }
}

/// The words, not lists, under `generators`.
fn sets_words(table: &Table) -> impl Iterator<Item = &str> {
    let sets = table.get("sets").and_then(toml::Value::as_array).into_iter().flatten();
    sets.filter_map(|set| set.get("generators")?.as_str())
}

impl TestSet {
    fn takes(&self, sample: &Sample, taxonomy: &Taxonomy) -> bool {
        self.splits.contains(&sample.split)
            && (self.sources.is_empty() || self.sources.contains(&sample.source))
            && match (&sample.generator, &self.generators) {
                (None, _) => self.real,
                (Some(_), Generators::By(Training::All)) => true,
                (Some(one), Generators::By(Training::Seen)) => taxonomy.class(&one.name).is_some(),
                (Some(one), Generators::By(Training::Unseen)) => taxonomy.class(&one.name).is_none(),
                (Some(one), Generators::Named(names)) => names.contains(&one.name),
            }
    }

    /// The set, or the sets that it stands for.
    fn parts(&self, rows: Vec<usize>, samples: &[Sample]) -> Vec<(String, Vec<usize>)> {
        let key = |row: usize| match self.each {
            Some(Each::Source) => Some(&*samples[row].source),
            _ => samples[row].generator.as_ref().map(|generator| &*generator.name),
        };
        let Some(each) = self.each else { return vec![(self.name.clone(), rows)] };
        let values: BTreeSet<&str> = rows.iter().filter_map(|&row| key(row)).collect();
        let part = |value: &str| {
            let belongs = |row: &usize| key(*row).map_or(each == Each::Generator, |own| own == value);
            (format!("{} {value}", self.name), rows.iter().copied().filter(belongs).collect())
        };
        values.into_iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bmrl::Generator;

    fn sample(split: &str, source: &str, generator: Option<&str>) -> Sample {
        Sample {
            file: String::new(),
            native: Default::default(),
            face: None,
            parsing: None,
            generator: generator.map(|name| Generator::new(name, "EFS", "GAN")),
            source: source.into(),
            split: split.into(),
            group: String::new(),
        }
    }

    fn samples() -> Vec<Sample> {
        vec![
            sample("test_seen", "a", None),
            sample("test_seen", "a", Some("Old")),
            sample("test_unseen", "b", Some("New")),
            sample("test_unseen", "b", None),
            sample("train", "a", Some("Old")),
        ]
    }

    fn sets(name: &str) -> Vec<(String, Vec<usize>)> {
        let taxonomy = Taxonomy::new(vec![Generator::new("Old", "EFS", "GAN")]);
        Protocol::read(name).unwrap().sets(&samples(), &taxonomy).unwrap()
    }

    fn named(rows: &[(&str, &[usize])]) -> Vec<(String, Vec<usize>)> {
        rows.iter().map(|(name, rows)| (name.to_string(), rows.to_vec())).collect()
    }

    #[test]
    fn the_built_in_ones_choose_by_what_the_model_was_trained_on() {
        assert_eq!(sets("zs-dfa"), named(&[("seen", &[0, 1]), ("unseen", &[2, 3]), ("open", &[0, 1, 2, 3])]));
        assert_eq!(sets("closed-set"), named(&[("closed", &[0, 1])]));
        assert_eq!(
            sets("cross-source"),
            named(&[
                ("trained sources", &[0, 1]),
                ("other sources", &[2, 3]),
                ("source a", &[0, 1]),
                ("source b", &[2, 3])
            ])
        );
        // Nothing was left out of this model's training.
        assert_eq!(sets("leave-one-generator-out"), named(&[("trained", &[0, 1]), ("open", &[0, 1])]));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_was_probably_meant() {
        let error = |text: &str| format!("{:#}", Protocol::parse(text).unwrap_err());
        let set = "[[sets]]\nname = \"a\"\n";
        assert!(
            error(&format!("name = \"x\"\ncondition = [\"clean\"]\n{set}"))
                .contains("did you mean \"conditions\"")
        );
        assert!(error(&format!("name = \"x\"\n{set}split = [\"val\"]")).contains("did you mean \"splits\""));
        assert!(
            error(&format!("name = \"x\"\n{set}generators = \"unsen\"")).contains("did you mean \"unseen\"")
        );
        assert!(error(&format!("name = \"x\"\nconditions = [\"jpg75\"]\n{set}")).contains("jpg75"));
        assert!(error("name = \"x\"\nsets = []").contains("at least one"));
        assert!(Protocol::read("zsdfa").unwrap_err().to_string().contains("\"zs-dfa\""));

        let protocol =
            Protocol::parse(&format!("name = \"x\"\n{set}generators = [\"Odl\"]\nsplits = [\"train\"]"))
                .unwrap();
        assert!(protocol.check_names(&samples()).unwrap_err().to_string().contains("did you mean \"Old\""));
        let protocol = Protocol::parse(&format!("name = \"x\"\nunseen = [\"Old\"]\n{set}")).unwrap();
        let taxonomy = Taxonomy::new(vec![Generator::new("Old", "EFS", "GAN")]);
        assert!(protocol.sets(&samples(), &taxonomy).unwrap_err().to_string().contains("must be unseen"));
    }
}
