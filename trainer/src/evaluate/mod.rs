//! What a model says of pictures whose origin is known, as stored and after what a picture goes through.

mod condition;
mod judge;
mod outcome;
mod reliability;

pub use condition::Condition;
pub use judge::{BATCH, Judged, Network, Work, crop, judge, judge_work, rows};
pub use outcome::{Level, Outcome};
pub use reliability::reliability;
