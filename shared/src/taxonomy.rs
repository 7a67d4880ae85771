//! The four levels of the answer, and which generator belongs where.

use serde::{Deserialize, Serialize};

/// Class 0 of every bundle.
pub const REAL: &str = "real";

/// The word for a generator that the bundle was not trained on.
pub const UNKNOWN: &str = "unknown";

/// L2, what was done: entire face synthesis, attribute manipulation, face swap, face reenactment.
pub const FORGERIES: [&str; 4] = ["EFS", "AM", "FS", "FR"];

/// L3, what kind of generator did it; `graphics` is an editor or a renderer.
pub const FAMILIES: [&str; 7] =
    ["GAN", "diffusion", "VAE", "autoencoder", "flow", "autoregressive", "graphics"];

/// L4, one generator and its place on the levels above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generator {
    /// Its name in the field.
    pub name: String,
    /// One of [`FORGERIES`].
    pub forgery: String,
    /// One of [`FAMILIES`].
    pub family: String,
}

/// The generators that a bundle knows; class `i + 1` is `generators[i]`, class 0 is [`REAL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taxonomy {
    /// In class order.
    pub generators: Vec<Generator>,
}

impl Taxonomy {
    /// Number of classes, the real one included.
    pub fn classes(&self) -> usize {
        self.generators.len() + 1
    }

    /// The class of a generator; `None` when it is not known here.
    pub fn class(&self, generator: &str) -> Option<usize> {
        self.generators.iter().position(|known| known.name == generator).map(|index| index + 1)
    }

    /// The group (L2 x L3) of each class; the real class is a group of its own.
    pub fn groups(&self) -> Vec<String> {
        std::iter::once(REAL.to_string())
            .chain(self.generators.iter().map(|known| format!("{}/{}", known.forgery, known.family)))
            .collect()
    }

    /// The first thing that is wrong, if any: an unknown forgery type or family, a name twice.
    pub fn fault(&self) -> Option<String> {
        for (index, known) in self.generators.iter().enumerate() {
            if !FORGERIES.contains(&known.forgery.as_str()) {
                return Some(format!(
                    "{}: forgery type {:?} is none of {FORGERIES:?}",
                    known.name, known.forgery
                ));
            }
            if !FAMILIES.contains(&known.family.as_str()) {
                return Some(format!("{}: family {:?} is none of {FAMILIES:?}", known.name, known.family));
            }
            let reserved = [REAL, UNKNOWN].contains(&known.name.as_str());
            if reserved || self.generators[..index].iter().any(|other| other.name == known.name) {
                return Some(format!("the generator name {:?} is taken", known.name));
            }
        }
        None
    }
}
