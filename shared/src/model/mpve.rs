//! The multi-perspective visual encoder: image, noise and edge views of one face, fused by cross-attention.

use burn::{
    module::Module,
    tensor::{Tensor, backend::Backend},
};

use super::{
    Attention, AttentionScale, MpveConfig, NoiseSource, SideView, ViewEncoder, attention::AttentionConfig,
    view_encoder::EncoderShape,
};
use crate::{
    crop::FaceTensors,
    views::{centred, richest_patch, sobel_magnitude, srm_residual},
};

/// The three views of a batch of faces, rows down and columns across in all of them.
#[derive(Debug, Clone)]
pub struct Views<B: Backend> {
    /// RGB, `[batch, 3, 224, 224]` in `[-2, 2]`.
    pub image: Tensor<B, 4>,
    /// Residuals of the richest patch, `[batch, 3, 112, 112]` in `[-3, 3]` times the gain.
    pub noise: Tensor<B, 4>,
    /// Gradient magnitude, `[batch, 1, 224, 224]` in `[0, 4 sqrt 2]`.
    pub edge: Tensor<B, 4>,
}

/// Three views to one embedding.
#[derive(Module, Debug)]
pub struct Mpve<B: Backend> {
    image: ViewEncoder<B>,
    noise: Option<ViewEncoder<B>>,
    edge: Option<ViewEncoder<B>>,
    /// One cross-attention, its weights shared between the noise and the edge tokens.
    fusion: Attention<B>,
    native_noise: bool,
    noise_gain: f32,
}

impl<B: Backend> Mpve<B> {
    /// Builds the encoder of embeddings of `width`.
    pub fn new(config: &MpveConfig, width: usize, dropout: f64, device: &B::Device) -> Self {
        let attention = AttentionConfig {
            width,
            heads: config.heads,
            scale: config.attention_scale,
            input_bias: false,
            output_bias: true,
            dropout,
        };
        let fusion = AttentionConfig { scale: AttentionScale::Head, output_bias: false, ..attention.clone() };
        let shape = EncoderShape {
            attention,
            mlp: config.mlp,
            normalization: config.normalization,
            token_norm: config.token_norm,
        };
        Self {
            image: ViewEncoder::new(&shape, &config.image, device),
            noise: config.has(SideView::Noise).then(|| ViewEncoder::new(&shape, &config.noise, device)),
            edge: config.has(SideView::Edge).then(|| ViewEncoder::new(&shape, &config.edge, device)),
            fusion: Attention::new(&fusion, device),
            native_noise: config.noise_source == NoiseSource::Native,
            noise_gain: config.noise_gain,
        }
    }

    /// What each view shows its encoder.
    pub fn views(&self, faces: FaceTensors<B>) -> Views<B> {
        let unit = faces.face.clone().div_scalar(255.0);
        let source = if self.native_noise { faces.native } else { faces.face };
        let (patch, _) = richest_patch(source);
        Views {
            noise: srm_residual(patch.div_scalar(255.0)).mul_scalar(self.noise_gain),
            edge: sobel_magnitude(unit.clone()),
            image: centred(unit),
        }
    }

    /// Faces to embeddings `[batch, width]`, unnormalised.
    pub fn forward(&self, faces: FaceTensors<B>) -> Tensor<B, 2> {
        self.encode(self.views(faces))
    }

    /// Whether the noise view looks at [`FaceTensors::native`].
    pub fn native_noise(&self) -> bool {
        self.native_noise
    }

    /// Views to embeddings `[batch, width]`, unnormalised.
    pub fn encode(&self, views: Views<B>) -> Tensor<B, 2> {
        let class = self.image.forward(views.image).narrow(1, 0, 1);
        let sides = [(&self.noise, views.noise), (&self.edge, views.edge)];
        let mut fused = class.clone().mul_scalar(2.0);
        for (encoder, view) in sides {
            if let Some(encoder) = encoder {
                fused = fused + self.fusion.forward(class.clone(), encoder.forward(view), None);
            }
        }
        fused.squeeze_dim(1)
    }

    /// Folds every convolution's normalisation into its kernels, for inference.
    pub fn fold(self) -> Self {
        let fold = |encoder: Option<ViewEncoder<B>>| encoder.map(ViewEncoder::fold);
        Self { image: self.image.fold(), noise: fold(self.noise), edge: fold(self.edge), ..self }
    }
}
