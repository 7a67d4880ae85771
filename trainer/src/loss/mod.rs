//! What training minimises: a weighted sum, each loss in a file of its own.

mod alignment;
mod cross_entropy;
mod dfacc;
mod distillation;
mod matching;
mod multi_positive;
mod objective;

pub use alignment::alignment;
pub use cross_entropy::{Membership, level_cross_entropy};
pub use dfacc::{Irrelevant, dfacc};
pub use distillation::distillation;
pub use matching::matching;
pub use multi_positive::multi_positive;
pub use objective::{LossWeights, Losses, Objective};
