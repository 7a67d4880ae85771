//! Every width, depth and choice of the network, as data. The values of the presets stand in `presets.rs`.

use serde::{Deserialize, Serialize};

use super::fault::{self, MAX_WIDTH};
use crate::{crop::CROP_SIDE, views::PATCH_SIDE};

/// All that is trained: the network that ships and the two encoders that guide its training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodConfig {
    /// Name of the preset it started from.
    pub preset: String,
    /// What a bundle carries.
    pub model: ModelConfig,
    /// The text side; only its features ship.
    pub language: LanguageConfig,
    /// The face-parsing side; nothing of it ships.
    pub parsing: ParsingConfig,
}

/// The network of one bundle: an encoder, a class head, class centres.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// Name of the preset it started from.
    pub preset: String,
    /// Width of the embedding.
    pub width: usize,
    /// Dropout in training, on attention outputs, after the MLPs and before the head.
    pub dropout: f64,
    /// From a face to its embedding.
    pub encoder: EncoderConfig,
}

/// What makes an embedding of a face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
// One of these exists at a time.
#[allow(clippy::large_enum_variant)]
pub enum EncoderConfig {
    /// The method's three views.
    Mpve(MpveConfig),
    /// A plain residual network on the image alone: the baseline, with or without DFACC.
    Residual(ResidualConfig),
}

/// The multi-perspective visual encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MpveConfig {
    /// Attention heads; each is `width / heads` wide.
    pub heads: usize,
    /// Hidden width of the transformer's MLP.
    pub mlp: usize,
    /// Scale of the products in the views' self-attention.
    pub attention_scale: AttentionScale,
    /// Whether a layer norm follows each view's transformer, which a pre-norm one leaves unscaled (ours).
    pub token_norm: bool,
    /// Source of the noise view.
    pub noise_source: NoiseSource,
    /// Factor on the noise view after clamping: residuals of [0, 1] pixels are small (ours).
    pub noise_gain: f32,
    /// Normalisation of the convolutions.
    pub normalization: Normalization,
    /// Views left out, for ablations; the image view, which asks the others, always stays.
    #[serde(default)]
    pub without: Vec<SideView>,
    /// The image view.
    pub image: ViewConfig,
    /// The noise view.
    pub noise: ViewConfig,
    /// The edge view.
    pub edge: ViewConfig,
}

/// A residual network in torchvision's form (He et al. 2016, arXiv 1512.03385).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResidualConfig {
    /// Output channels of the 7x7 stem.
    pub stem_width: usize,
    /// Inner width of each stage; the second and later ones halve the side.
    pub widths: Vec<usize>,
    /// Residual blocks in each stage.
    pub blocks: Vec<usize>,
    /// 1x1, 3x3, 1x1 with four times the width at the end, instead of two 3x3.
    pub bottleneck: bool,
}

/// One view: a conv stack, then a transformer over its positions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// The language encoder: a CLIP text tower over four prompts in a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageConfig {
    /// Rows of the token table.
    pub vocabulary: usize,
    /// Tokens of each prompt, its start and end included; the four together take four times as many positions.
    pub context: usize,
    /// Transformer blocks.
    pub layers: usize,
    /// Width of the tokens.
    pub width: usize,
    /// Attention heads.
    pub heads: usize,
    /// Hidden width of the MLP.
    pub mlp: usize,
}

/// The parsing encoder: a conv stack and a transformer over a colour-rendered face-parsing map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParsingConfig {
    /// Width of the tokens.
    pub width: usize,
    /// Attention heads.
    pub heads: usize,
    /// Hidden width of the MLP.
    pub mlp: usize,
    /// Stack, tokens and blocks; three channels.
    pub view: ViewConfig,
}

/// A view besides the image view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SideView {
    /// SRM residuals.
    Noise,
    /// Sobel gradients.
    Edge,
}

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

/// The factor on query-key products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttentionScale {
    /// One over the root of the whole width, as in the released code.
    Width,
    /// One over the root of a head's width (Vaswani et al. 2017, arXiv 1706.03762).
    Head,
}

impl ModelConfig {
    /// The same network after [`fold`](super::Classifier::fold).
    pub fn folded(mut self) -> Self {
        if let EncoderConfig::Mpve(mpve) = &mut self.encoder {
            mpve.normalization = Normalization::Folded;
        }
        self
    }

    /// The first thing that cannot be built, if any.
    pub fn fault(&self) -> Option<String> {
        fault::width("width", self.width).or_else(|| match &self.encoder {
            EncoderConfig::Mpve(mpve) => mpve.fault(self.width),
            EncoderConfig::Residual(residual) => residual.fault(),
        })
    }
}

impl MethodConfig {
    /// The first thing that cannot be built, if any.
    pub fn fault(&self) -> Option<String> {
        let language = || {
            let LanguageConfig { vocabulary, context, width, heads, mlp, .. } = self.language;
            if context < 2 || vocabulary == 0 || vocabulary > 1 << 20 || context > MAX_WIDTH {
                return Some("a context of at least 2 tokens and a vocabulary are needed".into());
            }
            fault::attention(width, heads, mlp)
        };
        let parsing = || {
            let ParsingConfig { width, heads, mlp, view } = &self.parsing;
            fault::attention(*width, *heads, *mlp).or_else(|| view.fault(CROP_SIDE as usize, 3))
        };
        let named = |name: &'static str| move |fault: String| format!("{name}: {fault}");
        self.model
            .fault()
            .map(named("model"))
            .or_else(|| language().map(named("language")))
            .or_else(|| parsing().map(named("parsing")))
    }
}

impl MpveConfig {
    /// Whether a view takes part.
    pub fn has(&self, view: SideView) -> bool {
        !self.without.contains(&view)
    }

    fn fault(&self, width: usize) -> Option<String> {
        if let Some(fault) = fault::attention(width, self.heads, self.mlp) {
            return Some(fault);
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
}

impl ResidualConfig {
    /// Channels that a block of inner width `width` puts out.
    pub fn output(&self, width: usize) -> usize {
        if self.bottleneck { 4 * width } else { width }
    }

    fn fault(&self) -> Option<String> {
        if self.widths.is_empty() || self.widths.len() != self.blocks.len() || self.blocks.contains(&0) {
            return Some("`widths` and `blocks` must name the same stages, each with a block".into());
        }
        if self.widths.len() > 5 || self.blocks.iter().sum::<usize>() > 200 {
            return Some("at most 5 stages and 200 blocks".into());
        }
        let widths = self.widths.iter().chain([&self.stem_width]);
        widths.into_iter().find_map(|&width| fault::width("width", width))
    }
}

impl ViewConfig {
    /// Channels after the last stage.
    pub fn output(&self) -> usize {
        self.widths.last().copied().unwrap_or(self.channels)
    }

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
        if let Some(fault) = self.widths.iter().find_map(|&width| fault::width("stage width", width)) {
            return Some(fault);
        }
        if self.convs.iter().chain([&self.blocks]).any(|&count| count > 100) {
            return Some("at most 100 convolutions in a stage and 100 blocks".into());
        }
        let positions = (side / self.stem_stride) >> self.widths.len();
        let cells = positions / self.token_side;
        if cells == 0 || !positions.is_multiple_of(self.token_side) || cells * cells != self.tokens {
            return Some(format!("{} tokens do not cover {positions} x {positions} positions", self.tokens));
        }
        None
    }
}
