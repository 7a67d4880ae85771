//! How weights are stored, and what a shell and a reader get.

use std::process::Command;

use bmrl::{Bundle, FaceMode, Tracer, Weights};
use bmrl_tests::{fixtures::sample, samples};
use burn_flex::{Flex, FlexDevice};

use crate::{predict::TRAINER, support::BUNDLE};

#[test]
fn the_shipped_model_in_eight_bits_is_half_the_size_and_answers_nearly_the_same() {
    let bundle = Bundle::<Flex>::read(&BUNDLE, &FlexDevice).unwrap();
    let stored = |weights| bundle.write_as(weights).unwrap();
    let (single, half, eight) = (stored(Weights::Single), stored(Weights::Half), stored(Weights::Eight));
    let finder = bundle.face_finder.len();
    let weights = |bytes: &[u8]| (bytes.len() - finder) as f64;
    assert!(weights(&half) < 0.6 * weights(&single) && weights(&eight) < 0.65 * weights(&half));
    let load = |bytes: &[u8]| Tracer::<Flex>::load(bytes, &FlexDevice).unwrap();
    let (shipped, single, half, eight) = (load(&BUNDLE), load(&single), load(&half), load(&eight));
    for line in samples::index().unwrap() {
        let bytes = sample(&line.file).unwrap();
        let faces = |tracer: &Tracer<Flex>| pollster::block_on(tracer.trace(&bytes, FaceMode::Auto)).faces;
        let expected = faces(&shipped);
        // What is read is what was written, to the last bit.
        assert_eq!((&faces(&half), &faces(&single)), (&expected, &expected));
        for (face, expected) in faces(&eight).iter().zip(&expected) {
            let difference = (face.authenticity.fake - expected.authenticity.fake).abs();
            println!("{} int8 changes fake by {difference:.4}", line.file);
            assert!(difference < 0.1, "{}: {difference}", line.file);
        }
    }
}

#[test]
fn completions_and_man_pages_know_every_verb() {
    let run = |arguments: &[&str]| Command::new(&*TRAINER).args(arguments).output().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(["predict", "enroll", "export"].iter().all(|verb| script.contains(verb)), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(&["man", "--out", &folder.path().display().to_string()]).status.code(), Some(0));
    for page in ["trainer.1", "trainer-predict.1", "trainer-enroll.1"] {
        let text = std::fs::read_to_string(folder.path().join(page)).unwrap();
        assert!(text.contains(".TH"), "{page}");
    }
}

#[test]
fn bench_tells_each_field_that_is_documented() {
    let output = Command::new(&*TRAINER)
        .args(["bench", "nano", "--batch", "2", "--runs", "1", "--backend", "all", "--json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        for field in ["parameters", "parameters_at_inference", "multiply_accumulates", "inference_ms"] {
            assert!(report[field].as_f64().unwrap() > 0.0, "{field} in {line}");
        }
        for field in ["preset", "backend", "device", "batch", "inference_peak_bytes", "bytes_per_image"] {
            assert!(report.get(field).is_some(), "{field} in {line}");
        }
        if report["backend"] != "candle" {
            assert!(report["step_ms"].as_f64().unwrap() > 0.0 && report["parts_ms"].is_array(), "{line}");
        }
    }
}
