//! Files for the tests, made piece by piece. The pictures in them are empty: nobody looks at a pixel.
#![allow(dead_code, reason = "each test program uses a part of it")]

use ciborium::Value;

/// A JPEG file of these segments.
pub fn jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    for (marker, data) in segments {
        file.extend([0xff, *marker]);
        file.extend((data.len() as u16 + 2).to_be_bytes());
        file.extend(data);
    }
    file.extend([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
    file
}

/// A PNG file of these chunks; checksums are zero.
pub fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = (b"IHDR", vec![0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    for (kind, data) in [header].iter().chain(chunks).chain([&(b"IEND", vec![])]) {
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(*kind);
        file.extend(data);
        file.extend([0; 4]);
    }
    file
}

/// A WebP file of these chunks.
pub fn webp(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend(*kind);
        body.extend((data.len() as u32).to_le_bytes());
        body.extend(data);
        body.extend(vec![0; data.len() % 2]);
    }
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

/// A tEXt chunk.
pub fn text(keyword: &str, value: &str) -> (&'static [u8; 4], Vec<u8>) {
    (b"tEXt", [keyword.as_bytes(), b"\0", value.as_bytes()].concat())
}

/// A zTXt chunk.
pub fn compressed(keyword: &str, value: &[u8]) -> (&'static [u8; 4], Vec<u8>) {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(value, 9);
    (b"zTXt", [keyword.as_bytes(), b"\0\0", &packed].concat())
}

/// An iTXt chunk, compressed or not.
pub fn international(keyword: &str, value: &str, compress: bool) -> (&'static [u8; 4], Vec<u8>) {
    let text = if compress {
        miniz_oxide::deflate::compress_to_vec_zlib(value.as_bytes(), 9)
    } else {
        value.as_bytes().to_vec()
    };
    (b"iTXt", [keyword.as_bytes(), &[0, u8::from(compress), 0], b"de\0\xc3\xbc\0", &text].concat())
}

/// One entry of a TIFF directory: tag, type, number of values, their bytes.
pub type Entry = (u16, u16, u32, Vec<u8>);

pub fn ascii(tag: u16, value: &str) -> Entry {
    (tag, 2, value.len() as u32 + 1, [value.as_bytes(), b"\0"].concat())
}

/// Big-endian TIFF with a main directory, and those of EXIF and GPS where they have entries.
pub fn tiff(main: &[Entry], exif: &[Entry], gps: &[Entry]) -> Vec<u8> {
    let mut file = b"MM\0\x2a\0\0\0\x08".to_vec();
    let mut main = main.to_vec();
    for (tag, entries) in [(0x8769, exif), (0x8825, gps)] {
        if !entries.is_empty() {
            main.push((tag, 4, 1, vec![0; 4]));
        }
    }
    let pointers = directory(&mut file, &main);
    for (tag, entries) in [(0x8769, exif), (0x8825, gps)] {
        if let Some((_, at)) = pointers.iter().find(|(found, _)| *found == tag) {
            let start = (file.len() as u32).to_be_bytes();
            file[*at..at + 4].copy_from_slice(&start);
            directory(&mut file, entries);
        }
    }
    file
}

/// Appends a directory; returns for each tag where its value field is.
fn directory(file: &mut Vec<u8>, entries: &[Entry]) -> Vec<(u16, usize)> {
    let mut places = Vec::new();
    let mut values = file.len() + 2 + 12 * entries.len() + 4;
    let mut data: Vec<u8> = Vec::new();
    file.extend((entries.len() as u16).to_be_bytes());
    for (tag, kind, count, bytes) in entries {
        file.extend(tag.to_be_bytes());
        file.extend(kind.to_be_bytes());
        file.extend(count.to_be_bytes());
        places.push((*tag, file.len()));
        if bytes.len() <= 4 {
            file.extend(bytes);
            file.extend(vec![0; 4 - bytes.len()]);
        } else {
            file.extend((values as u32).to_be_bytes());
            values += bytes.len();
            data.extend(bytes);
        }
    }
    file.extend([0; 4]);
    file.extend(data);
    places
}

pub fn rationals(values: &[(u32, u32)]) -> Vec<u8> {
    values.iter().flat_map(|(a, b)| [a.to_be_bytes(), b.to_be_bytes()].concat()).collect()
}

/// An EXIF segment of a JPEG file.
pub fn exif_segment(tiff: &[u8]) -> (u8, Vec<u8>) {
    (0xe1, [b"Exif\0\0", tiff].concat())
}

/// An XMP packet with this within its `rdf:Description`, which has these attributes.
pub fn xmp(attributes: &str, elements: &str) -> String {
    format!(
        r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#
    )
}

/// An XMP segment of a JPEG file.
pub fn xmp_segment(packet: &str) -> (u8, Vec<u8>) {
    (0xe1, [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat())
}

/// A JUMBF box.
pub fn block(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), kind.as_slice(), content].concat()
}

/// A JUMBF superbox.
pub fn superbox(label: &str, children: &[Vec<u8>]) -> Vec<u8> {
    let description = [&[7; 16], [3].as_slice(), label.as_bytes(), b"\0"].concat();
    block(b"jumb", &[block(b"jumd", &description), children.concat()].concat())
}

/// A superbox with CBOR in it.
pub fn cbor_box(label: &str, value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("CBOR");
    superbox(label, &[block(b"cbor", &bytes)])
}

pub fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| (Value::from(*key), value.clone())).collect())
}

/// A manifest of a claim, its actions and a signature.
pub fn manifest(label: &str, claim: (&str, Value), actions: (&str, Value), signature: Value) -> Vec<u8> {
    let assertions = superbox("c2pa.assertions", &[cbor_box(actions.0, &actions.1)]);
    superbox(label, &[cbor_box(claim.0, &claim.1), assertions, cbor_box("c2pa.signature", &signature)])
}

/// A COSE_Sign1 with this certificate, in the protected headers or in the others.
pub fn signature(certificate: &[u8], protected: bool) -> Value {
    let chain = Value::Array(vec![Value::Bytes(certificate.to_vec()), Value::Bytes(vec![0x30, 0])]);
    let headers = Value::Map(vec![(Value::from(33), chain)]);
    let mut bytes = Vec::new();
    ciborium::into_writer(&headers, &mut bytes).expect("CBOR");
    let parts = if protected {
        vec![Value::Bytes(bytes), Value::Map(vec![]), Value::Null, Value::Bytes(vec![0; 64])]
    } else {
        vec![Value::Bytes(vec![]), headers, Value::Null, Value::Bytes(vec![0; 64])]
    };
    Value::Tag(18, Box::new(Value::Array(parts)))
}

/// As much of a certificate as names its issuer and its subject.
pub fn certificate(name: &str, organisation: &str) -> Vec<u8> {
    let names = |name: &str, organisation: &str| {
        let part = |last: u8, value: &str| {
            let pair = [der(0x06, &[0x55, 4, last]), der(0x0c, value.as_bytes())].concat();
            der(0x31, &der(0x30, &pair))
        };
        der(0x30, &[part(10, organisation), part(3, name)].concat())
    };
    let tbs = [
        der(0xa0, &der(0x02, &[2])),
        der(0x02, &[1]),
        der(0x30, &der(0x06, &[0x2a])),
        names("The issuer", "An authority"),
        der(0x30, &[]),
        names(name, organisation),
        der(0x30, &[0; 300]),
    ];
    der(0x30, &der(0x30, &tbs.concat()))
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = if length < 0x80 {
        vec![tag, length as u8]
    } else {
        vec![tag, 0x82, (length >> 8) as u8, length as u8]
    };
    [head, content.to_vec()].concat()
}

/// A manifest store as a JPEG file has it: the box in parts of `size` bytes, each in a segment.
pub fn jumbf_segments(store: &[u8], size: usize) -> Vec<(u8, Vec<u8>)> {
    let (header, content) = store.split_at(8);
    let parts = content.chunks(size).zip(1_u32..);
    parts
        .map(|(part, number)| (0xeb, [b"JP\0\x01", number.to_be_bytes().as_slice(), header, part].concat()))
        .collect()
}

/// A manifest store with a claim of version 1 for an ingredient and one of version 2, which is active.
pub fn store() -> Vec<u8> {
    let ingredient = manifest(
        "urn:uuid:1",
        ("c2pa.claim", map(&[("claim_generator", "Camera/1.0".into()), ("dc:title", "before.jpg".into())])),
        ("c2pa.actions", map(&[("actions", Value::Array(vec![map(&[("action", "c2pa.captured".into())])]))])),
        signature(&certificate("Camera", "Makers"), true),
    );
    let source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    let created = map(&[
        ("action", "c2pa.created".into()),
        ("softwareAgent", map(&[("name", "GPT-4o".into())])),
        ("digitalSourceType", source.into()),
    ]);
    let converted = map(&[("action", "c2pa.converted".into()), ("softwareAgentIndex", 0.into())]);
    let actions = map(&[
        ("actions", Value::Array(vec![created, converted])),
        ("softwareAgents", Value::Array(vec![map(&[("name", "Media API".into()), ("version", "2".into())])])),
    ]);
    let info = map(&[("name", "ChatGPT".into()), ("version", "1.2".into())]);
    let active = manifest(
        "urn:c2pa:2",
        ("c2pa.claim.v2", map(&[("claim_generator_info", info), ("dc:title", "image.png".into())])),
        ("c2pa.actions.v2", actions),
        signature(&certificate("Truepic Lens CLI", "OpenAI"), true),
    );
    superbox("c2pa", &[ingredient, active])
}
