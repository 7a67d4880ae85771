//! What a picture may go through before it reaches a person: crops, scales, and another JPEG.
//!
//! Every class is treated alike, so that neither the encoding nor the size gives the label away.

use anyhow::Result;
use bmrl::{CROP_SIDE, FaceCrop};
use image::{RgbImage, imageops, imageops::FilterType};
use rand::{Rng, seq::IndexedRandom};

use crate::distort::Distortion;

/// The pictures of one training sample, as stored.
pub struct Pictures {
    /// The face at the photo's own resolution.
    pub native: RgbImage,
    /// The whole face, where the native crop is only a part.
    pub face: Option<RgbImage>,
    /// The parsing map of the native crop.
    pub map: Option<RgbImage>,
}

/// A training view of a face.
pub struct View {
    /// What the model sees.
    pub crop: FaceCrop,
    /// The parsing map of [`FaceCrop::face`], 224 x 224.
    pub map: Option<RgbImage>,
}

/// A training view of a face; a map goes through the crop and the flip that its face goes through.
pub fn augment(pictures: &Pictures, rng: &mut impl Rng) -> Result<View> {
    let Pictures { native, face, map } = pictures;
    let flip = rng.random_bool(0.5);
    let wide_enough = native.width().min(native.height()) >= CROP_SIDE;
    let mut view = match face.as_ref().filter(|_| wide_enough && rng.random_bool(0.6)) {
        // As `FaceCrop::around` does for a large face: the whole face reduced, its middle as it is. The map shows
        // only part of that face, so it is left out.
        Some(face) => View {
            crop: FaceCrop {
                face: FaceCrop::from_square(&recompress(random_square(face, 0.85, rng).cut(face), rng)?).face,
                native: recompress(random_window(native, CROP_SIDE, rng).cut(native), rng)?,
                side: 2 * CROP_SIDE,
            },
            map: None,
        },
        None => {
            let window = random_square(native, 0.7, rng);
            let square = rescale(window.cut(native), rng);
            // Nearest: a mixture of two classes' colours would be a third class.
            let reduced = |map| imageops::resize(&window.cut(map), CROP_SIDE, CROP_SIDE, FilterType::Nearest);
            View {
                crop: FaceCrop::from_square(&recompress(square, rng)?),
                map: map.as_ref().filter(|map| map.dimensions() == native.dimensions()).map(reduced),
            }
        }
    };
    if flip {
        imageops::flip_horizontal_in_place(&mut view.crop.face);
        imageops::flip_horizontal_in_place(&mut view.crop.native);
        view.map.as_mut().map(imageops::flip_horizontal_in_place);
    }
    Ok(view)
}

/// A square part of a picture.
#[derive(Clone, Copy)]
struct Window {
    x: u32,
    y: u32,
    side: u32,
}

impl Window {
    fn cut(self, picture: &RgbImage) -> RgbImage {
        imageops::crop_imm(picture, self.x, self.y, self.side, self.side).to_image()
    }
}

/// A square of at least `smallest` of the shorter side, anywhere.
fn random_square(picture: &RgbImage, smallest: f32, rng: &mut impl Rng) -> Window {
    let shorter = picture.width().min(picture.height());
    let side = (shorter as f32 * rng.random_range(smallest..=1.0)).round() as u32;
    random_window(picture, side.clamp(1, shorter), rng)
}

fn random_window(picture: &RgbImage, side: u32, rng: &mut impl Rng) -> Window {
    let x = rng.random_range(0..=picture.width() - side);
    let y = rng.random_range(0..=picture.height() - side);
    Window { x, y, side }
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
    let halved_chroma = rng.random_bool(0.5);
    Distortion::Jpeg { quality: rng.random_range(60..=95), halved_chroma }.apply(&square, rng)
}
