//! Pictures that are left out, and why.

use std::path::PathBuf;

use bmrl::DecodeError;
use serde::{Deserialize, Serialize};

/// Why a picture is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No file of that name.
    Missing,
    /// A file that cannot be opened or read.
    Unreadable,
    /// A file of no bytes.
    Empty,
    /// No signature of a picture that can be read.
    NotAPicture,
    /// More pixels or bytes than the limits allow.
    Enormous,
    /// A picture that is broken or ends too early.
    Damaged,
    /// No face was found.
    NoFace,
    /// The same bytes have another label elsewhere.
    Contradictory,
}

impl Reason {
    /// Its word in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Empty => "empty",
            Self::NotAPicture => "not-a-picture",
            Self::Enormous => "enormous",
            Self::Damaged => "damaged",
            Self::NoFace => "no-face",
            Self::Contradictory => "contradictory",
        }
    }
}

/// A picture that is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// Where it is.
    pub path: PathBuf,
    /// Why.
    pub reason: Reason,
    /// What exactly, and what to do.
    pub detail: String,
}

impl Skip {
    /// A picture that is left out.
    pub fn new(path: PathBuf, reason: Reason, detail: impl Into<String>) -> Self {
        Self { path, reason, detail: detail.into() }
    }
}

impl From<&DecodeError> for Reason {
    fn from(error: &DecodeError) -> Self {
        match error {
            DecodeError::Empty => Self::Empty,
            DecodeError::UnknownFormat => Self::NotAPicture,
            DecodeError::TooLarge(_) => Self::Enormous,
            DecodeError::Damaged { .. } => Self::Damaged,
        }
    }
}
