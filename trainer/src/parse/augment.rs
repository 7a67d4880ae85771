//! What a labelled picture goes through in the parser's training. Labelled sets are small and of few people, so it is
//! much: any part of the picture at any angle, other colours for each class, another background.

use anyhow::Result;
use image::{GrayImage, Luma, Rgb, RgbImage, imageops, imageops::FilterType};
use rand::Rng;

use super::segment::planes;
use crate::distort::Distortion;

/// Smallest and largest part of the picture's shorter side that is shown.
const PARTS: [f32; 2] = [0.22, 1.1];

/// One training example.
pub struct Example {
    /// `[3, side, side]`, RGB in `[0, 1]`.
    pub pixels: Vec<f32>,
    /// The part of each cell that each class has, `[classes, side / 2, side / 2]`.
    pub shares: Vec<f32>,
}

/// Draws an example of a picture and its mask, of the same size.
pub fn draw(
    picture: &RgbImage,
    mask: &GrayImage,
    mirrored: &[u8],
    side: usize,
    rng: &mut impl Rng,
) -> Result<Example> {
    let window = Window::draw(picture.dimensions(), rng);
    let (mut seen, map) = window.cut(picture, mask, side as u32, mirrored);
    if rng.random_bool(0.5) {
        tint(&mut seen, &map, mirrored.len(), rng);
    }
    if rng.random_bool(0.5) {
        replace_background(&mut seen, &map, rng);
    }
    let seen = degrade(seen, rng)?;
    Ok(Example { pixels: planes(&seen), shares: shares(&map, mirrored.len()) })
}

/// Where an example lies in its picture.
struct Window {
    centre: [f32; 2],
    /// Width and height, in pixels of the picture.
    size: [f32; 2],
    /// Sine and cosine of its turn.
    turn: (f32, f32),
    flip: bool,
}

impl Window {
    fn draw((width, height): (u32, u32), rng: &mut impl Rng) -> Self {
        let shorter = width.min(height) as f32;
        // Evenly over the logarithm: a face twice as large is as likely.
        let part = rng.random_range(PARTS[0].ln()..PARTS[1].ln()).exp();
        let shape = rng.random_range(-0.15_f32..0.15).exp();
        let size = [shorter * part * shape, shorter * part / shape];
        // The mean of two draws: the middle more often than the edges.
        let mut place = |length: u32, size: f32| {
            let free = (length as f32 - size).max(0.0);
            let at = (rng.random::<f32>() + rng.random::<f32>()) / 2.0;
            length as f32 / 2.0 + (at - 0.5) * free
        };
        let centre = [place(width, size[0]), place(height, size[1])];
        let angle = if rng.random_bool(0.5) { rng.random_range(-0.4_f32..0.4) } else { 0.0 };
        Self { centre, size, turn: angle.sin_cos(), flip: rng.random_bool(0.5) }
    }

    /// The point of the picture at `x`, `y` of a square of `side` pixels.
    fn source(&self, x: u32, y: u32, side: u32) -> [f32; 2] {
        let unit = |at: u32| (at as f32 + 0.5) / side as f32 - 0.5;
        let across = if self.flip { -unit(x) } else { unit(x) } * self.size[0];
        let down = unit(y) * self.size[1];
        let (sine, cosine) = self.turn;
        [self.centre[0] + cosine * across - sine * down, self.centre[1] + sine * across + cosine * down]
    }

    /// The upright part of the picture that holds the window, and a little more: left, top, right, bottom.
    fn surroundings(&self, (width, height): (u32, u32)) -> [u32; 4] {
        let (sine, cosine) = (self.turn.0.abs(), self.turn.1);
        let reach = [
            (self.size[0] * cosine + self.size[1] * sine) / 2.0 + 2.0,
            (self.size[0] * sine + self.size[1] * cosine) / 2.0 + 2.0,
        ];
        let low = |axis: usize, length: u32| {
            (self.centre[axis] - reach[axis]).clamp(0.0, (length - 1) as f32) as u32
        };
        let high = |axis: usize, length: u32| {
            (self.centre[axis] + reach[axis]).ceil().clamp(1.0, length as f32) as u32
        };
        [low(0, width), low(1, height), high(0, width), high(1, height)]
    }

    /// How much the picture shrinks to `side` pixels; at most 1, nothing is enlarged beforehand.
    fn factor(&self, side: u32) -> f32 {
        (side as f32 / self.size[0].min(self.size[1])).min(1.0)
    }

    /// Both at `side` pixels. What lies outside repeats the picture's edge.
    fn cut(&self, picture: &RgbImage, mask: &GrayImage, side: u32, mirrored: &[u8]) -> (RgbImage, GrayImage) {
        let (width, height) = picture.dimensions();
        // Reduced before it is turned, so that fine detail is averaged and not skipped over.
        let ([left, top, right, bottom], factor) = (self.surroundings((width, height)), self.factor(side));
        let around = imageops::crop_imm(picture, left, top, right - left, bottom - top).to_image();
        let reduced_side = |length: u32| ((length as f32 * factor).round() as u32).max(1);
        let size = [around.width(), around.height()].map(reduced_side);
        let around = match factor < 1.0 {
            true => imageops::resize(&around, size[0], size[1], FilterType::Triangle),
            false => around,
        };
        let scale = [size[0] as f32 / (right - left) as f32, size[1] as f32 / (bottom - top) as f32];
        let seen = RgbImage::from_fn(side, side, |x, y| {
            let at = self.source(x, y, side);
            let x = ((at[0] - left as f32) * scale[0] - 0.5).clamp(0.0, (size[0] - 1) as f32);
            let y = ((at[1] - top as f32) * scale[1] - 0.5).clamp(0.0, (size[1] - 1) as f32);
            imageops::interpolate_bilinear(&around, x, y).unwrap_or(Rgb([0; 3]))
        });
        let map = GrayImage::from_fn(side, side, |x, y| {
            let [left, top] = self.source(x, y, side);
            let within = |at: f32, length: u32| at.clamp(0.0, (length - 1) as f32) as u32;
            let class = mask.get_pixel(within(left, width), within(top, height)).0[0];
            Luma([if self.flip { mirrored[usize::from(class)] } else { class }])
        });
        (seen, map)
    }
}

/// Fair hair, dark skin: half of the classes get a brightness and a colour of their own.
fn tint(seen: &mut RgbImage, map: &GrayImage, classes: usize, rng: &mut impl Rng) {
    let tints: Vec<Option<[(f32, f32); 3]>> = (0..classes)
        .map(|_| {
            rng.random_bool(0.5).then(|| {
                let (gain, offset) = (rng.random_range(0.5_f32..1.5), rng.random_range(-20.0..90.0));
                std::array::from_fn(|_| {
                    (gain * rng.random_range(0.85..1.15), offset * rng.random_range(0.6..1.2))
                })
            })
        })
        .collect();
    for (pixel, class) in seen.pixels_mut().zip(map.pixels()) {
        if let Some(tint) = &tints[usize::from(class.0[0])] {
            for (value, (gain, offset)) in pixel.0.iter_mut().zip(tint) {
                *value = (f32::from(*value) * gain + offset).round().clamp(0.0, 255.0) as u8;
            }
        }
    }
}

/// A grid of random colours, from one to as many as the picture has pixels, interpolated.
fn replace_background(seen: &mut RgbImage, map: &GrayImage, rng: &mut impl Rng) {
    let cells = 1 << rng.random_range(0..6);
    let spread = rng.random_range(0.2..1.0_f32);
    let base: [f32; 3] = std::array::from_fn(|_| rng.random_range(0.0..255.0));
    let grid = RgbImage::from_fn(cells, cells, |_, _| {
        Rgb(base.map(|value| (value + spread * rng.random_range(-128.0..128.0)).clamp(0.0, 255.0) as u8))
    });
    let texture = imageops::resize(&grid, seen.width(), seen.height(), FilterType::CatmullRom);
    for ((pixel, class), other) in seen.pixels_mut().zip(map.pixels()).zip(texture.pixels()) {
        if class.0[0] == 0 {
            *pixel = *other;
        }
    }
}

/// Colours of the whole, blur, a smaller size in between, noise, JPEG.
fn degrade(mut seen: RgbImage, rng: &mut impl Rng) -> Result<RgbImage> {
    let side = seen.width();
    let colour = Distortion::Colour {
        contrast: rng.random_range(0.5..1.5),
        brightness: rng.random_range(-40.0..40.0),
        saturation: if rng.random_bool(0.1) { 0.0 } else { rng.random_range(0.4..1.8) },
    };
    seen = colour.apply(&seen, rng)?;
    if rng.random_bool(0.25) {
        let smaller = rng.random_range(side / 3..side);
        seen = imageops::resize(&seen, smaller, smaller, FilterType::Triangle);
        seen = imageops::resize(&seen, side, side, FilterType::CatmullRom);
    }
    if rng.random_bool(0.2) {
        seen = Distortion::Blur { sigma: rng.random_range(0.3..1.2) }.apply(&seen, rng)?;
    }
    if rng.random_bool(0.2) {
        seen = Distortion::Noise { sigma: rng.random_range(1.0..10.0) }.apply(&seen, rng)?;
    }
    if rng.random_bool(0.4) {
        seen =
            Distortion::Jpeg { quality: rng.random_range(40..=95), halved_chroma: true }.apply(&seen, rng)?;
    }
    Ok(seen)
}

/// The part of each 2 x 2 cell that each class has.
fn shares(map: &GrayImage, classes: usize) -> Vec<f32> {
    let side = map.width() as usize / 2;
    let mut shares = vec![0.0; classes * side * side];
    for (x, y, class) in map.enumerate_pixels() {
        shares[(usize::from(class.0[0]) * side + y as usize / 2) * side + x as usize / 2] += 0.25;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn picture_and_mask_go_through_the_same_window() {
        // Bright where the mask is 1; a flip would show the right part as the left one, class 2.
        let picture = RgbImage::from_fn(200, 160, |x, y| Rgb([if x + y < 150 { 250 } else { 5 }; 3]));
        let mask = GrayImage::from_fn(200, 160, |x, y| Luma([u8::from(x + y < 150)]));
        for seed in 0..20 {
            let mut rng = StdRng::seed_from_u64(seed);
            let window = Window::draw((200, 160), &mut rng);
            let (seen, map) = window.cut(&picture, &mask, 64, &[0, 2, 1]);
            let bright = if window.flip { 2 } else { 1 };
            let agree = seen.pixels().zip(map.pixels()).filter(|(p, c)| (p.0[0] > 127) == (c.0[0] == bright));
            assert!(agree.count() > 64 * 64 * 97 / 100, "seed {seed}");
        }
    }

    #[test]
    fn an_example_is_the_same_by_seed_and_its_shares_add_up() {
        let picture = RgbImage::from_fn(90, 120, |x, y| Rgb([x as u8, y as u8, 90]));
        let mask = GrayImage::from_fn(90, 120, |x, _| Luma([(x / 30) as u8]));
        let example = |seed| draw(&picture, &mask, &[0, 1, 2], 32, &mut StdRng::seed_from_u64(seed)).unwrap();
        let (first, again, other) = (example(1), example(1), example(2));
        assert!(first.pixels == again.pixels && first.shares == again.shares);
        assert!(first.pixels != other.pixels);
        assert_eq!((first.pixels.len(), first.shares.len()), (3 * 32 * 32, 3 * 16 * 16));
        for cell in 0..256 {
            assert_eq!((0..3).map(|class| first.shares[class * 256 + cell]).sum::<f32>(), 1.0);
        }
    }
}
