//! Files made to exhaust memory: small on disk, vast by their own account.

use anyhow::{Context, Result};
use image::RgbImage;

/// A file that a reader may read or refuse, but not within more than its stated memory.
pub struct Bomb {
    /// What it is.
    pub name: &'static str,
    /// Contents.
    pub bytes: Vec<u8>,
}

/// One file or more for each way in which a decoder, or what follows it, may take more memory than the picture's
/// own size lets expect: most far beyond any limit, and some just under the present one, where it must hold.
pub fn bombs(face: &RgbImage) -> Result<Vec<Bomb>> {
    use png::{BitDepth, ColorType};
    let bomb = |name, bytes| Bomb { name, bytes };
    let square = |side, colour, depth| blank_png(side, side, colour, depth);
    let progressive = progressive_jpeg(face)?;
    Ok(vec![
        bomb("png-header-50000", huge_png_header(50_000)?),
        bomb("png-1-bit-20000", square(20_000, ColorType::Grayscale, BitDepth::One)?),
        bomb("png-1-bit-9700", square(9_700, ColorType::Grayscale, BitDepth::One)?),
        bomb("png-grey-alpha-12000", square(12_000, ColorType::GrayscaleAlpha, BitDepth::Eight)?),
        bomb("png-grey-alpha-9700", square(9_700, ColorType::GrayscaleAlpha, BitDepth::Eight)?),
        bomb("png-rgba-11000", square(11_000, ColorType::Rgba, BitDepth::Eight)?),
        bomb("png-rgba-9100", square(9_100, ColorType::Rgba, BitDepth::Eight)?),
        bomb("png-rgba-16-8000", square(8_000, ColorType::Rgba, BitDepth::Sixteen)?),
        bomb("png-rgba-16-7400", square(7_400, ColorType::Rgba, BitDepth::Sixteen)?),
        bomb("png-rgba-16-7400-turned", turned(&square(7_400, ColorType::Rgba, BitDepth::Sixteen)?)?),
        bomb("png-strip-19999", blank_png(19_999, 1, ColorType::Rgb, BitDepth::Eight)?),
        bomb("png-icc-profile", png_with_profile(640 * 1024 * 1024)?),
        bomb("jpeg-65500", jpeg_claiming(&progressive, 65_500, 65_500)?),
        bomb("jpeg-progressive-13000", jpeg_claiming(&progressive, 13_000, 13_000)?),
        bomb("jpeg-progressive-7800", jpeg_claiming(&progressive, 7_800, 7_800)?),
        bomb("gif-65535", huge_gif_header()),
        bomb("gif-11000", gif_claiming(11_000, 11_000)),
        bomb("gif-6400", gif_claiming(6_400, 6_400)),
        bomb("bmp-50000", huge_bmp_header(50_000)),
        bomb("bmp-9700", huge_bmp_header(9_700)),
        bomb("webp-16383", huge_webp_header(16_383)),
        bomb("webp-8000", blank_webp(8_000)?),
    ])
}

/// Photo in a progressive JPEG, whose decoder keeps every coefficient until the end.
pub fn progressive_jpeg(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.set_progressive(true);
    encoder.encode(picture, picture.width() as u16, picture.height() as u16, jpeg_encoder::ColorType::Rgb)?;
    Ok(bytes)
}

/// A JPEG with another width and height in its frame header.
pub fn jpeg_claiming(jpeg: &[u8], width: u16, height: u16) -> Result<Vec<u8>> {
    let mut bytes = jpeg.to_vec();
    // Segments are FF, marker, length (two bytes, themselves included). SOF0 to SOF2 hold the size.
    let mut at = 2;
    loop {
        let header = bytes.get(at..at + 4).context("the JPEG has no frame header")?;
        if (0xC0..=0xC2).contains(&header[1]) {
            bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
            bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
            return Ok(bytes);
        }
        at += 2 + usize::from(u16::from_be_bytes([header[2], header[3]]));
    }
}

/// A PNG whose header (valid checksum) announces `side` x `side` RGB pixels, with next to no data.
pub fn huge_png_header(side: u32) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    // An empty zlib stream.
    writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01])?;
    drop(writer);
    Ok(bytes)
}

/// A complete, valid PNG of zeros.
fn blank_png(width: u32, height: u32, colour: png::ColorType, depth: png::BitDepth) -> Result<Vec<u8>> {
    use std::io::Write;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::Fastest);
    let row = vec![0; (width as usize * colour.samples() * depth as usize).div_ceil(8)];
    let mut writer = encoder.write_header()?;
    let mut stream = writer.stream_writer()?;
    for _ in 0..height {
        stream.write_all(&row)?;
    }
    stream.finish()?;
    writer.finish()?;
    Ok(bytes)
}

/// The same PNG with an EXIF block that turns it by a quarter: turning takes a second copy.
fn turned(png: &[u8]) -> Result<Vec<u8>> {
    // The EXIF chunk of a small PNG, put after the header chunk, which ends at byte 33.
    let mut info = png::Info::with_size(1, 1);
    info.exif_metadata = Some(crate::fixtures::exif(6).into());
    let mut donor = Vec::new();
    let mut writer = png::Encoder::with_info(&mut donor, info)?.write_header()?;
    writer.write_image_data(&[0])?;
    writer.finish()?;
    let name = donor.windows(4).position(|window| window == b"eXIf").context("the PNG has no EXIF block")?;
    let length =
        u32::from_be_bytes([donor[name - 4], donor[name - 3], donor[name - 2], donor[name - 1]]) as usize;
    Ok([&png[..33], &donor[name - 4..name + 4 + length + 4], &png[33..]].concat())
}

/// A complete lossless WebP of one colour.
fn blank_webp(side: u32) -> Result<Vec<u8>> {
    let blank = RgbImage::new(side, side);
    let mut bytes = Vec::new();
    image::codecs::webp::WebPEncoder::new_lossless(&mut bytes).encode(
        &blank,
        side,
        side,
        image::ExtendedColorType::Rgb8,
    )?;
    Ok(bytes)
}

/// A one-pixel PNG whose colour profile unpacks to `length` zeros.
fn png_with_profile(length: usize) -> Result<Vec<u8>> {
    let mut info = png::Info::with_size(1, 1);
    info.color_type = png::ColorType::Rgb;
    info.icc_profile = Some(vec![0; length].into());
    let mut bytes = Vec::new();
    let mut writer = png::Encoder::with_info(&mut bytes, info)?.write_header()?;
    writer.write_image_data(&[0; 3])?;
    writer.finish()?;
    Ok(bytes)
}

/// A GIF that announces the largest screen and frame the format knows.
pub fn huge_gif_header() -> Vec<u8> {
    gif_claiming(u16::MAX, u16::MAX)
}

/// A GIF of two colours that announces a size and holds one pixel.
fn gif_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
    bytes.extend(&size);
    // A palette of two colours, then a frame over the whole screen.
    bytes.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0]);
    bytes.extend(&size);
    // LZW: clear, one pixel, end; then the trailer.
    bytes.extend([0, 2, 2, 0x44, 0x01, 0, 0x3B]);
    bytes
}

/// A 24-bit BMP header that announces `side` x `side` pixels, with a few bytes of data.
pub fn huge_bmp_header(side: i32) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.extend(64_u32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(54_u32.to_le_bytes());
    bytes.extend(40_u32.to_le_bytes());
    bytes.extend([side.to_le_bytes(), side.to_le_bytes()].concat());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24 + 10]);
    bytes
}

/// A lossless WebP (VP8L) header that announces `side` x `side` pixels, at most 16,384, with a few bytes of data.
fn huge_webp_header(side: u32) -> Vec<u8> {
    let mut stream = vec![0x2F];
    stream.extend(((side - 1) | ((side - 1) << 14)).to_le_bytes());
    stream.extend([0; 11]);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((stream.len() as u32 + 12).to_le_bytes());
    bytes.extend(b"WEBPVP8L");
    bytes.extend((stream.len() as u32).to_le_bytes());
    bytes.extend(stream);
    bytes
}
