//! The noise view: residuals of three fixed steganalysis rich model (SRM) filters.

use burn::tensor::{Tensor, TensorData, backend::Backend, module::conv2d, ops::ConvOptions};

/// Residuals are clamped to `[-CLAMP, CLAMP]`.
const CLAMP: f32 = 3.0;

/// The 3x3 square filter in a 5x5 frame, over 4.
const SQUARE_3: [f64; 25] = [
    0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, -1.0, 2.0, -1.0, 0.0, //
    0.0, 2.0, -4.0, 2.0, 0.0, //
    0.0, -1.0, 2.0, -1.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0,
];

/// The 5x5 square filter, over 12.
const SQUARE_5: [f64; 25] = [
    -1.0, 2.0, -2.0, 2.0, -1.0, //
    2.0, -6.0, 8.0, -6.0, 2.0, //
    -2.0, 8.0, -12.0, 8.0, -2.0, //
    2.0, -6.0, 8.0, -6.0, 2.0, //
    -1.0, 2.0, -2.0, 2.0, -1.0,
];

/// The horizontal second-order filter in a 5x5 frame, over 2.
const SECOND_ORDER: [f64; 25] = [
    0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 1.0, -2.0, 1.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0,
];

/// Three residual maps, each filter applied to R, G and B and summed over them; padding 2.
///
/// Input `[batch, 3, height, width]` in `[0, 1]`; output of the same shape in `[-3, 3]`.
pub fn srm_residual<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    let device = rgb.device();
    // A filter summed over the channels is the filter of the channels' sum: a third of the work.
    let sum = rgb.sum_dim(1);
    let kernels: Vec<f64> = [(SQUARE_3, 4.0), (SQUARE_5, 12.0), (SECOND_ORDER, 2.0)]
        .into_iter()
        .flat_map(|(kernel, divisor)| kernel.map(|value| value / divisor))
        .collect();
    let weight = Tensor::from_data(TensorData::new(kernels, [3, 1, 5, 5]), &device);
    conv2d(sum, weight, None, ConvOptions::new([1, 1], [2, 2], [1, 1], 1)).clamp(-CLAMP, CLAMP)
}
