//! What a picture may go through on its way to a person, one step at a time: in training at random, in `trainer eval` and
//! `trainer robust` by a list.

use anyhow::{Context, Result};
use image::{Rgb, RgbImage, imageops, imageops::FilterType};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use rand::Rng;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distortion {
    /// JPEG at a quality of 1 to 100, with or without halved chroma.
    Jpeg {
        /// 1 to 100.
        quality: u8,
        /// 4:2:0 rather than 4:4:4.
        halved_chroma: bool,
    },
    /// Lossy WebP at a quality of 1 to 100.
    WebP {
        /// 1 to 100.
        quality: u8,
    },
    /// Another size, by a factor on each side.
    Resize {
        /// Above 0.
        factor: f32,
        /// How.
        filter: FilterType,
    },
    /// Gaussian blur.
    Blur {
        /// Standard deviation in pixels.
        sigma: f32,
    },
    /// Gaussian noise, the same in all channels of a pixel or not.
    Noise {
        /// Standard deviation in levels of 255.
        sigma: f32,
    },
    /// A centred square of a part of the shorter side.
    Crop {
        /// Of the shorter side, above 0 and at most 1.
        part: f32,
    },
    /// Contrast and brightness about the middle, and saturation about the grey.
    Colour {
        /// Factor on the distance from the middle; 1 changes nothing.
        contrast: f32,
        /// Added, in levels of 255.
        brightness: f32,
        /// Factor on the distance from the pixel's grey; 1 changes nothing.
        saturation: f32,
    },
    /// Shown at another size, captured, and saved as JPEG 90: a bilinear resize to a size that fits no grid.
    Screenshot {
        /// Of the display.
        scale: f32,
    },
}

impl Distortion {
    /// The picture after it.
    ///
    /// # Errors
    /// When an encoder refuses the picture, which none does below 16,384 pixels a side.
    pub fn apply(self, picture: &RgbImage, rng: &mut impl Rng) -> Result<RgbImage> {
        Ok(match self {
            Self::Jpeg { quality, halved_chroma } => jpeg(picture, quality, halved_chroma)?,
            Self::WebP { quality } => {
                let encoder = webp::Encoder::from_rgb(picture.as_raw(), picture.width(), picture.height());
                bmrl::decode(&encoder.encode(f32::from(quality)))?.pixels
            }
            Self::Resize { factor, filter } => resize(picture, factor, filter),
            Self::Blur { sigma } => imageops::blur(picture, sigma),
            Self::Noise { sigma } => noise(picture, sigma, rng),
            Self::Crop { part } => {
                let (width, height) = picture.dimensions();
                let side = ((width.min(height) as f32 * part).round() as u32).max(1);
                imageops::crop_imm(picture, (width - side) / 2, (height - side) / 2, side, side).to_image()
            }
            Self::Colour { contrast, brightness, saturation } => {
                colour(picture, contrast, brightness, saturation)
            }
            Self::Screenshot { scale } => jpeg(&resize(picture, scale, FilterType::Triangle), 90, true)?,
        })
    }
}

/// JPEG at `quality`, decoded again.
fn jpeg(picture: &RgbImage, quality: u8, halved_chroma: bool) -> Result<RgbImage> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(if halved_chroma {
        SamplingFactor::R_4_2_0
    } else {
        SamplingFactor::R_4_4_4
    });
    let (width, height) = picture.dimensions();
    encoder
        .encode(picture.as_raw(), width as u16, height as u16, ColorType::Rgb)
        .with_context(|| format!("encoding {width} x {height} pixels as JPEG"))?;
    Ok(bmrl::decode(&bytes)?.pixels)
}

fn resize(picture: &RgbImage, factor: f32, filter: FilterType) -> RgbImage {
    let side = |length: u32| ((length as f32 * factor).round() as u32).max(1);
    imageops::resize(picture, side(picture.width()), side(picture.height()), filter)
}

/// Normal deviates by Box and Muller, two at a time.
fn noise(picture: &RgbImage, sigma: f32, rng: &mut impl Rng) -> RgbImage {
    let mut noisy = picture.clone();
    for pair in noisy.as_flat_samples_mut().samples.chunks_mut(2) {
        let radius = sigma * (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
        let (sine, cosine) = (rng.random::<f32>() * std::f32::consts::TAU).sin_cos();
        for (value, deviate) in pair.iter_mut().zip([radius * sine, radius * cosine]) {
            *value = (f32::from(*value) + deviate).round().clamp(0.0, 255.0) as u8;
        }
    }
    noisy
}

fn colour(picture: &RgbImage, contrast: f32, brightness: f32, saturation: f32) -> RgbImage {
    let mut changed = picture.clone();
    for Rgb(channels) in changed.pixels_mut() {
        // BT.601's luma.
        let grey: f32 =
            channels.iter().zip([0.299, 0.587, 0.114]).map(|(&value, part)| f32::from(value) * part).sum();
        for value in channels {
            let saturated = grey + (f32::from(*value) - grey) * saturation;
            *value = ((saturated - 127.5) * contrast + 127.5 + brightness).round().clamp(0.0, 255.0) as u8;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::StdRng};

    fn gradient() -> RgbImage {
        RgbImage::from_fn(96, 64, |x, y| Rgb([(x * 2) as u8, (y * 3) as u8, ((x + y) % 200) as u8]))
    }

    fn apply(distortion: Distortion) -> RgbImage {
        distortion.apply(&gradient(), &mut StdRng::seed_from_u64(1)).unwrap()
    }

    fn difference(other: &RgbImage) -> f64 {
        let pairs = gradient().into_raw().into_iter().zip(other.as_raw().iter());
        pairs.map(|(a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>() / other.as_raw().len() as f64
    }

    #[test]
    fn stronger_compression_changes_more() {
        let jpeg = |quality| difference(&apply(Distortion::Jpeg { quality, halved_chroma: true }));
        let webp = |quality| difference(&apply(Distortion::WebP { quality }));
        assert!(0.0 < jpeg(95) && jpeg(95) < jpeg(60) && jpeg(60) < jpeg(20));
        assert!(0.0 < webp(95) && webp(95) < webp(20));
    }

    #[test]
    fn noise_has_the_stated_deviation() {
        let deviation = difference(&apply(Distortion::Noise { sigma: 4.0 })).sqrt();
        // A twelfth is what rounding adds; clamping takes a little.
        assert!((3.5..4.3).contains(&deviation), "{deviation}");
    }

    #[test]
    fn sizes_are_as_stated() {
        assert_eq!(apply(Distortion::Crop { part: 0.5 }).dimensions(), (32, 32));
        let filter = FilterType::Triangle;
        assert_eq!(apply(Distortion::Resize { factor: 0.5, filter }).dimensions(), (48, 32));
        assert_eq!(apply(Distortion::Screenshot { scale: 1.25 }).dimensions(), (120, 80));
        assert_eq!(apply(Distortion::Blur { sigma: 1.0 }).dimensions(), (96, 64));
    }

    #[test]
    fn neutral_colour_changes_nothing() {
        let neutral = Distortion::Colour { contrast: 1.0, brightness: 0.0, saturation: 1.0 };
        assert_eq!(apply(neutral), gradient());
        let grey = Distortion::Colour { contrast: 1.0, brightness: 0.0, saturation: 0.0 };
        assert!(apply(grey).pixels().all(|Rgb([r, g, b])| r == g && g == b));
    }
}
