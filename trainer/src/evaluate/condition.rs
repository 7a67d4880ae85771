//! What happens to a picture before it is judged, and how that is written.

use std::{fmt, str::FromStr};

use image::imageops::FilterType;

use crate::distort::Distortion;

/// One step between the stored picture and the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Condition {
    /// As stored.
    Clean,
    /// Encoded again as JPEG of this quality, 4:2:0.
    Jpeg(u8),
    /// Encoded again as lossy WebP of this quality.
    WebP(u8),
    /// Another size, bilinear, by this factor on each side.
    Resize(f32),
    /// Gaussian blur of this standard deviation in pixels.
    Blur(f32),
    /// Gaussian noise of this standard deviation in levels of 255.
    Noise(f32),
    /// The centred square of this part of the shorter side.
    Crop(f32),
    /// Shown at this scale, captured, and saved as JPEG 90.
    Screenshot(f32),
}

impl Condition {
    /// Its name without the strength.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Jpeg(_) => "jpeg",
            Self::WebP(_) => "webp",
            Self::Resize(_) => "resize",
            Self::Blur(_) => "blur",
            Self::Noise(_) => "noise",
            Self::Crop(_) => "crop",
            Self::Screenshot(_) => "screenshot",
        }
    }

    /// Its number; `None` of a clean picture.
    pub fn strength(self) -> Option<f32> {
        match self {
            Self::Clean => None,
            Self::Jpeg(quality) | Self::WebP(quality) => Some(f32::from(quality)),
            Self::Resize(value)
            | Self::Blur(value)
            | Self::Noise(value)
            | Self::Crop(value)
            | Self::Screenshot(value) => Some(value),
        }
    }

    /// The step itself.
    pub fn distortion(self) -> Option<Distortion> {
        Some(match self {
            Self::Clean => return None,
            Self::Jpeg(quality) => Distortion::Jpeg { quality, halved_chroma: true },
            Self::WebP(quality) => Distortion::WebP { quality },
            Self::Resize(factor) => Distortion::Resize { factor, filter: FilterType::Triangle },
            Self::Blur(sigma) => Distortion::Blur { sigma },
            Self::Noise(sigma) => Distortion::Noise { sigma },
            Self::Crop(part) => Distortion::Crop { part },
            Self::Screenshot(scale) => Distortion::Screenshot { scale },
        })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.kind())?;
        self.strength().map_or(Ok(()), |strength| write!(formatter, "{strength}"))
    }
}

impl FromStr for Condition {
    type Err = anyhow::Error;

    /// `clean`, or a name and its strength: `jpeg75`, `resize0.5`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, number) = text.split_at(text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len()));
        let within = |from: f32, to: f32| {
            let value = number.parse::<f32>().ok().filter(|value| (from..=to).contains(value));
            value.ok_or_else(|| {
                anyhow::anyhow!("condition {text:?}: {name} takes a number from {from} to {to}")
            })
        };
        let quality = || {
            let value = within(1.0, 100.0)?;
            anyhow::ensure!(value.fract() == 0.0, "condition {text:?}: a quality is a whole number");
            Ok(value as u8)
        };
        Ok(match name {
            "clean" if number.is_empty() => Self::Clean,
            "jpeg" => Self::Jpeg(quality()?),
            "webp" => Self::WebP(quality()?),
            "resize" => Self::Resize(within(0.05, 8.0)?),
            "blur" => Self::Blur(within(0.1, 50.0)?),
            "noise" => Self::Noise(within(0.1, 255.0)?),
            "crop" => Self::Crop(within(0.1, 1.0)?),
            "screenshot" => Self::Screenshot(within(0.05, 8.0)?),
            _ => anyhow::bail!(
                "condition {text:?} is none of clean, jpeg75, webp75, resize0.5, blur1, noise4, crop0.8, screenshot1.25 \
                 (each with its own number)"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in
            ["clean", "jpeg75", "webp50", "resize0.5", "blur1.5", "noise4", "crop0.8", "screenshot1.25"]
        {
            assert_eq!(text.parse::<Condition>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_condition_is_named() {
        for text in ["", "jpeg", "jpeg0", "jpeg101", "jpeg7.5", "crop2", "clean1", "sepia3", "blurNaN"] {
            let error = text.parse::<Condition>().unwrap_err().to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }
}
