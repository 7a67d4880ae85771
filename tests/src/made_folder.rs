//! A model author's own folders, made of the sample portraits: pictures by class, others to enroll, and faces with masks.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use image::{GrayImage, Luma, Rgb, RgbImage, imageops};

use crate::fixtures::sample;

/// Side of the pictures, in pixels.
const SIDE: u32 = 256;

/// Portraits of one size and framing, which can be mixed.
const PORTRAITS: u32 = 8;

/// How many pictures each class has.
const PER_CLASS: usize = 28;

/// What a generator adds to each channel at a place of the picture.
type Trace = fn(u32, u32) -> i16;

/// Writes `photos/real`, `photos/StyleGAN2`, `photos/SD2.1`, `photos/StarGAN`, `new` (of another generator), and `faces` with `masks`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path) -> Result<()> {
    let portraits: Vec<RgbImage> = (1..=PORTRAITS).map(portrait).collect::<Result<_>>()?;
    let mixtures = mixtures(&portraits);
    let classes: [(&str, Trace); 5] = [
        ("photos/real", |_, _| 0),
        // Each generator leaves a trace of its own: a grid, stripes, dots.
        ("photos/StyleGAN2", |x, y| if (x / 2 + y / 2).is_multiple_of(2) { 14 } else { -14 }),
        ("photos/SD2.1", |x, _| if x % 4 < 2 { 16 } else { -16 }),
        ("photos/StarGAN", |_, y| if y % 6 < 3 { 14 } else { -14 }),
        ("new", |x, y| if x % 8 == 0 && y % 8 == 0 { 120 } else { 0 }),
    ];
    for (place, (name, trace)) in classes.into_iter().enumerate() {
        let folder = folder.join(name);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        // No two classes share a face.
        let faces = mixtures.iter().skip(place).step_by(classes.len()).take(PER_CLASS);
        for (index, face) in faces.enumerate() {
            traced(face, trace).save(folder.join(format!("{index:02}.png")))?;
        }
    }
    for part in ["faces", "masks"] {
        fs::create_dir_all(folder.join(part))?;
    }
    for (index, face) in portraits.iter().enumerate() {
        let name = if index < 6 { format!("{index}.png") } else { format!("test_{index}.png") };
        imageops::thumbnail(face, 160, 160).save(folder.join("faces").join(&name))?;
        mask(160).save(folder.join("masks").join(&name))?;
    }
    Ok(())
}

fn portrait(number: u32) -> Result<RgbImage> {
    let picture = image::load_from_memory(&sample(&format!("portrait-0{number}.jpg"))?)?.to_rgb8();
    Ok(imageops::thumbnail(&picture, SIDE, SIDE))
}

/// Faces of nobody from two faces of nobody, as they are and mirrored, in several shares.
fn mixtures(portraits: &[RgbImage]) -> Vec<RgbImage> {
    let mut mixtures = Vec::new();
    for share in [0.35_f32, 0.65] {
        for (index, first) in portraits.iter().enumerate() {
            for second in &portraits[index + 1..] {
                let mixed = RgbImage::from_fn(SIDE, SIDE, |x, y| {
                    let (a, b) = (first.get_pixel(x, y), second.get_pixel(x, y));
                    Rgb(std::array::from_fn(|c| {
                        (f32::from(a[c]) * share + f32::from(b[c]) * (1.0 - share)).round() as u8
                    }))
                });
                mixtures.push(imageops::flip_horizontal(&mixed));
                mixtures.push(mixed);
            }
        }
    }
    mixtures
}

fn traced(face: &RgbImage, trace: Trace) -> RgbImage {
    let mut traced = face.clone();
    for (x, y, Rgb(channels)) in traced.enumerate_pixels_mut() {
        for value in channels {
            *value = (i16::from(*value) + trace(x, y)).clamp(0, 255) as u8;
        }
    }
    traced
}

/// Background, an oval of skin, and a darker top of hair, by the indices of `face-6`.
fn mask(side: u32) -> GrayImage {
    GrayImage::from_fn(side, side, |x, y| {
        let [across, down] = [x, y].map(|at| at as f32 / side as f32 - 0.5);
        let inside = (across / 0.33).hypot(down / 0.45) < 1.0;
        Luma([if !inside { 0 } else { 1 + u8::from(down > -0.2) }])
    })
}
