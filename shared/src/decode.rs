//! Bytes to upright RGB pixels, within stated limits.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, RgbImage, metadata::Orientation};
use sha2::{Digest, Sha256};

/// Largest width or height accepted, in pixels.
pub const MAX_SIDE: u32 = 20_000;

/// Most bytes that decoding one picture may allocate at any one time, beside a copy of the file itself. Enough for
/// a JPEG of 61 megapixels, progressive or not, or a PNG of 95.
pub const MAX_DECODED_BYTES: u64 = 640 * 1024 * 1024;

/// Most bytes that a decoder may allocate for what is not pixels, such as a colour profile; it may hold two copies.
const MAX_SIDE_BYTES: u64 = MAX_DECODED_BYTES / 4;

/// A decoded picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Upright pixels: EXIF orientation applied, alpha composed over white, 8 bits a channel.
    pub pixels: RgbImage,
    /// Name of the container: `jpeg`, `png`, `webp`, `gif` or `bmp`.
    pub format: &'static str,
    /// SHA-256 of the bytes as given, in lower-case hexadecimal.
    pub sha256: String,
    /// Quality of a JPEG, 1 to 100, as libjpeg counts it; `None` for other formats.
    pub quality: Option<u8>,
}

/// Why a picture could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("the file is empty; save or download the picture again")]
    Empty,
    /// No known signature.
    #[error("this is not a picture in a format that can be read here; use JPEG, PNG, WebP, GIF or BMP")]
    UnknownFormat,
    /// The header announces more than the limits allow.
    #[error(
        "the picture is too large ({0}); reduce it to at most {MAX_SIDE} pixels a side and {mebibytes} MiB unpacked",
        mebibytes = MAX_DECODED_BYTES / (1024 * 1024)
    )]
    TooLarge(String),
    /// The signature is known, the rest is broken.
    #[error("the {format} picture is damaged or incomplete ({reason}); save or download it again")]
    Damaged {
        /// Name of the container.
        format: &'static str,
        /// What the decoder met.
        reason: String,
    },
}

/// Reads JPEG (also grey and CMYK), PNG, WebP, GIF and BMP; of an animation the first frame.
pub fn decode(bytes: &[u8]) -> Result<Picture, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| DecodeError::UnknownFormat)?;
    let format = match reader.format() {
        Some(image::ImageFormat::Jpeg) => "jpeg",
        Some(image::ImageFormat::Png) => "png",
        Some(image::ImageFormat::WebP) => "webp",
        Some(image::ImageFormat::Gif) => "gif",
        Some(image::ImageFormat::Bmp) => "bmp",
        _ => return Err(DecodeError::UnknownFormat),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_SIDE_BYTES);
    reader.limits(limits);

    let fail = |error: ImageError| match error {
        ImageError::Limits(limit) => DecodeError::TooLarge(limit.to_string()),
        other => DecodeError::Damaged { format, reason: one_line(&other.to_string()) },
    };
    let mut decoder = reader.into_decoder().map_err(fail)?;
    let (width, height) = decoder.dimensions();
    let peak = peak_bytes(format, u64::from(width) * u64::from(height), decoder.total_bytes());
    if width > MAX_SIDE || height > MAX_SIDE || peak > MAX_DECODED_BYTES {
        return Err(DecodeError::TooLarge(format!("{width} x {height} pixels")));
    }
    if format == "jpeg" && !jpeg_is_complete(bytes) {
        return Err(DecodeError::Damaged { format, reason: "it ends before the picture does".into() });
    }
    // A broken EXIF block must not cost the person the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder).map_err(fail)?;
    // Flattened first: turning copies the picture, and three bytes a pixel are fewer than eight.
    let mut upright = DynamicImage::from(flatten(decoded));
    upright.apply_orientation(orientation);
    let quality = (format == "jpeg").then(|| jpeg_quality(bytes)).flatten();
    Ok(Picture { pixels: upright.into_rgb8(), format, sha256: hex_sha256(bytes), quality })
}

/// Sum of the luma table of ITU-T T.81, annex K, at quality 50 of libjpeg.
const LUMA_SUM: f64 = 3688.0;

/// The quality that libjpeg would have to be asked for to quantise luma as coarsely, from the sum of the first table; `None` when
/// there is none to be read.
fn jpeg_quality(bytes: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let [0xff, marker, high, low, ..] = *bytes.get(at..)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = bytes.get(at + 4..at + 2 + length)?;
        match marker {
            // Start of scan: no table before it.
            0xda => return None,
            0xdb => return table_quality(segment),
            _ => at += 2 + length,
        }
    }
}

fn table_quality(segment: &[u8]) -> Option<u8> {
    let (&kind, values) = segment.split_first()?;
    let sum: u32 = match kind >> 4 {
        0 => values.get(..64)?.iter().map(|&value| u32::from(value)).sum(),
        _ => values
            .get(..128)?
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&value| u32::from(u16::from_be_bytes(value)))
            .sum(),
    };
    // libjpeg scales by (200 - 2 quality) / 100 from 50 up, by 50 / quality below.
    let scale = f64::from(sum) / LUMA_SUM;
    let quality = if scale <= 1.0 { 100.0 - 50.0 * scale } else { 50.0 / scale };
    Some(quality.round().clamp(1.0, 100.0) as u8)
}

/// The most bytes held at once, from what the header announces: while decoding, or while flattening to RGB.
fn peak_bytes(format: &str, pixels: u64, decoded: u64) -> u64 {
    let decoding = match format {
        // A progressive JPEG keeps up to four 16-bit coefficients a pixel until its last scan.
        "jpeg" => decoded + 8 * pixels,
        // The frame, and the canvas that it is drawn on.
        "gif" => 2 * decoded,
        _ => decoded,
    };
    let flattening = (decoded + 4 * pixels).max(7 * pixels);
    decoding.max(flattening)
}

/// Some decoders' messages run over several lines.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the end marker of a JPEG is reached: decoders fill what is missing with grey and say nothing.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[prefix, marker]) = bytes.get(at..at + 2) {
        match (prefix, marker) {
            (0xFF, 0xD9) => return true,
            // Fill bytes, stuffed zeros, restart markers, and the entropy-coded bytes between them.
            (0xFF, 0xFF) => at += 1,
            (0xFF, 0x00 | 0x01 | 0xD0..=0xD8) => at += 2,
            (0xFF, _) => match bytes.get(at + 2..at + 4) {
                Some(&[high, low]) => at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2),
                _ => return false,
            },
            _ => at += 1,
        }
    }
    false
}

/// Lower-case hexadecimal SHA-256.
pub fn hex_sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Composes alpha over white, as a browser shows it on a page.
fn flatten(decoded: DynamicImage) -> RgbImage {
    if !decoded.color().has_alpha() {
        return decoded.into_rgb8();
    }
    let rgba = decoded.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0.map(u32::from);
        let over = |channel: u32| ((channel * a + 255 * (255 - a) + 127) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_is_complete_only_with_its_last_byte() {
        let picture = RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 6, y as u8 * 8, (x * y) as u8]));
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg).unwrap();
        assert_eq!(decode(&bytes).unwrap().pixels.dimensions(), (40, 30));
        for length in [bytes.len() - 1, bytes.len() / 2] {
            let error = decode(&bytes[..length]).unwrap_err().to_string();
            assert!(error.contains("incomplete"), "{error}");
        }
        // What a camera or a messenger appends does no harm.
        bytes.extend_from_slice(b"trailing");
        assert!(decode(&bytes).is_ok());
    }
}
