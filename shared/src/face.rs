//! Finding faces: the SeetaFace cascade through `rustface`.

use image::{GrayImage, RgbImage, imageops};
use rustface::{ImageData, Model, create_detector_with_model, read_model};

use crate::decode::hex_sha256;

/// Longest side, in pixels, of the picture that the cascade searches: larger pictures are reduced first.
const SEARCH_SIDE: u32 = 512;

/// A face may be as small as this part of the picture's shorter side.
const SMALLEST_PART: u32 = 10;

/// The cascade finds nothing below 20 pixels.
const SMALLEST_FACE: u32 = 20;

/// Lowest cascade score that counts as a face.
const SCORE: f64 = 2.0;

/// Step between pyramid levels.
const PYRAMID_SCALE: f32 = 0.8;

/// Most faces answered in one picture, best scores first.
const MOST_FACES: usize = 32;

/// A face in the picture's own pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceBox {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
    /// How sure the finder is, 0 to 1: the cascade score `s` as `s / (s + 2)`.
    pub score: f32,
}

/// SHA-256 of `seeta_fd_frontal_v1.0.bin`. `rustface` trusts what it reads and panics on anything else.
const SEETA_SHA256: &str = "c4619d066ed35e84d9a8e842860b0dff567aba0cbb139881075538761db3ff5d";

/// The cascade is not the one that can be trusted.
#[derive(Debug, thiserror::Error)]
#[error("the face finder in this bundle is damaged ({0}); fetch the bundle again")]
pub struct FaceFinderError(String);

/// Finds upright, frontal faces.
pub struct FaceFinder {
    model: Model,
}

impl FaceFinder {
    /// Reads a SeetaFace model (`seeta_fd_frontal_v1.0.bin`).
    pub fn new(seeta_model: &[u8]) -> Result<Self, FaceFinderError> {
        if hex_sha256(seeta_model) != SEETA_SHA256 {
            return Err(FaceFinderError("its hash is not that of seeta_fd_frontal_v1.0.bin".into()));
        }
        let model = read_model(seeta_model).map_err(|error| FaceFinderError(error.to_string()))?;
        Ok(Self { model })
    }

    /// Faces from the best score to the worst.
    pub fn find(&self, picture: &RgbImage) -> Vec<FaceBox> {
        let (width, height) = picture.dimensions();
        if width.min(height) < SMALLEST_FACE {
            return Vec::new();
        }
        let factor = (width.max(height) as f32 / SEARCH_SIDE as f32).max(1.0);
        let grey = reduced_grey(picture, factor);
        let mut detector = create_detector_with_model(self.model.clone());
        detector.set_min_face_size((grey.width().min(grey.height()) / SMALLEST_PART).max(SMALLEST_FACE));
        detector.set_score_thresh(SCORE);
        detector.set_pyramid_scale_factor(PYRAMID_SCALE);
        detector.set_slide_window_step(4, 4);
        let mut faces: Vec<FaceBox> = detector
            .detect(&ImageData::new(grey.as_raw(), grey.width(), grey.height()))
            .iter()
            .map(|face| {
                let area = face.bbox();
                let scaled = |value: f32| (value * factor).round() as i32;
                FaceBox {
                    x: scaled(area.x() as f32),
                    y: scaled(area.y() as f32),
                    width: scaled(area.width() as f32),
                    height: scaled(area.height() as f32),
                    score: (face.score() / (face.score() + SCORE)) as f32,
                }
            })
            .collect();
        faces.sort_by(|a, b| b.score.total_cmp(&a.score));
        faces.truncate(MOST_FACES);
        faces
    }
}

fn reduced_grey(picture: &RgbImage, factor: f32) -> GrayImage {
    let grey = imageops::grayscale(picture);
    if factor <= 1.0 {
        return grey;
    }
    let side = |length: u32| ((length as f32 / factor).round() as u32).max(1);
    imageops::thumbnail(&grey, side(picture.width()), side(picture.height()))
}
