//! The parser: a small U-Net from a picture to class scores.

use anyhow::{Result, ensure};
use burn::{
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{
        Tensor,
        activation::relu,
        backend::Backend,
        module::interpolate,
        ops::{InterpolateMode, InterpolateOptions},
    },
};
use serde::{Deserialize, Serialize};

/// Sizes of a [`Parser`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParserConfig {
    /// Side of the square that every picture is resampled to, in pixels; a multiple of 16.
    pub side: usize,
    /// Channels at half, quarter, eighth and sixteenth of the side.
    pub widths: [usize; 4],
    /// Classes to tell apart.
    pub classes: usize,
}

impl ParserConfig {
    /// 0.35 M parameters, and 57 M multiply-accumulates at 112 pixels and six classes.
    pub fn new(side: usize, classes: usize) -> Self {
        Self { side, widths: [16, 32, 64, 96], classes }
    }

    /// Side of the map of scores.
    pub fn map_side(&self) -> usize {
        self.side / 2
    }

    /// Whether a network of these sizes can be built; they may come from a file.
    pub fn check(&self) -> Result<()> {
        let sides = self.side > 0 && self.side.is_multiple_of(16) && self.side <= 512;
        ensure!(sides, "side {}; it is a multiple of 16, at most 512", self.side);
        let widths = self.widths.iter().all(|width| (1..=1024).contains(width));
        ensure!(widths, "widths {:?}; each is 1 to 1024", self.widths);
        ensure!((2..=256).contains(&self.classes), "{} classes; 2 to 256 are possible", self.classes);
        Ok(())
    }

    /// Fresh weights.
    pub fn init<B: Backend>(&self, device: &B::Device) -> Parser<B> {
        let mut channels = 3;
        let mut down = Vec::new();
        for (stage, &width) in self.widths.iter().enumerate() {
            down.push(ConvBlock::new([channels, width], 3, 2, device));
            // The finest stage is the dearest and sees least.
            if stage > 0 {
                down.push(ConvBlock::new([width, width], 3, 1, device));
            }
            channels = width;
        }
        let pairs = self.widths.windows(2).rev();
        let up = pairs.map(|pair| UpBlock {
            reduce: ConvBlock::new([pair[1], pair[0]], 1, 1, device),
            merge: ConvBlock::new([pair[0], pair[0]], 3, 1, device),
        });
        Parser {
            up: up.collect(),
            bottom: ConvBlock::new([channels, channels], 3, 1, device),
            down,
            head: Conv2dConfig::new([self.widths[0], self.classes], [1, 1]).init(device),
        }
    }

    /// Multiply-accumulates of the convolutions for one picture.
    pub fn multiply_accumulates(&self) -> usize {
        let area = |stage: usize| (self.side >> (stage + 1)).pow(2);
        let [first, .., last] = self.widths;
        let mut total = area(0) * (27 * first + first * self.classes) + area(3) * 9 * last * last;
        for (stage, pair) in self.widths.windows(2).enumerate() {
            let [fine, coarse] = [pair[0], pair[1]];
            total += area(stage + 1) * (9 * fine * coarse + 9 * coarse * coarse + coarse * fine);
            total += area(stage) * 9 * fine * fine;
        }
        total
    }
}

/// Convolution without bias, batch normalisation, ReLU.
#[derive(Module, Debug)]
struct ConvBlock<B: Backend> {
    conv: Conv2d<B>,
    norm: BatchNorm<B>,
}

impl<B: Backend> ConvBlock<B> {
    fn new(channels: [usize; 2], kernel: usize, stride: usize, device: &B::Device) -> Self {
        let padding = kernel / 2;
        let conv = Conv2dConfig::new(channels, [kernel, kernel])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .with_bias(false)
            .init(device);
        Self { conv, norm: BatchNormConfig::new(channels[1]).init(device) }
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        relu(self.norm.forward(self.conv.forward(input)))
    }
}

/// One step back to the finer stage, whose own features are added.
#[derive(Module, Debug)]
struct UpBlock<B: Backend> {
    reduce: ConvBlock<B>,
    merge: ConvBlock<B>,
}

impl<B: Backend> UpBlock<B> {
    fn forward(&self, coarse: Tensor<B, 4>, skip: Tensor<B, 4>) -> Tensor<B, 4> {
        let [_, _, height, width] = skip.dims();
        let options = InterpolateOptions::new(InterpolateMode::Nearest);
        self.merge.forward(interpolate(self.reduce.forward(coarse), [height, width], options) + skip)
    }
}

/// Four halvings, a bottom, three doublings with the finer features added, a 1x1 head.
#[derive(Module, Debug)]
pub struct Parser<B: Backend> {
    down: Vec<ConvBlock<B>>,
    bottom: ConvBlock<B>,
    up: Vec<UpBlock<B>>,
    head: Conv2d<B>,
}

impl<B: Backend> Parser<B> {
    /// Pictures `[batch, 3, side, side]`, RGB in `[0, 1]`, to scores `[batch, classes, side / 2, side / 2]`.
    pub fn forward(&self, pictures: Tensor<B, 4>) -> Tensor<B, 4> {
        let mut blocks = self.down.iter();
        let mut features = pictures.sub_scalar(0.5).mul_scalar(4.0);
        let mut skips = Vec::new();
        for stage in 0..=self.up.len() {
            for block in blocks.by_ref().take(if stage == 0 { 1 } else { 2 }) {
                features = block.forward(features);
            }
            skips.push(features.clone());
        }
        skips.pop();
        features = self.bottom.forward(features);
        for (block, skip) in self.up.iter().zip(skips.into_iter().rev()) {
            features = block.forward(features, skip);
        }
        self.head.forward(features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn_flex::{Flex, FlexDevice};

    #[test]
    fn sizes_are_as_stated() {
        let config = ParserConfig::new(112, 6);
        config.check().unwrap();
        let parser: Parser<Flex> = config.init(&FlexDevice);
        let scores = parser.forward(Tensor::zeros([2, 3, 112, 112], &FlexDevice));
        assert_eq!(scores.dims(), [2, 6, config.map_side(), config.map_side()]);
        assert!((300_000..1_000_000).contains(&parser.num_params()), "{}", parser.num_params());
        assert!(config.multiply_accumulates() <= 60_000_000, "{}", config.multiply_accumulates());
        assert!(ParserConfig { side: 100, ..config }.check().is_err());
    }
}
