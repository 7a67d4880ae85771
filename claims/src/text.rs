//! Bytes as text, within limits.

use std::borrow::Cow;

/// The longest start of `text` that has at most `limit` bytes, and how many characters were left out.
pub fn cut(text: &str, limit: usize) -> (&str, usize) {
    if text.len() <= limit {
        return (text, 0);
    }
    let kept = &text[..text.floor_char_boundary(limit)];
    (kept, text[kept.len()..].chars().count())
}

/// UTF-8 where it is, otherwise Latin-1: many programs write UTF-8 where a standard asks for Latin-1. Only so much is
/// decoded that its text can be longer than `limit` bytes; the second value counts the characters beyond.
pub fn decode(bytes: &[u8], limit: usize) -> (Cow<'_, str>, usize) {
    let bytes = trim_end(bytes);
    let head = &bytes[..bytes.len().min(limit + 4)];
    let tail = &bytes[head.len()..];
    match std::str::from_utf8(head) {
        Ok(text) => (text.into(), characters(tail)),
        // A character cut in two by the limit.
        Err(error) if !tail.is_empty() && head.len() - error.valid_up_to() < 4 => {
            (String::from_utf8_lossy(&head[..error.valid_up_to()]), 1 + characters(tail))
        }
        Err(_) => (head.iter().map(|&byte| char::from(byte)).collect::<String>().into(), tail.len()),
    }
}

/// How many characters of UTF-8 begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&byte| byte & 0xc0 != 0x80).count()
}

/// UTF-16; unpaired halves become the replacement character.
pub fn utf16(bytes: &[u8], big_endian: bool) -> String {
    let units = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|&pair| if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) });
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|&character| character != '\u{feff}')
        .collect::<String>()
        .trim_end_matches('\0')
        .to_owned()
}

/// Without the NULs at the end that fixed-length fields are filled with.
pub fn trim_end(bytes: &[u8]) -> &[u8] {
    let kept = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    &bytes[..kept]
}
