//! The verdict: one shape for Rust, JSON, JavaScript and reports.

use serde::{Serialize, Serializer, ser::SerializeMap};

/// The word for a level on which nothing can be said.
pub const CANNOT_TELL: &str = "cannot tell";

/// Probabilities by name, in a stable order; they sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(pub Vec<(String, f64)>);

impl Distribution {
    /// The likeliest name and its probability.
    pub fn top(&self) -> Option<(&str, f64)> {
        let best = self.0.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(name, probability)| (name.as_str(), *probability))
    }

    /// The probability of a name, 0 when it is absent.
    pub fn get(&self, name: &str) -> f64 {
        self.0.iter().find(|(known, _)| known == name).map_or(0.0, |(_, probability)| *probability)
    }
}

impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, probability) in &self.0 {
            map.serialize_entry(name, probability)?;
        }
        map.end()
    }
}

/// L1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Authenticity {
    /// Probability that no generator or editor touched the face.
    pub real: f64,
    /// `1 - real`.
    pub fake: f64,
}

/// The words that a person should read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// `real`, `fake` or `cannot tell`.
    pub authenticity: String,
    /// A forgery type or `cannot tell`; `None` when the face is real.
    pub forgery: Option<String>,
    /// A family or `cannot tell`; `None` when the face is real.
    pub family: Option<String>,
    /// A generator, `unknown` or `cannot tell`; `None` when the face is real.
    pub generator: Option<String>,
    /// The likeliest known generator; `None` when the face is real.
    pub nearest: Option<String>,
}

/// How often such an answer was right in our own tests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictReliability {
    /// Balanced accuracy of real against fake, 0.5 to 1.
    pub authenticity: f64,
    /// On which pictures it was measured.
    pub basis: String,
}

/// What is said of one face.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaceVerdict {
    /// Left, top, width, height in pixels of the upright picture.
    #[serde(rename = "box")]
    pub area: [i32; 4],
    /// How sure the face finder is, 0 to 1.
    pub score: f32,
    /// L1.
    pub authenticity: Authenticity,
    /// L2, given that the face is fake.
    pub forgery: Distribution,
    /// L3, given that the face is fake.
    pub family: Distribution,
    /// L4, given that the face is fake; always has `unknown`.
    pub generator: Distribution,
    /// The words.
    pub answer: Answer,
    /// Absent from bundles that were never measured.
    pub reliability: Option<VerdictReliability>,
}

/// The picture as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageInfo {
    /// Pixels, upright.
    pub width: u32,
    /// Pixels, upright.
    pub height: u32,
    /// `jpeg`, `png`, `webp`, `gif` or `bmp`.
    pub format: String,
    /// Of the bytes as given.
    pub sha256: String,
    /// Of a JPEG file, 1 to 100, estimated from its quantisation table; see [`Picture::quality`](crate::Picture::quality).
    pub quality: Option<u8>,
}

/// What is said of one picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Where the picture came from, if the caller knows.
    pub path: Option<String>,
    /// What was wrong and what to do; then `faces` is empty.
    pub error: Option<String>,
    /// `cpu`, `gpu` or a backend's name; filled by the caller.
    pub backend: String,
    /// Time from bytes to verdict; filled by the caller.
    pub milliseconds: f64,
    /// `None` when the picture could not be read.
    pub image: Option<ImageInfo>,
    /// The bundle that answered.
    pub model: crate::ModelInfo,
    /// Best face first; empty when there is none.
    pub faces: Vec<FaceVerdict>,
}
