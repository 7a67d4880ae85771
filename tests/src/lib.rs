//! What the tests need besides the code under test: pictures of nobody ([`eigenface`],
//! [`portrait`]) that the repository may carry, and the awkward files made from them ([`fixtures`]).

pub mod eigenface;
pub mod portrait;
pub mod samples;
