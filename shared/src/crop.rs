//! A face to the two pixel squares that the model sees.

use std::borrow::Borrow;

use burn::tensor::{Tensor, TensorData, backend::Backend};
use image::{RgbImage, imageops, imageops::FilterType};

use crate::face::FaceBox;

/// Side of both squares, in pixels.
pub const CROP_SIDE: u32 = 224;

/// The crop's side over the face box's longer side.
const MARGIN: f32 = 1.25;

/// The square of a photo that is taken for one face, in the photo's pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Square {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Side.
    pub side: u32,
}

impl Square {
    /// Around a face, with margin, kept inside a picture of `(width, height)`.
    pub fn around((width, height): (u32, u32), area: &FaceBox) -> Self {
        let wanted = (area.width.max(area.height) as f32 * MARGIN).round() as u32;
        let side = wanted.clamp(1, width.min(height));
        let start = |from: i32, length: i32, limit: u32| {
            let middle = from as f32 + length as f32 / 2.0;
            (middle - side as f32 / 2.0).round().clamp(0.0, (limit - side) as f32) as u32
        };
        Self { x: start(area.x, area.width, width), y: start(area.y, area.height, height), side }
    }

    /// The largest in the middle of a picture of `(width, height)`.
    pub fn whole((width, height): (u32, u32)) -> Self {
        Self::centred((width, height), width.min(height))
    }

    /// In the middle of a picture of `(width, height)`, of at most `side` pixels.
    pub fn centred((width, height): (u32, u32), side: u32) -> Self {
        let side = side.min(width).min(height);
        Self { x: (width - side) / 2, y: (height - side) / 2, side }
    }

    /// The same moved, and where need be shrunk, into a picture of `(width, height)`.
    pub fn within(&self, (width, height): (u32, u32)) -> Self {
        let side = self.side.clamp(1, width.min(height));
        Self { x: self.x.min(width - side), y: self.y.min(height - side), side }
    }

    /// Its pixels, not resampled.
    pub fn cut(&self, picture: &RgbImage) -> RgbImage {
        imageops::crop_imm(picture, self.x, self.y, self.side, self.side).to_image()
    }
}

/// What one face gives the model.
#[derive(Debug, Clone)]
pub struct FaceCrop {
    /// The whole face, resampled to 224 x 224.
    pub face: RgbImage,
    /// The middle 224 x 224 of the face at the photo's own resolution, where traces of a generator survive;
    /// equal to `face` when the face is smaller than that.
    pub native: RgbImage,
    /// The square taken from the photo, in its pixels.
    pub square: Square,
}

impl FaceCrop {
    /// A square of a photo.
    pub fn cut(picture: &RgbImage, square: Square) -> Self {
        Self { square, ..Self::from_square(&square.cut(picture)) }
    }

    /// The largest centred square of a picture that is a face crop already.
    pub fn whole(picture: &RgbImage) -> Self {
        Self::cut(picture, Square::whole(picture.dimensions()))
    }

    /// A fixed pattern with fine and coarse detail, for comparing devices.
    pub fn self_check() -> Self {
        Self::from_square(&RgbImage::from_fn(CROP_SIDE, CROP_SIDE, |x, y| {
            let noise = (x * 7919 + y * 104_729 + x * y * 31) % 64;
            let channel = |slope: u32| ((x * slope + y * (4 - slope)) / 6 % 192 + noise) as u8;
            image::Rgb([channel(1), channel(2), channel(3)])
        }))
    }

    /// A square face crop of any size.
    pub fn from_square(square: &RgbImage) -> Self {
        let side = square.width();
        let face = if side == CROP_SIDE {
            square.clone()
        } else {
            imageops::resize(square, CROP_SIDE, CROP_SIDE, FilterType::Triangle)
        };
        let native = if side > CROP_SIDE {
            Square::centred((side, side), CROP_SIDE).cut(square)
        } else {
            face.clone()
        };
        Self { face, native, square: Square { x: 0, y: 0, side } }
    }

    /// The square of the photo that [`native`](Self::native) shows.
    pub fn native_square(&self) -> Square {
        let Square { x, y, side } = self.square;
        let middle = Square::centred((side, side), CROP_SIDE);
        Square { x: x + middle.x, y: y + middle.y, side: middle.side }
    }
}

/// A batch of faces on a device; both tensors are `[batch, 3, 224, 224]`, RGB, whole numbers 0 to 255.
#[derive(Debug, Clone)]
pub struct FaceTensors<B: Backend> {
    /// [`FaceCrop::face`].
    pub face: Tensor<B, 4>,
    /// [`FaceCrop::native`].
    pub native: Tensor<B, 4>,
}

impl<B: Backend> FaceTensors<B> {
    /// Moves crops to the device.
    pub fn new<C: Borrow<FaceCrop>>(crops: &[C], device: &B::Device) -> Self {
        Self {
            face: pixels(crops.iter().map(|crop| &crop.borrow().face), device),
            native: pixels(crops.iter().map(|crop| &crop.borrow().native), device),
        }
    }
}

/// Squares of 224 x 224 on a device: `[squares, 3, 224, 224]`, RGB, whole numbers 0 to 255.
pub fn pixels<'a, B: Backend>(
    squares: impl ExactSizeIterator<Item = &'a RgbImage>,
    device: &B::Device,
) -> Tensor<B, 4> {
    let (batch, side) = (squares.len(), CROP_SIDE as usize);
    let mut planes = Vec::with_capacity(batch * 3 * side * side);
    for square in squares {
        for channel in 0..3 {
            planes.extend(square.as_raw().iter().skip(channel).step_by(3).map(|&value| f32::from(value)));
        }
    }
    Tensor::from_data(TensorData::new(planes, [batch, 3, side, side]), device)
}
