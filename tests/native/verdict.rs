//! The verdict has the shape of the specification, and its numbers and words agree.

use bmrl::{FaceMode, Score};
use bmrl_tests::{fixtures::sample, samples};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{BUNDLE, area, faces, trace, with_tracer};

const CANNOT_TELL: &str = "cannot tell";

#[test]
fn every_sample_has_a_verdict_of_the_agreed_shape() {
    for sample_line in samples::index().unwrap() {
        let bytes = sample(&sample_line.file).unwrap();
        let verdict = trace(&bytes, FaceMode::Auto);
        assert_shape(&verdict);
        assert_eq!(verdict["image"]["width"], sample_line.width);
        assert_eq!(verdict["image"]["height"], sample_line.height);
        assert_eq!(verdict["image"]["sha256"], sha256(&bytes));
        assert_eq!(
            verdict["image"]["format"],
            if sample_line.file.ends_with(".png") { "png" } else { "jpeg" }
        );
        assert_eq!(verdict["model"]["sha256"], sha256(&BUNDLE));
    }
}

#[test]
fn an_unreadable_picture_has_the_same_shape() {
    let verdict = trace(b"nothing of the kind", FaceMode::Auto);
    assert_shape(&verdict);
    assert!(verdict["error"].is_string());
}

#[test]
fn the_answer_depends_on_the_picture_and_on_nothing_else() {
    let pictures: Vec<_> =
        ["portrait-01.jpg", "portrait-04.jpg", "portrait-09.png"].map(|file| sample(file).unwrap()).into();
    let first: Vec<_> = pictures.iter().map(|bytes| trace(bytes, FaceMode::Auto)).collect();
    let again: Vec<_> = pictures.iter().rev().map(|bytes| trace(bytes, FaceMode::Auto)).collect();
    assert!(
        first.iter().eq(again.iter().rev()),
        "a picture's verdict changed with what was traced before it"
    );
    assert_ne!(first[0]["faces"][0]["generator"], first[1]["faces"][0]["generator"]);
    assert_ne!(first[1]["faces"][0]["generator"], first[2]["faces"][0]["generator"]);
}

/// The words for clear logits of either kind and for logits that say nothing.
#[test]
fn the_words_follow_the_numbers() {
    with_tracer(|tracer| {
        let manifest = tracer.manifest();
        let classes = manifest.taxonomy.classes();
        // Every centre and every chain equally close: the class head decides.
        let words = |class: usize| {
            let logits = (0..classes).map(|index| if index == class { 60.0 } else { 0.0 }).collect();
            let chains = manifest.taxonomy.chains().len();
            let score =
                Score { logits, similarity: vec![0.9; classes], text: vec![0.9; chains], ..Score::default() };
            let levels = manifest.calibration.levels(&score, &manifest.taxonomy);
            (levels.authenticity, levels.answer)
        };

        let (numbers, real) = words(0);
        assert!(numbers.real > 0.5);
        assert_eq!(real.authenticity, "real");
        assert_eq!((real.forgery, real.family, real.generator, real.nearest), (None, None, None, None));

        for (index, generator) in manifest.taxonomy.generators.iter().enumerate() {
            let (numbers, fake) = words(index + 1);
            assert!(numbers.fake > 0.5);
            assert_eq!(fake.authenticity, "fake");
            assert_eq!(fake.forgery.as_deref(), Some(&*generator.forgery));
            assert_eq!(fake.family.as_deref(), Some(&*generator.family));
            assert_eq!(fake.nearest.as_deref(), Some(&*generator.name));
        }
    });
}

/// A face deserves the same answer wherever it stands in a batch: batching is for speed only.
#[test]
fn a_face_is_scored_alike_in_every_slot_of_a_batch() {
    let crop = |file: &str| bmrl::FaceCrop::whole(&bmrl::decode(&sample(file).unwrap()).unwrap().pixels);
    let (face, other) = (crop("portrait-01.jpg"), crop("portrait-04.jpg"));
    with_tracer(|tracer| {
        let score = |crops: &[bmrl::FaceCrop]| pollster::block_on(tracer.score(crops)).unwrap();
        let alone = score(std::slice::from_ref(&face)).remove(0);
        let length: f32 = alone.embedding.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-3, "the embedding's squared length is {length}");
        for slot in 0..4 {
            let mut crops = vec![other.clone(); 4];
            crops[slot] = face.clone();
            let scores = score(&crops);
            let distance = |with: &[f32], from: &[f32]| {
                with.iter().zip(from).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
            };
            assert!(distance(&scores[slot].embedding, &alone.embedding) < 1e-4, "slot {slot}");
            assert!(distance(&scores[slot].logits, &alone.logits) < 1e-3, "slot {slot}");
            assert!(
                distance(&scores[(slot + 1) % 4].embedding, &alone.embedding) > 1e-3,
                "two faces, one embedding"
            );
        }
    });
}

#[test]
fn this_machine_reproduces_the_stored_vector() {
    let difference = with_tracer(|tracer| pollster::block_on(tracer.self_check())).unwrap();
    assert!((0.0..=1e-3).contains(&difference));
}

/// Panics unless the verdict is as `verdict.md` has it.
pub fn assert_shape(verdict: &Value) {
    for field in ["path", "error", "backend", "milliseconds", "image", "model", "faces"] {
        assert!(verdict.get(field).is_some(), "no {field} in {verdict}");
    }
    for field in ["name", "version", "sha256"] {
        assert!(verdict["model"][field].is_string(), "model.{field} in {verdict}");
    }
    if !verdict["error"].is_null() {
        assert!(!verdict["error"].as_str().unwrap().is_empty());
        assert!(faces(verdict).is_empty(), "faces beside an error");
        return;
    }
    let image = &verdict["image"];
    let (width, height) = (image["width"].as_i64().unwrap(), image["height"].as_i64().unwrap());
    assert_eq!(image["sha256"].as_str().unwrap().len(), 64);
    for face in faces(verdict) {
        let [x, y, w, h] = area(face);
        assert!(w > 0 && h > 0 && x < width && y < height && x + w > 0 && y + h > 0, "box outside: {face}");
        assert!((0.0..=1.0).contains(&face["score"].as_f64().unwrap()), "{face}");
        assert_face(face);
    }
}

fn assert_face(face: &Value) {
    assert_eq!(names(&face["authenticity"]), sorted(&["fake", "real"]));
    assert_eq!(names(&face["forgery"]), sorted(&["EFS", "AM", "FS", "FR"]));
    assert_eq!(
        names(&face["family"]),
        sorted(&["GAN", "diffusion", "VAE", "autoencoder", "flow", "autoregressive", "graphics"])
    );
    let known = names(&face["generator"]);
    assert!(known.iter().any(|name| name == "unknown"), "{known:?}");
    for level in ["authenticity", "forgery", "family", "generator"] {
        let shares: Vec<f64> =
            face[level].as_object().unwrap().values().map(|p| p.as_f64().unwrap()).collect();
        assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{level}: {shares:?}");
        let sum: f64 = shares.iter().sum();
        assert!((sum - 1.0).abs() < 1e-6, "{level} sums to {sum}");
    }

    let answer = &face["answer"];
    let (real, fake) = (number(face, "authenticity", "real"), number(face, "authenticity", "fake"));
    match answer["authenticity"].as_str().unwrap() {
        "real" => {
            assert!(real > fake, "{face}");
            for level in ["forgery", "family", "generator", "nearest"] {
                assert!(answer[level].is_null(), "a real face with a {level}: {answer}");
            }
            return;
        }
        "fake" => assert!(fake >= real, "{face}"),
        word => assert_eq!(word, CANNOT_TELL),
    }
    for level in ["forgery", "family", "generator"] {
        let word = answer[level].as_str().unwrap_or_else(|| panic!("no {level} in {answer}"));
        if word != CANNOT_TELL {
            assert_eq!(word, likeliest(&face[level], ""), "{level} of {face}");
        }
    }
    assert_eq!(answer["nearest"].as_str().unwrap(), likeliest(&face["generator"], "unknown"));

    let reliability = &face["reliability"];
    if !reliability.is_null() {
        assert!((0.0..=1.0).contains(&reliability["authenticity"].as_f64().unwrap()), "{reliability}");
        assert!(!reliability["basis"].as_str().unwrap().is_empty());
    }
}

fn number(face: &Value, level: &str, name: &str) -> f64 {
    face[level][name].as_f64().unwrap()
}

fn names(distribution: &Value) -> Vec<String> {
    let mut names: Vec<_> = distribution.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<_> = names.iter().map(|&name| name.to_string()).collect();
    names.sort();
    names
}

/// The name with the highest probability, apart from one.
fn likeliest<'a>(distribution: &'a Value, apart_from: &str) -> &'a str {
    let shares = distribution.as_object().unwrap().iter().filter(|(name, _)| *name != apart_from);
    shares.max_by(|a, b| a.1.as_f64().unwrap().total_cmp(&b.1.as_f64().unwrap())).unwrap().0
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
