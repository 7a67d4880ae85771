//! A plain residual network (He et al. 2016, arXiv 1512.03385), its parameters named as torchvision names them.

use burn::{
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
        pool::{MaxPool2d, MaxPool2dConfig},
    },
    tensor::{Tensor, activation::relu, backend::Backend},
};

use super::ResidualConfig;
use crate::{crop::FaceTensors, views::imagenet};

/// The face at 224 x 224 to an embedding; the baseline that the method is compared with.
#[derive(Module, Debug)]
pub struct ResidualNetwork<B: Backend> {
    conv1: Conv2d<B>,
    bn1: BatchNorm<B>,
    pool: MaxPool2d,
    layers: Vec<Vec<ResidualBlock<B>>>,
    project: Linear<B>,
}

impl<B: Backend> ResidualNetwork<B> {
    /// Builds the network for embeddings of `width`.
    pub fn new(config: &ResidualConfig, width: usize, device: &B::Device) -> Self {
        let mut channels = config.stem_width;
        let mut layers = Vec::new();
        for (stage, (&inner, &blocks)) in config.widths.iter().zip(&config.blocks).enumerate() {
            let mut layer = Vec::new();
            for index in 0..blocks {
                let stride = if stage > 0 && index == 0 { 2 } else { 1 };
                layer.push(ResidualBlock::new(config, channels, inner, stride, device));
                channels = config.output(inner);
            }
            layers.push(layer);
        }
        Self {
            conv1: convolution(3, config.stem_width, 7, 2, device),
            bn1: BatchNormConfig::new(config.stem_width).init(device),
            pool: MaxPool2dConfig::new([3, 3])
                .with_strides([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(),
            layers,
            project: LinearConfig::new(channels, width).init(device),
        }
    }

    /// Faces to embeddings `[batch, width]`, unnormalised.
    pub fn forward(&self, faces: FaceTensors<B>) -> Tensor<B, 2> {
        let image = imagenet(faces.face.div_scalar(255.0));
        let mut features = self.pool.forward(relu(self.bn1.forward(self.conv1.forward(image))));
        for block in self.layers.iter().flatten() {
            features = block.forward(features);
        }
        let [batch, channels, height, width] = features.dims();
        let pooled = features.reshape([batch, channels, height * width]).mean_dim(2).squeeze_dim(2);
        self.project.forward(pooled)
    }
}

/// Two 3x3 convolutions, or a bottleneck of three, beside a shortcut.
#[derive(Module, Debug)]
pub struct ResidualBlock<B: Backend> {
    conv1: Conv2d<B>,
    bn1: BatchNorm<B>,
    conv2: Conv2d<B>,
    bn2: BatchNorm<B>,
    conv3: Option<Conv2d<B>>,
    bn3: Option<BatchNorm<B>>,
    /// Present where the shape changes.
    downsample_conv: Option<Conv2d<B>>,
    downsample_norm: Option<BatchNorm<B>>,
}

impl<B: Backend> ResidualBlock<B> {
    fn new(
        config: &ResidualConfig,
        channels: usize,
        inner: usize,
        stride: usize,
        device: &B::Device,
    ) -> Self {
        let output = config.output(inner);
        let norm = |width: usize| BatchNormConfig::new(width).init(device);
        let changes = stride != 1 || channels != output;
        // As in torchvision, a bottleneck strides in its 3x3 convolution.
        let (conv1, conv2) = if config.bottleneck {
            (convolution(channels, inner, 1, 1, device), convolution(inner, inner, 3, stride, device))
        } else {
            (convolution(channels, inner, 3, stride, device), convolution(inner, inner, 3, 1, device))
        };
        Self {
            conv1,
            bn1: norm(inner),
            conv2,
            bn2: norm(inner),
            conv3: config.bottleneck.then(|| convolution(inner, output, 1, 1, device)),
            bn3: config.bottleneck.then(|| norm(output)),
            downsample_conv: changes.then(|| convolution(channels, output, 1, stride, device)),
            downsample_norm: changes.then(|| norm(output)),
        }
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let mut output = relu(self.bn1.forward(self.conv1.forward(input.clone())));
        output = self.bn2.forward(self.conv2.forward(output));
        if let (Some(conv), Some(norm)) = (&self.conv3, &self.bn3) {
            output = norm.forward(conv.forward(relu(output)));
        }
        let shortcut = match (&self.downsample_conv, &self.downsample_norm) {
            (Some(conv), Some(norm)) => norm.forward(conv.forward(input)),
            _ => input,
        };
        relu(output + shortcut)
    }
}

/// A convolution without bias that keeps the side at stride 1.
fn convolution<B: Backend>(
    channels: usize,
    output: usize,
    side: usize,
    stride: usize,
    device: &B::Device,
) -> Conv2d<B> {
    let padding = side / 2;
    Conv2dConfig::new([channels, output], [side, side])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
        .with_bias(false)
        .init(device)
}
