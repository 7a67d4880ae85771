//! What a face is divided into: names, and the colours that a map shows them in.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::files::write_whole;

/// The side-car beside maps and masks.
pub const SIDE_CAR: &str = "classes.json";

/// One class; its index is its place in the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its name, for instance `hair`.
    pub name: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// The classes of a folder of maps; index 0 is what is no face.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSet {
    /// `face-6`, `celebamask-hq`, or a name of one's own.
    pub name: String,
    /// In the order of their indices.
    pub classes: Vec<Class>,
}

/// The class sets that need no side-car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KnownSet {
    /// Background, hair and brows, skin, eyes, nose, mouth.
    #[value(name = "face-6")]
    Face6,
    /// The 19 classes of CelebAMask-HQ.
    #[value(name = "celebamask-hq")]
    CelebAMaskHq,
}

const FACE_6: &[(&str, [u8; 3])] = &[
    ("background", [255, 0, 0]),
    ("hair and brows", [127, 0, 0]),
    ("skin", [255, 255, 0]),
    ("eyes", [0, 0, 255]),
    ("nose", [0, 255, 255]),
    ("mouth", [0, 255, 0]),
];

/// Order and colours of the data set's own scripts (`g_mask.py`, `g_color.py`). Parts are laid over each other in
/// this order: a later one covers an earlier one.
const CELEBAMASK_HQ: &[(&str, [u8; 3])] = &[
    ("background", [0, 0, 0]),
    ("skin", [204, 0, 0]),
    ("nose", [76, 153, 0]),
    ("eye_g", [204, 204, 0]),
    ("l_eye", [51, 51, 255]),
    ("r_eye", [204, 0, 204]),
    ("l_brow", [0, 255, 255]),
    ("r_brow", [255, 204, 204]),
    ("l_ear", [102, 51, 0]),
    ("r_ear", [255, 0, 0]),
    ("mouth", [102, 204, 0]),
    ("u_lip", [255, 255, 0]),
    ("l_lip", [0, 0, 153]),
    ("hair", [0, 0, 204]),
    ("hat", [255, 51, 153]),
    ("ear_r", [0, 204, 204]),
    ("neck_l", [0, 51, 0]),
    ("neck", [255, 153, 51]),
    ("cloth", [0, 204, 0]),
];

impl KnownSet {
    /// Its names and colours.
    pub fn classes(self) -> ClassSet {
        let (name, classes) = match self {
            Self::Face6 => ("face-6", FACE_6),
            Self::CelebAMaskHq => ("celebamask-hq", CELEBAMASK_HQ),
        };
        let classes = classes.iter().map(|&(name, colour)| Class { name: name.into(), colour }).collect();
        ClassSet { name: name.into(), classes }
    }
}

impl ClassSet {
    /// The side-car of a folder, if it has one.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(SIDE_CAR);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let set: Self = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
        set.check().with_context(|| path.display().to_string())?;
        Ok(Some(set))
    }

    /// Writes the side-car into a folder of maps.
    pub fn write(&self, folder: &Path) -> Result<()> {
        write_whole(&folder.join(SIDE_CAR), &serde_json::to_vec_pretty(self)?)
    }

    /// Two to 256 classes, no name or colour twice.
    pub fn check(&self) -> Result<()> {
        let count = self.classes.len();
        ensure!((2..=256).contains(&count), "{count} classes; a map has 2 to 256");
        for (index, class) in self.classes.iter().enumerate() {
            let twice =
                self.classes[..index].iter().find(|o| o.name == class.name || o.colour == class.colour);
            if let Some(other) = twice {
                anyhow::bail!("{:?} and {:?} share a name or a colour", other.name, class.name);
            }
        }
        Ok(())
    }

    /// The index of a name.
    pub fn index(&self, name: &str) -> Option<u8> {
        self.classes.iter().position(|class| class.name == name).map(|index| index as u8)
    }

    /// What each class is called in a mirror: `l_eye` becomes `r_eye`; a name without a partner stays.
    pub fn mirrored(&self) -> Vec<u8> {
        let partner = |name: &str| match name.split_at_checked(2) {
            Some(("l_", part)) => self.index(&format!("r_{part}")),
            Some(("r_", part)) => self.index(&format!("l_{part}")),
            _ => None,
        };
        let names = self.classes.iter().enumerate();
        names.map(|(index, class)| partner(&class.name).unwrap_or(index as u8)).collect()
    }

    /// The colours one after another, as a PNG's palette has them.
    pub fn palette(&self) -> Vec<u8> {
        self.classes.iter().flat_map(|class| class.colour).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_swaps_what_has_a_side() {
        let set = KnownSet::CelebAMaskHq.classes();
        set.check().unwrap();
        assert_eq!(set.classes.len(), 19);
        let mirrored = set.mirrored();
        let name = |of: &str| &*set.classes[usize::from(mirrored[usize::from(set.index(of).unwrap())])].name;
        assert_eq!((name("l_eye"), name("r_brow"), name("r_ear")), ("r_eye", "l_brow", "l_ear"));
        // The lower lip and the earring only look as if they had a side.
        assert_eq!(
            (name("l_lip"), name("u_lip"), name("ear_r"), name("hair")),
            ("l_lip", "u_lip", "ear_r", "hair")
        );
    }

    #[test]
    fn a_side_car_is_read_as_written_and_a_wrong_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ClassSet::read(folder.path()).unwrap(), None);
        let set = KnownSet::Face6.classes();
        set.write(folder.path()).unwrap();
        assert_eq!(ClassSet::read(folder.path()).unwrap(), Some(set.clone()));
        let mut twice = set;
        twice.classes[4].colour = [255, 0, 0];
        twice.write(folder.path()).unwrap();
        let error = format!("{:#}", ClassSet::read(folder.path()).unwrap_err());
        assert!(error.contains("classes.json") && error.contains("\"background\" and \"nose\""), "{error}");
    }
}
