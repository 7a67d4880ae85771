//! The multi-perspective visual encoder: image, noise and edge views of one face, fused by cross-attention.

use burn::{
    module::Module,
    nn::{LayerNorm, LayerNormConfig},
    tensor::{Tensor, backend::Backend},
};

use super::{Attention, ModelConfig, NoiseSource, ViewEncoder};
use crate::{
    crop::FaceTensors,
    views::{richest_patch, sobel_magnitude, srm_residual},
};

/// Three views to one embedding.
#[derive(Module, Debug)]
pub struct Mpve<B: Backend> {
    image: ViewEncoder<B>,
    noise: ViewEncoder<B>,
    edge: ViewEncoder<B>,
    /// One layer norm per view's tokens before the fusion, which a pre-norm transformer leaves unscaled (ours).
    image_norm: LayerNorm<B>,
    noise_norm: LayerNorm<B>,
    edge_norm: LayerNorm<B>,
    /// One cross-attention, its weights shared between the noise and the edge tokens.
    fusion: Attention<B>,
    native_noise: bool,
    noise_gain: f32,
}

impl<B: Backend> Mpve<B> {
    /// Builds the encoder.
    pub fn new(config: &ModelConfig, device: &B::Device) -> Self {
        let norm = || LayerNormConfig::new(config.width).init(device);
        Self {
            image: ViewEncoder::new(config, &config.image, device),
            noise: ViewEncoder::new(config, &config.noise, device),
            edge: ViewEncoder::new(config, &config.edge, device),
            image_norm: norm(),
            noise_norm: norm(),
            edge_norm: norm(),
            fusion: Attention::new(config.width, config.heads, false, config.dropout, device),
            native_noise: config.noise_source == NoiseSource::Native,
            noise_gain: config.noise_gain,
        }
    }

    /// Faces to embeddings `[batch, width]`, unnormalised.
    pub fn forward(&self, faces: FaceTensors<B>) -> Tensor<B, 2> {
        let unit = faces.face.clone().div_scalar(255.0);
        let source = if self.native_noise { faces.native } else { faces.face };
        let (patch, _) = richest_patch(source);
        let residual = srm_residual(patch.div_scalar(255.0)).mul_scalar(self.noise_gain);

        let noise = self.noise_norm.forward(self.noise.forward(residual));
        let edge = self.edge_norm.forward(self.edge.forward(sobel_magnitude(unit.clone())));
        // The image view is centred: pixels [0, 1] to [-2, 2].
        let image = self.image_norm.forward(self.image.forward(unit.sub_scalar(0.5).mul_scalar(4.0)));

        let class = image.narrow(1, 0, 1);
        let fused = class.clone().mul_scalar(2.0)
            + self.fusion.forward(class.clone(), noise)
            + self.fusion.forward(class, edge);
        fused.squeeze_dim(1)
    }

    /// Folds every convolution's normalisation into its kernels, for inference.
    pub fn fold(self) -> Self {
        Self { image: self.image.fold(), noise: self.noise.fold(), edge: self.edge.fold(), ..self }
    }
}
