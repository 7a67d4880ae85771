//! WebP chunks (RFC 9649) with EXIF, XMP or C2PA in them.

use crate::Found;

pub fn find(bytes: &[u8]) -> Found<'_> {
    let mut found = Found::default();
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((kind, after)) = rest.split_first_chunk::<4>()
        && let Some((length, after)) = after.split_first_chunk()
    {
        let length = u32::from_le_bytes(*length) as usize;
        let data = after.get(..length).unwrap_or(after);
        match kind {
            // Some programs write the marker of JPEG files before it.
            b"EXIF" if found.exif.is_none() => {
                found.exif = Some(data.strip_prefix(b"Exif\0\0").unwrap_or(data).into());
            }
            b"XMP " if found.xmp.is_empty() => found.xmp.push(data.into()),
            b"C2PA" if found.c2pa.is_none() => found.c2pa = Some(data.into()),
            _ => {}
        }
        let padded = length.checked_next_multiple_of(2);
        rest = padded.and_then(|next| after.get(next..)).unwrap_or_default();
    }
    found
}
