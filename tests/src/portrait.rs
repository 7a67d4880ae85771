//! A drawn face, or several, on a plain soft background.

use crate::eigenface::{Eigenfaces, SIDE, smooth};
use image::{Rgb, Rgb32FImage, RgbImage, imageops};

/// One sample picture.
pub struct Portrait {
    /// File name; its ending chooses JPEG or PNG.
    pub file: &'static str,
    /// What the page calls it.
    pub title: &'static str,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Seed of each face, from left to right.
    pub seeds: &'static [u64],
    /// Side of the face model's square as a share of the picture's height.
    pub scale: f32,
    /// Colour of the background, 0 to 1.
    pub background: [f32; 3],
}

/// The repository's samples. The seeds were chosen by eye from `eigenfaces --sheet`.
pub const PORTRAITS: &[Portrait] = &[
    single("portrait-01.jpg", "Portrait 1", 512, &[0], 0.86, [0.80, 0.80, 0.78]),
    single("portrait-02.jpg", "Portrait 2", 512, &[5], 0.80, [0.80, 0.76, 0.72]),
    single("portrait-03.jpg", "Portrait 3", 512, &[12], 0.84, [0.70, 0.70, 0.74]),
    single("portrait-04.jpg", "Portrait 4", 512, &[25], 0.90, [0.74, 0.78, 0.80]),
    single("portrait-05.jpg", "Portrait 5", 512, &[33], 0.76, [0.66, 0.70, 0.70]),
    single("portrait-06.jpg", "Portrait 6", 512, &[43], 0.82, [0.72, 0.74, 0.68]),
    single("portrait-07.jpg", "Portrait 7", 512, &[44], 0.86, [0.78, 0.80, 0.82]),
    single("portrait-08.jpg", "Portrait 8", 512, &[57], 0.80, [0.82, 0.79, 0.72]),
    single("portrait-09.png", "Portrait 9", 384, &[64], 0.84, [0.76, 0.74, 0.74]),
    single("portrait-10.jpg", "Portrait 10", 1024, &[76], 0.62, [0.74, 0.76, 0.80]),
    single("portrait-11.jpg", "Portrait 11", 1024, &[60], 0.70, [0.80, 0.74, 0.68]),
    Portrait {
        file: "group.jpg",
        title: "Three together",
        size: (1020, 440),
        seeds: &[63, 78, 67],
        scale: 0.76,
        background: [0.76, 0.77, 0.78],
    },
];

const fn single(
    file: &'static str,
    title: &'static str,
    side: u32,
    seeds: &'static [u64],
    scale: f32,
    background: [f32; 3],
) -> Portrait {
    Portrait { file, title, size: (side, side), seeds, scale, background }
}

/// The faces of seeds 0 to `count` - 1 in rows of ten.
pub fn sheet(model: &Eigenfaces, count: u64) -> RgbImage {
    const CELL: u32 = 200;
    let mut sheet = RgbImage::new(10 * CELL, count.div_ceil(10) as u32 * CELL);
    for seed in 0..count {
        let one = Portrait {
            file: "",
            title: "",
            size: (CELL, CELL),
            seeds: &[0],
            scale: 0.95,
            background: [0.8; 3],
        };
        let (x, y) = (seed as u32 % 10 * CELL, seed as u32 / 10 * CELL);
        imageops::replace(&mut sheet, &render(&one, model, seed), x.into(), y.into());
    }
    sheet
}

/// Draws the portrait. `shift` is added to each seed, to draw others in their place.
pub fn render(portrait: &Portrait, model: &Eigenfaces, shift: u64) -> RgbImage {
    let (width, height) = portrait.size;
    let mut canvas = backdrop(width, height, portrait.background);
    let side = (height as f32 * portrait.scale) as u32;
    let slot = width / portrait.seeds.len() as u32;
    for (index, seed) in portrait.seeds.iter().enumerate() {
        let face = enlarge(&model.draw(seed + shift), side);
        let left = slot * index as u32 + slot / 2 - side / 2;
        let top = (height - side) / 2;
        blend(&mut canvas, &face, left, top);
    }
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(canvas.get_pixel(x, y).0.map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8))
    })
}

/// One colour, brighter behind the head and darker in the corners.
fn backdrop(width: u32, height: u32, colour: [f32; 3]) -> Rgb32FImage {
    Rgb32FImage::from_fn(width, height, |x, y| {
        let across = x as f32 / width as f32 - 0.5;
        let down = y as f32 / height as f32 - 0.45;
        let light = 1.06 - 0.3 * across.hypot(down);
        Rgb(colour.map(|value| value * light))
    })
}

/// Enlarges a face and gives it back some of the crispness that averaging took.
fn enlarge(face: &Rgb32FImage, side: u32) -> Rgb32FImage {
    let mut large = imageops::resize(face, side, side, imageops::FilterType::CatmullRom);
    let soft = imageops::blur(&large, 1.4 * side as f32 / SIDE as f32);
    for (pixel, soft) in large.pixels_mut().zip(soft.pixels()) {
        pixel.0 = std::array::from_fn(|channel| pixel[channel] + 0.7 * (pixel[channel] - soft[channel]));
    }
    large
}

/// Lays a face on the canvas within a soft oval.
fn blend(canvas: &mut Rgb32FImage, face: &Rgb32FImage, left: u32, top: u32) {
    let side = face.width() as f32;
    for (x, y, pixel) in face.enumerate_pixels() {
        let across = ((x as f32 + 0.5) / side - 0.5) / 0.43;
        let down = ((y as f32 + 0.5) / side - 0.48) / 0.50;
        let share = smooth((1.0 - across.hypot(down)) / 0.35);
        let below = canvas.get_pixel_mut(left + x, top + y);
        below.0 = std::array::from_fn(|channel| pixel[channel] * share + below[channel] * (1.0 - share));
    }
}
