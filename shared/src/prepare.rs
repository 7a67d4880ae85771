//! What is done to a picture before any model is asked: decoding it, finding its faces, cropping them.

use crate::{
    crop::{FaceCrop, Square},
    decode::{DecodeError, Picture, decode},
    face::{FaceBox, FaceFinder},
    tracer::FaceMode,
    verdict::ImageInfo,
};

/// A picture's faces, ready for a device.
#[derive(Debug, Clone)]
pub struct PreparedPicture {
    /// Size, format and hash.
    pub image: ImageInfo,
    /// Where each face is, and its crop; best face first.
    pub faces: Vec<(FaceBox, FaceCrop)>,
}

impl FaceFinder {
    /// Reads a picture and crops its faces.
    ///
    /// # Errors
    /// When the picture cannot be read.
    pub fn prepare(&self, image: &[u8], faces: FaceMode) -> Result<PreparedPicture, DecodeError> {
        let Picture { pixels, format, sha256, quality } = decode(image)?;
        let (width, height) = pixels.dimensions();
        let area = |x: u32, y: u32, width: u32, height: u32| FaceBox {
            x: x as i32,
            y: y as i32,
            width: width as i32,
            height: height as i32,
            score: 1.0,
        };
        let squares: Vec<(FaceBox, Square)> = match faces {
            FaceMode::Auto => {
                let boxes = self.find(&pixels).into_iter();
                boxes.map(|area| (area, Square::around((width, height), &area))).collect()
            }
            FaceMode::Whole => vec![(area(0, 0, width, height), Square::whole((width, height)))],
            FaceMode::Square(square) => {
                let square = square.within((width, height));
                vec![(area(square.x, square.y, square.side, square.side), square)]
            }
        };
        let crop = |(area, square)| (area, FaceCrop::cut(&pixels, square));
        Ok(PreparedPicture {
            image: ImageInfo { width, height, format: format.to_string(), sha256, quality },
            faces: squares.into_iter().map(crop).collect(),
        })
    }
}
