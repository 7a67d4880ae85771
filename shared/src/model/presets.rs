//! The presets: the documented default of every field of the configuration.

use super::{
    AttentionScale, EncoderConfig, LanguageConfig, MethodConfig, ModelConfig, MpveConfig, NoiseSource,
    Normalization, ParsingConfig, ResidualConfig, ViewConfig,
};

/// Rows of CLIP's token table.
const VOCABULARY: usize = 49_408;

impl MethodConfig {
    /// Names that [`MethodConfig::preset`] knows.
    pub const PRESETS: [&str; 4] = ["web", "nano", "paper", "residual"];

    /// A preset by name.
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "web" => Some(Self::web()),
            "nano" => Some(Self::nano()),
            "paper" => Some(Self::paper()),
            "residual" => Some(Self::residual()),
            _ => None,
        }
    }

    /// The default that ships: at most 6 M parameters and 1.2 GMAC at inference (ours where the paper is larger).
    pub fn web() -> Self {
        let encoder = EncoderConfig::Mpve(MpveConfig {
            heads: 4,
            mlp: 512,
            attention_scale: AttentionScale::Head,
            token_norm: true,
            noise_source: NoiseSource::Native,
            noise_gain: 16.0,
            normalization: Normalization::Weight,
            without: Vec::new(),
            image: view(3, 2, &[24, 48, 96, 192], &[1, 2, 2, 2], 1, 49, 2),
            noise: view(3, 1, &[24, 48], &[1, 2], 4, 49, 1),
            edge: view(1, 2, &[16, 32, 64, 128], &[1, 1, 1, 1], 1, 49, 1),
        });
        Self {
            preset: "web".into(),
            model: ModelConfig { preset: "web".into(), width: 256, dropout: 0.1, encoder },
            // Four prompts of 32 tokens: the longest of ours has 20.
            language: LanguageConfig {
                vocabulary: VOCABULARY,
                context: 32,
                layers: 2,
                width: 128,
                heads: 4,
                mlp: 512,
            },
            parsing: ParsingConfig {
                width: 128,
                heads: 4,
                mlp: 256,
                view: view(3, 2, &[8, 16, 32, 64], &[1, 1, 1, 1], 1, 49, 1),
            },
        }
    }

    /// For tests and slow phones: at most 1 M parameters at inference.
    pub fn nano() -> Self {
        let encoder = EncoderConfig::Mpve(MpveConfig {
            heads: 2,
            mlp: 128,
            attention_scale: AttentionScale::Head,
            token_norm: true,
            noise_source: NoiseSource::Native,
            noise_gain: 16.0,
            normalization: Normalization::Weight,
            without: Vec::new(),
            image: view(3, 2, &[8, 16, 32, 64], &[1, 1, 1, 1], 1, 49, 1),
            noise: view(3, 1, &[8, 16], &[1, 1], 4, 49, 1),
            edge: view(1, 2, &[4, 8, 16, 32], &[1, 1, 1, 1], 1, 49, 1),
        });
        Self {
            preset: "nano".into(),
            model: ModelConfig { preset: "nano".into(), width: 64, dropout: 0.1, encoder },
            language: LanguageConfig {
                vocabulary: VOCABULARY,
                context: 32,
                layers: 1,
                width: 32,
                heads: 2,
                mlp: 64,
            },
            parsing: ParsingConfig {
                width: 32,
                heads: 2,
                mlp: 64,
                view: view(3, 2, &[4, 8, 16, 32], &[1, 1, 1, 1], 1, 49, 1),
            },
        }
    }

    /// The paper's topology: about 99 M parameters and 13.5 GMAC at inference.
    pub fn paper() -> Self {
        const FULL: ([usize; 5], [usize; 5]) = ([32, 64, 128, 256, 512], [3, 3, 3, 4, 4]);
        let full = |channels, blocks| view(channels, 1, &FULL.0, &FULL.1, 7, 1, blocks);
        let encoder = EncoderConfig::Mpve(MpveConfig {
            heads: 8,
            mlp: 1024,
            attention_scale: AttentionScale::Width,
            token_norm: false,
            noise_source: NoiseSource::Resized,
            noise_gain: 1.0,
            normalization: Normalization::Batch,
            without: Vec::new(),
            image: full(3, 6),
            noise: view(3, 1, &FULL.0[..2], &FULL.1[..2], 28, 1, 3),
            edge: full(1, 3),
        });
        Self {
            preset: "paper".into(),
            model: ModelConfig { preset: "paper".into(), width: 512, dropout: 0.1, encoder },
            language: LanguageConfig {
                vocabulary: VOCABULARY,
                context: 77,
                layers: 12,
                width: 512,
                heads: 8,
                mlp: 2048,
            },
            parsing: ParsingConfig { width: 1024, heads: 8, mlp: 2048, view: full(3, 6) },
        }
    }

    /// The baseline of the ablation: a residual network of 18 layers, guided as `web` is.
    pub fn residual() -> Self {
        let encoder = EncoderConfig::Residual(ResidualConfig {
            stem_width: 64,
            widths: vec![64, 128, 256, 512],
            blocks: vec![2, 2, 2, 2],
            bottleneck: false,
        });
        let web = Self::web();
        Self {
            preset: "residual".into(),
            model: ModelConfig { preset: "residual".into(), encoder, ..web.model },
            ..web
        }
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
