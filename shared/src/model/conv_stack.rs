//! The convolution stack: normalised 3x3 convolutions with ReLU, a 2x2 max-pool after each stage.

use burn::{
    module::{Module, Param},
    nn::{
        BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
        pool::{MaxPool2d, MaxPool2dConfig},
    },
    tensor::{Tensor, activation::relu, backend::Backend, module::conv2d, ops::ConvOptions},
};

use super::{Normalization, ViewConfig};

/// Gain that keeps the variance of a ReLU's output at 1 when its input is standard normal:
/// `sqrt(2 / (1 - 1/pi))`.
const RELU_GAIN: f64 = 1.713_858_8;

/// Convolution, normalisation, ReLU.
#[derive(Module, Debug)]
pub struct ConvBlock<B: Backend> {
    conv: Conv2d<B>,
    /// Present with [`Normalization::Batch`].
    norm: Option<BatchNorm<B>>,
    /// Per output channel, `[channels]`; present with [`Normalization::Weight`].
    gain: Option<Param<Tensor<B, 1>>>,
}

impl<B: Backend> ConvBlock<B> {
    fn new(channels: [usize; 2], stride: usize, normalization: Normalization, device: &B::Device) -> Self {
        let batch = normalization == Normalization::Batch;
        let conv = Conv2dConfig::new(channels, [3, 3])
            .with_stride([stride, stride])
            .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
            // Batch normalisation would subtract a bias again.
            .with_bias(!batch)
            .with_initializer(Initializer::KaimingNormal {
                gain: std::f64::consts::SQRT_2,
                fan_out_only: false,
            })
            .init(device);
        let gain = || Initializer::Ones.init([channels[1]], device);
        Self {
            conv,
            norm: batch.then(|| BatchNormConfig::new(channels[1]).init(device)),
            gain: (normalization == Normalization::Weight).then(gain),
        }
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let mut output = match &self.gain {
            Some(gain) => {
                let options = ConvOptions::new(self.conv.stride, [1, 1], [1, 1], 1);
                let bias = self.conv.bias.as_ref().map(Param::val);
                conv2d(input, standardize(self.conv.weight.val(), gain.val()), bias, options)
            }
            None => self.conv.forward(input),
        };
        if let Some(norm) = &self.norm {
            output = norm.forward(output);
        }
        relu(output)
    }

    /// The same function with the normalisation inside the convolution's kernels.
    fn fold(self) -> Self {
        let (weight, bias) = match (self.norm, self.gain) {
            (Some(norm), _) => {
                let scale = norm.gamma.val() / norm.running_var.value().add_scalar(norm.epsilon).sqrt();
                let bias = norm.beta.val() - norm.running_mean.value() * scale.clone();
                let channels = scale.dims()[0];
                (self.conv.weight.val() * scale.reshape([channels, 1, 1, 1]), Some(Param::from_tensor(bias)))
            }
            (None, Some(gain)) => (standardize(self.conv.weight.val(), gain.val()), self.conv.bias),
            (None, None) => (self.conv.weight.val(), self.conv.bias),
        };
        Self {
            conv: Conv2d { weight: Param::from_tensor(weight), bias, ..self.conv },
            norm: None,
            gain: None,
        }
    }
}

/// Kernels `[out, in, 3, 3]` with mean 0 and variance `gain^2 RELU_GAIN^2 / fan-in` per output channel.
fn standardize<B: Backend>(kernels: Tensor<B, 4>, gain: Tensor<B, 1>) -> Tensor<B, 4> {
    let shape = kernels.dims();
    let fan_in = shape[1] * shape[2] * shape[3];
    let rows = kernels.reshape([shape[0], fan_in]);
    let centred = rows.clone() - rows.mean_dim(1);
    let sum_of_squares = centred.clone().powi_scalar(2).sum_dim(1);
    let scale = gain.reshape([shape[0], 1]).mul_scalar(RELU_GAIN) / sum_of_squares.add_scalar(1e-6).sqrt();
    (centred * scale).reshape(shape)
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
    pub fn new(config: &ViewConfig, normalization: Normalization, device: &B::Device) -> Self {
        let mut blocks = Vec::new();
        let mut channels = config.channels;
        for (&width, &convs) in config.widths.iter().zip(&config.convs) {
            for _ in 0..convs {
                let stride = if blocks.is_empty() { config.stem_stride } else { 1 };
                blocks.push(ConvBlock::new([channels, width], stride, normalization, device));
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

    /// Folds every convolution's normalisation into its kernels.
    pub fn fold(self) -> Self {
        Self { blocks: self.blocks.into_iter().map(ConvBlock::fold).collect(), ..self }
    }
}
