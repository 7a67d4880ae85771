//! Eigenfaces in colour: faces drawn from a Gaussian that is fitted to many aligned photos.
//!
//! Turk and Pentland, "Eigenfaces for Recognition", 1991. Each drawn face mixes the main ways in which
//! some fourteen hundred pictures differ from their mean, so it looks like a face and is nobody's.

use image::{Rgb, Rgb32FImage, RgbImage, imageops};
use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Side in pixels of the square the model is fitted and drawn in.
pub const SIDE: u32 = 128;
/// Components kept. About 20 pictures stand behind each: none is one person's.
const COMPONENTS: usize = 70;
/// The first components are lighting, hair and pose: held near the mean, or they look wrong.
const LEADING: usize = 12;
/// Largest distance from the mean in standard deviations, for the leading components and for the others.
const REACH: (f64, f64) = (1.1, 1.6);
/// Share of the photos that is kept: the most symmetric, which face the camera in even light.
const FRONTAL: f64 = 0.7;
/// How far a photo's skin colour is pulled to the mean (0 not, 1 wholly): lamps and sunsets are not faces.
const COLOUR_BALANCE: f32 = 0.6;

/// The mean face and the scaled components.
pub struct Eigenfaces {
    mean: DVector<f32>,
    /// `[SIDE * SIDE * 3, COMPONENTS]`, each column one standard deviation long, in pixel values.
    components: DMatrix<f32>,
}

impl Eigenfaces {
    /// Fits the model to photos whose eyes and mouth stand where FFHQ's alignment puts them.
    pub fn fit(photos: &[RgbImage]) -> Self {
        let mut faces: Vec<Rgb32FImage> = photos.iter().map(prepare).collect();
        balance_colour(&mut faces);
        faces.sort_by_cached_key(|face| ordered(asymmetry(face)));
        faces.truncate((faces.len() as f64 * FRONTAL) as usize);
        let mirrored: Vec<_> = faces.iter().map(imageops::flip_horizontal).collect();
        faces.extend(mirrored);

        let weights = weights();
        let columns: Vec<_> = faces.iter().map(|face| DVector::from_column_slice(face.as_raw())).collect();
        let mut data = DMatrix::from_columns(&columns);
        drop(columns);
        let mean = data.column_mean();
        for mut column in data.column_iter_mut() {
            column -= &mean;
            column.component_mul_assign(&weights);
        }
        // The pictures are far fewer than the pixels: the small Gram matrix has the same non-zero eigenvalues.
        let count = data.ncols() as f32;
        let eigen = (data.tr_mul(&data) / count).map(f64::from).symmetric_eigen();
        let mut order: Vec<usize> = (0..data.ncols()).collect();
        order.sort_by_key(|&index| ordered(-eigen.eigenvalues[index] as f32));
        let kept: Vec<_> = order[..COMPONENTS.min(order.len())]
            .iter()
            .map(|&index| eigen.eigenvectors.column(index).map(|v| v as f32))
            .collect();
        // A unit eigenvector times the data has length sqrt(count * eigenvalue): divide by sqrt(count).
        let mut components = &data * DMatrix::from_columns(&kept) / count.sqrt();
        for mut column in components.column_iter_mut() {
            column.component_div_assign(&weights);
            fix_sign(column.as_mut_slice());
        }
        Self { mean, components }
    }

    /// Draws one face, values about 0 to 1. The same seed gives the same face.
    pub fn draw(&self, seed: u64) -> Rgb32FImage {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let coefficients = DVector::from_fn(self.components.ncols(), |index, _| {
            let reach = if index < LEADING { REACH.0 } else { REACH.1 };
            let normal: f64 = StandardNormal.sample(&mut random);
            normal.clamp(-reach, reach) as f32
        });
        let pixels = &self.mean + &self.components * coefficients;
        let face = Rgb32FImage::from_fn(SIDE, SIDE, |x, y| {
            let at = ((y * SIDE + x) * 3) as usize;
            Rgb([pixels[at], pixels[at + 1], pixels[at + 2]])
        });
        calm_surroundings(&face)
    }
}

/// Distance from the middle of the face: below 1 inside the oval from brow to chin and ear to ear.
fn face_radius(x: u32, y: u32) -> f32 {
    let across = ((x as f32 + 0.5) / SIDE as f32 - 0.5) / 0.31;
    let down = ((y as f32 + 0.5) / SIDE as f32 - 0.52) / 0.46;
    across.hypot(down)
}

/// Skin between brow and mouth, where colour and symmetry are measured.
fn is_skin(x: u32, y: u32) -> bool {
    face_radius(x, y) < 0.75
}

fn prepare(photo: &RgbImage) -> Rgb32FImage {
    let small = imageops::resize(photo, SIDE, SIDE, imageops::FilterType::Lanczos3);
    Rgb32FImage::from_fn(SIDE, SIDE, |x, y| {
        Rgb(small.get_pixel(x, y).0.map(|value| f32::from(value) / 255.0))
    })
}

fn skin_colour(face: &Rgb32FImage) -> [f32; 3] {
    let skin: Vec<_> =
        face.enumerate_pixels().filter(|(x, y, _)| is_skin(*x, *y)).map(|(_, _, pixel)| pixel.0).collect();
    std::array::from_fn(|channel| {
        skin.iter().map(|pixel| pixel[channel].max(0.004).ln()).sum::<f32>() / skin.len() as f32
    })
}

fn balance_colour(faces: &mut [Rgb32FImage]) {
    let colours: Vec<_> = faces.iter().map(skin_colour).collect();
    let mean: [f32; 3] =
        std::array::from_fn(|channel| colours.iter().map(|c| c[channel]).sum::<f32>() / colours.len() as f32);
    for (face, colour) in faces.iter_mut().zip(colours) {
        let gain: [f32; 3] =
            std::array::from_fn(|channel| (COLOUR_BALANCE * (mean[channel] - colour[channel])).exp());
        for pixel in face.pixels_mut() {
            pixel.0 = std::array::from_fn(|channel| (pixel[channel] * gain[channel]).min(1.0));
        }
    }
}

/// Squared difference from the mirror image over the variance, within the skin.
fn asymmetry(face: &Rgb32FImage) -> f32 {
    let grey = |x: u32, y: u32| face.get_pixel(x, y).0.iter().sum::<f32>() / 3.0;
    let (mut difference, mut sum, mut squares, mut count) = (0.0, 0.0, 0.0, 0.0);
    for (x, y, _) in face.enumerate_pixels().filter(|(x, y, _)| is_skin(*x, *y)) {
        let value = grey(x, y);
        difference += (value - grey(SIDE - 1 - x, y)).powi(2);
        sum += value;
        squares += value * value;
        count += 1.0;
    }
    let variance: f32 = squares / count - (sum / count) * (sum / count);
    difference / count / (variance + 0.001)
}

/// Weight of each value of the face vector: the surroundings must not spend the components.
fn weights() -> DVector<f32> {
    DVector::from_fn((SIDE * SIDE * 3) as usize, |index, _| {
        let pixel = index as u32 / 3;
        (1.0 - (face_radius(pixel % SIDE, pixel / SIDE) - 1.0) / 0.5).clamp(0.15, 1.0)
    })
}

/// An eigenvector's sign is arbitrary: make the left half bright, so that a seed means the same face everywhere.
fn fix_sign(component: &mut [f32]) {
    let left: f32 = component
        .chunks(3)
        .enumerate()
        .filter(|(at, _)| at % (SIDE as usize) < SIDE as usize / 2)
        .map(|(_, p)| p[1])
        .sum();
    if left < 0.0 {
        component.iter_mut().for_each(|value| *value = -*value);
    }
}

/// Outside the face, averages the picture with its mirror image and takes half of its colour: hair falls
/// evenly, and what is left of many backgrounds fades.
fn calm_surroundings(face: &Rgb32FImage) -> Rgb32FImage {
    Rgb32FImage::from_fn(SIDE, SIDE, |x, y| {
        let here = face.get_pixel(x, y).0;
        let there = face.get_pixel(SIDE - 1 - x, y).0;
        let share = 0.5 * smooth((face_radius(x, y) - 0.85) / 0.3);
        let mixed: [f32; 3] =
            std::array::from_fn(|channel| here[channel] * (1.0 - share) + there[channel] * share);
        let grey = mixed.iter().sum::<f32>() / 3.0;
        Rgb(mixed.map(|value| value * (1.0 - share) + grey * share))
    })
}

/// 0 below 0, 1 above 1, and without a corner between (3t^2 - 2t^3).
pub(crate) fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A key that sorts finite floats.
fn ordered(value: f32) -> i64 {
    (f64::from(value) * 1e9) as i64
}
