//! One view to tokens: conv stack, linear projection of its positions, class token, position term, transformer.

use burn::{
    module::{Module, Param},
    nn::{Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Tensor, backend::Backend},
};

use super::{ConvStack, Normalization, TransformerBlock, ViewConfig, attention::AttentionConfig};

/// What views of one network have in common.
#[derive(Debug, Clone)]
pub struct EncoderShape {
    /// Attention of every block.
    pub attention: AttentionConfig,
    /// Hidden width of the MLPs.
    pub mlp: usize,
    /// Normalisation of the convolutions.
    pub normalization: Normalization,
    /// Whether a layer norm closes the transformer.
    pub token_norm: bool,
}

/// Encodes one view of the face.
#[derive(Module, Debug)]
pub struct ViewEncoder<B: Backend> {
    stack: ConvStack<B>,
    project: Linear<B>,
    /// `[1, 1, width]`
    class_token: Param<Tensor<B, 3>>,
    /// `[1, tokens + 1, width]`, indexed by token, never by the slot in the batch.
    positions: Param<Tensor<B, 3>>,
    blocks: Vec<TransformerBlock<B>>,
    norm: Option<LayerNorm<B>>,
    token_side: usize,
}

impl<B: Backend> ViewEncoder<B> {
    /// Builds the encoder of `view`.
    pub fn new(shape: &EncoderShape, view: &ViewConfig, device: &B::Device) -> Self {
        let width = shape.attention.width;
        let small = Initializer::Normal { mean: 0.0, std: 0.02 };
        Self {
            stack: ConvStack::new(view, shape.normalization, device),
            project: LinearConfig::new(view.output() * view.token_side * view.token_side, width).init(device),
            class_token: small.init([1, 1, width], device),
            positions: small.init([1, view.tokens + 1, width], device),
            blocks: (0..view.blocks)
                .map(|_| TransformerBlock::new(&shape.attention, shape.mlp, device))
                .collect(),
            norm: shape.token_norm.then(|| LayerNormConfig::new(width).init(device)),
            token_side: view.token_side,
        }
    }

    /// `[batch, channels, height, width]` to tokens `[batch, 1 + tokens, width]`, the class token first.
    pub fn forward(&self, view: Tensor<B, 4>) -> Tensor<B, 3> {
        let features = self.stack.forward(view);
        let [batch, channels, height, width] = features.dims();
        let side = self.token_side;
        // [batch, c, rows, side, columns, side] -> [batch, rows * columns, c * side * side]
        let cells = features
            .reshape([batch, channels, height / side, side, width / side, side])
            .permute([0, 2, 4, 1, 3, 5])
            .reshape([batch, (height / side) * (width / side), channels * side * side]);
        let tokens = self.project.forward(cells);
        let class_token = self.class_token.val().repeat_dim(0, batch);
        let mut tokens = Tensor::cat(vec![class_token, tokens], 1) + self.positions.val();
        for block in &self.blocks {
            tokens = block.forward(tokens, None);
        }
        match &self.norm {
            Some(norm) => norm.forward(tokens),
            None => tokens,
        }
    }

    /// Folds the stack's normalisation.
    pub fn fold(self) -> Self {
        Self { stack: self.stack.fold(), ..self }
    }
}
