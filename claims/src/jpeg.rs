//! JPEG segments (ITU T.81 annex B) with EXIF, XMP, IPTC, JUMBF or a comment in them.

use std::borrow::Cow;

use crate::{Found, iptc, limits};

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// Followed by the GUID (32 characters), the whole length and the offset of this piece (4 bytes each): XMP part 3, 1.1.3.1.
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const EXIF: &[u8] = b"Exif\0";

pub fn find(bytes: &[u8]) -> Found<'_> {
    let mut found = Found::default();
    let mut extension = Vec::new();
    let mut pieces = Vec::new();
    for (marker, data) in Segments(bytes.get(2..).unwrap_or_default()) {
        match marker {
            0xe1 if data.starts_with(EXIF) && found.exif.is_none() => {
                found.exif = data.get(EXIF.len() + 1..).map(Cow::Borrowed);
            }
            0xe1 if data.starts_with(XMP) && found.xmp.is_empty() => found.xmp.push(data[XMP.len()..].into()),
            0xe1 if data.starts_with(EXTENDED_XMP) => extend(&mut extension, &data[EXTENDED_XMP.len()..]),
            0xeb if pieces.len() <= limits::C2PA_PIECES => pieces.extend(Piece::of(data)),
            0xed => found.iptc = found.iptc.or_else(|| iptc::in_photoshop(data).map(Cow::Borrowed)),
            0xfe => found.text.push_bytes("Comment", data),
            _ => {}
        }
    }
    if !extension.is_empty() {
        found.xmp.push(extension.into());
    }
    found.c2pa_too_large = pieces.len() > limits::C2PA_PIECES
        || pieces.iter().map(|piece| piece.payload.len()).sum::<usize>() > limits::C2PA;
    if !found.c2pa_too_large {
        found.c2pa = join(pieces).map(Cow::Owned);
    }
    found
}

/// Marker and content of each segment before the picture's own data.
struct Segments<'a>(&'a [u8]);

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let [0xff, marker, rest @ ..] = self.0 else { return None };
            match marker {
                0xff => self.0 = &self.0[1..], // fill byte
                0x01 | 0xd0..=0xd8 => self.0 = rest,
                0xd9 | 0xda => return None,
                &marker => {
                    let &[high, low, ..] = rest else { return None };
                    let length = usize::from(u16::from_be_bytes([high, low]));
                    let whole = rest.get(2..length);
                    // A segment that is cut off still says what it says.
                    let data = whole.or_else(|| rest.get(2..))?;
                    self.0 = whole.and_then(|_| rest.get(length..)).unwrap_or_default();
                    return Some((marker, data));
                }
            }
        }
    }
}

/// Puts a piece of extended XMP where it belongs.
fn extend(whole: &mut Vec<u8>, piece: &[u8]) {
    let Some((offset, data)) = piece.get(36..).and_then(|rest| rest.split_first_chunk()) else { return };
    let start = u32::from_be_bytes(*offset) as usize;
    let Some(end) = start.checked_add(data.len()).filter(|&end| end <= limits::XMP) else { return };
    if whole.len() < end {
        whole.resize(end, b' ');
    }
    whole[start..end].copy_from_slice(data);
}

/// A part of a JUMBF box: a box may be longer than a segment (ISO 19566-5 annex D).
struct Piece<'a> {
    /// The same for all parts of a box.
    instance: u16,
    /// 1 for the first.
    number: u32,
    /// LBox and TBox, and XLBox where LBox is 1; repeated in each part.
    header: &'a [u8],
    payload: &'a [u8],
}

impl<'a> Piece<'a> {
    fn of(data: &'a [u8]) -> Option<Self> {
        let rest = data.strip_prefix(b"JP")?;
        let (instance, rest) = rest.split_first_chunk()?;
        let (number, rest) = rest.split_first_chunk()?;
        let header = if rest.get(..4)? == [0, 0, 0, 1] { 16 } else { 8 };
        if rest.get(4..8)? != b"jumb" {
            return None;
        }
        let (header, payload) = rest.split_at_checked(header)?;
        let (instance, number) = (u16::from_be_bytes(*instance), u32::from_be_bytes(*number));
        Some(Self { instance, number, header, payload })
    }
}

/// The first JUMBF box that says it is a C2PA manifest store.
fn join(mut pieces: Vec<Piece<'_>>) -> Option<Vec<u8>> {
    pieces.sort_by_key(|piece| (piece.instance, piece.number));
    pieces.dedup_by_key(|piece| (piece.instance, piece.number));
    let mut boxes = pieces.chunk_by(|a, b| a.instance == b.instance);
    let parts = boxes.find(|parts| crate::c2pa::is_store(parts[0].payload))?;
    let payloads = parts.iter().flat_map(|piece| piece.payload);
    Some(parts[0].header.iter().chain(payloads).copied().collect())
}
