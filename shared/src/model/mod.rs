//! The network that stays at inference: the multi-perspective visual encoder (MPVE), its class head and centres.

mod attention;
mod classifier;
mod config;
mod conv_stack;
mod cost;
mod mpve;
mod transformer;
mod view_encoder;

pub use attention::Attention;
pub use classifier::{Classifier, ClassifierOutput};
pub use config::{ModelConfig, NoiseSource, Normalization, ViewConfig};
pub use conv_stack::ConvStack;
pub use mpve::Mpve;
pub use transformer::TransformerBlock;
pub use view_encoder::ViewEncoder;

#[cfg(test)]
mod tests;
