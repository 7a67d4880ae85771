//! What training minimises.

mod cross_entropy;
mod dfacc;

pub use cross_entropy::{Membership, level_cross_entropy};
pub use dfacc::{Irrelevant, dfacc};
