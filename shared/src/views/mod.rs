//! The three views of one face: image, noise and edge, as batched tensor operations on the device.

mod edge;
mod noise;
mod patch;

pub use edge::sobel_magnitude;
pub use noise::srm_residual;
pub use patch::{PATCH_SIDE, homogeneity, homogeneity_of_patches, richest_patch};

use burn::tensor::{Tensor, backend::Backend};

/// Luma of RGB, `[batch, 3, height, width]` to `[batch, 1, height, width]`, same range (ITU-R BT.601).
pub fn luma<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    let channel = |index: usize| rgb.clone().narrow(1, index, 1);
    channel(0).mul_scalar(0.299) + channel(1).mul_scalar(0.587) + channel(2).mul_scalar(0.114)
}

/// The image view: RGB in `[0, 1]` to `[-2, 2]`, any shape.
pub fn centred<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    rgb.sub_scalar(0.5).mul_scalar(4.0)
}

/// RGB in `[0, 1]`, `[batch, 3, height, width]`, by ImageNet's mean and deviation: what imported backbones expect.
pub fn imagenet<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    let device = rgb.device();
    let row = |values: [f32; 3]| Tensor::<B, 1>::from_floats(values, &device).reshape([1, 3, 1, 1]);
    (rgb - row([0.485, 0.456, 0.406])) / row([0.229, 0.224, 0.225])
}

#[cfg(test)]
mod tests;
