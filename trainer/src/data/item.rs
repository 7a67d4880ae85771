//! What a layout says of a picture, before anything is opened.

use std::path::PathBuf;

/// Which part of the work a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Split {
    /// To fit on.
    Train,
    /// To choose by.
    Val,
    /// To report on: generators and sources that are trained on.
    TestSeen,
    /// To report on: generators and sources that are not.
    TestUnseen,
    /// For nothing, so that a group stays on one side.
    Unused,
}

impl Split {
    /// Its word in `labels.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Val => "val",
            Self::TestSeen => "test_seen",
            Self::TestUnseen => "test_unseen",
            Self::Unused => "unused",
        }
    }

    /// From the words that data sets have for it.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "train" | "training" => Some(Self::Train),
            "val" | "valid" | "validation" | "dev" => Some(Self::Val),
            "test" | "testing" | "test_seen" => Some(Self::TestSeen),
            "test_unseen" => Some(Self::TestUnseen),
            "unused" => Some(Self::Unused),
            _ => None,
        }
    }
}

/// Real, or made by what, as far as the layout says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// A real face.
    Real,
    /// A fake.
    Fake {
        /// What the data set calls the generator.
        generator: String,
        /// L2, where the data set says it.
        forgery: Option<String>,
        /// L3, where the data set says it.
        family: Option<String>,
    },
}

impl Claim {
    /// A fake by a generator whose place the table knows.
    pub fn fake(generator: &str) -> Self {
        Self::Fake { generator: generator.into(), forgery: None, family: None }
    }
}

/// One picture that a layout names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where it is.
    pub path: PathBuf,
    /// The whole face beside it, where the data set has one already.
    pub face_view: Option<PathBuf>,
    /// What it is.
    pub claim: Claim,
    /// The picture set it came from.
    pub source: String,
    /// Its split, where the data set has one.
    pub split: Option<Split>,
    /// Identities, videos or originals it shows; both of a swap.
    pub groups: Vec<String>,
}

impl Item {
    /// A picture without split and groups.
    pub fn new(path: PathBuf, claim: Claim, source: impl Into<String>) -> Self {
        Self { path, face_view: None, claim, source: source.into(), split: None, groups: Vec::new() }
    }
}
