use burn::tensor::{Tensor, TensorData};
use burn_flex::{Flex, FlexDevice};

use super::{homogeneity, richest_patch, sobel_magnitude, srm_residual};

type Image = Tensor<Flex, 4>;

/// `[1, channels, height, width]` from a function of channel, row and column.
fn image(shape: [usize; 3], value: impl Fn(usize, usize, usize) -> f32) -> Image {
    let [channels, height, width] = shape;
    let mut values = Vec::new();
    for channel in 0..channels {
        for y in 0..height {
            values.extend((0..width).map(|x| value(channel, y, x)));
        }
    }
    Tensor::from_data(TensorData::new(values, [1, channels, height, width]), &FlexDevice)
}

fn at(tensor: &Image, channel: usize, y: usize, x: usize) -> f32 {
    tensor.clone().slice([0..1, channel..channel + 1, y..y + 1, x..x + 1]).into_scalar()
}

/// A fixed sequence that looks random, 0 to 255.
fn noise(y: usize, x: usize) -> f32 {
    let mixed = (y * 7919 + x * 104_729 + 13).wrapping_mul(2_654_435_761);
    ((mixed >> 7) % 256) as f32
}

#[test]
fn homogeneity_equals_that_of_the_co_occurrence_matrix() {
    let (height, width) = (9, 12);
    let mut matrix = vec![0.0_f64; 256 * 256];
    for y in 0..height {
        for x in 0..width - 1 {
            matrix[noise(y, x) as usize * 256 + noise(y, x + 1) as usize] += 1.0;
        }
    }
    let total: f64 = matrix.iter().sum();
    let expected: f64 = (0..256 * 256)
        .map(|index| {
            let (i, j) = ((index / 256) as f64, (index % 256) as f64);
            matrix[index] / total / (1.0 + (i - j).powi(2))
        })
        .sum();
    let found: f32 = homogeneity(image([1, height, width], |_, y, x| noise(y, x))).into_scalar();
    assert!((f64::from(found) - expected).abs() < 1e-6, "{found} {expected}");
}

#[test]
fn the_richest_patch_is_the_least_homogeneous_and_the_first_on_ties() {
    for quadrant in 0..4 {
        let rgb = image([3, 224, 224], |_, y, x| {
            let here = (y / 112) * 2 + x / 112;
            if here == quadrant { noise(y, x) } else { 100.0 }
        });
        let (patch, chosen) = richest_patch(rgb.clone());
        assert_eq!(chosen.into_scalar() as usize, quadrant);
        let (y, x) = (quadrant / 2 * 112, quadrant % 2 * 112);
        assert_eq!(at(&patch, 1, 5, 7), at(&rgb, 1, y + 5, x + 7));
    }
    let (_, flat) = richest_patch(image([3, 224, 224], |_, _, _| 7.0));
    assert_eq!(flat.into_scalar(), 0);
    let alike = image([3, 224, 224], |_, y, x| if y < 112 { 0.0 } else { noise(y % 112, x % 112) });
    assert_eq!(richest_patch(alike).1.into_scalar(), 2);
}

#[test]
fn sobel_of_a_ramp_is_its_slope() {
    // A horizontal ramp of 0.01 a pixel: gx = 8 * 0.01, gy = 0.
    let ramp = sobel_magnitude(image([3, 8, 8], |_, _, x| 0.01 * x as f32));
    assert!((at(&ramp, 0, 4, 4) - 0.08).abs() < 1e-6);
    let flat = sobel_magnitude(image([3, 8, 8], |_, _, _| 0.5));
    assert!(at(&flat, 0, 4, 4).abs() < 1e-6);
}

#[test]
fn srm_filters_answer_an_impulse_with_their_kernels() {
    let residual =
        srm_residual(image([3, 9, 9], |channel, y, x| if (channel, y, x) == (1, 4, 4) { 1.0 } else { 0.0 }));
    assert!((at(&residual, 0, 4, 4) + 1.0).abs() < 1e-6);
    assert!((at(&residual, 0, 3, 4) - 0.5).abs() < 1e-6);
    assert!((at(&residual, 1, 4, 4) + 1.0).abs() < 1e-6);
    assert!((at(&residual, 1, 2, 3) - 2.0 / 12.0).abs() < 1e-6);
    assert!((at(&residual, 2, 4, 4) + 1.0).abs() < 1e-6);
    assert!((at(&residual, 2, 4, 3) - 0.5).abs() < 1e-6);
    assert_eq!(at(&residual, 2, 3, 4), 0.0);
    // The sum over channels of a checkerboard of 1 and 0 passes the clamp.
    let board = srm_residual(image([3, 9, 9], |_, y, x| ((x + y) % 2) as f32));
    assert_eq!(at(&board, 0, 4, 4).abs(), 3.0);
}
