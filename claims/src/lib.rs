//! What a picture file says of itself: EXIF, XMP, IPTC, the text of image generators, and content credentials (C2PA).
//!
//! All of it is claims: anybody can write such things into a file, or take them out. Nothing here looks at a pixel, and no
//! signature is checked.
//!
//! Files come from strangers. [`read`] never panics, takes what it can from broken files, and keeps to the limits in
//! `limits.rs`: besides the file it never holds more than 64 MiB, whatever the file says of its own sizes.

mod c2pa;
mod collect;
mod exif_tags;
mod generator;
mod gif;
mod iptc;
mod jpeg;
mod limits;
mod png;
mod text;
mod webp;
mod xmp;

use std::borrow::Cow;

use serde::Serialize;

use crate::collect::Group;

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileClaims {
    /// Camera, program, dates, place and so on; the names are the standard's.
    pub exif: Vec<Claim>,
    /// Text that programs leave beside the picture: PNG text, comments of JPEG and GIF.
    pub text: Vec<Claim>,
    /// Properties of XMP (`prefix:Name`) and of the older IPTC record.
    pub description: Vec<Claim>,
    /// Code of the IPTC NewsCodes "digital source type", such as `trainedAlgorithmicMedia`; from XMP.
    pub digital_source_type: Option<String>,
    /// The image generator that the text names, or whose known form the text has.
    pub generator: Option<String>,
    /// The model that the generator's text names.
    pub model: Option<String>,
    /// The seed that the generator's text states.
    pub seed: Option<String>,
    /// The manifest of content credentials; `None` where there is none.
    pub c2pa: Option<ContentCredentials>,
    /// How many claims more the file makes than are listed.
    pub left_out: usize,
}

/// One thing that the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// What it is about, as the file or its standard calls it.
    pub name: String,
    /// As the file has it.
    pub value: String,
    /// At least so many characters are missing at the end of `value`; 0 where it is whole.
    pub left_out: usize,
}

/// What the active manifest of a C2PA manifest store claims; its signature is not checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentCredentials {
    /// The program that made the claim.
    pub generator: Option<String>,
    /// The title given to the picture.
    pub title: Option<String>,
    /// Whom the certificate names.
    pub signer: Option<String>,
    /// What is said to have been done, in order.
    pub actions: Vec<Action>,
    /// How many other manifests the store has, of what the picture was made from; nothing is read from them.
    pub ingredients: usize,
    /// What could not be read of it.
    pub fault: Option<Fault>,
}

/// One step of a picture's making.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// Such as `c2pa.created`.
    pub action: String,
    /// The program that did it.
    pub agent: Option<String>,
    /// Code of the digital source type, such as `trainedAlgorithmicMedia`.
    pub digital_source_type: Option<String>,
}

/// Why content credentials could not be read in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// They end before they should, or are not built as the standard says.
    Broken,
    /// They are larger than what is read here.
    TooLarge,
    /// They are compressed, which is not read here.
    Compressed,
}

/// What a container holds, before any of it is understood.
#[derive(Default)]
struct Found<'a> {
    /// TIFF structure of EXIF.
    exif: Option<Cow<'a, [u8]>>,
    /// XMP packets, the main one first.
    xmp: Vec<Cow<'a, [u8]>>,
    /// IPTC-IIM datasets.
    iptc: Option<Cow<'a, [u8]>>,
    /// JUMBF superbox of the C2PA manifest store.
    c2pa: Option<Cow<'a, [u8]>>,
    /// Whether the manifest store went past the limit.
    c2pa_too_large: bool,
    text: Group,
}

/// Reads what the file says of itself. A file of an unknown form says nothing; of a broken one, what comes before the break is read.
pub fn read(bytes: &[u8]) -> FileClaims {
    let found = match bytes {
        [0xff, 0xd8, ..] => jpeg::find(bytes),
        [0x89, b'P', b'N', b'G', ..] => png::find(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp::find(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif::find(bytes),
        _ => return FileClaims::default(),
    };
    let mut exif = Group::default();
    if let Some(tiff) = found.exif {
        exif_tags::read(tiff, &mut exif);
    }
    let mut description = Group::default();
    let mut digital_source_type = None;
    for packet in &found.xmp {
        let stated = xmp::read(packet, &mut description);
        digital_source_type = digital_source_type.or(stated);
    }
    if let Some(record) = &found.iptc {
        iptc::read(record, &mut description);
    }
    let c2pa = if found.c2pa_too_large {
        Some(ContentCredentials { fault: Some(Fault::TooLarge), ..Default::default() })
    } else {
        found.c2pa.map(|store| c2pa::read(&store))
    };
    let told = generator::recognise(&found.text.claims, &exif.claims, &description.claims);
    FileClaims {
        left_out: exif.left_out + found.text.left_out + description.left_out,
        exif: exif.claims,
        text: found.text.claims,
        description: description.claims,
        digital_source_type,
        generator: told.generator,
        model: told.model,
        seed: told.seed,
        c2pa,
    }
}
