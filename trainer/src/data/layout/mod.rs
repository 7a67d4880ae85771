//! How public data sets lie on the disk, one file a layout.

mod deepfakebench;
mod df40;
mod faceforensics;
mod genface;
mod genimage;
mod image_folder;
mod list;
mod ow_dfa;
mod table;
mod tree;
mod words;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use super::{item::Item, levels::Levels, skip::Skip};
use tree::Tree;

/// A layout that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// labels.csv, or any table with at least a path and a label
    Csv,
    /// A text file of lines `path<TAB>label`
    List,
    /// original_sequences and manipulated_sequences
    #[value(name = "faceforensics++", alias = "ff++")]
    FaceForensics,
    /// JSON files of DeepfakeBench, which DF40 has as well
    Deepfakebench,
    /// Methods with ff, cdf or frames below
    #[value(name = "df40")]
    Df40,
    /// IdentitySwap, ExpressionTransfer, AttributeManipulation, EntireFaceSyncthesis, RealFace
    #[value(name = "ow-dfa")]
    OwDfa,
    /// Generators with train or val, and ai or nature below
    #[value(name = "genimage")]
    GenImage,
    /// EFS, AM, FS and real
    #[value(name = "genface")]
    GenFace,
    /// A folder for each class: real, and generators
    ImageFolder,
}

/// What reading a layout needs to know.
pub struct Options<'a> {
    /// The known generators.
    pub levels: &'a Levels,
    /// Folder that the paths of lists, tables and JSON files start from, if not theirs.
    pub root: Option<&'a Path>,
    /// Folder that is written to: never read as data.
    pub out: &'a Path,
}

/// What was found under one path of the command line.
pub struct Found {
    /// How it was read.
    pub layout: Layout,
    /// Its pictures, in the order of their paths.
    pub items: Vec<Item>,
    /// What could not be listed.
    pub skipped: Vec<Skip>,
}

/// Lists the pictures under a folder, or in a table, list or JSON file.
pub fn read(path: &Path, layout: Option<Layout>, options: &Options) -> Result<Found> {
    ensure!(path.exists(), "{} does not exist", path.display());
    let tree = Tree::new(path, options.out)?;
    let layout = match layout {
        Some(layout) => layout,
        None => detect(&tree, options).with_context(|| path.display().to_string())?,
    };
    let mut items = match layout {
        Layout::Csv => table::items(&tree, options),
        Layout::List => list::items(&tree, options),
        Layout::FaceForensics => faceforensics::items(&tree),
        Layout::Deepfakebench => deepfakebench::items(&tree, options),
        Layout::Df40 => Ok(df40::items(&tree, options)),
        Layout::OwDfa => Ok(ow_dfa::items(&tree)),
        Layout::GenImage => Ok(genimage::items(&tree, options)),
        Layout::GenFace => Ok(genface::items(&tree, options)),
        Layout::ImageFolder => Ok(image_folder::items(&tree, options)),
    }
    .with_context(|| path.display().to_string())?;
    items.sort_by(|a, b| a.path.cmp(&b.path));
    ensure!(
        !items.is_empty(),
        "{}: no pictures found as {}; videos must be cut into frames first, and --layout names another layout",
        path.display(),
        layout.name()
    );
    // Where a table or list says which pictures count, what else lies about is nobody's loss.
    let listed = matches!(layout, Layout::Csv | Layout::List | Layout::Deepfakebench);
    let skipped = if listed { Vec::new() } else { tree.skipped };
    Ok(Found { layout, items, skipped })
}

impl Layout {
    /// Its word on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_string())
    }
}

/// The first layout that knows itself, from the most particular to the most general.
fn detect(tree: &Tree, options: &Options) -> Result<Layout> {
    let found = if table::recognises(tree) {
        Layout::Csv
    } else if faceforensics::recognises(tree) {
        Layout::FaceForensics
    } else if deepfakebench::recognises(tree) {
        Layout::Deepfakebench
    } else if ow_dfa::recognises(tree) {
        Layout::OwDfa
    } else if genimage::recognises(tree) {
        Layout::GenImage
    } else if df40::recognises(tree, options) {
        Layout::Df40
    } else if genface::recognises(tree) {
        Layout::GenFace
    } else if list::recognises(tree) {
        Layout::List
    } else {
        ensure!(
            image_folder::recognises(tree),
            "no known layout: put the pictures into a folder for each class (real, and a generator's name each), \
             or write a labels.csv with the columns file and label"
        );
        Layout::ImageFolder
    };
    Ok(found)
}

/// `name` as a path from `base`.
fn from(base: &Path, name: &str) -> PathBuf {
    base.join(name.replace('\\', "/"))
}
