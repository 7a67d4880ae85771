//! What the tests need besides the code under test: pictures of nobody ([`eigenface`], [`portrait`], [`samples`])
//! that the repository may carry, and the awkward files made from them ([`fixtures`], [`hostile`]).

pub mod eigenface;
pub mod fixtures;
pub mod hostile;
pub mod portrait;
pub mod samples;
