//! Labelled pictures, and which of them train, choose and measure.

use std::{path::Path, path::PathBuf, str::FromStr};

use anyhow::{Context, Result, ensure};
use image::{GrayImage, RgbImage};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use rayon::prelude::*;

use super::{
    files::pictures,
    masks::{Mask, MaskFolder},
};
use crate::loader::read_picture;

/// Masks looked at before training starts; more would only delay it, and a wrong one is met in the first epoch.
const LOOKED_AT: usize = 1000;

/// A picture and its mask.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The picture.
    pub picture: PathBuf,
    mask: Mask,
}

impl Pair {
    /// Both, of one size.
    pub fn read(&self, masks: &MaskFolder) -> Result<(RgbImage, GrayImage)> {
        let picture = read_picture(&self.picture)?;
        let mask = masks.read(&self.mask, picture.dimensions())?;
        Ok((picture, mask))
    }

    fn name(&self) -> String {
        self.picture.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Which pictures: a part of them, drawn by the seed, or those whose file name fits a pattern.
#[derive(Debug, Clone)]
pub enum Choice {
    /// Above 0 and below 1.
    Part(f64),
    /// With `*`, `?` and `[...]`.
    Names(glob::Pattern),
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<f64>() {
            Ok(part) if part > 0.0 && part < 1.0 => Ok(Self::Part(part)),
            Ok(_) => Err("a part is above 0 and below 1".into()),
            Err(_) => glob::Pattern::new(text).map(Self::Names).map_err(|error| error.to_string()),
        }
    }
}

/// Labelled pictures by their use.
pub struct Pairs {
    /// Fit.
    pub train: Vec<Pair>,
    /// Choose the epoch.
    pub validation: Vec<Pair>,
    /// Measured once, at the end.
    pub test: Vec<Pair>,
}

impl Pairs {
    /// Every picture below `folder`; each must have a mask.
    pub fn list(
        folder: &Path,
        masks: &MaskFolder,
        test: &glob::Pattern,
        choice: &Choice,
        seed: u64,
    ) -> Result<Self> {
        let files = pictures(folder)?;
        ensure!(!files.is_empty(), "{} holds no pictures; --images names a folder of them", folder.display());
        let lacking: Vec<_> = files.iter().filter(|file| masks.find(file).is_none()).collect();
        if let Some(first) = lacking.first() {
            let (count, mask) = (lacking.len(), first.with_extension("png"));
            anyhow::bail!(
                "{count} pictures have no mask, for instance {}; --masks should have {}",
                first.display(),
                mask.display()
            );
        }
        let pairs = files
            .iter()
            .filter_map(|file| Some(Pair { picture: folder.join(file), mask: masks.find(file)?.clone() }));
        let (test, mut rest): (Vec<_>, Vec<_>) = pairs.partition(|pair| test.matches(&pair.name()));
        let (validation, train) = match choice {
            Choice::Names(pattern) => rest.into_iter().partition(|pair| pattern.matches(&pair.name())),
            Choice::Part(part) => {
                rest.shuffle(&mut StdRng::seed_from_u64(seed));
                let train = rest.split_off(((rest.len() as f64 * part).ceil() as usize).min(rest.len()));
                (rest, train)
            }
        };
        let (training, choosing) = (train.len(), validation.len());
        ensure!(
            training > 0 && choosing > 0,
            "{training} pictures are left to train and {choosing} to choose by; both are needed: see --test and --validate"
        );
        Ok(Self { train, validation, test })
    }

    /// The part of all pixels that each class has in the training masks; the first wrong mask is an error.
    pub fn frequencies(&self, masks: &MaskFolder) -> Result<Vec<f64>> {
        let all: Vec<&Pair> = self.train.iter().chain(&self.validation).chain(&self.test).collect();
        let every = all.len().div_ceil(LOOKED_AT);
        let classes = masks.classes.classes.len();
        let counts = all.par_iter().step_by(every).map(|pair| {
            let (_, mask) = pair.read(masks)?;
            let mut counts = vec![0.0; classes];
            for &class in mask.as_raw() {
                counts[usize::from(class)] += 1.0;
            }
            Ok(counts.iter().map(|count| count / mask.as_raw().len() as f64).collect::<Vec<f64>>())
        });
        let counts: Vec<Vec<f64>> = counts.collect::<Result<_>>().context("before training")?;
        let mean =
            |class: usize| counts.iter().map(|picture| picture[class]).sum::<f64>() / counts.len() as f64;
        Ok((0..classes).map(mean).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_part_or_a_pattern() {
        assert!(matches!("0.2".parse(), Ok(Choice::Part(part)) if part == 0.2));
        assert!(matches!("*personne07*".parse(), Ok(Choice::Names(_))));
        assert!("1.5".parse::<Choice>().is_err());
        assert!("[".parse::<Choice>().is_err());
    }
}
