//! PNG chunks (W3C PNG, third edition) with text, EXIF or C2PA in them. Checksums are not looked at: these are claims anyway.

use std::borrow::Cow;

use miniz_oxide::inflate;

use crate::{Found, limits};

const XMP: &[u8] = b"XML:com.adobe.xmp";

pub fn find(bytes: &[u8]) -> Found<'_> {
    let mut found = Found::default();
    for (kind, data) in Chunks(bytes.get(8..).unwrap_or_default()) {
        match kind {
            b"tEXt" => {
                if let Some((keyword, text)) = split(data) {
                    keep(&mut found, keyword, text.into(), 0);
                }
            }
            b"zTXt" => {
                if let Some((keyword, [0, text @ ..])) = split(data) {
                    let (text, missing) = inflated(text);
                    keep(&mut found, keyword, text.into(), missing);
                }
            }
            b"iTXt" => {
                if let Some((keyword, rest)) = split(data)
                    && let Some((text, missing)) = international(rest)
                {
                    keep(&mut found, keyword, text, missing);
                }
            }
            b"eXIf" => found.exif = found.exif.or(Some(data.into())),
            b"caBX" => found.c2pa = found.c2pa.or(Some(data.into())),
            _ => {}
        }
    }
    found
}

fn keep<'a>(found: &mut Found<'a>, keyword: &[u8], text: Cow<'a, [u8]>, missing: usize) {
    if keyword == XMP {
        // An image has one; more would only be a way to fill memory.
        if found.xmp.is_empty() {
            found.xmp.push(text);
        }
        return;
    }
    let (name, _) = crate::text::decode(keyword, limits::NAME);
    match &*name {
        "Raw profile type exif" | "Raw profile type APP1" => {
            let profile = raw_profile(&text);
            let tiff = profile.strip_prefix(b"Exif\0\0").unwrap_or(&profile);
            found.exif.get_or_insert(Cow::Owned(tiff.to_vec()));
        }
        "Raw profile type iptc" => {
            let profile = raw_profile(&text);
            let record = crate::iptc::in_resources(&profile).unwrap_or(&profile);
            found.iptc.get_or_insert(Cow::Owned(record.to_vec()));
        }
        _ => {
            let (text, beyond) = crate::text::decode(&text, limits::VALUE);
            found.text.push_cut(&name, &text, beyond + missing);
        }
    }
}

/// Kind and data of each chunk; a last one that is cut off comes as far as it goes.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk()?;
        let length = u32::from_be_bytes(*length) as usize;
        let data = rest.get(..length).unwrap_or(rest);
        self.0 = length.checked_add(4).and_then(|next| rest.get(next..)).unwrap_or_default();
        Some((kind, data))
    }
}

/// What stands before and after the first NUL.
fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|&byte| byte == 0)?;
    Some((&data[..end], &data[end + 1..]))
}

/// Text, and how much of it is missing, of what follows the keyword in an iTXt chunk.
fn international(rest: &[u8]) -> Option<(Cow<'_, [u8]>, usize)> {
    let [compressed, _method, rest @ ..] = rest else { return None };
    let (_language, rest) = split(rest)?;
    let (_translated, text) = split(rest)?;
    if *compressed == 0 {
        return Some((text.into(), 0));
    }
    let (text, missing) = inflated(text);
    Some((text.into(), missing))
}

/// The start of zlib data, and 1 where there would be more.
fn inflated(data: &[u8]) -> (Vec<u8>, usize) {
    match inflate::decompress_to_vec_zlib_with_limit(data, limits::INFLATED) {
        Ok(text) => (text, 0),
        Err(stopped) => (stopped.output, 1),
    }
}

/// At most as much as EXIF may have. ImageMagick's way to put a binary profile into text: a name, a length, and hexadecimal digits over lines.
fn raw_profile(text: &[u8]) -> Vec<u8> {
    let digits = text.split(|&byte| byte == b'\n').skip(3).flatten();
    let digits = digits.filter_map(|&byte| char::from(byte).to_digit(16)).map(|digit| digit as u8);
    let digits: Vec<u8> = digits.take(2 * limits::EXIF).collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}
