//! `trainer data` on small trees, one a layout, and on what can be wrong with a data set. The pictures are portraits of
//! nobody.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use bmrl_tests::{fixtures, fixtures::sample};
use image::{RgbImage, imageops};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use tempfile::TempDir;

use crate::predict::TRAINER;

/// A folder with `set`, which the tests fill, and `out`, which the program does.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("set")).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.path().join("set").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Pictures that no two are near each other.
    fn pictures(&self, names: &[&str]) {
        for (index, name) in names.iter().enumerate() {
            self.write(name, &picture(index as u32, name));
        }
    }

    fn data(&self, arguments: &[&str]) -> Output {
        let (set, out) = (self.path("set"), self.path("out"));
        let mut all = vec!["data", &*set, "--out", &*out];
        if !arguments.contains(&"--faces") {
            all.extend(["--faces", "whole"]);
        }
        all.extend(arguments);
        Command::new(&*TRAINER).args(all).output().unwrap()
    }

    /// Runs and answers the rows by the original's path within `set`.
    fn rows(&self, arguments: &[&str]) -> BTreeMap<String, BTreeMap<String, String>> {
        let output = self.data(arguments);
        assert!(output.status.success(), "{}", text(&output));
        self.table()
    }

    fn table(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut table = csv::Reader::from_path(self.path("out/labels.csv")).unwrap();
        let rows = table.deserialize().map(|row| row.unwrap());
        let set = self.0.path().join("set");
        rows.map(|row: BTreeMap<String, String>| {
            let original = Path::new(&row["original"]).strip_prefix(&set).unwrap().display().to_string();
            (original, row)
        })
        .collect()
    }

    fn report(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("out/report.json")).unwrap()).unwrap()
    }

    /// What each picture must have become: its path, then label, forgery, family, generator, source and own split.
    fn expect(&self, arguments: &[&str], layout: &str, expected: &[(&str, [&str; 6])]) {
        let rows = self.rows(arguments);
        assert_eq!(self.report()["inputs"][0]["layout"], layout);
        assert_eq!(
            rows.keys().collect::<Vec<_>>(),
            expected.iter().map(|(path, _)| path).collect::<Vec<_>>()
        );
        for (path, [label, forgery, family, generator, source, split]) in expected {
            let row = &rows[*path];
            let found = ["label", "forgery", "family", "generator", "source"].map(|column| &*row[column]);
            assert_eq!(found, [*label, *forgery, *family, *generator, *source], "{path}");
            if !split.is_empty() {
                assert_eq!(row["split"], *split, "{path}");
            }
        }
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A portrait with a pattern of its own over it, so that hashes differ, in the format of the name.
fn picture(index: u32, name: &str) -> Vec<u8> {
    let portrait = image::load_from_memory(&sample("portrait-01.jpg").unwrap()).unwrap().into_rgb8();
    let small = imageops::thumbnail(&portrait, 96, 96);
    let mut lights = [0_u8; 64];
    let mut rng = StdRng::seed_from_u64(index.into());
    lights.fill_with(|| rng.random_range(0..160));
    let drawn = RgbImage::from_fn(96, 96, |x, y| {
        let light = u32::from(lights[(x / 12 + y / 12 * 8) as usize]);
        image::Rgb(small.get_pixel(x, y).0.map(|value| (u32::from(value) / 3 + light) as u8))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    let jpeg = name.to_lowercase().ends_with(".jpg") || name.to_lowercase().ends_with(".jpeg");
    let format = if jpeg { image::ImageFormat::Jpeg } else { image::ImageFormat::Png };
    drawn.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const REAL: [&str; 4] = ["real", "", "", ""];

fn real(source: &'static str, split: &'static str) -> [&'static str; 6] {
    [REAL[0], REAL[1], REAL[2], REAL[3], source, split]
}

fn fake(place: [&'static str; 3], source: &'static str, split: &'static str) -> [&'static str; 6] {
    ["fake", place[0], place[1], place[2], source, split]
}

#[test]
fn faceforensics_goes_by_its_videos() {
    let place = Place::new();
    let names = [
        "manipulated_sequences/Deepfakes/c23/frames/000_003/0001.png",
        "manipulated_sequences/Face2Face/c23/frames/003_000/0001.png",
        "manipulated_sequences/FaceShifter/c23/frames/071_054/0001.png",
        "manipulated_sequences/FaceSwap/c40/frames/071_054/0001.png",
        "manipulated_sequences/NeuralTextures/c23/frames/000_003/0001.png",
        "original_sequences/actors/c23/frames/01__hugging/0001.png",
        "original_sequences/youtube/c23/frames/000/0001.png",
        "original_sequences/youtube/c23/frames/003/0001.png",
    ];
    place.pictures(&names);
    place.pictures(&["manipulated_sequences/Deepfakes/c23/masks/000_003/0001.png"]);
    place.write("train.json", br#"[["000", "003"]]"#);
    place.write("test.json", br#"[["071", "054"]]"#);
    place.expect(
        &["--layout", "faceforensics++", "--split", "100/0/0"],
        "faceforensics++",
        &[
            (names[0], fake(["FS", "autoencoder", "Deepfakes"], "FF++ c23", "train")),
            (names[1], fake(["FR", "graphics", "Face2Face"], "FF++ c23", "train")),
            (names[2], fake(["FS", "GAN", "FaceShifter"], "FF++ c23", "test_seen")),
            (names[3], fake(["FS", "graphics", "FaceSwap"], "FF++ c40", "test_seen")),
            (names[4], fake(["FR", "GAN", "NeuralTextures"], "FF++ c23", "train")),
            (names[5], real("DFD c23", "train")),
            (names[6], real("FF++ c23", "train")),
            (names[7], real("FF++ c23", "train")),
        ],
    );
    let rows = place.rows(&[]);
    let group = |name: &str| rows[name]["group"].clone();
    for name in [names[1], names[4], names[6], names[7]] {
        assert_eq!(group(name), group(names[0]));
    }
    assert_ne!(group(names[0]), group(names[2]));
}

#[test]
fn df40_folders() {
    let place = Place::new();
    let names = [
        "MidJourney/fake/1.png",
        "MidJourney/real/2.png",
        "StyleGAN3/ff/000123.png",
        "e4s/cdf/frames/id0_id16_0003/001.png",
        "sadtalker/ff/frames/071_054/001.png",
        "simswap/ff/frames/000_003/001.png",
        "starganv2/fake/7.png",
    ];
    place.pictures(&names);
    place.expect(
        &[],
        "df40",
        &[
            (names[0], fake(["EFS", "diffusion", "Midjourney"], "DF40", "")),
            (names[1], real("DF40", "")),
            (names[2], fake(["EFS", "GAN", "StyleGAN3"], "DF40 ff", "")),
            (names[3], fake(["FS", "GAN", "e4s"], "DF40 cdf", "")),
            (names[4], fake(["FR", "GAN", "SadTalker"], "DF40 ff", "")),
            (names[5], fake(["FS", "GAN", "SimSwap"], "DF40 ff", "")),
            (names[6], fake(["AM", "GAN", "StarGANv2"], "DF40", "")),
        ],
    );
}

#[test]
fn deepfakebench_json_has_its_own_splits_and_its_authors_paths() {
    let place = Place::new();
    let names =
        ["FF/a/000_003/1.png", "FF/b/000/1.png", "FF/b/071/1.png", "blendface/ff/frames/071_054/1.png"];
    place.pictures(&names);
    place.write(
        "FF-DF.json",
        br#"{"FF-DF": {
            "FF-DF": {"train": {"c23": {"000_003": {"label": "FF-DF", "frames": ["/home/them/FF/a/000_003/1.png"]}}}},
            "FF-real": {"train": {"c23": {"000": {"label": "FF-real", "frames": ["FF\\b\\000\\1.png"]}}},
                        "test": {"c23": {"071": {"label": "FF-real", "frames": ["FF/b/071/1.png"]}}},
                        "val": {"c23": {"071": {"label": "FF-real", "frames": ["FF/b/071/1.png"]}}}}}}"#,
    );
    place.write(
        "FSAll_ff.json",
        br#"{"FSAll_ff": {"FSAll_Fake": {"test": {
            "071_054": {"label": "FSAll_Fake", "frames": ["deep/blendface/ff/frames/071_054/1.png"]},
            "005_010": {"label": "FSAll_Fake", "frames": ["deep/blendface/ff/frames/005_010/1.png"]}}}}}"#,
    );
    place.expect(
        &["--split", "100/0/0"],
        "deepfakebench",
        &[
            (names[0], fake(["FS", "autoencoder", "Deepfakes"], "FF-DF c23", "train")),
            (names[1], real("FF-DF c23", "train")),
            // Listed for val and for test: it is a test picture.
            (names[2], real("FF-DF c23", "test_seen")),
            (names[3], fake(["FS", "GAN", "BlendFace"], "FSAll_ff", "test_seen")),
        ],
    );
    assert_eq!(place.report()["skipped"]["missing"], 1);
    let skipped = fs::read_to_string(place.path("out/skipped.csv")).unwrap();
    assert!(skipped.contains("005_010"), "{skipped}");
}

#[test]
fn ow_dfa() {
    let place = Place::new();
    let names = [
        "AttributeManipulation/MaskGAN/ForgeryNet/a.png",
        "EntireFaceSyncthesis/PGGAN/DFFD/a.png",
        "ExpressionTransfer/FOMM/ForgeryNet/a.png",
        "IdentitySwap/Deepfakes/faceforensics/c23-000_003-012.png",
        "RealFace/Real/CelebDF/Celeb-real-id0_0000-12.png",
        "RealFace/Real/faceforensics/c23-003-012.png",
    ];
    place.pictures(&names);
    place.expect(
        &[],
        "ow-dfa",
        &[
            (names[0], fake(["AM", "GAN", "MaskGAN"], "ForgeryNet", "")),
            (names[1], fake(["EFS", "GAN", "PGGAN"], "DFFD", "")),
            (names[2], fake(["FR", "GAN", "FOMM"], "ForgeryNet", "")),
            (names[3], fake(["FS", "autoencoder", "Deepfakes"], "faceforensics", "")),
            (names[4], real("CelebDF", "")),
            (names[5], real("faceforensics", "")),
        ],
    );
    let rows = place.table();
    assert_eq!(rows[names[3]]["group"], rows[names[5]]["group"]);
    assert_eq!(rows[names[4]]["group"], "celeb-df:id0");
}

#[test]
fn genimage_has_train_and_val() {
    let place = Place::new();
    let names = [
        "Midjourney/imagenet_midjourney/val/nature/n1.png",
        "stable_diffusion_v_1_4/imagenet_ai_0419_sdv4/train/ai/1.png",
        "stable_diffusion_v_1_4/imagenet_ai_0419_sdv4/train/nature/n2.JPEG",
        "wukong/val/ai/1.png",
    ];
    place.pictures(&names);
    place.expect(
        &[],
        "genimage",
        &[
            (names[0], real("ImageNet", "val")),
            (names[1], fake(["EFS", "diffusion", "SD1.4"], "GenImage", "train")),
            (names[2], real("ImageNet", "train")),
            (names[3], fake(["EFS", "diffusion", "Wukong"], "GenImage", "val")),
        ],
    );
}

#[test]
fn genface() {
    let place = Place::new();
    let names = [
        "test/Real/CelebAHQ/1.png",
        "train/AM/GAN/IAFaceS/1.png",
        "train/EFS/Diffusion/CollDiff/1.png",
        "train/FS/Diffusion/DiffFace/1.png",
        "val/Real/2.png",
    ];
    place.pictures(&names);
    place.expect(
        &[],
        "genface",
        &[
            (names[0], real("CelebAHQ", "test_seen")),
            (names[1], fake(["AM", "GAN", "IAFaceS"], "GenFace", "train")),
            (names[2], fake(["EFS", "diffusion", "CollDiff"], "GenFace", "train")),
            (names[3], fake(["FS", "diffusion", "DiffFace"], "GenFace", "train")),
            (names[4], real("GenFace", "val")),
        ],
    );
}

#[test]
fn class_folders_and_what_to_say_of_an_unknown_generator() {
    let place = Place::new();
    let names = ["Splat3/1.png", "fake/2.png", "fake/SDXL/3.png", "real/4.png", "real/FFHQ/5.png"];
    place.pictures(&names);
    let output = place.data(&[]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output);
    for part in ["Splat3", "[\"fake\"]", "--levels", "--rename"] {
        assert!(message.contains(part), "{message}");
    }
    place.write("levels.toml", b"[Splat3]\nforgery = \"EFS\"\nfamily = \"graphics\"\n");
    let levels = place.path("set/levels.toml");
    place.expect(
        &["--levels", &levels, "--rename", "fake=StyleGAN2"],
        "image-folder",
        &[
            (names[0], fake(["EFS", "graphics", "Splat3"], "set", "")),
            (names[1], fake(["EFS", "GAN", "StyleGAN2"], "set", "")),
            (names[2], fake(["EFS", "diffusion", "SDXL"], "set", "")),
            (names[3], real("set", "")),
            (names[4], real("FFHQ", "")),
        ],
    );
}

#[test]
fn a_table_with_its_own_columns_and_a_list() {
    let place = Place::new();
    let names = ["a.png", "b.png", "c d.png"];
    place.pictures(&names);
    place.write(
        "labels.csv",
        b"file,label,forgery,family,generator,source,split,group\n\
          a.png,real,real,none,none,home,train,g1\n\
          b.png,fake,FS,VAE,Mine,home,test_unseen,\n\
          c d.png,fake,,,SDXL,,val,g2\n",
    );
    place.expect(
        &[],
        "csv",
        &[
            (names[0], real("home", "train")),
            (names[1], fake(["FS", "VAE", "Mine"], "home", "test_unseen")),
            (names[2], fake(["EFS", "diffusion", "SDXL"], "set", "val")),
        ],
    );
    fs::remove_file(place.path("set/labels.csv")).unwrap();
    place.write("all.txt", b"# mine\na.png\treal\nb.png\tSDXL\ttest\nc d.png\tglow\n");
    place.expect(
        &[],
        "list",
        &[
            (names[0], real("set", "")),
            (names[1], fake(["EFS", "diffusion", "SDXL"], "set", "test_seen")),
            (names[2], fake(["EFS", "flow", "Glow"], "set", "")),
        ],
    );
    place.write("all.txt", b"a.png\treal\nb.png\n");
    let output = place.data(&["--layout", "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("line 2"), "{}", text(&output));
}

#[test]
fn faces_are_found_and_cut_without_resampling() {
    let place = Place::new();
    for (class, file) in
        [("real", "portrait-01.jpg"), ("real", "portrait-11.jpg"), ("SDXL", "portrait-09.png")]
    {
        place.write(&format!("{class}/{file}"), &sample(file).unwrap());
    }
    let rows = place.rows(&["--faces", "auto"]);
    for (name, row) in &rows {
        let original = image::open(place.path(&format!("set/{name}"))).unwrap().into_rgb8();
        let native = image::open(place.path(&format!("out/{}", row["file"]))).unwrap().into_rgb8();
        assert_eq!(native.width(), native.height());
        let side: u32 = row["face_px"].parse().unwrap();
        assert!(native.width() == 512 || native.width() > side, "{name}: {side} and {}", native.width());
        // Every pixel stands as it is somewhere in the original.
        let found = (0..=original.width() - native.width()).any(|x| {
            (0..=original.height() - native.height()).any(|y| {
                (0..native.width()).all(|at| original.get_pixel(x + at, y + at) == native.get_pixel(at, at))
            })
        });
        assert!(found, "{name}");
        assert_eq!(row["face_view"].is_empty(), native.width() < 512, "{name}");
        if !row["face_view"].is_empty() {
            let view = image::open(place.path(&format!("out/{}", row["face_view"]))).unwrap();
            assert_eq!(view.width(), 224);
        }
    }
}

#[test]
fn face_crops_are_copied_byte_for_byte_or_left_where_they_are() {
    let place = Place::new();
    place.pictures(&["real/a.jpg", "SDXL/b.png"]);
    let rows = place.rows(&[]);
    for (name, row) in &rows {
        let original = fs::read(place.path(&format!("set/{name}"))).unwrap();
        assert_eq!(fs::read(place.path(&format!("out/{}", row["file"]))).unwrap(), original);
        assert_eq!(row["bytes"], original.len().to_string());
        assert_eq!((&*row["width"], &*row["sha256"].len().to_string()), ("96", "64"));
    }
    assert!(rows["real/a.jpg"]["quantiser"].parse::<u32>().unwrap() > 64);
    for row in place.rows(&["--in-place"]).values() {
        assert_eq!(Path::new(&row["file"]), Path::new(&row["original"]).canonicalize().unwrap());
    }
    let output = place.data(&["--in-place", "--faces", "auto"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("--faces whole"), "{}", text(&output));
}

#[test]
fn bad_files_are_listed_and_strict_refuses_them() {
    let place = Place::new();
    place.pictures(&["real/a.png", "SDXL/b.png"]);
    let mut expected = BTreeMap::new();
    for fixture in fixtures::all().unwrap() {
        if fixture.expect == fixtures::Expect::Error {
            place.write(&format!("real/bad-{}", fixture.file), &fixture.bytes);
            *expected.entry(fixture.says).or_insert(0) += 1;
        }
    }
    let rows = place.rows(&[]);
    assert_eq!(rows.len(), 2);
    let skipped = &place.report()["skipped"];
    for (says, reason) in [
        ("empty", "empty"),
        ("not a picture", "not-a-picture"),
        ("incomplete", "damaged"),
        ("too large", "enormous"),
    ] {
        assert_eq!(skipped[reason], expected[says], "{reason}");
    }
    fs::remove_file(place.path("out/labels.csv")).unwrap();
    let output = place.data(&["--strict"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("skipped.csv"), "{}", text(&output));
    assert!(!Path::new(&place.path("out/labels.csv")).exists());
}

#[test]
fn copies_near_duplicates_and_shortcuts_are_reported() {
    let place = Place::new();
    // A copy in val of a picture in train, and a photo and its re-encoding on two sides.
    place.write("train/real/a.png", &picture(1, "a.png"));
    place.write("val/real/copy.png", &picture(1, "a.png"));
    place.write("train/real/photo.jpg", &sample("portrait-02.jpg").unwrap());
    let again = image::load_from_memory(&sample("portrait-02.jpg").unwrap()).unwrap().thumbnail(200, 200);
    fs::create_dir_all(place.path("set/val/SDXL")).unwrap();
    again.into_rgb8().save(place.path("set/val/SDXL/photo.png")).unwrap();
    // The same bytes, said to be real and fake.
    place.write("train/real/both.png", &picture(2, "b.png"));
    place.write("train/SDXL/both.png", &picture(2, "b.png"));
    for index in 10..22 {
        place.write(&format!("train/real/{index}.jpg"), &picture(index, "x.jpg"));
        place.write(&format!("train/SDXL/{index}.png"), &picture(index + 100, "x.png"));
    }
    let rows = place.rows(&[]);
    let report = place.report();
    assert_eq!((&report["copies"], &report["copies_across_splits"]), (&1.into(), &1.into()));
    assert_eq!(rows["train/real/a.png"]["split"], "val", "a copy is not trained on");
    assert_eq!(report["skipped"]["contradictory"], 2);
    assert_eq!(report["near_duplicates_across_splits"], 1);
    assert!(report["examples"][0].as_str().unwrap().contains("photo"), "{report}");
    let format = &report["shortcuts"][0];
    assert_eq!(format["property"], "format");
    assert!(format["balanced_accuracy"].as_f64().unwrap() > 0.9, "{format}");
    let markdown = fs::read_to_string(place.path("out/report.md")).unwrap();
    for part in ["near-duplicates", "the format alone tells real from fake", "| SDXL |"] {
        assert!(markdown.contains(part), "{markdown}");
    }
    // New splits keep the pair together.
    let rows = place.rows(&["--resplit"]);
    assert_eq!(rows["train/real/photo.jpg"]["split"], rows["val/SDXL/photo.png"]["split"]);
    assert_eq!(rows["train/real/photo.jpg"]["group"], rows["val/SDXL/photo.png"]["group"]);
}

#[test]
fn splits_repeat_and_an_unseen_generator_is_only_tested() {
    let place = Place::new();
    for index in 0..40 {
        let class = ["real", "SDXL", "StyleGAN2", "Glow"][index as usize % 4];
        place.write(&format!("{class}/{index}.png"), &picture(index, "x.png"));
    }
    let first = place.rows(&["--unseen", "glow", "--split", "60/20/20"]);
    for (name, row) in &first {
        assert_eq!(row["split"] == "test_unseen", name.starts_with("Glow"), "{name}");
    }
    let count = |split: &str| first.values().filter(|row| row["split"] == split).count();
    assert_eq!((count("train"), count("val"), count("test_seen")), (18, 6, 6));
    assert_eq!(place.rows(&["--unseen", "glow", "--split", "60/20/20"]), first);
    assert_ne!(place.rows(&["--unseen", "glow", "--split", "60/20/20", "--seed", "3"]), first);
    let output = place.data(&["--unseen", "Glou"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("Glow"), "{}", text(&output));
}

#[test]
fn a_second_run_goes_on_and_a_foreign_table_is_left_alone() {
    let place = Place::new();
    place.pictures(&["real/a.png", "SDXL/b.png", "SDXL/c.png"]);
    let first = place.rows(&[]);
    let written =
        |row: &BTreeMap<String, String>| fs::metadata(place.path(&format!("out/{}", row["file"]))).unwrap();
    let before: Vec<_> = first.values().map(|row| written(row).modified().unwrap()).collect();
    // A half-written line, as a killed run leaves it, and a crop that was lost.
    let journal = place.path("out/journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, &text[..text.len() - 20]).unwrap();
    fs::remove_file(place.path(&format!("out/{}", first["SDXL/b.png"]["file"]))).unwrap();
    place.pictures(&["real/d.png"]);
    let second = place.rows(&[]);
    assert_eq!(second.len(), 3, "d is a copy of a");
    for (name, row) in &first {
        assert_eq!(second.get(name).map(|row| &row["sha256"]), Some(&row["sha256"]));
    }
    let after: Vec<_> = first.values().map(|row| written(row).modified().unwrap()).collect();
    let kept = before.iter().zip(&after).filter(|(before, after)| before == after).count();
    assert_eq!(kept, 1, "one was done, one half noted, one lost");

    fs::remove_file(&journal).unwrap();
    let output = place.data(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(self::text(&output).contains("did not write"), "{}", self::text(&output));
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_and_the_same_command_goes_on() {
    use std::{process::Stdio, thread::sleep, time::Duration};

    let place = Place::new();
    // Large noise is slow to search.
    let mut rng = StdRng::seed_from_u64(0);
    for index in 0..600 {
        let noise = RgbImage::from_fn(160, 160, |_, _| image::Rgb(rng.random()));
        let path = place.0.path().join(format!("set/real/{index}.png"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        noise.save(path).unwrap();
    }
    place.write("SDXL/face.jpg", &sample("portrait-01.jpg").unwrap());
    let (set, out) = (place.path("set"), place.path("out"));
    let arguments = ["data", &*set, "--out", &*out];
    let mut program = Command::new(&*TRAINER).args(arguments).stderr(Stdio::null()).spawn().unwrap();
    let journal = place.path("out/journal.jsonl");
    while fs::metadata(&journal).map_or(0, |about| about.len()) == 0 {
        assert!(program.try_wait().unwrap().is_none(), "it ended before it could be stopped");
        sleep(Duration::from_millis(2));
    }
    Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(130));
    assert!(!Path::new(&place.path("out/labels.csv")).exists());
    let noted = fs::read_to_string(&journal).unwrap().lines().count();
    assert!((256..601).contains(&noted), "{noted}");
    let output = Command::new(&*TRAINER).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(fs::read_to_string(&journal).unwrap().lines().count(), 601, "nothing was done twice");
}

#[test]
fn what_is_written_is_trained_on() {
    let place = Place::new();
    for index in 0..24 {
        let class = ["real", "SDXL"][index as usize % 2];
        place.write(&format!("{class}/{index}.png"), &picture(index, "x.png"));
    }
    place.rows(&[]);
    let (out, run) = (place.path("out"), place.path("run"));
    let arguments =
        ["train", "--preset", "nano", "--data", &out, "--out", &run, "--epochs", "1", "--batch", "4"];
    let output = Command::new(&*TRAINER).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
}
