//! Broken and hostile files: no panic, little time, bounded memory.

mod build;

use std::time::{Duration, Instant};

use bmrl_claims::read;
use build::*;
use peak_alloc::PeakAlloc;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What the crate promises besides the file itself.
const MOST: usize = 64 << 20;
/// For one file, on a busy machine and without much optimisation.
const LONGEST: Duration = Duration::from_secs(5);

/// Files with everything in them.
fn whole() -> Vec<Vec<u8>> {
    let tiff = tiff(
        &[ascii(0x010f, "Makers"), (0x9c9c, 1, 6, b"a\0b\0\0\0".to_vec())],
        &[ascii(0x9003, "2026"), (0x9286, 7, 12, b"UNICODE\0\0a\0b".to_vec())],
        &[ascii(1, "N"), (2, 5, 3, rationals(&[(48, 1), (51, 0), (30, 1)]))],
    );
    let packet = xmp(r#"a:b="&#65;""#, "<dc:c><rdf:li>x &amp; y</rdf:li></dc:c>");
    let jpeg_segments = [
        exif_segment(&tiff),
        xmp_segment(&packet),
        (0xed, b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x06\x1c\x02\x50\0\x01a".to_vec()),
    ];
    vec![
        jpeg(&[jpeg_segments.to_vec(), jumbf_segments(&store(), 500)].concat()),
        png(&[
            (b"eXIf", tiff.clone()),
            (b"caBX", store()),
            text("parameters", "Steps: 20, Sampler: Euler a, Seed: 1"),
            compressed("Comment", b"{\"seed\": 1}"),
            international("XML:com.adobe.xmp", &packet, true),
        ]),
        webp(&[(b"EXIF", tiff), (b"XMP ", packet.into_bytes()), (b"C2PA", store())]),
        b"GIF89a\x01\0\x01\0\0\0\0!\xfe\x03one\0!\xff\x0bXMP DataXMP<a b=\"c\"/>\x01\x01\0;".to_vec(),
    ]
}

/// Small files that stand for much by their own account.
fn bombs() -> Vec<Vec<u8>> {
    let zeros = vec![0; 60 << 20];
    let many_texts =
        (0..200).map(|number| compressed(&number.to_string(), &zeros[..10 << 20])).collect::<Vec<_>>();
    // Every entry points to a directory that overlaps the others.
    let mut overlapping = b"MM\0\x2a\0\0\0\x08\xff\xff".to_vec();
    for entry in 0..30_000_u32 {
        overlapping.extend([0x87, 0x69, 0, 4, 0, 0, 0, 1]);
        overlapping.extend((8 + 12 * entry).to_be_bytes());
    }
    // Every entry points to the same text, all of it ends of strings.
    let mut same = b"MM\0\x2a\0\0\0\x08\x07\xd0".to_vec();
    for tag in 0..2_000_u16 {
        same.extend(tag.to_be_bytes());
        same.extend([0, 2, 0, 7, 0, 0, 0, 0, 0x60, 0]);
    }
    same.resize(500 << 10, 0);
    let one_text = tiff(&[(0x010e, 2, 500_000, vec![0; 500_000])], &[], &[]);
    let shorts =
        tiff(&[(0x0111, 3, 250_000, vec![1; 500_000]), (0x8298, 12, 60_000, vec![0x7f; 480_000])], &[], &[]);
    let cbor = [vec![0x9a, 0xff, 0xff, 0xff, 0xff], vec![0x80; 250 << 10]].concat();
    let claim = superbox("c2pa.claim", &[block(b"cbor", &cbor)]);
    let long_text = superbox("c2pa.claim", &[block(b"cbor", b"\x7b\x7f\xff\xff\xff\xff\xff\xff\xffabc")]);
    let big_box = [b"\0\0\0\x01jumb\xff\xff\xff\xff\xff\xff\xff\xff".as_slice(), b"\0\0\0\0jumd"].concat();
    let deep = "<a>".repeat(1 << 20);
    let attributes = format!("<a {}/>", r#"b="c" "#.repeat(500_000));
    let references = format!("<a>{}</a>", "&lt;".repeat(1 << 20));
    let far =
        [b"http://ns.adobe.com/xmp/extension/\0".as_slice(), &[0; 36], &[0xff, 0xff, 0xff, 0], b"x"].concat();
    let near =
        [b"http://ns.adobe.com/xmp/extension/\0".as_slice(), &[0; 36], &[0, 0x3f, 0xff, 0], b"x"].concat();
    let pieces: Vec<_> = jumbf_segments(&superbox("c2pa", &[zeros[..30 << 20].to_vec()]), 65_000);
    vec![
        png(&[compressed("a", &zeros)]),
        png(&many_texts),
        png(&[compressed("XML:com.adobe.xmp", &zeros)]),
        png(&[(b"eXIf", overlapping)]),
        png(&[(b"eXIf", same)]),
        png(&[(b"eXIf", vec![0; 100 << 20])]),
        png(&[text("Raw profile type exif", &format!("\nexif\n1\n{}", "4d".repeat(50 << 20)))]),
        png(&[text("Raw profile type iptc", &format!("\niptc\n1\n{}", "1c".repeat(50 << 20)))]),
        png(&[(b"eXIf", one_text)]),
        png(&[(b"eXIf", shorts)]),
        png(&[(b"caBX", superbox("c2pa", &[superbox("m", &[claim])]))]),
        png(&[(b"caBX", superbox("c2pa", &[superbox("m", &[long_text])]))]),
        png(&[(b"caBX", big_box)]),
        png(&[international("XML:com.adobe.xmp", &deep, false)]),
        png(&[international("XML:com.adobe.xmp", &attributes, false)]),
        png(&[international("XML:com.adobe.xmp", &references, false)]),
        png(&[text("Comment", &"\"seed\"".repeat(4 << 20)), text("Software", "NovelAI")]),
        jpeg(&vec![(0xe1, far); 100]),
        jpeg(&vec![(0xe1, near); 2_000]),
        jpeg(&pieces),
        jpeg(&vec![(0xeb, b"JP\0\x01\0\0\0\x01\0\0\0\x20jumb".to_vec()); 3_000_000]),
        jpeg(&vec![(0xfe, vec![b'a'; 60_000]); 1_000]),
        [b"GIF89a\x01\0\x01\0\0\0\0!\xfe".as_slice(), &b"\xffa".repeat(50 << 20)].concat(),
    ]
}

#[test]
fn hostile_files_take_little_time_and_memory() {
    for (number, file) in bombs().iter().enumerate() {
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage();
        let start = Instant::now();
        let claims = read(file);
        let peak = ALLOCATOR.peak_usage() - before;
        assert!(peak < MOST, "file {number} took {peak} bytes");
        assert!(start.elapsed() < LONGEST, "file {number} took {:?}", start.elapsed());
        drop(claims);
    }
    // The same process: a second test beside this one would count into its memory.
    mutated_files_never_panic();
    arbitrary_bytes_never_panic();
}

fn mutated_files_never_panic() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for file in whole() {
        assert_ne!(read(&file), bmrl_claims::FileClaims::default());
        for length in 0..file.len() {
            quick(&file[..length]);
        }
        for _ in 0..3_000 {
            let mut changed = file.clone();
            for _ in 0..random.random_range(1..6) {
                let at = random.random_range(0..changed.len());
                match random.random_range(0..4) {
                    0 => changed[at] ^= 1 << random.random_range(0..8),
                    1 => changed[at] = [0, 1, 0x7f, 0x80, 0xff][random.random_range(0..5)],
                    2 => changed.truncate(at.max(12)),
                    _ => {
                        let from = random.random_range(0..changed.len());
                        let to = (from + random.random_range(0..40)).min(changed.len());
                        let piece = changed[from..to].to_vec();
                        changed.splice(at..at, piece);
                    }
                }
            }
            quick(&changed);
        }
    }
}

fn arbitrary_bytes_never_panic() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let starts = whole();
    for round in 0..10_000 {
        // Past the signature, and sometimes past more, all is chance.
        let start = &starts[round % starts.len()];
        let kept = random.random_range(0..start.len().min(200));
        let tail = (0..random.random_range(0..600)).map(|_| random.random::<u8>());
        quick(&start[..kept].iter().copied().chain(tail).collect::<Vec<_>>());
    }
}

fn quick(file: &[u8]) {
    let start = Instant::now();
    let claims = read(file);
    assert!(start.elapsed() < LONGEST, "{} bytes took {:?}", file.len(), start.elapsed());
    assert!(serde_json::to_string(&claims).is_ok());
}
