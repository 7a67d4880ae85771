//! The language encoder: a CLIP text tower (Radford et al. 2021, arXiv 2103.00020) over a chain of four prompts.

use burn::{
    module::{Module, Param},
    nn::{Embedding, EmbeddingConfig, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Int, Tensor, TensorData, backend::Backend},
};

use super::{AttentionScale, LanguageConfig, TransformerBlock, attention::AttentionConfig};

/// Prompts of a chain: authenticity, forgery type, family, generator.
pub const LEVELS: usize = 4;

/// What is added to a product that must not count. Not infinity, whose softmax a GPU may turn into NaN.
const NEVER: f32 = -1e9;

/// The four prompts of one class as token numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenChain {
    /// The prompts in a row, each filled up with zeros to the context: `[4 * context]`.
    pub ids: Vec<u32>,
    /// Position of the last prompt's end token.
    pub end: usize,
}

/// Token chains to features.
#[derive(Module, Debug)]
pub struct LanguageEncoder<B: Backend> {
    tokens: Embedding<B>,
    /// `[1, 4 * context, width]`
    positions: Param<Tensor<B, 3>>,
    blocks: Vec<TransformerBlock<B>>,
    norm: LayerNorm<B>,
    projection: Linear<B>,
}

impl<B: Backend> LanguageEncoder<B> {
    /// Builds the encoder of features of `width`.
    pub fn new(config: &LanguageConfig, width: usize, device: &B::Device) -> Self {
        let attention = AttentionConfig {
            width: config.width,
            heads: config.heads,
            scale: AttentionScale::Head,
            input_bias: true,
            output_bias: true,
            dropout: 0.0,
        };
        let block = || TransformerBlock::new(&attention, config.mlp, device).with_quick_gelu();
        // CLIP's own spreads.
        let tokens = Initializer::Normal { mean: 0.0, std: 0.02 };
        let positions = Initializer::Normal { mean: 0.0, std: 0.01 };
        let projection = Initializer::Normal { mean: 0.0, std: (config.width as f64).powf(-0.5) };
        Self {
            tokens: EmbeddingConfig::new(config.vocabulary, config.width)
                .with_initializer(tokens)
                .init(device),
            positions: positions.init([1, LEVELS * config.context, config.width], device),
            blocks: (0..config.layers).map(|_| block()).collect(),
            norm: LayerNormConfig::new(config.width).init(device),
            projection: LinearConfig::new(config.width, width)
                .with_bias(false)
                .with_initializer(projection)
                .init(device),
        }
    }

    /// Features `[chains, width]`, unnormalised, read at the end token of the last prompt: with the causal mask
    /// the only place that all four levels reach.
    pub fn forward(&self, chains: &[TokenChain], device: &B::Device) -> Tensor<B, 2> {
        let count = chains.len();
        // Under a causal mask nothing behind the last end token can matter.
        let length = chains.iter().map(|chain| chain.end + 1).max().unwrap_or(0);
        let ids = chains.iter().flat_map(|chain| chain.ids[..length].iter().map(|&id| i64::from(id)));
        let ids: Vec<i64> = ids.collect();
        let ids = Tensor::<B, 2, Int>::from_data(TensorData::new(ids, [count, length]), device);
        let mut tokens = self.tokens.forward(ids) + self.positions.val().narrow(1, 0, length);
        let mask = causal_mask(length, device);
        for block in &self.blocks {
            tokens = block.forward(tokens, Some(&mask));
        }
        let width = tokens.dims()[2];
        let ends = chains.iter().enumerate().map(|(row, chain)| (row * length + chain.end) as i64);
        let ends =
            Tensor::<B, 1, Int>::from_data(TensorData::new(ends.collect::<Vec<i64>>(), [count]), device);
        let last = tokens.reshape([count * length, width]).select(0, ends);
        self.projection.forward(self.norm.forward(last))
    }
}

/// `[length, length]`: a token sees itself and what stands before it.
fn causal_mask<B: Backend>(length: usize, device: &B::Device) -> Tensor<B, 2> {
    let entry = |index: usize| if index % length > index / length { NEVER } else { 0.0 };
    let mask: Vec<f32> = (0..length * length).map(entry).collect();
    Tensor::from_data(TensorData::new(mask, [length, length]), device)
}
