//! The convolution stack: 3x3 convolutions with batch normalisation and ReLU, a 2x2 max-pool after each stage.

use burn::{
    module::{Module, Param},
    nn::{
        BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
        pool::{MaxPool2d, MaxPool2dConfig},
    },
    tensor::{Tensor, activation::relu, backend::Backend},
};

use super::ViewConfig;

/// Convolution, batch normalisation, ReLU.
#[derive(Module, Debug)]
pub struct ConvBlock<B: Backend> {
    conv: Conv2d<B>,
    norm: Option<BatchNorm<B>>,
}

impl<B: Backend> ConvBlock<B> {
    fn new(channels: [usize; 2], stride: usize, batch_norm: bool, device: &B::Device) -> Self {
        let conv = Conv2dConfig::new(channels, [3, 3])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
            // With normalisation after it, a bias would be subtracted again.
            .with_bias(!batch_norm)
            .with_initializer(Initializer::KaimingNormal { gain: std::f64::consts::SQRT_2, fan_out_only: false })
            .init(device);
        Self { conv, norm: batch_norm.then(|| BatchNormConfig::new(channels[1]).init(device)) }
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let mut output = self.conv.forward(input);
        if let Some(norm) = &self.norm {
            output = norm.forward(output);
        }
        relu(output)
    }

    /// The same function with the normalisation's running statistics inside the convolution.
    fn fold(self) -> Self {
        let Some(norm) = self.norm else { return self };
        let scale = norm.gamma.val() / norm.running_var.value().add_scalar(norm.epsilon).sqrt();
        let bias = norm.beta.val() - norm.running_mean.value() * scale.clone();
        let channels = scale.dims()[0];
        let weight = self.conv.weight.val() * scale.reshape([channels, 1, 1, 1]);
        let conv = Conv2d {
            weight: Param::from_tensor(weight),
            bias: Some(Param::from_tensor(bias)),
            ..self.conv
        };
        Self { conv, norm: None }
    }
}

/// Stages of [`ConvBlock`]s, each closed by a 2x2 max-pool.
#[derive(Module, Debug)]
pub struct ConvStack<B: Backend> {
    blocks: Vec<ConvBlock<B>>,
    pool: MaxPool2d,
    /// Convolutions in each stage.
    stages: Vec<usize>,
}

impl<B: Backend> ConvStack<B> {
    /// Builds the stack of a view.
    pub fn new(config: &ViewConfig, batch_norm: bool, device: &B::Device) -> Self {
        let mut blocks = Vec::new();
        let mut channels = config.channels;
        for (&width, &convs) in config.widths.iter().zip(&config.convs) {
            for _ in 0..convs {
                let stride = if blocks.is_empty() { config.stem_stride } else { 1 };
                blocks.push(ConvBlock::new([channels, width], stride, batch_norm, device));
                channels = width;
            }
        }
        let pool = MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init();
        Self { blocks, pool, stages: config.convs.clone() }
    }

    /// `[batch, channels, height, width]` to `[batch, last width, height / r, width / r]`,
    /// where `r` is `stem_stride * 2^stages`.
    pub fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let mut blocks = self.blocks.iter();
        let mut output = input;
        for &convs in &self.stages {
            for block in blocks.by_ref().take(convs) {
                output = block.forward(output);
            }
            output = self.pool.forward(output);
        }
        output
    }

    /// Folds every batch normalisation into its convolution.
    pub fn fold(self) -> Self {
        Self { blocks: self.blocks.into_iter().map(ConvBlock::fold).collect(), ..self }
    }
}
