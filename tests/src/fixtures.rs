//! Awkward files, made by code from the sample pictures, and what a person may expect of each.
//!
//! The native tests use them directly; the browser tests use the folder and `manifest.json` that the
//! `fixtures` command writes.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result};
use image::codecs::gif::{GifEncoder, Repeat};
use image::codecs::webp::WebPEncoder;
use image::{
    DynamicImage, Frame, ImageBuffer, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage, imageops,
    metadata::Orientation,
};
use serde::Serialize;

use crate::{hostile, samples};

/// What must come of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// A message that says what was wrong and what to do.
    Error,
    /// The picture is read and shows no face.
    NoFace,
    /// The picture is read and its faces are found.
    Faces,
}

/// One file of the set; serialises as its line in `manifest.json`.
#[derive(Debug, Clone, Serialize)]
pub struct Fixture {
    /// File name.
    pub file: &'static str,
    /// What must come of it.
    pub expect: Expect,
    /// How many faces it shows.
    pub faces: usize,
    /// A word that the error message must have, in lower case; empty when no error is expected.
    pub says: &'static str,
    /// Contents.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl Fixture {
    fn faces(file: &'static str, faces: usize, bytes: Vec<u8>) -> Self {
        let expect = if faces == 0 { Expect::NoFace } else { Expect::Faces };
        Self { file, expect, faces, says: "", bytes }
    }

    fn error(file: &'static str, says: &'static str, bytes: Vec<u8>) -> Self {
        Self { file, expect: Expect::Error, faces: 0, says, bytes }
    }
}

/// Every fixture.
pub fn all() -> Result<Vec<Fixture>> {
    let jpeg = sample("portrait-01.jpg")?;
    let face = image::load_from_memory(&jpeg)?.into_rgb8();
    let small = imageops::resize(&face, 256, 256, imageops::FilterType::Triangle);
    Ok(vec![
        Fixture::faces("plain.jpg", 1, jpeg.clone()),
        Fixture::faces("plain.png", 1, encoded(&face.clone().into(), ImageFormat::Png)?),
        Fixture::faces("group.jpg", 3, sample("group.jpg")?),
        Fixture::faces("animated.gif", 1, animated_gif(&small)?),
        Fixture::faces("animated.png", 1, animated_png(&small)?),
        Fixture::faces(
            "sixteen-bit.png",
            1,
            encoded(&DynamicImage::from(face.clone()).into_rgb16().into(), ImageFormat::Png)?,
        ),
        Fixture::faces("cmyk.jpg", 1, cmyk_jpeg(&face)?),
        Fixture::faces("grey.jpg", 1, grey_jpeg(&face)?),
        Fixture::faces("progressive.jpg", 1, hostile::progressive_jpeg(&face)?),
        Fixture::faces("alpha.png", 1, encoded(&transparent_around_face(&face).into(), ImageFormat::Png)?),
        Fixture::faces("exif-rotated.jpg", 1, rotated_jpeg(&face, 6)?),
        Fixture::faces("lossless.webp", 1, lossless_webp(&small)?),
        Fixture::faces("plain.bmp", 1, encoded(&small.clone().into(), ImageFormat::Bmp)?),
        Fixture::faces("no-face.png", 0, encoded(&landscape().into(), ImageFormat::Png)?),
        Fixture::faces(
            "one-pixel.png",
            0,
            encoded(&RgbImage::from_pixel(1, 1, Rgb([120, 90, 60])).into(), ImageFormat::Png)?,
        ),
        Fixture::error("zero.jpg", "empty", Vec::new()),
        Fixture::error("not-an-image.jpg", "not a picture", b"This is a letter, not a photo. ".repeat(40)),
        Fixture::error("truncated.jpg", "incomplete", jpeg[..jpeg.len() * 2 / 5].to_vec()),
        Fixture::error("header-only.jpg", "incomplete", jpeg[..200].to_vec()),
        Fixture::error("truncated.png", "incomplete", {
            let mut png = encoded(&small.into(), ImageFormat::Png)?;
            png.truncate(png.len() / 2);
            png
        }),
        Fixture::error("huge-header.png", "too large", hostile::huge_png_header(50_000)?),
        Fixture::error("huge-header.jpg", "too large", hostile::jpeg_claiming(&jpeg, 65_500, 65_500)?),
        Fixture::error("huge-header.gif", "too large", hostile::huge_gif_header()),
        Fixture::error("huge-header.bmp", "too large", hostile::huge_bmp_header(50_000)),
        Fixture::error(
            "page.html.png",
            "not a picture",
            b"<!doctype html><title>404</title><p>No such picture".to_vec(),
        ),
    ])
}

/// Writes every fixture and `manifest.json` into a folder.
pub fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let fixtures = all()?;
    for fixture in &fixtures {
        fs::write(folder.join(fixture.file), &fixture.bytes)?;
    }
    fs::write(folder.join("manifest.json"), serde_json::to_string_pretty(&fixtures)? + "\n")?;
    Ok(())
}

/// The bytes of a sample picture.
pub fn sample(file: &str) -> Result<Vec<u8>> {
    let path = samples::folder().join(file);
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// A JPEG that is upright only after its EXIF orientation (1 to 8) is applied.
pub fn rotated_jpeg(upright: &RgbImage, orientation: u8) -> Result<Vec<u8>> {
    // The inverse of what the reader does: only the two quarter turns differ from their inverse.
    let inverse = match orientation {
        6 => 8,
        8 => 6,
        other => other,
    };
    let mut stored = DynamicImage::from(upright.clone());
    stored.apply_orientation(Orientation::from_exif(inverse).context("EXIF orientations are 1 to 8")?);
    let stored = stored.into_rgb8();
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.add_exif_metadata(&exif(orientation))?;
    encoder.encode(&stored, stored.width() as u16, stored.height() as u16, jpeg_encoder::ColorType::Rgb)?;
    Ok(bytes)
}

/// An EXIF block that holds an orientation and nothing else.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    // TIFF, little-endian, one directory with one entry: tag 0x0112 (Orientation), one SHORT.
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    block
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format)?;
    Ok(bytes.into_inner())
}

fn animated_gif(face: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 10);
    encoder.set_repeat(Repeat::Infinite)?;
    for picture in [face.clone(), imageops::flip_horizontal(face)] {
        encoder.encode_frame(Frame::new(DynamicImage::from(picture).into_rgba8()))?;
    }
    drop(encoder);
    Ok(bytes)
}

fn animated_png(face: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, face.width(), face.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0)?;
    encoder.set_frame_delay(1, 2)?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(face)?;
    writer.write_image_data(&imageops::flip_horizontal(face))?;
    writer.finish()?;
    Ok(bytes)
}

/// Four inks, with the Adobe marker that says they are stored inverted, as print programs write it.
fn cmyk_jpeg(face: &RgbImage) -> Result<Vec<u8>> {
    let inks: Vec<u8> = face
        .pixels()
        .flat_map(|pixel| {
            let light = pixel.0.into_iter().max().unwrap_or(0);
            let ink = |channel: u8| {
                if light == 0 { 0 } else { (u16::from(light - channel) * 255 / u16::from(light)) as u8 }
            };
            [ink(pixel[0]), ink(pixel[1]), ink(pixel[2]), 255 - light]
        })
        .collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 92);
    encoder.encode(&inks, face.width() as u16, face.height() as u16, jpeg_encoder::ColorType::Cmyk)?;
    Ok(bytes)
}

fn grey_jpeg(face: &RgbImage) -> Result<Vec<u8>> {
    let grey = imageops::grayscale(face);
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&grey, grey.width() as u16, grey.height() as u16, jpeg_encoder::ColorType::Luma)?;
    Ok(bytes)
}

fn lossless_webp(face: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes).encode(
        face,
        face.width(),
        face.height(),
        image::ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

/// The face cut out: what lies around it is transparent, and loud where a reader ignores that.
fn transparent_around_face(face: &RgbImage) -> RgbaImage {
    let (width, height) = (face.width() as f32, face.height() as f32);
    RgbaImage::from_fn(face.width(), face.height(), |x, y| {
        let radius = ((x as f32 / width - 0.5) / 0.36).hypot((y as f32 / height - 0.5) / 0.44);
        let [r, g, b] = face.get_pixel(x, y).0;
        if radius < 1.0 { Rgba([r, g, b, 255]) } else { Rgba([255, 0, 255, 0]) }
    })
}

/// Sky, sun, hills and a field.
fn landscape() -> RgbImage {
    let (width, height) = (480, 320);
    ImageBuffer::from_fn(width, height, |x, y| {
        let (across, down) = (x as f32 / width as f32, y as f32 / height as f32);
        let far = 0.45 + 0.06 * (across * 9.0).sin() + 0.03 * (across * 23.0).cos();
        let near = 0.62 + 0.05 * (across * 5.0 + 1.0).sin();
        let sun = (across - 0.75).hypot((down - 0.2) * 0.66) < 0.06;
        let colour = if sun {
            [255.0, 236.0, 180.0]
        } else if down < far {
            [120.0 + 90.0 * down, 165.0 + 80.0 * down, 225.0]
        } else if down < near {
            [88.0, 118.0 - 40.0 * down, 110.0]
        } else {
            [96.0 + 50.0 * down, 140.0 + 12.0 * (across * 60.0).sin(), 62.0]
        };
        Rgb(colour.map(|value| value as u8))
    })
}
