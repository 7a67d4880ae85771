//! Multi-head attention, for self-attention in an encoder and for cross-attention in the fusion.

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Tensor, activation::softmax, backend::Backend},
};

use super::AttentionScale;

/// What an attention is made of.
#[derive(Debug, Clone)]
pub struct AttentionConfig {
    /// Width of the tokens.
    pub width: usize,
    /// Heads, each `width / heads` wide.
    pub heads: usize,
    /// Factor on query-key products.
    pub scale: AttentionScale,
    /// Whether query, key and value have biases; only the language encoder's do.
    pub input_bias: bool,
    /// Whether the output has one; the fusion has none at all.
    pub output_bias: bool,
    /// Dropout on the output, in training.
    pub dropout: f64,
}

/// Scaled dot-product attention over several heads.
#[derive(Module, Debug)]
pub struct Attention<B: Backend> {
    query: Linear<B>,
    key: Linear<B>,
    value: Linear<B>,
    output: Linear<B>,
    dropout: Dropout,
    heads: usize,
    scale: f64,
}

impl<B: Backend> Attention<B> {
    /// Builds it.
    pub fn new(config: &AttentionConfig, device: &B::Device) -> Self {
        let width = config.width;
        let linear = |bias| LinearConfig::new(width, width).with_bias(bias).init(device);
        let scaled = match config.scale {
            AttentionScale::Width => width,
            AttentionScale::Head => width / config.heads,
        };
        Self {
            query: linear(config.input_bias),
            key: linear(config.input_bias),
            value: linear(config.input_bias),
            output: linear(config.output_bias),
            dropout: DropoutConfig::new(config.dropout).init(),
            heads: config.heads,
            scale: (scaled as f64).powf(-0.5),
        }
    }

    /// Attends from `from` `[batch, m, width]` to `to` `[batch, n, width]`; output `[batch, m, width]`.
    ///
    /// `mask` `[m, n]` is added to the products: 0 where a token may look, very negative where not.
    pub fn forward(&self, from: Tensor<B, 3>, to: Tensor<B, 3>, mask: Option<&Tensor<B, 2>>) -> Tensor<B, 3> {
        let [batch, count, width] = from.dims();
        let query = self.split(self.query.forward(from)).mul_scalar(self.scale);
        let key = self.split(self.key.forward(to.clone()));
        let value = self.split(self.value.forward(to));
        let mut products = query.matmul(key.swap_dims(2, 3));
        if let Some(mask) = mask {
            products = products + mask.clone().unsqueeze();
        }
        let mixed = softmax(products, 3).matmul(value).swap_dims(1, 2).reshape([batch, count, width]);
        self.dropout.forward(self.output.forward(mixed))
    }

    /// `[batch, n, width]` to `[batch, heads, n, width / heads]`.
    fn split(&self, tokens: Tensor<B, 3>) -> Tensor<B, 4> {
        let [batch, count, width] = tokens.dims();
        tokens.reshape([batch, count, self.heads, width / self.heads]).swap_dims(1, 2)
    }
}
