//! What a picture may go through before it reaches a person: crops, scales, filters, and another compression.
//!
//! Every class is treated alike, so that neither the encoding nor the size gives the label away.

use std::sync::Arc;

use anyhow::Result;
use bmrl::{CROP_SIDE, FaceCrop, Square};
use image::{RgbImage, imageops, imageops::FilterType};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde::{Deserialize, Serialize};

use crate::distort::Distortion;

/// The pictures of one training sample, as stored.
pub struct Pictures {
    /// The face at the photo's own resolution.
    pub native: Arc<RgbImage>,
    /// The whole face, where the native crop is only a part.
    pub face: Option<Arc<RgbImage>>,
    /// The parsing map of the native crop.
    pub map: Option<Arc<RgbImage>>,
}

/// A training view of a face.
pub struct View {
    /// What the model sees.
    pub crop: FaceCrop,
    /// The parsing map of [`FaceCrop::face`], 224 x 224.
    pub map: Option<RgbImage>,
}

/// How often each step is taken, 0 to 1, in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Augmentation {
    /// Smallest side of the random square, as a part of the picture's shorter side; 1 leaves the crop out.
    pub crop: f32,
    /// Left and right exchanged.
    pub flip: f64,
    /// Another size: 0.5 to 1.5 times, or, one time in five, 56 to 128 pixels.
    pub resize: f64,
    /// Other contrast, brightness and saturation.
    pub colour: f64,
    /// Gaussian blur of 0.3 to 1.2 pixels.
    pub blur: f64,
    /// Gaussian noise of 1 to 6 levels of 255.
    pub noise: f64,
    /// Shown at 0.75 to 1.5 times the size, and captured.
    pub screenshot: f64,
    /// Lossy WebP of quality 50 to 95; where not, perhaps JPEG.
    pub webp: f64,
    /// JPEG of quality 60 to 95, 4:2:0 or 4:4:4.
    pub jpeg: f64,
}

impl Default for Augmentation {
    fn default() -> Self {
        Self {
            crop: 0.7,
            flip: 0.5,
            resize: 0.5,
            colour: 0.1,
            blur: 0.05,
            noise: 0.05,
            screenshot: 0.05,
            webp: 0.1,
            jpeg: 0.85,
        }
    }
}

impl Augmentation {
    /// The first thing that is wrong, if any.
    pub fn fault(&self) -> Option<String> {
        let Self { crop, flip, resize, colour, blur, noise, screenshot, webp, jpeg } = *self;
        let named = [
            ("flip", flip),
            ("resize", resize),
            ("colour", colour),
            ("blur", blur),
            ("noise", noise),
            ("screenshot", screenshot),
            ("webp", webp),
            ("jpeg", jpeg),
        ];
        if !(0.1..=1.0).contains(&crop) {
            return Some(format!("augmentation: crop is {crop}; it is a part of the side, 0.1 to 1"));
        }
        let wrong = named.iter().find(|(_, share)| !(0.0..=1.0).contains(share));
        wrong.map(|(name, share)| format!("augmentation: {name} is {share}; a probability is 0 to 1"))
    }

    /// A training view of a face; a map goes through the crop and the flip that its face goes through.
    ///
    /// # Errors
    /// When an encoder refuses the picture.
    pub fn view(&self, pictures: &Pictures, rng: &mut impl Rng) -> Result<View> {
        let Pictures { native, face, map } = pictures;
        let flip = rng.random_bool(self.flip);
        let wide_enough = native.width().min(native.height()) >= CROP_SIDE;
        // Both squares of a face go through the same steps.
        let seed = rng.random();
        let mut view = match face.as_ref().filter(|_| wide_enough && rng.random_bool(0.6)) {
            // As `FaceCrop::cut` does for a large face: the whole face reduced, its middle as it is. The map shows
            // only part of that face, so it is left out.
            Some(face) => {
                let whole = random_square(face, self.crop.max(0.85), rng).cut(face);
                let part = random_window(native, CROP_SIDE, rng).cut(native);
                View {
                    crop: FaceCrop {
                        face: FaceCrop::from_square(&self.distort(whole, seed)?).face,
                        native: FaceCrop::from_square(&self.distort(part, seed)?).native,
                        square: Square { x: 0, y: 0, side: 2 * CROP_SIDE },
                    },
                    map: None,
                }
            }
            None => {
                let window = random_square(native, self.crop, rng);
                let square = self.rescale(window.cut(native), rng);
                // Nearest: a mixture of two classes' colours would be a third class.
                let reduced = |map: &RgbImage| {
                    imageops::resize(&window.cut(map), CROP_SIDE, CROP_SIDE, FilterType::Nearest)
                };
                let map = map.as_ref().filter(|map| map.dimensions() == native.dimensions());
                View {
                    crop: FaceCrop::from_square(&self.distort(square, seed)?),
                    map: map.map(|map| reduced(map)),
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

    /// Sometimes another size; now and then as small as the smallest training pictures.
    fn rescale(&self, square: RgbImage, rng: &mut impl Rng) -> RgbImage {
        if !rng.random_bool(self.resize) {
            return square;
        }
        let side = square.width() as f32;
        let target = if rng.random_bool(0.8) {
            side * rng.random_range(0.5..1.5)
        } else {
            rng.random_range(56.0..128.0_f32).min(side)
        };
        let filters = [FilterType::Triangle, FilterType::CatmullRom, FilterType::Lanczos3];
        let filter = filters.choose(rng).copied().unwrap_or(FilterType::Triangle);
        let target = (target.round() as u32).max(32);
        imageops::resize(&square, target, target, filter)
    }

    /// The steps after the crop, drawn from a seed.
    fn distort(&self, square: RgbImage, seed: u64) -> Result<RgbImage> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut steps = Vec::new();
        if rng.random_bool(self.colour) {
            steps.push(Distortion::Colour {
                contrast: rng.random_range(0.8..1.2),
                brightness: rng.random_range(-20.0..20.0),
                saturation: rng.random_range(0.7..1.3),
            });
        }
        if rng.random_bool(self.blur) {
            steps.push(Distortion::Blur { sigma: rng.random_range(0.3..1.2) });
        }
        if rng.random_bool(self.noise) {
            steps.push(Distortion::Noise { sigma: rng.random_range(1.0..6.0) });
        }
        if rng.random_bool(self.screenshot) {
            steps.push(Distortion::Screenshot { scale: rng.random_range(0.75..1.5) });
        }
        if rng.random_bool(self.webp) {
            steps.push(Distortion::WebP { quality: rng.random_range(50..=95) });
        } else if rng.random_bool(self.jpeg) {
            let halved_chroma = rng.random_bool(0.5);
            steps.push(Distortion::Jpeg { quality: rng.random_range(60..=95), halved_chroma });
        }
        steps.into_iter().try_fold(square, |picture, step| step.apply(&picture, &mut rng))
    }
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
