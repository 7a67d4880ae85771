//! Encoder, class head and class centres: what a bundle carries.

use burn::{
    module::{Module, Param},
    nn::{Dropout, DropoutConfig, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Tensor, backend::Backend},
};

use super::{EncoderConfig, ModelConfig, Mpve, ResidualNetwork};
use crate::crop::FaceTensors;

/// What makes an embedding of a face.
#[derive(Module, Debug)]
// One of these exists at a time, and a box would stand in the way of the derived module.
#[allow(clippy::large_enum_variant)]
pub enum Encoder<B: Backend> {
    /// The method's three views.
    Mpve(Mpve<B>),
    /// The baseline.
    Residual(ResidualNetwork<B>),
}

impl<B: Backend> Encoder<B> {
    /// Faces to embeddings `[batch, width]`, unnormalised.
    pub fn forward(&self, faces: FaceTensors<B>) -> Tensor<B, 2> {
        match self {
            Self::Mpve(mpve) => mpve.forward(faces),
            Self::Residual(network) => network.forward(faces),
        }
    }
}

/// What the network says of a batch.
#[derive(Debug, Clone)]
pub struct ClassifierOutput<B: Backend> {
    /// L2-normalised embedding, `[batch, width]`.
    pub embedding: Tensor<B, 2>,
    /// Class logits, `[batch, classes]`; class 0 is real.
    pub logits: Tensor<B, 2>,
    /// Cosine similarity to each class centre, `[batch, classes]`, in `[-1, 1]`.
    pub similarity: Tensor<B, 2>,
}

/// The network from faces to class logits.
#[derive(Module, Debug)]
pub struct Classifier<B: Backend> {
    /// From a face to its embedding.
    pub encoder: Encoder<B>,
    norm: LayerNorm<B>,
    dropout: Dropout,
    head: Linear<B>,
    /// Learnable class centres of the DFACC loss, `[classes, width]`.
    pub centres: Param<Tensor<B, 2>>,
}

impl<B: Backend> Classifier<B> {
    /// Builds the network for `classes` classes.
    pub fn new(config: &ModelConfig, classes: usize, device: &B::Device) -> Self {
        let spread = (config.width as f64).powf(-0.5);
        let encoder = match &config.encoder {
            EncoderConfig::Mpve(mpve) => Encoder::Mpve(Mpve::new(mpve, config.width, config.dropout, device)),
            EncoderConfig::Residual(residual) => {
                Encoder::Residual(ResidualNetwork::new(residual, config.width, device))
            }
        };
        Self {
            encoder,
            norm: LayerNormConfig::new(config.width).init(device),
            dropout: DropoutConfig::new(config.dropout).init(),
            head: LinearConfig::new(config.width, classes).init(device),
            centres: Initializer::Normal { mean: 0.0, std: spread }.init([classes, config.width], device),
        }
    }

    /// Faces to embedding, logits and centre similarities.
    pub fn forward(&self, faces: FaceTensors<B>) -> ClassifierOutput<B> {
        self.classify(self.encoder.forward(faces))
    }

    /// What the network says of unnormalised embeddings `[batch, width]`.
    pub fn classify(&self, embedding: Tensor<B, 2>) -> ClassifierOutput<B> {
        let embedding = normalize(embedding);
        let logits = self.head.forward(self.dropout.forward(self.norm.forward(embedding.clone())));
        let similarity = embedding.clone().matmul(normalize(self.centres.val()).transpose());
        ClassifierOutput { embedding, logits, similarity }
    }

    /// The same network for inference, normalisation folded into the convolutions of the views.
    pub fn fold(self) -> Self {
        let encoder = match self.encoder {
            Encoder::Mpve(mpve) => Encoder::Mpve(mpve.fold()),
            other => other,
        };
        Self { encoder, ..self }
    }
}

/// Rows `[n, width]` to unit length.
pub fn normalize<B: Backend>(rows: Tensor<B, 2>) -> Tensor<B, 2> {
    let length = rows.clone().powi_scalar(2).sum_dim(1).add_scalar(1e-12).sqrt();
    rows / length
}
