//! MPVE, class head and class centres: what a bundle carries.

use burn::{
    module::{Module, Param},
    nn::{Dropout, DropoutConfig, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Tensor, backend::Backend},
};

use super::{ModelConfig, Mpve};
use crate::crop::FaceTensors;

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
    mpve: Mpve<B>,
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
        Self {
            mpve: Mpve::new(config, device),
            norm: LayerNormConfig::new(config.width).init(device),
            dropout: DropoutConfig::new(config.dropout).init(),
            head: LinearConfig::new(config.width, classes).init(device),
            centres: Initializer::Normal { mean: 0.0, std: spread }.init([classes, config.width], device),
        }
    }

    /// Faces to embedding, logits and centre similarities.
    pub fn forward(&self, faces: FaceTensors<B>) -> ClassifierOutput<B> {
        let embedding = normalize(self.mpve.forward(faces));
        let logits = self.head.forward(self.dropout.forward(self.norm.forward(embedding.clone())));
        let similarity = embedding.clone().matmul(normalize(self.centres.val()).transpose());
        ClassifierOutput { embedding, logits, similarity }
    }

    /// The same network for inference, normalisation folded into the convolutions.
    pub fn fold(self) -> Self {
        Self { mpve: self.mpve.fold(), ..self }
    }
}

/// Rows to unit length.
fn normalize<B: Backend>(rows: Tensor<B, 2>) -> Tensor<B, 2> {
    let length = rows.clone().powi_scalar(2).sum_dim(1).add_scalar(1e-12).sqrt();
    rows / length
}
