//! EXIF fields (CIPA DC-008) in readable form.

use std::borrow::Cow;
use std::fmt::{self, Write};

use exif::{Context, Exif, Field, In, Reader, Tag, Value};

use crate::collect::Group;
use crate::{limits, text};

/// Adds every field of the picture, not of its thumbnail.
pub fn read(tiff: Cow<[u8]>, group: &mut Group) {
    if tiff.len() > limits::EXIF || !is_modest(&tiff) {
        group.left_out += 1;
        return;
    }
    let little_endian = tiff.starts_with(b"II");
    let read = Reader::new().continue_on_error(true).read_raw(tiff.into_owned());
    let Ok(exif) = read.or_else(|error| error.distill_partial_result(|_| {})) else { return };
    for field in exif.fields().filter(|field| field.ifd_num == In::PRIMARY) {
        add(field, &exif, little_endian, group);
    }
}

fn add(field: &Field, exif: &Exif, little_endian: bool, group: &mut Group) {
    match (&field.value, field.tag) {
        // Where things lie in the file is nothing that the file says.
        (Value::Unknown(..), _) | (_, Tag::StripOffsets | Tag::StripByteCounts) => {}
        (Value::Undefined(bytes, _), Tag::UserComment) => {
            group.push("UserComment", &comment(bytes, little_endian))
        }
        (Value::Byte(bytes), Tag(Context::Tiff, number)) if let Some(name) = windows_name(number) => {
            group.push(name, &text::utf16(bytes, false));
        }
        (Value::Ascii(parts), tag) => {
            for part in parts {
                group.push_bytes(&name(tag), part);
            }
        }
        (value, tag) => {
            let size = opaque_size(value);
            let missing = size.saturating_sub(limits::EXIF_OPAQUE);
            if missing > 0 {
                return group.push_cut(&name(tag), &hexadecimal(value), missing);
            }
            let mut shown = Bounded(String::new());
            // An error says that the bound was reached.
            let _ = write!(shown, "{}", field.display_value().with_unit(exif));
            group.push(&name(tag), &shown.0);
        }
    }
}

/// How many bytes a value has whose meaning is its maker's own business; 0 for others.
fn opaque_size(value: &Value) -> usize {
    match value {
        Value::Undefined(bytes, _) | Value::Byte(bytes) => bytes.len(),
        _ => 0,
    }
}

/// The start of an opaque value, in pairs of digits.
fn hexadecimal(value: &Value) -> String {
    let (Value::Undefined(bytes, _) | Value::Byte(bytes)) = value else { return String::new() };
    bytes.iter().take(limits::EXIF_OPAQUE).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

fn name(tag: Tag) -> String {
    match tag.description() {
        Some(_) => tag.to_string(),
        None => format!("Tag 0x{:04x}", tag.number()),
    }
}

/// Windows' own tags, in UTF-16.
fn windows_name(number: u16) -> Option<&'static str> {
    Some(match number {
        0x9c9b => "XPTitle",
        0x9c9c => "XPComment",
        0x9c9d => "XPAuthor",
        0x9c9e => "XPKeywords",
        0x9c9f => "XPSubject",
        _ => return None,
    })
}

/// A comment says in its first eight bytes how it is encoded.
fn comment(bytes: &[u8], little_endian: bool) -> String {
    let Some((encoding, rest)) = bytes.split_first_chunk::<8>() else { return String::new() };
    match encoding {
        b"UNICODE\0" => text::utf16(rest, is_big_endian(rest, little_endian)),
        _ if encoding.starts_with(b"ASCII") || encoding.iter().all(|&byte| matches!(byte, 0 | b' ')) => {
            text::decode(rest, limits::EXIF).0.into_owned()
        }
        b"JIS\0\0\0\0\0" => text::decode(rest, limits::EXIF).0.into_owned(),
        // Programs that know nothing of the prefix.
        _ => text::decode(bytes, limits::EXIF).0.into_owned(),
    }
}

/// The file's byte order should count, but many programs always write UTF-16 in the other one: see where the zeros are.
fn is_big_endian(units: &[u8], little_endian: bool) -> bool {
    let (pairs, _) = units.as_chunks::<2>();
    let first = pairs.iter().filter(|pair| pair[0] == 0 && pair[1] != 0).count();
    let second = pairs.iter().filter(|pair| pair[1] == 0 && pair[0] != 0).count();
    if first == second { !little_endian } else { first > second }
}

/// Text that refuses to grow past the limit of a value.
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        if self.0.len() + more.len() > limits::VALUE {
            return Err(fmt::Error);
        }
        self.0.push_str(more);
        Ok(())
    }
}

/// Whether the directories have no more entries, and their values no more bytes, than a whole file could need. Directories and
/// values may overlap, so that few bytes can stand for any number of either.
fn is_modest(tiff: &[u8]) -> bool {
    let mut walk = Walk { tiff, big_endian: tiff.starts_with(b"MM"), entries: 0, bytes: 0 };
    let mut offset = walk.u32(4);
    // The reader stops after eight directories, too.
    for _ in 0..8 {
        let Some(start) = offset.filter(|&start| start != 0) else { break };
        offset = walk.directory(start as usize, 0);
    }
    walk.entries <= limits::EXIF_ENTRIES && walk.bytes <= 2 * tiff.len()
}

struct Walk<'a> {
    tiff: &'a [u8],
    big_endian: bool,
    entries: usize,
    bytes: usize,
}

impl Walk<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = *self.tiff.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = *self.tiff.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Counts a directory and those below it; returns the offset of the next.
    fn directory(&mut self, start: usize, depth: usize) -> Option<u32> {
        let count = usize::from(self.u16(start)?);
        for entry in 0..count {
            let at = start + 2 + 12 * entry;
            let (tag, kind) = (self.u16(at)?, self.u16(at + 2)?);
            let (number, value) = (self.u32(at + 4)? as usize, self.u32(at + 8)?);
            self.entries += 1;
            let size = number.saturating_mul(unit(kind));
            // The reader skips a value that reaches out of the file.
            if size <= self.tiff.len() {
                self.bytes += size;
            }
            if self.entries > limits::EXIF_ENTRIES || self.bytes > 2 * self.tiff.len() {
                return None;
            }
            // Pointers to the directories of EXIF, GPS and interoperability.
            if depth < 3 && matches!(tag, 0x8769 | 0x8825 | 0xa005) {
                let pointer = match kind {
                    1 => u32::from(*self.tiff.get(at + 8)?),
                    3 => u32::from(self.u16(at + 8)?),
                    _ => value,
                };
                self.directory(pointer as usize, depth + 1);
            }
        }
        self.u32(start + 2 + 12 * count)
    }
}

/// Bytes of one value of this type; those of an unknown type are not read.
fn unit(kind: u16) -> usize {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 => 4,
        5 | 10 | 12 => 8,
        _ => 0,
    }
}
