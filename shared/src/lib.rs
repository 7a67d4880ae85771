//! Everything a face picture goes through, in one direction: bytes, picture, face, views, embedding, verdict.
//!
//! The method is BMRL (arXiv 2504.14129). The same code runs in the trainer, on the command line and in the
//! browser; nothing here touches files, the network or the clock.

mod bundle;
mod calibration;
mod crop;
mod decode;
pub mod enroll;
mod enrolled;
mod explain;
mod face;
pub mod model;
mod open_set;
mod prepare;
mod score;
mod taxonomy;
mod tracer;
mod verdict;
pub mod views;
mod weights;

pub use bundle::{
    Bundle, BundleError, MANIFEST_KEY, Manifest, Reliability, SelfCheck, Training, with_manifest,
};
pub use calibration::{Calibration, Fusion, Levels};
pub use crop::{CROP_SIDE, FaceCrop, FaceTensors, Square, pixels};
pub use decode::{DecodeError, MAX_DECODED_BYTES, MAX_SIDE, Picture, decode, hex_sha256};
pub use enrolled::Enrolled;
pub use explain::{Explanation, OCCLUSION_CELLS, Occlusion, ViewPicture};
pub use face::{FaceBox, FaceFinder, FaceFinderError};
pub use open_set::OpenSet;
pub use prepare::PreparedPicture;
pub use score::{Score, TextTable};
pub use taxonomy::{Generator, Kind, REAL, Taxonomy, TaxonomyAdditions, UNKNOWN};
pub use tracer::{FaceEmbedding, FaceMode, ModelInfo, SelfCheckError, TraceError, Tracer};
pub use verdict::{
    Answer, Authenticity, CANNOT_TELL, Distribution, FaceVerdict, ImageInfo, Verdict, VerdictReliability,
};
pub use weights::Weights;
