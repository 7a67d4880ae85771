//! The three views of one face: image, noise and edge, as batched tensor operations on the device.

mod edge;
mod noise;
mod patch;

pub use edge::sobel_magnitude;
pub use noise::srm_residual;
pub use patch::{PATCH_SIDE, homogeneity, richest_patch};

use burn::tensor::{Tensor, backend::Backend};

/// Luma of RGB, `[batch, 3, height, width]` to `[batch, 1, height, width]`, same range (ITU-R BT.601).
pub fn luma<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    let channel = |index: usize| rgb.clone().narrow(1, index, 1);
    channel(0).mul_scalar(0.299) + channel(1).mul_scalar(0.587) + channel(2).mul_scalar(0.114)
}

#[cfg(test)]
mod tests;
