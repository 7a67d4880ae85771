//! A folder of masks: one index PNG a picture, or CelebAMask-HQ's black and white PNG for each part of each picture.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use image::{GrayImage, Luma, imageops, imageops::FilterType};

use super::{
    classes::{ClassSet, KnownSet, SIDE_CAR},
    files::{pictures, spelt},
    map,
};
use crate::loader::read_picture;

/// Where the mask of one picture is.
#[derive(Debug, Clone)]
pub enum Mask {
    /// A PNG of class indices.
    Indices(PathBuf),
    /// Class and file of each part, in the order of the classes.
    Parts(Vec<(u8, PathBuf)>),
}

/// Masks by the pictures that they are of.
pub struct MaskFolder {
    /// What the indices mean.
    pub classes: ClassSet,
    masks: Vec<Mask>,
    /// By path from the folder, without an ending.
    by_path: HashMap<String, usize>,
    /// By name alone; `None` where several share it.
    by_name: HashMap<String, Option<usize>>,
}

impl MaskFolder {
    /// Lists a folder. The class set is the side-car's, or the one named; part files show that it is CelebAMask-HQ's.
    pub fn open(folder: &Path, named: Option<KnownSet>) -> Result<Self> {
        let mut files = pictures(folder)?;
        files.retain(|file| file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png")));
        ensure!(!files.is_empty(), "{} holds no PNG; --masks names a folder of masks", folder.display());
        let celeb = KnownSet::CelebAMaskHq.classes();
        let named = named.map(KnownSet::classes);
        let classes = match (ClassSet::read(folder)?, named) {
            (Some(read), Some(named)) if read != named => {
                let (path, name) = (folder.join(SIDE_CAR), named.name);
                bail!("{} is not --classes {name}; leave --classes out", path.display())
            }
            (Some(set), _) | (None, Some(set)) => set,
            (None, None) if files.iter().any(|file| part_of(file, &celeb).is_some()) => celeb,
            (None, None) => bail!(
                "{} has no {SIDE_CAR}; say what its indices mean with --classes face-6 or --classes celebamask-hq",
                folder.display()
            ),
        };
        let mut set = Self { classes, masks: Vec::new(), by_path: HashMap::new(), by_name: HashMap::new() };
        let mut parts = BTreeMap::<String, Vec<(u8, PathBuf)>>::new();
        for file in files {
            let path = folder.join(&file);
            match part_of(&file, &set.classes) {
                Some((number, class)) => parts.entry(number).or_default().push((class, path)),
                None => set.add(Some(spelt(&file.with_extension(""))), stem(&file), Mask::Indices(path)),
            }
        }
        for (number, mut files) in parts {
            files.sort();
            set.add(None, number, Mask::Parts(files));
        }
        Ok(set)
    }

    fn add(&mut self, path: Option<String>, name: String, mask: Mask) {
        let at = self.masks.len();
        self.masks.push(mask);
        if let Some(path) = path {
            self.by_path.insert(path, at);
        }
        self.by_name.entry(name).and_modify(|known| *known = None).or_insert(Some(at));
    }

    /// The mask of a picture, by its path from the folder of pictures: `a/b.jpg` has `a/b.png`, `a/b.jpg.png`, or a
    /// `b.png` that is the only one.
    pub fn find(&self, picture: &Path) -> Option<&Mask> {
        let at = self.by_path.get(&spelt(&picture.with_extension("")));
        let at = at.or_else(|| self.by_path.get(&spelt(picture))).copied();
        at.or_else(|| self.by_name.get(&stem(picture)).copied().flatten()).map(|at| &self.masks[at])
    }

    /// The class of every pixel of a picture of this size. A mask of another size but the same shape, as
    /// CelebAMask-HQ's are, is brought to it.
    pub fn read(&self, mask: &Mask, (width, height): (u32, u32)) -> Result<GrayImage> {
        let (path, map) = match mask {
            Mask::Indices(path) => (path, map::read(path, self.classes.classes.len())?),
            Mask::Parts(parts) => (&parts[0].1, combine(parts)?),
        };
        let size = map.dimensions();
        if size == (width, height) {
            return Ok(map);
        }
        let same_shape = u64::from(size.0) * u64::from(height) == u64::from(size.1) * u64::from(width);
        ensure!(
            same_shape,
            "{}: {} x {} pixels, but its picture has {width} x {height}; they must have one shape",
            path.display(),
            size.0,
            size.1
        );
        Ok(imageops::resize(&map, width, height, FilterType::Nearest))
    }
}

/// Lays parts over each other; what is not black belongs to the part.
fn combine(parts: &[(u8, PathBuf)]) -> Result<GrayImage> {
    let mut whole: Option<GrayImage> = None;
    for (class, path) in parts {
        let part = read_picture(path)?;
        let map = whole.get_or_insert_with(|| GrayImage::new(part.width(), part.height()));
        ensure!(
            map.dimensions() == part.dimensions(),
            "{}: {:?} pixels, other parts of this picture have {:?}",
            path.display(),
            part.dimensions(),
            map.dimensions()
        );
        for (pixel, shown) in map.pixels_mut().zip(part.pixels()) {
            if shown.0[0] != 0 {
                *pixel = Luma([*class]);
            }
        }
    }
    whole.context("a picture without parts")
}

/// `00012_l_eye.png` is the part `l_eye` of picture 12.
fn part_of(file: &Path, classes: &ClassSet) -> Option<(String, u8)> {
    let name = file.file_stem()?.to_str()?;
    let (number, part) = name.split_once('_')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some(())?;
    Some((unpadded(number), classes.index(part)?))
}

/// A file's name without its ending, and without the zeros that pad a number.
fn stem(file: &Path) -> String {
    unpadded(&file.file_stem().unwrap_or_default().to_string_lossy())
}

fn unpadded(name: &str) -> String {
    match name.bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!("0{}", name.trim_start_matches('0')),
        false => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save(folder: &Path, file: &str, side: u32, inside: impl Fn(u32, u32) -> bool) {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        GrayImage::from_fn(side, side, |x, y| Luma([if inside(x, y) { 255 } else { 0 }])).save(path).unwrap();
    }

    #[test]
    fn parts_cover_each_other_in_the_order_of_the_classes() {
        let folder = tempfile::tempdir().unwrap();
        save(folder.path(), "3/00012_hair.png", 8, |_, y| y < 4);
        save(folder.path(), "3/00012_skin.png", 8, |x, _| x < 6);
        save(folder.path(), "3/00012_l_eye.png", 8, |x, y| (x, y) == (1, 5));
        let masks = MaskFolder::open(folder.path(), None).unwrap();
        assert_eq!(masks.classes.name, "celebamask-hq");
        let mask = masks.find(Path::new("CelebA-HQ-img/12.jpg")).unwrap();
        // A picture twice as large, as in the data set.
        let map = masks.read(mask, (16, 16)).unwrap();
        let at = |x: u32, y: u32| &*masks.classes.classes[usize::from(map.get_pixel(2 * x, 2 * y).0[0])].name;
        assert_eq!([at(0, 0), at(0, 6), at(1, 5), at(7, 6)], ["hair", "skin", "l_eye", "background"]);
        assert!(masks.find(Path::new("120.jpg")).is_none());
        let error = masks.read(mask, (16, 12)).unwrap_err().to_string();
        assert!(error.contains("8 x 8 pixels, but its picture has 16 x 12"), "{error}");
    }

    #[test]
    fn a_mask_is_found_by_path_first_and_by_name_if_there_is_one() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["a/x.png", "b/x.png", "b/y.png", "c/z.jpg.png"] {
            save(folder.path(), file, 2, |_, _| false);
        }
        assert!(
            MaskFolder::open(folder.path(), None).is_err_and(|error| error.to_string().contains("--classes"))
        );
        let masks = MaskFolder::open(folder.path(), Some(KnownSet::Face6)).unwrap();
        let file = |picture: &str| match masks.find(Path::new(picture)) {
            Some(Mask::Indices(path)) => Some(spelt(path.strip_prefix(folder.path()).unwrap())),
            _ => None,
        };
        assert_eq!(file("a/x.jpg").as_deref(), Some("a/x.png"));
        assert_eq!(file("other/x.jpg"), None);
        assert_eq!(file("other/y.jpg").as_deref(), Some("b/y.png"));
        assert_eq!(file("c/z.jpg").as_deref(), Some("c/z.jpg.png"));
    }
}
