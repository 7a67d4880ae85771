//! GIF extensions (GIF89a) with a comment or XMP in them.

use crate::{Found, limits, text};

pub fn find(bytes: &[u8]) -> Found<'_> {
    walk(bytes).unwrap_or_default()
}

/// Always `Some`; `?` inside ends at what is cut off.
fn walk(bytes: &[u8]) -> Option<Found<'_>> {
    let mut found = Found::default();
    let flags = *bytes.get(10)?;
    let mut rest = bytes.get(13 + colours(flags)..)?;
    while let [kind, after @ ..] = rest {
        rest = match (kind, after) {
            (0x21, [0xfe, blocks @ ..]) => {
                let (comment, missing, after) = joined(blocks);
                let (comment, beyond) = text::decode(&comment, limits::VALUE);
                found.text.push_cut("Comment", &comment, beyond + missing);
                after
            }
            (0x21, [0xff, 11, application @ ..]) if application.starts_with(b"XMP DataXMP") => {
                let data = &application[11..];
                let after = skipped(data);
                if found.xmp.is_empty() {
                    // Not in blocks, but made so that a reader of blocks gets over it (XMP part 3, 1.1.2).
                    found.xmp.push(data[..data.len() - after.len()].into());
                }
                after
            }
            (0x21, [_, blocks @ ..]) => skipped(blocks),
            (0x2c, descriptor) if descriptor.len() > 9 => {
                skipped(descriptor.get(10 + colours(descriptor[8])..).unwrap_or_default())
            }
            _ => &[],
        };
    }
    Some(found)
}

/// Bytes of the colour table that the flags tell of.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// What comes after a chain of blocks.
fn skipped(mut rest: &[u8]) -> &[u8] {
    while let Some((length, after)) = block(rest) {
        rest = after.get(length..).unwrap_or_default();
    }
    rest.get(1..).unwrap_or_default()
}

/// The data of a chain of blocks as far as a value may go, how many bytes that leaves out, and what comes after the chain.
fn joined(mut rest: &[u8]) -> (Vec<u8>, usize, &[u8]) {
    let mut data = Vec::new();
    let mut missing = 0;
    while let Some((length, after)) = block(rest) {
        let (content, after) = after.split_at_checked(length).unwrap_or((after, &[]));
        if data.len() > limits::VALUE {
            missing += content.len();
        } else {
            data.extend_from_slice(content);
        }
        rest = after;
    }
    (data, missing, rest.get(1..).unwrap_or_default())
}

/// Length of the next block and what follows that; none at the end of the chain.
fn block(rest: &[u8]) -> Option<(usize, &[u8])> {
    rest.split_first().filter(|(length, _)| **length > 0).map(|(&length, after)| (usize::from(length), after))
}
