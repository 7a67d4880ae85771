//! A pre-norm transformer block.

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{
        Tensor,
        activation::{gelu, sigmoid},
        backend::Backend,
    },
};

use super::{Attention, attention::AttentionConfig};

/// `x + attention(norm(x))`, then `x + mlp(norm(x))`.
#[derive(Module, Debug)]
pub struct TransformerBlock<B: Backend> {
    attention_norm: LayerNorm<B>,
    attention: Attention<B>,
    mlp_norm: LayerNorm<B>,
    expand: Linear<B>,
    contract: Linear<B>,
    dropout: Dropout,
    quick_gelu: bool,
}

impl<B: Backend> TransformerBlock<B> {
    /// A block with GELU in its MLP.
    pub fn new(attention: &AttentionConfig, mlp: usize, device: &B::Device) -> Self {
        let width = attention.width;
        Self {
            attention_norm: LayerNormConfig::new(width).init(device),
            attention: Attention::new(attention, device),
            mlp_norm: LayerNormConfig::new(width).init(device),
            expand: LinearConfig::new(width, mlp).init(device),
            contract: LinearConfig::new(mlp, width).init(device),
            dropout: DropoutConfig::new(attention.dropout).init(),
            quick_gelu: false,
        }
    }

    /// The same with CLIP's `x sigmoid(1.702 x)`.
    pub fn with_quick_gelu(self) -> Self {
        Self { quick_gelu: true, ..self }
    }

    /// `[batch, tokens, width]` to the same shape; `mask` as in [`Attention::forward`].
    pub fn forward(&self, tokens: Tensor<B, 3>, mask: Option<&Tensor<B, 2>>) -> Tensor<B, 3> {
        let normed = self.attention_norm.forward(tokens.clone());
        let tokens = tokens + self.attention.forward(normed.clone(), normed, mask);
        let hidden = self.expand.forward(self.mlp_norm.forward(tokens.clone()));
        let hidden =
            if self.quick_gelu { hidden.clone() * sigmoid(hidden.mul_scalar(1.702)) } else { gelu(hidden) };
        tokens + self.dropout.forward(self.contract.forward(hidden))
    }
}
