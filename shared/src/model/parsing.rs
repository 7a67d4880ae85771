//! The parsing encoder: a colour-rendered face-parsing map to a feature that guides training.

use burn::{
    module::Module,
    nn::{Linear, LinearConfig},
    tensor::{Tensor, backend::Backend},
};

use super::{
    AttentionScale, EncoderConfig, ModelConfig, Normalization, ParsingConfig, ViewEncoder,
    attention::AttentionConfig, view_encoder::EncoderShape,
};
use crate::views::centred;

/// Conv stack, transformer, and a projection of the class token.
#[derive(Module, Debug)]
pub struct ParsingEncoder<B: Backend> {
    encoder: ViewEncoder<B>,
    project: Linear<B>,
}

impl<B: Backend> ParsingEncoder<B> {
    /// Builds the encoder beside `model`, whose normalisation and attention it follows.
    pub fn new(config: &ParsingConfig, model: &ModelConfig, device: &B::Device) -> Self {
        let (normalization, scale, token_norm) = match &model.encoder {
            EncoderConfig::Mpve(mpve) => (mpve.normalization, mpve.attention_scale, mpve.token_norm),
            EncoderConfig::Residual(_) => (Normalization::Weight, AttentionScale::Head, true),
        };
        let attention = AttentionConfig {
            width: config.width,
            heads: config.heads,
            scale,
            input_bias: false,
            output_bias: true,
            dropout: model.dropout,
        };
        let shape = EncoderShape { attention, mlp: config.mlp, normalization, token_norm };
        Self {
            encoder: ViewEncoder::new(&shape, &config.view, device),
            project: LinearConfig::new(config.width, model.width).init(device),
        }
    }

    /// Maps `[batch, 3, 224, 224]`, RGB in `[0, 1]`, to features `[batch, width]`, unnormalised.
    pub fn forward(&self, maps: Tensor<B, 4>) -> Tensor<B, 2> {
        let class = self.encoder.forward(centred(maps)).narrow(1, 0, 1).squeeze_dim(1);
        self.project.forward(class)
    }
}
