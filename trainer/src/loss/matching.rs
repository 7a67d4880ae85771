//! Vision-parsing matching: an image is nearest to the face-parsing maps of its class.

use bmrl::model::normalize;
use burn::tensor::{Int, Tensor, TensorData, backend::Backend};

use super::multi_positive;

/// [`multi_positive`] of those images that have a parsing map against the maps.
///
/// `embedding` `[batch, width]` is L2-normalised, `parsing` `[maps, width]` is not; `rows` names the image of each map,
/// `scale` `[1]` multiplies the cosines. The result is `[1]`, at least 0.
pub fn matching<B: Backend>(
    embedding: Tensor<B, 2>,
    parsing: Tensor<B, 2>,
    classes: &[usize],
    rows: &[usize],
    scale: Tensor<B, 1>,
) -> Tensor<B, 1> {
    let device = embedding.device();
    let indices: Vec<i64> = rows.iter().map(|&row| row as i64).collect();
    let indices = Tensor::<B, 1, Int>::from_data(TensorData::new(indices, [rows.len()]), &device);
    let labels: Vec<usize> = rows.iter().map(|&row| classes[row]).collect();
    let similarity = embedding.select(0, indices).matmul(normalize(parsing).transpose()) * scale.unsqueeze();
    multi_positive(similarity, &labels, &labels)
}
