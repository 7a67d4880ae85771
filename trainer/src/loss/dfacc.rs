//! DFACC, the deepfake attribution contrastive centre loss.
//!
//! After contrastive-centre loss (Qi and Su 2017, arXiv 1707.07391), where "irrelevant" centres are those
//! outside the sample's group (forgery type x family), so that generators of one group stay near each other.

use burn::tensor::{Int, Tensor, TensorData, backend::Backend};

/// For each class, which centres push it away: `[classes, classes]` of 0 and 1.
pub struct Irrelevant<B: Backend>(Tensor<B, 2>);

impl<B: Backend> Irrelevant<B> {
    /// From the group of each class.
    pub fn new(groups: &[String], device: &B::Device) -> Self {
        let mask: Vec<f32> = groups
            .iter()
            .flat_map(|group| groups.iter().map(move |other| if group == other { 0.0 } else { 1.0 }))
            .collect();
        Self(Tensor::from_data(TensorData::new(mask, [groups.len(), groups.len()]), device))
    }
}

/// `1/2 mean_i |v_i - c_yi|^2 / (sum over irrelevant j of |v_i - c_j|^2 + 1)`.
///
/// `embedding` is `[batch, width]`, `centres` `[classes, width]`; the result is `[1]`, at least 0, and 0
/// exactly when every sample is at its centre.
pub fn dfacc<B: Backend>(
    embedding: Tensor<B, 2>,
    centres: Tensor<B, 2>,
    classes: &[usize],
    irrelevant: &Irrelevant<B>,
) -> Tensor<B, 1> {
    let device = embedding.device();
    let [batch, _] = embedding.dims();
    let [count, _] = centres.dims();
    let truth: Vec<i64> = classes.iter().map(|&class| class as i64).collect();
    let truth = Tensor::<B, 1, Int>::from_data(TensorData::new(truth, [batch]), &device);

    let pull = (embedding.clone() - centres.clone().select(0, truth.clone())).powi_scalar(2).sum_dim(1);
    // |v|^2 - 2 v c + |c|^2, which needs no [batch, classes, width] tensor.
    let lengths = embedding.clone().powi_scalar(2).sum_dim(1);
    let centre_lengths = centres.clone().powi_scalar(2).sum_dim(1).reshape([1, count]);
    let products = embedding.matmul(centres.transpose()).mul_scalar(2.0);
    let distances = (lengths - products + centre_lengths).clamp_min(0.0);
    let push = (distances * irrelevant.0.clone().select(0, truth)).sum_dim(1).add_scalar(1.0);
    (pull / push).mean().mul_scalar(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn_flex::Flex;

    fn value(embedding: [[f32; 2]; 1], centres: [[f32; 2]; 3]) -> f32 {
        let groups = ["real".to_string(), "EFS/GAN".to_string(), "EFS/GAN".to_string()];
        let device = Default::default();
        let irrelevant = Irrelevant::<Flex>::new(&groups, &device);
        dfacc(
            Tensor::from_floats(embedding, &device),
            Tensor::from_floats(centres, &device),
            &[1],
            &irrelevant,
        )
        .into_scalar()
    }

    #[test]
    fn zero_at_the_centre_and_growing_with_distance() {
        let centres = [[1.0, 0.0], [0.0, 1.0], [0.0, 5.0]];
        assert_eq!(value([[0.0, 1.0]], centres), 0.0);
        let near = value([[0.1, 1.0]], centres);
        let far = value([[0.2, 1.0]], centres);
        assert!(0.0 < near && near < far, "{near} {far}");
    }

    #[test]
    fn a_centre_of_the_same_group_does_not_push() {
        let near = value([[0.5, 1.0]], [[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]]);
        let moved = value([[0.5, 1.0]], [[1.0, 0.0], [0.0, 1.0], [9.0, 9.0]]);
        assert_eq!(near, moved);
        // 1/2 * 0.25 / (0.25 + 1 + 1), by hand.
        assert!((near - 0.125 / 2.25).abs() < 1e-6, "{near}");
    }
}
