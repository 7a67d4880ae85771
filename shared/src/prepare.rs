//! What is done to a picture before any model is asked: decoding it, finding its faces, cropping them.

use crate::{
    crop::FaceCrop,
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
        let Picture { pixels, format, sha256 } = decode(image)?;
        let (width, height) = pixels.dimensions();
        let faces = match faces {
            FaceMode::Auto => {
                let boxes = self.find(&pixels).into_iter();
                boxes.map(|area| (area, FaceCrop::around(&pixels, &area))).collect()
            }
            FaceMode::Whole => {
                let area = FaceBox { x: 0, y: 0, width: width as i32, height: height as i32, score: 1.0 };
                vec![(area, FaceCrop::whole(&pixels))]
            }
        };
        Ok(PreparedPicture { image: ImageInfo { width, height, format: format.to_string(), sha256 }, faces })
    }
}
