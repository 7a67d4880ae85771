//! Every width, depth and choice of the network, as data.

use serde::{Deserialize, Serialize};

use crate::{crop::CROP_SIDE, views::PATCH_SIDE};

/// Where the noise view takes its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoiseSource {
    /// The face resampled to 224 x 224, as in the paper.
    Resized,
    /// The middle of the face at the photo's own resolution (ours: resampling erases high frequencies).
    Native,
}

/// How a convolution's output is kept in scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalization {
    /// Batch normalisation after the convolution, as in the paper.
    Batch,
    /// Scaled weight standardisation of the convolution's kernels (Brock et al. 2021, arXiv 2101.08692): no
    /// pass over the activations, which is where Burn's batch normalisation spends its time (ours).
    Weight,
    /// Neither: a bundle's kernels hold the result of one of the above.
    Folded,
}

/// One view: a conv stack, then a transformer over its positions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewConfig {
    /// Channels of the view's input.
    pub channels: usize,
    /// Stride of the very first convolution: 2 halves the cost of the finest stage, 1 is the paper's.
    pub stem_stride: usize,
    /// Output channels of each stage.
    pub widths: Vec<usize>,
    /// Convolutions in each stage.
    pub convs: Vec<usize>,
    /// Side of the square of positions that become one token.
    pub token_side: usize,
    /// Tokens made from the positions, without the class token.
    pub tokens: usize,
    /// Transformer blocks.
    pub blocks: usize,
}

/// The network of one bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelConfig {
    /// Name of the preset it started from.
    pub preset: String,
    /// Width of tokens and of the embedding.
    pub width: usize,
    /// Attention heads; each is `width / heads` wide.
    pub heads: usize,
    /// Hidden width of the transformer's MLP.
    pub mlp: usize,
    /// Dropout in training, on attention outputs and before the head.
    pub dropout: f64,
    /// Source of the noise view.
    pub noise_source: NoiseSource,
    /// Factor on the noise view after clamping: residuals of [0, 1] pixels are small (ours).
    pub noise_gain: f32,
    /// Normalisation of the convolutions.
    pub normalization: Normalization,
    /// The image view.
    pub image: ViewConfig,
    /// The noise view.
    pub noise: ViewConfig,
    /// The edge view.
    pub edge: ViewConfig,
}

impl ModelConfig {
    /// The default that ships: at most 6 M parameters and 1.2 GMAC.
    pub fn web() -> Self {
        Self {
            preset: "web".into(),
            width: 256,
            heads: 4,
            mlp: 512,
            dropout: 0.1,
            noise_source: NoiseSource::Native,
            noise_gain: 16.0,
            normalization: Normalization::Weight,
            image: view(3, 2, &[24, 48, 96, 192], &[1, 2, 2, 2], 1, 49, 2),
            noise: view(3, 1, &[24, 48], &[1, 2], 4, 49, 1),
            edge: view(1, 2, &[16, 32, 64, 128], &[1, 1, 1, 1], 1, 49, 1),
        }
    }

    /// For tests and slow phones: at most 1 M parameters.
    pub fn nano() -> Self {
        Self {
            preset: "nano".into(),
            width: 64,
            heads: 2,
            mlp: 128,
            image: view(3, 2, &[8, 16, 32, 64], &[1, 1, 1, 1], 1, 49, 1),
            noise: view(3, 1, &[8, 16], &[1, 1], 4, 49, 1),
            edge: view(1, 2, &[4, 8, 16, 32], &[1, 1, 1, 1], 1, 49, 1),
            ..Self::web()
        }
    }

    /// The first thing that cannot be built, if any.
    pub fn fault(&self) -> Option<String> {
        if self.heads == 0 || !self.width.is_multiple_of(self.heads) {
            return Some(format!("width {} does not divide into {} heads", self.width, self.heads));
        }
        let views = [
            ("image", &self.image, CROP_SIDE as usize, 3),
            ("noise", &self.noise, PATCH_SIDE, 3),
            ("edge", &self.edge, CROP_SIDE as usize, 1),
        ];
        views.into_iter().find_map(|(name, view, side, channels)| {
            let fault = view.fault(side, channels)?;
            Some(format!("{name} view: {fault}"))
        })
    }

    /// A preset by name: `web` or `nano`.
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "web" => Some(Self::web()),
            "nano" => Some(Self::nano()),
            _ => None,
        }
    }
}

impl ViewConfig {
    /// The first thing that does not fit an input of `side` pixels and `channels`, if any.
    fn fault(&self, side: usize, channels: usize) -> Option<String> {
        if self.channels != channels {
            return Some(format!("{} channels where it has {channels}", self.channels));
        }
        if self.widths.is_empty() || self.widths.len() != self.convs.len() || self.convs.contains(&0) {
            return Some("`widths` and `convs` must name the same stages, each with a convolution".into());
        }
        if self.widths.len() > 8 || !(1..=2).contains(&self.stem_stride) || self.token_side == 0 {
            return Some("at most 8 stages, stem stride 1 or 2, token side at least 1".into());
        }
        let positions = (side / self.stem_stride) >> self.widths.len();
        let cells = positions / self.token_side;
        if cells == 0 || !positions.is_multiple_of(self.token_side) || cells * cells != self.tokens {
            return Some(format!("{} tokens do not cover {positions} x {positions} positions", self.tokens));
        }
        None
    }
}

fn view(
    channels: usize,
    stem_stride: usize,
    widths: &[usize],
    convs: &[usize],
    token_side: usize,
    tokens: usize,
    blocks: usize,
) -> ViewConfig {
    ViewConfig {
        channels,
        stem_stride,
        widths: widths.into(),
        convs: convs.into(),
        token_side,
        tokens,
        blocks,
    }
}
