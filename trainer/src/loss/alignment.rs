//! Vision-language alignment: an image is nearest to the prompt chain of its class.

use bmrl::model::normalize;
use burn::tensor::{Tensor, backend::Backend};

use super::multi_positive;

/// [`multi_positive`] of images against the distinct chains of the batch.
///
/// `embedding` `[batch, width]` is L2-normalised, `text` `[chains, width]` is not; `chains` names the class of each row of
/// `text`, `scale` `[1]` multiplies the cosines. The result is `[1]`, at least 0.
pub fn alignment<B: Backend>(
    embedding: Tensor<B, 2>,
    text: Tensor<B, 2>,
    classes: &[usize],
    chains: &[usize],
    scale: Tensor<B, 1>,
) -> Tensor<B, 1> {
    let similarity = embedding.matmul(normalize(text).transpose()) * scale.unsqueeze();
    multi_positive(similarity, classes, chains)
}
