//! From pictures to maps: the picture at the parser's size, its scores, and the best class of every pixel of the
//! picture.

use burn::tensor::{Tensor, TensorData, backend::Backend};
use image::{GrayImage, Luma, RgbImage, imageops, imageops::FilterType};

use super::network::Parser;

/// The picture as a square of `side` pixels: `[3, side, side]`, RGB in `[0, 1]`. Its shape is not kept.
pub fn prepare(picture: &RgbImage, side: usize) -> Vec<f32> {
    planes(&imageops::resize(picture, side as u32, side as u32, FilterType::Triangle))
}

/// Channel by channel, in `[0, 1]`.
pub fn planes(square: &RgbImage) -> Vec<f32> {
    let channel = |index: usize| square.as_raw().iter().skip(index).step_by(3);
    (0..3).flat_map(channel).map(|&value| f32::from(value) / 255.0).collect()
}

/// Scores of each prepared picture, each `[classes, side / 2, side / 2]`.
pub fn scores<B: Backend>(
    parser: &Parser<B>,
    prepared: &[Vec<f32>],
    side: usize,
    device: &B::Device,
) -> anyhow::Result<Vec<Vec<f32>>> {
    let data = TensorData::new(prepared.concat(), [prepared.len(), 3, side, side]);
    let scores = parser.forward(Tensor::from_data(data, device)).into_data().convert::<f32>();
    let values = scores.into_vec::<f32>().map_err(|error| anyhow::anyhow!("the scores: {error:?}"))?;
    Ok(values.chunks_exact(values.len() / prepared.len()).map(<[f32]>::to_vec).collect())
}

/// The best class of every pixel: scores `[classes, side, side]` interpolated linearly to the picture's size.
pub fn best_classes(scores: &[f32], side: usize, (width, height): (u32, u32)) -> GrayImage {
    let columns = steps(side, width);
    let rows = steps(side, height);
    let mut line = vec![0.0; scores.len() / side];
    let mut map = GrayImage::new(width, height);
    for (pixels, &(above, below, part)) in map.rows_mut().zip(&rows) {
        for (plane, line) in scores.chunks_exact(side * side).zip(line.chunks_exact_mut(side)) {
            let (above, below) = (&plane[above * side..][..side], &plane[below * side..][..side]);
            for ((value, above), below) in line.iter_mut().zip(above).zip(below) {
                *value = above + (below - above) * part;
            }
        }
        for (pixel, &(left, right, part)) in pixels.zip(&columns) {
            let score = |line: &[f32]| line[left] + (line[right] - line[left]) * part;
            let mut best = (0, f32::NEG_INFINITY);
            for (class, line) in line.chunks_exact(side).enumerate() {
                let score = score(line);
                if score > best.1 {
                    best = (class, score);
                }
            }
            *pixel = Luma([best.0 as u8]);
        }
    }
    map
}

/// For each of `length` pixels the two of `side` cells that it lies between, and how far it is from the first.
fn steps(side: usize, length: u32) -> Vec<(usize, usize, f32)> {
    let last = side - 1;
    let place = |pixel: u32| {
        let at = (pixel as f32 + 0.5) * side as f32 / length as f32 - 0.5;
        let at = at.clamp(0.0, last as f32);
        let first = at as usize;
        (first, (first + 1).min(last), at - first as f32)
    };
    (0..length).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_between_two_cells_is_in_the_middle() {
        // Class 1 on the right half of 4 x 4 cells; class 0 on the left.
        let side = 4;
        let right = |cell: usize| if cell % side >= 2 { 1.0 } else { 0.0 };
        let scores: Vec<f32> = (0..16).map(|cell| 1.0 - right(cell)).chain((0..16).map(right)).collect();
        let map = best_classes(&scores, side, (20, 10));
        assert!(map.enumerate_pixels().all(|(x, _, class)| class.0[0] == u8::from(x >= 10)));
    }

    #[test]
    fn a_picture_becomes_planes() {
        let picture = RgbImage::from_pixel(31, 17, image::Rgb([255, 0, 51]));
        let planes = prepare(&picture, 16);
        assert!(planes[..256].iter().all(|&v| v == 1.0) && planes[256..512].iter().all(|&v| v == 0.0));
        assert!(planes[512..].iter().all(|&v| (v - 0.2).abs() < 1e-6));
    }
}
