//! The IPTC record of before XMP (IIM 4.2), as Photoshop puts it into JPEG files.

use crate::collect::Group;

/// The IPTC record within a Photoshop segment.
pub fn in_photoshop(segment: &[u8]) -> Option<&[u8]> {
    in_resources(segment.strip_prefix(b"Photoshop 3.0\0")?)
}

/// The IPTC record among Photoshop's image resources: `8BIM`, number, name, length, data.
pub fn in_resources(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        rest = rest.strip_prefix(b"8BIM")?;
        let (number, after) = rest.split_first_chunk()?;
        let name = (usize::from(*after.first()?) + 1).next_multiple_of(2);
        let (length, after) = after.get(name..)?.split_first_chunk()?;
        let length = u32::from_be_bytes(*length) as usize;
        if u16::from_be_bytes(*number) == 0x0404 {
            return Some(after.get(..length).unwrap_or(after));
        }
        rest = after.get(length.checked_next_multiple_of(2)?..)?;
    }
}

/// Adds the datasets of record 2 that have a name here.
pub fn read(mut rest: &[u8], group: &mut Group) {
    while let [0x1c, record, number, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // The highest bit tells of a longer length, which no text has.
        if length > 0x7fff {
            return;
        }
        if *record == 2
            && let Some(name) = name(*number)
        {
            group.push_bytes(&format!("IPTC {name}"), after.get(..length).unwrap_or(after));
        }
        rest = after.get(length..).unwrap_or_default();
    }
}

fn name(dataset: u8) -> Option<&'static str> {
    Some(match dataset {
        5 => "Title",
        15 => "Category",
        25 => "Keyword",
        40 => "Instructions",
        55 => "Date Created",
        60 => "Time Created",
        65 => "Program",
        70 => "Program Version",
        80 => "Creator",
        85 => "Creator's Job Title",
        90 => "City",
        92 => "Sublocation",
        95 => "Province or State",
        101 => "Country",
        103 => "Job Identifier",
        105 => "Headline",
        110 => "Credit Line",
        115 => "Source",
        116 => "Copyright Notice",
        118 => "Contact",
        120 => "Description",
        122 => "Description Writer",
        _ => return None,
    })
}
