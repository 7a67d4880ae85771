//! A pre-norm transformer block.

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Tensor, activation::gelu, backend::Backend},
};

use super::{Attention, ModelConfig};

/// `x + attention(norm(x))`, then `x + mlp(norm(x))` with GELU.
#[derive(Module, Debug)]
pub struct TransformerBlock<B: Backend> {
    attention_norm: LayerNorm<B>,
    attention: Attention<B>,
    mlp_norm: LayerNorm<B>,
    expand: Linear<B>,
    contract: Linear<B>,
    dropout: Dropout,
}

impl<B: Backend> TransformerBlock<B> {
    /// A block of the configured width.
    pub fn new(config: &ModelConfig, device: &B::Device) -> Self {
        Self {
            attention_norm: LayerNormConfig::new(config.width).init(device),
            attention: Attention::new(config.width, config.heads, true, config.dropout, device),
            mlp_norm: LayerNormConfig::new(config.width).init(device),
            expand: LinearConfig::new(config.width, config.mlp).init(device),
            contract: LinearConfig::new(config.mlp, config.width).init(device),
            dropout: DropoutConfig::new(config.dropout).init(),
        }
    }

    /// `[batch, tokens, width]` to the same shape.
    pub fn forward(&self, tokens: Tensor<B, 3>) -> Tensor<B, 3> {
        let normed = self.attention_norm.forward(tokens.clone());
        let tokens = tokens + self.attention.forward(normed.clone(), normed);
        let hidden = gelu(self.expand.forward(self.mlp_norm.forward(tokens.clone())));
        tokens + self.dropout.forward(self.contract.forward(hidden))
    }
}
