//! The richest patch: where the noise view looks.

use burn::tensor::{Int, Tensor, backend::Backend};

/// Side of a patch, in pixels: a 224-pixel square holds a 2 x 2 grid of them.
pub const PATCH_SIDE: usize = 112;

/// Homogeneity of the grey-level co-occurrence matrix (distance 1, angle 0, 256 levels).
///
/// It equals the mean of `1 / (1 + (a - b)^2)` over horizontal neighbours, so no matrix is built.
/// Input `[batch, 1, height, width]`, whole grey values 0 to 255; output `[batch]` in `(0, 1]`.
pub fn homogeneity<B: Backend>(grey: Tensor<B, 4>) -> Tensor<B, 1> {
    let [batch, _, height, width] = grey.dims();
    let left = grey.clone().narrow(3, 0, width - 1);
    let right = grey.narrow(3, 1, width - 1);
    let pairs = (left - right).powi_scalar(2).add_scalar(1.0).recip();
    pairs.reshape([batch, height * (width - 1)]).mean_dim(1).reshape([batch])
}

/// [`homogeneity`] of each patch of the 2 x 2 grid, `[batch, 4]` in raster order; input as of [`richest_patch`].
pub fn homogeneity_of_patches<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 2> {
    let batch = rgb.dims()[0];
    homogeneity(grey(patches(rgb))).reshape([batch, 4])
}

/// `[batch, 3, 224, 224]` to `[4 * batch, 3, 112, 112]`, each picture's patches in raster order.
fn patches<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    let batch = rgb.dims()[0];
    // [batch, 3, row, 112, column, 112] -> [batch, row, column, 3, 112, 112]
    rgb.reshape([batch, 3, 2, PATCH_SIDE, 2, PATCH_SIDE]).permute([0, 2, 4, 1, 3, 5]).reshape([
        batch * 4,
        3,
        PATCH_SIDE,
        PATCH_SIDE,
    ])
}

/// Whole grey values 0 to 255 of whole RGB values, `[batch, 3, height, width]` to `[batch, 1, height, width]`: BT.601 luma, halves
/// rounded up.
///
/// One colour in a thousand lies on a half exactly. Whole weights and a quarter more keep those clear of the edge, so that
/// every device rounds them alike.
fn grey<B: Backend>(rgb: Tensor<B, 4>) -> Tensor<B, 4> {
    let channel = |index: usize| rgb.clone().narrow(1, index, 1);
    let thousandths =
        channel(0).mul_scalar(299.0) + channel(1).mul_scalar(587.0) + channel(2).mul_scalar(114.0);
    thousandths.add_scalar(0.25).div_scalar(1000.0).round()
}

/// The patch of the 2 x 2 grid with the lowest homogeneity, the first in raster order on ties.
///
/// Input `[batch, 3, 224, 224]`, whole values 0 to 255; output `[batch, 3, 112, 112]` and the chosen
/// index 0 to 3 in raster order, `[batch]`.
pub fn richest_patch<B: Backend>(rgb: Tensor<B, 4>) -> (Tensor<B, 4>, Tensor<B, 1, Int>) {
    let batch = rgb.dims()[0];
    let device = rgb.device();
    let patches = patches(rgb);
    let scores = homogeneity(grey(patches.clone())).reshape([batch, 4]);
    // `argmin` leaves ties to the backend; the largest of (4 - index) among the minima does not.
    let lowest = scores.clone().min_dim(1).equal(scores).float();
    let order = Tensor::<B, 1>::from_floats([4.0, 3.0, 2.0, 1.0], &device).reshape([1, 4]);
    let chosen = (lowest * order).max_dim(1).neg().add_scalar(4.0).reshape([batch]).int();
    let first = Tensor::<B, 1, Int>::arange(0..batch as i64, &device).mul_scalar(4);
    (patches.select(0, first + chosen.clone()), chosen)
}
