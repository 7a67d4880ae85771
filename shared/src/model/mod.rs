//! The network, as it is trained and as it ships: the multi-perspective visual encoder (MPVE), its class head and
//! centres, and the parsing and language encoders that guide training.

mod attention;
mod bmrl;
mod classifier;
mod config;
mod conv_stack;
mod cost;
mod fault;
mod language;
mod mpve;
mod parsing;
mod presets;
mod residual;
mod transformer;
mod view_encoder;

pub use attention::{Attention, AttentionConfig};
pub use bmrl::{Bmrl, BmrlOutput, Guidance};
pub use classifier::{Classifier, ClassifierOutput, Encoder, normalize};
pub use config::{
    AttentionScale, EncoderConfig, LanguageConfig, MethodConfig, ModelConfig, MpveConfig, NoiseSource,
    Normalization, ParsingConfig, ResidualConfig, SideView, ViewConfig,
};
pub use conv_stack::ConvStack;
pub use language::{LEVELS, LanguageEncoder, TokenChain};
pub use mpve::{Mpve, Views};
pub use parsing::ParsingEncoder;
pub use residual::{ResidualBlock, ResidualNetwork};
pub use transformer::TransformerBlock;
pub use view_encoder::{EncoderShape, ViewEncoder};

#[cfg(test)]
mod tests;
