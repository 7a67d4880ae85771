//! What the tests need besides the code under test: pictures of nobody ([`eigenface`], [`portrait`], [`samples`])
//! that the repository may carry, the awkward files made from them ([`fixtures`], [`hostile`]), and bundles for
//! comparing devices ([`device_bundles`]).

pub mod device_bundles;
pub mod drawn_weights;
pub mod eigenface;
pub mod fixtures;
pub mod hostile;
pub mod made_folder;
pub mod portrait;
pub mod reference;
pub mod samples;
pub mod view_images;
