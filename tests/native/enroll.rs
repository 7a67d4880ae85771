//! `trainer enroll`: a generator that a bundle is shown a few pictures of.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use bmrl::{FaceMode, Generator, Manifest, Tracer, enroll::Examples};
use bmrl_tests::{fixtures::sample, samples};
use burn_flex::{Flex, FlexDevice};
use image::{Rgb, RgbImage};

use crate::{predict::TRAINER, support::BUNDLE};

fn enroll(arguments: &[&str]) -> Output {
    Command::new(&*TRAINER).arg("enroll").args(arguments).output().unwrap()
}

/// A portrait under a strong weave, as no generator makes it.
fn woven(portrait: &str) -> RgbImage {
    let picture = image::load_from_memory(&sample(portrait).unwrap()).unwrap().into_rgb8();
    let (width, height) = picture.dimensions();
    RgbImage::from_fn(width, height, |x, y| {
        let thread = if (x / 3 + y / 3) % 2 == 0 { 70 } else { -70 };
        Rgb(picture.get_pixel(x, y).0.map(|value| (i16::from(value) / 2 + 64 + thread).clamp(0, 255) as u8))
    })
}

fn write_woven(folder: &Path, portraits: &[&str]) -> Vec<String> {
    let write = |portrait: &&str| {
        let path = folder.join(format!("woven-{portrait}.png"));
        woven(portrait).save(&path).unwrap();
        path.display().to_string()
    };
    portraits.iter().map(write).collect()
}

fn load(path: &Path) -> Tracer<Flex> {
    Tracer::load(&fs::read(path).unwrap(), &FlexDevice).unwrap()
}

#[test]
fn new_pictures_of_an_enrolled_kind_get_its_name_and_all_others_keep_their_answers() {
    let folder = tempfile::tempdir().unwrap();
    let shown =
        ["portrait-01.jpg", "portrait-02.jpg", "portrait-03.jpg", "portrait-04.jpg", "portrait-05.jpg"];
    let pictures = write_woven(folder.path(), &shown);
    let out = folder.path().join("enrolled.safetensors");
    let mut arguments: Vec<&str> = pictures.iter().map(String::as_str).collect();
    let shown_out = out.display().to_string();
    arguments.extend([
        "--name",
        "Weaver",
        "--forgery",
        "AM",
        "--family",
        "graphics",
        "--faces",
        "whole",
        "--json",
    ]);
    arguments.extend(["--out", &shown_out]);
    let output = enroll(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report["name"].as_str(), report["pictures"].as_u64()), (Some("Weaver"), Some(5)));
    assert_eq!(report["named"], 5, "{report}");

    let (before, after) = (Tracer::<Flex>::load(&BUNDLE, &FlexDevice).unwrap(), load(&out));
    assert_eq!(after.model().sha256, report["sha256"]);
    let trace = |tracer: &Tracer<Flex>, bytes: &[u8], mode| {
        pollster::block_on(tracer.trace(bytes, mode)).faces.into_iter().next().unwrap()
    };
    // The page enrols while the model is loaded, from embeddings.
    let taught = Tracer::<Flex>::load(&BUNDLE, &FlexDevice).unwrap();
    let embedding = |path: &String| {
        let faces = pollster::block_on(taught.embed(&fs::read(path).unwrap(), FaceMode::Whole)).unwrap();
        faces[0].embedding.clone()
    };
    let examples = |name: &str| Examples {
        generator: Generator::new(name, "AM", "graphics"),
        embeddings: pictures.iter().map(embedding).collect(),
    };
    let reports = pollster::block_on(taught.enroll(&[examples("Weaver")])).unwrap();
    assert_eq!((reports[0].pictures, reports[0].named), (5, Some(5)));
    assert_eq!(reports[0].closest, report["closest"]);
    let kept = Tracer::<Flex>::load(&taught.with_enrolled(&BUNDLE).unwrap(), &FlexDevice).unwrap();
    for portrait in ["portrait-06.jpg", "portrait-07.jpg", "portrait-08.jpg"] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        woven(portrait).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let [old, new] = [&before, &after].map(|tracer| trace(tracer, bytes.get_ref(), FaceMode::Whole));
        assert_eq!(new.generator.top().unwrap().0, "Weaver", "{portrait}: {new:?}");
        assert!(new.forgery.get("AM") > 0.5 && new.family.get("graphics") > 0.5);
        assert_eq!(new.authenticity, old.authenticity, "real against fake is never changed");
        for same in [&taught, &kept] {
            let other = trace(same, bytes.get_ref(), FaceMode::Whole);
            let [a, b] = [&new, &other].map(|face| face.generator.get("Weaver"));
            assert!((a - b).abs() < 1e-4, "{portrait}: {a} by the command line, {b} while loaded");
        }
    }
    // What is refused changes nothing; an empty list takes back what was taught.
    for refused in [examples("SD2.1"), Examples { embeddings: vec![vec![0.0; 3]], ..examples("Short") }] {
        assert!(pollster::block_on(taught.enroll(&[refused])).unwrap_err().blames_input());
        assert_eq!(taught.manifest().taxonomy.enrolled.len(), 1);
    }
    pollster::block_on(taught.enroll(&[])).unwrap();
    assert_eq!(*taught.manifest(), *before.manifest());
    for line in samples::index().unwrap() {
        let bytes = sample(&line.file).unwrap();
        let [old, new] = [&before, &after].map(|tracer| trace(tracer, &bytes, FaceMode::Auto));
        assert_eq!(new.answer, old.answer, "{}", line.file);
        assert_eq!(new.authenticity, old.authenticity);
        assert!(new.generator.get("Weaver") < 0.5, "{}: {:?}", line.file, new.generator);
    }

    // A second one beside the first, and the same name twice.
    let second = folder.path().join("second.safetensors").display().to_string();
    let portrait = samples::folder().join("portrait-11.jpg").display().to_string();
    let again = ["--model", &shown_out, &portrait, "--forgery", "EFS", "--family", "GAN", "--out", &second];
    let output = enroll(&[&again[..], &["--name", "Eigenfaces"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let names: Vec<String> =
        load(Path::new(&second)).manifest().taxonomy.named().map(|one| one.name.clone()).collect();
    assert_eq!(names[names.len() - 2..], ["Weaver", "Eigenfaces"]);
    let output = enroll(&[&again[..], &["--name", "Weaver"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("\"Weaver\" is taken"));
}

#[test]
fn what_cannot_be_enrolled_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.safetensors");
    let path = |name: &str| folder.path().join(name).display().to_string();
    RgbImage::from_pixel(300, 300, Rgb([120, 90, 60])).save(path("wall.png")).unwrap();
    fs::write(path("letter.jpg"), "a letter").unwrap();
    let portrait = samples::folder().join("portrait-01.jpg").display().to_string();
    let cases: [(&[&str], i32, &str); 8] = [
        (&[&portrait, "--name", "SD2.1", "--forgery", "EFS", "--family", "GAN"], 1, "taken"),
        (&[&portrait, "--name", "unknown", "--forgery", "EFS", "--family", "GAN"], 1, "taken"),
        (&[&portrait, "--name", "New", "--forgery", "XX", "--family", "GAN"], 1, "\"XX\""),
        (&[&portrait, "--name", "New", "--forgery", "EFS", "--family", "sorcery"], 1, "\"sorcery\""),
        (&[&path("wall.png"), "--name", "New", "--forgery", "EFS", "--family", "GAN"], 1, "no face"),
        (&[&path("letter.jpg"), "--name", "New", "--forgery", "EFS", "--family", "GAN"], 1, "letter.jpg"),
        (&[&path("none.jpg"), "--name", "New", "--forgery", "EFS", "--family", "GAN"], 1, "none.jpg"),
        (&["--name", "New", "--forgery", "EFS", "--family", "GAN"], 2, "PICTURE"),
    ];
    for (arguments, code, says) in cases {
        let output = enroll(&[arguments, &["--out", &out.display().to_string()]].concat());
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(says), "{arguments:?}: {message}");
        assert!(!out.exists());
    }
}

#[test]
fn a_bundle_without_enrolled_generators_stays_as_older_programs_read_it() {
    let layout = |bytes: &[u8]| {
        let (_, header) = safetensors::SafeTensors::read_metadata(bytes).unwrap();
        let text = &header.metadata().as_ref().unwrap()[bmrl::MANIFEST_KEY];
        (serde_json::from_str::<Manifest>(text).unwrap().layout, text.contains("enrolled"))
    };
    assert_eq!(layout(&BUNDLE), (2, false));
    let manifest = Tracer::<Flex>::load(&BUNDLE, &FlexDevice).unwrap().manifest().clone();
    assert_eq!(layout(&bmrl::with_manifest(&BUNDLE, &manifest).unwrap()), (2, false));
}
