//! Why an answer: the views that the model saw, and which parts of the face carry the answer.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData, backend::Backend};
use image::RgbImage;
use serde::Serialize;

use crate::{
    crop::{CROP_SIDE, FaceCrop, FaceTensors, Square},
    model::{ClassifierOutput, Encoder, Mpve, Views},
    tracer::{FaceMode, TraceError, Tracer},
    views::{PATCH_SIDE, richest_patch},
};

/// Cells of an occlusion map along each side.
const GRID: usize = 7;

/// Cells of an occlusion map, row by row.
pub const OCCLUSION_CELLS: usize = GRID * GRID;

/// Pixels of a cell in the image and the edge view.
const CELL: usize = CROP_SIDE as usize / GRID;

/// Residuals are drawn from black to white over this many times their root mean square in each direction.
const NOISE_RANGE: f32 = 3.0;

/// Least range of gradients that is drawn from black to white, so that a flat face stays dark.
const EDGE_RANGE: f32 = 0.5;

/// Probabilities nearer to 0 or 1 than this are not told apart.
const CERTAIN: f64 = 1e-9;

/// A view as a picture for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewPicture {
    /// Width and height, in pixels.
    pub side: usize,
    /// Three bytes for each of the `side` x `side` pixels, row by row.
    pub rgb: Vec<u8>,
}

/// What the model was shown of one face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What was cut from the picture.
    pub crop: Square,
    /// The part of the picture that the noise view shows; `None` for a model without views, like those.
    pub patch: Option<Square>,
    /// By name: `image`, `noise` (residuals, grey where there are none), `edge` (gradients, black where there are none).
    pub views: Vec<(&'static str, ViewPicture)>,
}

/// How much hiding each part of a face weakens the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Occlusion {
    /// What the values speak for: `real` or `fake`, whichever is likelier.
    pub towards: &'static str,
    /// Rows of the whole map.
    pub rows: usize,
    /// Columns of the whole map.
    pub columns: usize,
    /// Of the cells asked for, row by row: what hiding each takes from the log-odds of `towards`.
    pub values: Vec<f64>,
}

impl<B: Backend> Tracer<B> {
    /// What the model was shown of the face number `face` of a picture.
    ///
    /// # Errors
    /// When the picture cannot be read or has no such face, and when the device fails.
    pub async fn explain(
        &self,
        image: &[u8],
        faces: FaceMode,
        face: usize,
    ) -> Result<Explanation, TraceError> {
        let crop = self.crop(image, faces, face)?;
        let mut explanation = Explanation { crop: crop.square, patch: None, views: Vec::new() };
        let Encoder::Mpve(mpve) = &self.classifier.encoder else { return Ok(explanation) };
        let tensors = FaceTensors::new(&[&crop], &self.device);
        explanation.patch = Some(picture_patch(&crop, mpve, patch_index(mpve, &tensors).await?));
        let Views { noise, edge, .. } = mpve.views(tensors);
        let noise = read(noise).await?;
        let edge = read(edge).await?;
        explanation.views =
            vec![("image", shown(&crop.face)), ("noise", draw_noise(&noise)), ("edge", draw_edge(&edge))];
        Ok(explanation)
    }

    /// Hides some of the [`OCCLUSION_CELLS`] cells of a face one after another, and sees what becomes of the answer.
    ///
    /// A hidden cell is mid-grey in the image view and without noise and edges in the other two.
    ///
    /// # Errors
    /// As [`Tracer::explain`].
    pub async fn occlude(
        &self,
        image: &[u8],
        faces: FaceMode,
        face: usize,
        cells: Range<usize>,
    ) -> Result<Occlusion, TraceError> {
        let cells = cells.start.min(OCCLUSION_CELLS)..cells.end.min(OCCLUSION_CELLS);
        let crop = self.crop(image, faces, face)?;
        let tensors = FaceTensors::new(&[&crop], &self.device);
        let output = match &self.classifier.encoder {
            Encoder::Mpve(mpve) => {
                let patch = crop_patch(&crop, mpve, patch_index(mpve, &tensors).await?);
                self.classifier.classify(mpve.encode(self.hidden_views(mpve.views(tensors), patch, &cells)))
            }
            Encoder::Residual(_) => self.hidden_faces(tensors, &cells),
        };
        let scores = self.read_scores(output).await.map_err(TraceError::Device)?;
        let manifest = self.manifest();
        let mut odds = scores.iter().map(|score| {
            let fake = manifest.calibration.levels(score, &manifest.taxonomy).authenticity.fake;
            let fake = fake.clamp(CERTAIN, 1.0 - CERTAIN);
            (fake / (1.0 - fake)).ln()
        });
        let whole = odds.next().unwrap_or_default();
        let (towards, sign) = if whole >= 0.0 { ("fake", 1.0) } else { ("real", -1.0) };
        let values = odds.map(|hidden| sign * (whole - hidden)).collect();
        Ok(Occlusion { towards, rows: GRID, columns: GRID, values })
    }

    fn crop(&self, image: &[u8], faces: FaceMode, face: usize) -> Result<FaceCrop, TraceError> {
        let faces = self.finder().prepare(image, faces)?.faces;
        let found = faces.len();
        let crop = faces.into_iter().nth(face).map(|(_, crop)| crop);
        crop.ok_or(TraceError::NoFace { wanted: face, found })
    }

    /// The views of one face, first whole, then with each of the cells hidden.
    fn hidden_views(&self, views: Views<B>, patch: [f32; 3], cells: &Range<usize>) -> Views<B> {
        let face = self.mask(CROP_SIDE as usize, cells, |cell| cell_bounds(cell, [0.0, 0.0, 1.0]));
        let noise = self.mask(PATCH_SIDE, cells, |cell| cell_bounds(cell, patch));
        // Nought is mid-grey in the image view, see `centred`.
        Views { image: views.image * face.clone(), noise: views.noise * noise, edge: views.edge * face }
    }

    fn hidden_faces(&self, faces: FaceTensors<B>, cells: &Range<usize>) -> ClassifierOutput<B> {
        let mask = self.mask(CROP_SIDE as usize, cells, |cell| cell_bounds(cell, [0.0, 0.0, 1.0]));
        let hide = |square: Tensor<B, 4>| square.sub_scalar(127.5) * mask.clone() + 127.5;
        let faces = FaceTensors { face: hide(faces.face), native: hide(faces.native) };
        self.classifier.classify(self.classifier.encoder.forward(faces))
    }

    /// `[1 + cells, 1, side, side]`: first ones, then noughts where a cell lies.
    fn mask(&self, side: usize, cells: &Range<usize>, bounds: impl Fn(usize) -> [f32; 4]) -> Tensor<B, 4> {
        let mut values = vec![1.0_f32; (1 + cells.len()) * side * side];
        for (plane, cell) in values.chunks_exact_mut(side * side).skip(1).zip(cells.clone()) {
            let [left, top, right, bottom] =
                bounds(cell).map(|share| (share * side as f32).round().clamp(0.0, side as f32) as usize);
            for row in plane.chunks_exact_mut(side).take(bottom).skip(top) {
                row[left..right.max(left)].fill(0.0);
            }
        }
        Tensor::from_data(TensorData::new(values, [1 + cells.len(), 1, side, side]), &self.device)
    }
}

/// Left, top, right and bottom of a cell of the crop as shares of a square in it, which is given as left, top and side in
/// shares of the crop.
fn cell_bounds(cell: usize, [x, y, side]: [f32; 3]) -> [f32; 4] {
    let at = |index: usize, start: f32| ((index * CELL) as f32 / CROP_SIDE as f32 - start) / side;
    let (row, column) = (cell / GRID, cell % GRID);
    [at(column, x), at(row, y), at(column + 1, x), at(row + 1, y)]
}

/// Which patch of the 2 x 2 grid the noise view shows.
async fn patch_index<B: Backend>(mpve: &Mpve<B>, faces: &FaceTensors<B>) -> Result<u32, TraceError> {
    let source = if mpve.native_noise() { &faces.native } else { &faces.face };
    let (_, chosen) = richest_patch(source.clone());
    let data = chosen.into_data_async().await.map_err(|error| TraceError::Device(format!("{error:?}")))?;
    Ok(data.iter::<u32>().next().unwrap_or(0))
}

/// Where the patch lies in the picture.
fn picture_patch<B: Backend>(crop: &FaceCrop, mpve: &Mpve<B>, index: u32) -> Square {
    let source = if mpve.native_noise() { crop.native_square() } else { crop.square };
    let side = source.side / 2;
    Square { x: source.x + index % 2 * side, y: source.y + index / 2 * side, side }
}

/// The same as left, top and side in shares of the crop.
fn crop_patch<B: Backend>(crop: &FaceCrop, mpve: &Mpve<B>, index: u32) -> [f32; 3] {
    let patch = picture_patch(crop, mpve, index);
    [patch.x - crop.square.x, patch.y - crop.square.y, patch.side]
        .map(|value| value as f32 / crop.square.side as f32)
}

async fn read<B: Backend>(view: Tensor<B, 4>) -> Result<(usize, Vec<f32>), TraceError> {
    let side = view.dims()[3];
    let fail = |error: &dyn std::fmt::Debug| TraceError::Device(format!("{error:?}"));
    let data = view.into_data_async().await.map_err(|error| fail(&error))?;
    Ok((side, data.convert::<f32>().into_vec().map_err(|error| fail(&error))?))
}

fn shown(picture: &RgbImage) -> ViewPicture {
    ViewPicture { side: picture.width() as usize, rgb: picture.as_raw().clone() }
}

/// Three planes of residuals as red, green and blue round mid-grey.
fn draw_noise((side, residuals): &(usize, Vec<f32>)) -> ViewPicture {
    let power = residuals.iter().map(|value| value * value).sum::<f32>() / residuals.len().max(1) as f32;
    let range = (NOISE_RANGE * power.sqrt()).max(f32::EPSILON);
    let byte = |value: f32| (127.5 + 127.5 * value / range).round() as u8;
    let pixels = side * side;
    let rgb =
        (0..pixels).flat_map(|at| [0, 1, 2].map(|plane| byte(residuals[plane * pixels + at]))).collect();
    ViewPicture { side: *side, rgb }
}

/// Gradients as grey.
fn draw_edge((side, gradients): &(usize, Vec<f32>)) -> ViewPicture {
    let range = gradients.iter().copied().fold(EDGE_RANGE, f32::max);
    let rgb =
        gradients.iter().flat_map(|value| [(255.0 * (value / range).sqrt()).round() as u8; 3]).collect();
    ViewPicture { side: *side, rgb }
}
