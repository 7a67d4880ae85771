//! The edge view: Sobel gradient magnitude.

use burn::tensor::{Tensor, TensorData, backend::Backend, module::conv2d, ops::ConvOptions};

use super::luma;

/// `sqrt(gx^2 + gy^2)` of the luma with the 3x3 Sobel kernels, zero padding.
///
/// Input `[batch, 3, height, width]` in `[0, 1]`; output `[batch, 1, height, width]` in `[0, 4 sqrt 2]`.
pub fn sobel_magnitude<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    let device = rgb.device();
    #[rustfmt::skip]
    let kernels = [
        -1.0_f32, 0.0, 1.0,   -2.0, 0.0, 2.0,   -1.0, 0.0, 1.0,
        -1.0, -2.0, -1.0,   0.0, 0.0, 0.0,   1.0, 2.0, 1.0,
    ];
    let weight = Tensor::from_data(TensorData::new(kernels.to_vec(), [2, 1, 3, 3]), &device);
    let gradient = conv2d(luma(rgb), weight, None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1));
    gradient.powi_scalar(2).sum_dim(1).sqrt()
}
