//! What a picture may go through before it reaches a person: crops, scales, and another JPEG.
//!
//! Every class is treated alike, so that neither the encoding nor the size gives the label away.

use anyhow::{Context, Result};
use bmrl::{CROP_SIDE, FaceCrop};
use image::{RgbImage, imageops, imageops::FilterType};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rand::{Rng, seq::IndexedRandom};

/// A training view of a face: `native` as stored, and `face` where the native crop is only a part.
pub fn augment(native: &RgbImage, face: Option<&RgbImage>, rng: &mut impl Rng) -> Result<FaceCrop> {
    let flip = rng.random_bool(0.5);
    let wide_enough = native.width().min(native.height()) >= CROP_SIDE;
    let mut crop = match face.filter(|_| wide_enough && rng.random_bool(0.6)) {
        // As `FaceCrop::around` does for a large face: the whole face reduced, its middle as it is.
        Some(face) => FaceCrop {
            face: FaceCrop::from_square(&recompress(random_square(face, 0.85, rng), rng)?).face,
            native: recompress(random_window(native, CROP_SIDE, rng), rng)?,
            side: 2 * CROP_SIDE,
        },
        None => {
            let square = rescale(random_square(native, 0.7, rng), rng);
            FaceCrop::from_square(&recompress(square, rng)?)
        }
    };
    if flip {
        imageops::flip_horizontal_in_place(&mut crop.face);
        imageops::flip_horizontal_in_place(&mut crop.native);
    }
    Ok(crop)
}

/// JPEG at `quality`, decoded again.
pub fn jpeg(picture: &RgbImage, quality: u8, sampling: SamplingFactor) -> Result<RgbImage> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(sampling);
    let (width, height) = picture.dimensions();
    encoder
        .encode(picture.as_raw(), width as u16, height as u16, ColorType::Rgb)
        .with_context(|| format!("encoding {width} x {height} pixels as JPEG"))?;
    Ok(bmrl::decode(&bytes)?.pixels)
}

/// A square of at least `smallest` of the shorter side, anywhere.
fn random_square(picture: &RgbImage, smallest: f32, rng: &mut impl Rng) -> RgbImage {
    let shorter = picture.width().min(picture.height());
    let side = (shorter as f32 * rng.random_range(smallest..=1.0)).round() as u32;
    random_window(picture, side.clamp(1, shorter), rng)
}

fn random_window(picture: &RgbImage, side: u32, rng: &mut impl Rng) -> RgbImage {
    let x = rng.random_range(0..=picture.width() - side);
    let y = rng.random_range(0..=picture.height() - side);
    imageops::crop_imm(picture, x, y, side, side).to_image()
}

/// Sometimes another size; now and then as small as the smallest training pictures.
fn rescale(square: RgbImage, rng: &mut impl Rng) -> RgbImage {
    let side = square.width() as f32;
    let target = match rng.random_range(0..10) {
        0..4 => side * rng.random_range(0.5..1.5),
        4 => rng.random_range(56.0..128.0_f32).min(side),
        _ => return square,
    };
    let filters = [FilterType::Triangle, FilterType::CatmullRom, FilterType::Lanczos3];
    let filter = filters.choose(rng).copied().unwrap_or(FilterType::Triangle);
    let target = (target.round() as u32).max(32);
    imageops::resize(&square, target, target, filter)
}

/// Mostly another JPEG, at quality 60 to 95.
fn recompress(square: RgbImage, rng: &mut impl Rng) -> Result<RgbImage> {
    if rng.random_bool(0.15) {
        return Ok(square);
    }
    let sampling = if rng.random_bool(0.5) { SamplingFactor::R_4_2_0 } else { SamplingFactor::R_4_4_4 };
    jpeg(&square, rng.random_range(60..=95), sampling)
}
