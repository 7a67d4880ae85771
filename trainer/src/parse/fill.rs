//! The column `parsing` of a data folder: maps that appear one after another, and the table in the end.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, ensure};
use image::GrayImage;
use rayon::prelude::*;

use super::{
    classes::ClassSet,
    files::spelt,
    labels::{Labels, same_folder},
    map,
};
use crate::{interrupt, progress::Progress};

/// The folder of the maps, in the folder of the table.
const MAPS: &str = "parsing";

/// Failures that are named; more are only counted.
const NAMED: usize = 20;

/// What became of a picture.
pub enum Outcome {
    /// Its map.
    Map(GrayImage),
    /// It has no mask to be imported.
    NoMask,
}

/// A data folder whose pictures get maps.
pub struct Fill<'a> {
    data: &'a Path,
    out: &'a Path,
    classes: &'a ClassSet,
    largest_share: f64,
    labels: Labels,
    /// From a picture to its map, both as the table names them.
    made: HashMap<String, String>,
    progress: Progress,
    without_mask: usize,
    one_class: usize,
    failures: Vec<String>,
}

impl<'a> Fill<'a> {
    /// Opens a data folder, and lists the pictures that have no map yet.
    pub fn open(
        data: &'a Path,
        out: &'a Path,
        classes: &'a ClassSet,
        largest_share: f64,
    ) -> Result<(Self, Vec<String>)> {
        let labels = Labels::read(data)?;
        let maps = out.join(MAPS);
        match ClassSet::read(&maps)? {
            Some(known) => ensure!(
                known == *classes,
                "{} holds maps of the classes {}, these are {}; name another --out or remove it",
                maps.display(),
                known.name,
                classes.name
            ),
            None => {
                let strange = !same_folder(data, out) && out.join("labels.csv").exists();
                ensure!(!strange, "{} holds another data folder; name another --out", out.display());
                classes.write(&maps)?;
            }
        }
        let mut made = HashMap::new();
        let mut todo = Vec::new();
        for file in labels.without_map() {
            let map = map_name(&file);
            match out.join(&map).exists() {
                true => drop(made.insert(file, map)),
                false => todo.push(file),
            }
        }
        if !made.is_empty() {
            eprintln!("{} maps are there from before", made.len());
        }
        let progress = Progress::new(todo.len(), "pictures");
        let fill = Self {
            data,
            out,
            classes,
            largest_share,
            labels,
            made,
            progress,
            without_mask: 0,
            one_class: 0,
            failures: Vec::new(),
        };
        Ok((fill, todo))
    }

    /// Where a picture of the table is.
    pub fn picture(&self, file: &str) -> PathBuf {
        self.data.join(file)
    }

    /// Writes the maps of some pictures.
    pub fn keep(&mut self, pictures: Vec<(String, Result<Outcome>)>) {
        self.progress.add(pictures.len());
        let kept: Vec<(String, Result<Kept>)> = pictures
            .into_par_iter()
            .map(|(file, outcome)| {
                let kept = outcome.and_then(|outcome| self.keep_one(&file, outcome));
                (file, kept)
            })
            .collect();
        for (file, kept) in kept {
            match kept {
                Ok(Kept::Map(map)) => drop(self.made.insert(file, map)),
                Ok(Kept::OneClass) => self.one_class += 1,
                Ok(Kept::NoMask) => self.without_mask += 1,
                Err(error) => self.failures.push(format!("{file}: {error:#}")),
            }
        }
    }

    fn keep_one(&self, file: &str, outcome: Outcome) -> Result<Kept> {
        let Outcome::Map(map) = outcome else { return Ok(Kept::NoMask) };
        if map::largest_share(&map) > self.largest_share {
            return Ok(Kept::OneClass);
        }
        let name = map_name(file);
        map::write(&self.out.join(&name), &map, self.classes).context("its map")?;
        Ok(Kept::Map(name))
    }

    /// Writes the table, and says what was done.
    pub fn close(mut self) -> Result<ExitCode> {
        self.labels.write(self.out, &self.made)?;
        drop(self.progress);
        let (pictures, with_map) = self.labels.counts();
        let path = self.out.join("labels.csv");
        eprintln!("{}: {with_map} of {pictures} pictures have a map", path.display());
        if self.one_class > 0 {
            let share = self.largest_share * 100.0;
            eprintln!("left out: {} whose map is to more than {share:.0} % of one class", self.one_class);
        }
        if self.without_mask > 0 {
            eprintln!("left out: {} that have no mask", self.without_mask);
        }
        for failure in self.failures.iter().take(NAMED) {
            eprintln!("failed: {failure}");
        }
        if self.failures.len() > NAMED {
            eprintln!("failed: {} more", self.failures.len() - NAMED);
        }
        if interrupt::requested() {
            return Ok(interrupt::stopped("the same command goes on from here"));
        }
        Ok(if self.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

enum Kept {
    Map(String),
    OneClass,
    NoMask,
}

/// `native/a.jpg` has `parsing/native/a.jpg.png`: pictures that differ in their ending only have two maps.
fn map_name(file: &str) -> String {
    let parts: PathBuf =
        Path::new(file).components().filter(|part| matches!(part, Component::Normal(_))).collect();
    format!("{MAPS}/{}.png", spelt(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_stays_below_its_folder() {
        assert_eq!(map_name("native/a.jpg"), "parsing/native/a.jpg.png");
        assert_eq!(map_name("/data/../b.png"), "parsing/data/b.png.png");
    }
}
