//! Multi-head attention without QKV bias, for self-attention in a view and for cross-attention in the fusion.

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Tensor, activation::softmax, backend::Backend},
};

/// Scaled dot-product attention over `heads` heads, scale `(width / heads)^-1/2`.
#[derive(Module, Debug)]
pub struct Attention<B: Backend> {
    query: Linear<B>,
    key: Linear<B>,
    value: Linear<B>,
    output: Linear<B>,
    dropout: Dropout,
    heads: usize,
}

impl<B: Backend> Attention<B> {
    /// `output_bias` is false in the fusion, which has no biases at all.
    pub fn new(width: usize, heads: usize, output_bias: bool, dropout: f64, device: &B::Device) -> Self {
        let linear = || LinearConfig::new(width, width).with_bias(false);
        Self {
            query: linear().init(device),
            key: linear().init(device),
            value: linear().init(device),
            output: linear().with_bias(output_bias).init(device),
            dropout: DropoutConfig::new(dropout).init(),
            heads,
        }
    }

    /// Attends from `from` `[batch, m, width]` to `to` `[batch, n, width]`; output `[batch, m, width]`.
    pub fn forward(&self, from: Tensor<B, 3>, to: Tensor<B, 3>) -> Tensor<B, 3> {
        let [batch, count, width] = from.dims();
        let head = width / self.heads;
        let query = self.split(self.query.forward(from)).mul_scalar((head as f32).powf(-0.5));
        let key = self.split(self.key.forward(to.clone()));
        let value = self.split(self.value.forward(to));
        let weights = softmax(query.matmul(key.swap_dims(2, 3)), 3);
        let mixed = weights.matmul(value).swap_dims(1, 2).reshape([batch, count, width]);
        self.dropout.forward(self.output.forward(mixed))
    }

    /// `[batch, n, width]` to `[batch, heads, n, width / heads]`.
    fn split(&self, tokens: Tensor<B, 3>) -> Tensor<B, 4> {
        let [batch, count, width] = tokens.dims();
        tokens.reshape([batch, count, self.heads, width / self.heads]).swap_dims(1, 2)
    }
}
