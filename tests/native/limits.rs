//! Decoding never allocates more than it says, however large a small file claims to be.

use std::{fs, path::Path, process::Command, time::Instant};

use bmrl::MAX_DECODED_BYTES;
use bmrl_tests::{fixtures::sample, hostile};

/// Decodes a file in a process of its own: the most bytes allocated at once, and what came of it.
fn decode_peak(file: &Path) -> (u64, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_decode-peak")).arg(file).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}: {text}{}", file.display(), String::from_utf8_lossy(&output.stderr));
    let (peak, outcome) = text.trim().split_once(' ').unwrap();
    (peak.parse().unwrap(), outcome.to_string())
}

/// The meter must see what an honest picture takes, or the test below would pass with anything.
#[test]
fn the_meter_counts_an_honest_picture() {
    let (peak, outcome) = decode_peak(&bmrl_tests::samples::folder().join("portrait-10.jpg"));
    assert_eq!(outcome, "1024 x 1024 pixels");
    assert!((3 * 1024 * 1024..40 * 1024 * 1024).contains(&peak), "{peak} bytes");
}

#[test]
fn no_file_makes_decoding_allocate_more_than_the_stated_limit() {
    let folder = tempfile::tempdir().unwrap();
    let face = image::load_from_memory(&sample("portrait-09.png").unwrap()).unwrap().into_rgb8();
    let mut over = Vec::new();
    for bomb in hostile::bombs(&face).unwrap() {
        let file = folder.path().join(bomb.name);
        fs::write(&file, &bomb.bytes).unwrap();
        let started = Instant::now();
        let (peak, outcome) = decode_peak(&file);
        let line = format!(
            "{:<24} {:>9} bytes on disk, {:>5} MiB at most, {:>5.1} s: {outcome}",
            bomb.name,
            bomb.bytes.len(),
            peak / (1024 * 1024),
            started.elapsed().as_secs_f64()
        );
        println!("{line}");
        if peak > MAX_DECODED_BYTES {
            over.push(line);
        }
    }
    assert!(over.is_empty(), "over {} MiB:\n{}", MAX_DECODED_BYTES / (1024 * 1024), over.join("\n"));
}

#[test]
fn a_header_that_claims_too_much_is_refused_before_any_pixel_is_allocated() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("png", hostile::huge_png_header(50_000).unwrap()),
        ("jpeg", hostile::jpeg_claiming(&sample("portrait-01.jpg").unwrap(), 65_500, 65_500).unwrap()),
        ("gif", hostile::huge_gif_header()),
        ("bmp", hostile::huge_bmp_header(50_000)),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let (peak, outcome) = decode_peak(&file);
        assert!(outcome.contains("too large"), "{name}: {outcome}");
        assert!(peak < 2 * 1024 * 1024, "{name}: {peak} bytes");
    }
}
