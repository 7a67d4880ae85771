//! What the network says of one face, before calibration.

/// The network's numbers for one face.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// L2-normalised embedding, `[width]`.
    pub embedding: Vec<f32>,
    /// Class logits, `[classes]`.
    pub logits: Vec<f32>,
    /// Cosine similarity to each class centre, `[classes]`.
    pub similarity: Vec<f32>,
    /// Cosine similarity to each prompt chain: the classes, then the generators known from text only; empty
    /// when the bundle has no text features.
    pub text: Vec<f32>,
}

/// The prompt chains as the language encoder sees them, computed at export.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextTable {
    /// One L2-normalised feature per chain, in the order of [`Taxonomy::chains`](crate::Taxonomy::chains), each
    /// `[width]`.
    pub features: Vec<Vec<f32>>,
}

impl TextTable {
    /// Cosine similarity of a normalised embedding to each chain.
    pub fn similarity(&self, embedding: &[f32]) -> Vec<f32> {
        let product = |feature: &Vec<f32>| feature.iter().zip(embedding).map(|(a, b)| a * b).sum();
        self.features.iter().map(product).collect()
    }
}
