//! `trainer parse` on pictures of nobody: a parser that learns in seconds, maps for a data folder, and what is refused.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bmrl_tests::fixtures::sample;
use image::{GrayImage, Luma, RgbImage, imageops};
use serde_json::Value;

use crate::predict::TRAINER;

/// Face colours of the class set that the tests use: background, then the upper and the lower half of a face.
const COLOURS: [[u8; 3]; 3] = [[0, 0, 0], [200, 0, 0], [0, 200, 0]];

fn parse(arguments: &[&str]) -> Output {
    Command::new(&*TRAINER).arg("parse").args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn ok(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

fn refused(arguments: &[&str], code: i32, words: &[&str]) {
    let output = parse(arguments);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    for word in words {
        assert!(said(&output).contains(word), "{word:?} is not in: {}", said(&output));
    }
}

/// A folder that goes when the test ends, with paths as the command line takes them.
struct Workplace(tempfile::TempDir);

impl Workplace {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.at(name).display().to_string()
    }

    fn labels(&self, folder: &str) -> Vec<csv::StringRecord> {
        let mut reader = csv::Reader::from_path(self.at(folder).join("labels.csv")).unwrap();
        reader.records().map(Result::unwrap).collect()
    }
}

fn portrait(number: usize) -> RgbImage {
    let file = format!("portrait-{number:02}.{}", if number == 9 { "png" } else { "jpg" });
    image::load_from_memory(&sample(&file).unwrap()).unwrap().to_rgb8()
}

/// An oval, its upper half class 1 and its lower half class 2.
fn halves(side: u32) -> GrayImage {
    GrayImage::from_fn(side, side, |x, y| {
        let [across, down] = [x, y].map(|at| at as f32 / side as f32 - 0.5);
        let inside = (across / 0.33).hypot(down / 0.45) < 1.0;
        Luma([if !inside { 0 } else { 1 + u8::from(down > 0.0) }])
    })
}

/// Portraits, reduced, that show their halves in two colours, and their masks.
fn labelled(place: &Workplace) {
    fs::create_dir_all(place.at("images")).unwrap();
    fs::create_dir_all(place.at("masks")).unwrap();
    for number in 1..=11 {
        let mask = halves(160);
        let mut picture = imageops::thumbnail(&portrait(number), 160, 160);
        for (pixel, class) in picture.pixels_mut().zip(mask.pixels()) {
            // Blue in one half, red in the other.
            match class.0[0] {
                1 => pixel.0[2] = 255,
                2 => pixel.0[0] = 255,
                _ => (),
            }
        }
        let part = ["train", "choose", "test"][(number > 7) as usize + (number > 9) as usize];
        let name = format!("{part}_{number}");
        picture.save(place.at("images").join(format!("{name}.png"))).unwrap();
        mask.save(place.at("masks").join(format!("{name}.png"))).unwrap();
    }
    let classes: Vec<Value> = [("background", 0), ("upper", 1), ("lower", 2)]
        .iter()
        .map(|&(name, index)| serde_json::json!({"name": name, "colour": COLOURS[index]}))
        .collect();
    let side_car = serde_json::json!({"name": "halves", "classes": classes});
    fs::write(place.at("masks/classes.json"), side_car.to_string()).unwrap();
}

/// A data folder of six of the labelled pictures, one of them twice.
fn data(place: &Workplace) {
    fs::create_dir_all(place.at("data/native")).unwrap();
    let mut rows = vec!["file,label,split,note".to_string()];
    for number in 1..=6 {
        let file = format!("native/train_{number}.png");
        fs::copy(place.at("images").join(format!("train_{number}.png")), place.at("data").join(&file))
            .unwrap();
        rows.push(format!("{file},real,train,\"kept, as it is\""));
    }
    rows.push("native/train_1.png,real,val,the same picture again".into());
    fs::write(place.at("data/labels.csv"), rows.join("\n")).unwrap();
}

fn train(place: &Workplace, out: &str, more: &[&str]) -> Output {
    let (images, masks, out) = (place.path("images"), place.path("masks"), place.path(out));
    let base = ["--train", "--images", &images, "--masks", &masks, "--out", &out];
    let small = ["--validate", "choose_*", "--batch", "7", "--side", "48"];
    parse(&[base.as_slice(), &small, more].concat())
}

/// The classes of a map, by its colours.
fn classes_of(map: &Path) -> GrayImage {
    let shown = image::open(map).unwrap().to_rgb8();
    GrayImage::from_fn(shown.width(), shown.height(), |x, y| {
        let colour = shown.get_pixel(x, y).0;
        Luma([COLOURS.iter().position(|known| *known == colour).unwrap() as u8])
    })
}

#[test]
fn a_parser_learns_and_fills_a_data_folder() {
    let place = Workplace::new();
    labelled(&place);
    data(&place);
    let trained = train(&place, "parser.safetensors", &["--epochs", "60", "--learning-rate", "5e-3"]);
    ok(&trained);
    let report: Value = serde_json::from_slice(&trained.stdout).unwrap();
    // Three classes by chance: about 0.2. The halves differ in place and in colour, which is soon seen.
    let mean = report["test"]["mean"].as_f64().unwrap();
    assert!(mean > 0.6, "{mean}: {}", said(&trained));
    assert_eq!(report["test"]["pictures"], 2);
    assert_eq!(report["classes"]["name"], "halves");

    // The same seed, the same parser.
    for out in ["short", "again"] {
        ok(&train(&place, &format!("{out}.safetensors"), &["--epochs", "1"]));
    }
    // The file's metadata has no order of its own.
    let weights = |name: &str| {
        let bytes = fs::read(place.at(name)).unwrap();
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let data =
            |(name, tensor): (String, safetensors::tensor::TensorView<'_>)| (name, tensor.data().to_vec());
        tensors.tensors().into_iter().map(data).collect::<std::collections::BTreeMap<_, _>>()
    };
    assert_eq!(weights("short.safetensors"), weights("again.safetensors"));

    let (parser, folder) = (place.path("parser.safetensors"), place.path("data"));
    let fill = ["--data", &*folder, "--parser", &*parser];
    ok(&parse(&fill));
    let rows = place.labels("data");
    assert_eq!(rows.len(), 7);
    let mut right = 0.0;
    for row in &rows {
        assert_eq!((row.len(), &row[4]), (5, &*format!("parsing/{}.png", &row[0])));
        let map = classes_of(&place.at("data").join(&row[4]));
        let pairs = map.pixels().zip(halves(160).pixels().copied().collect::<Vec<_>>());
        right += pairs.filter(|(found, truth)| *found == truth).count() as f64 / (160.0 * 160.0) / 7.0;
    }
    assert!(right > 0.7, "{right}");
    assert_eq!((&rows[0][3], &rows[6][3]), ("kept, as it is", "the same picture again"));
    assert!(place.at("data/parsing/classes.json").exists());

    // What is there is not made again: one map is removed, one is replaced by hand.
    let [first, second] = [&rows[0][4], &rows[1][4]].map(|map| place.at("data").join(map));
    fs::write(place.at("data/labels.csv"), "file\nnative/train_1.png\nnative/train_2.png\n").unwrap();
    fs::remove_file(&first).unwrap();
    fs::write(&second, "mine").unwrap();
    let resumed = parse(&fill);
    ok(&resumed);
    assert!(said(&resumed).contains("1 maps are there from before"), "{}", said(&resumed));
    assert!(first.exists());
    assert_eq!(fs::read(&second).unwrap(), b"mine");

    // Elsewhere, with one picture of one class and one that cannot be read.
    RgbImage::from_pixel(64, 64, image::Rgb([128; 3])).save(place.at("data/grey.png")).unwrap();
    fs::write(place.at("data/broken.jpg"), b"no picture").unwrap();
    fs::write(place.at("data/labels.csv"), "file\ngrey.png\nbroken.jpg\nnative/train_1.png\n").unwrap();
    let out = place.path("elsewhere");
    let elsewhere = parse(&[fill.as_slice(), &["--out", &out, "--largest-share", "0.9"]].concat());
    assert_eq!(elsewhere.status.code(), Some(1), "{}", said(&elsewhere));
    assert!(said(&elsewhere).contains("failed: broken.jpg"), "{}", said(&elsewhere));
    assert!(said(&elsewhere).contains("left out: 1 whose map"), "{}", said(&elsewhere));
    let rows = place.labels("elsewhere");
    let maps: Vec<&str> = rows.iter().map(|row| &row[1]).collect();
    assert_eq!(maps, ["", "", "parsing/native/train_1.png.png"]);
    assert!(rows.iter().all(|row| Path::new(&row[0]).is_absolute() && Path::new(&row[0]).exists()));
    assert_eq!(fs::read_to_string(place.at("data/labels.csv")).unwrap().lines().next(), Some("file"));
}

#[test]
fn masks_that_are_there_are_imported() {
    let place = Workplace::new();
    labelled(&place);
    data(&place);
    fs::remove_file(place.at("masks/train_3.png")).unwrap();
    let (folder, masks) = (place.path("data"), place.path("masks"));
    let imported = parse(&["--data", &folder, "--masks", &masks]);
    ok(&imported);
    assert!(said(&imported).contains("left out: 1 that have no mask"), "{}", said(&imported));
    let rows = place.labels("data");
    let without: HashSet<&str> = rows.iter().filter(|row| row[4].is_empty()).map(|row| &row[0]).collect();
    assert_eq!(without, HashSet::from(["native/train_3.png"]));
    assert_eq!(classes_of(&place.at("data/parsing/native/train_1.png.png")), halves(160));
}

#[test]
fn celebamask_hq_parts_become_one_map() {
    let place = Workplace::new();
    fs::create_dir_all(place.at("anno/0")).unwrap();
    fs::create_dir_all(place.at("data")).unwrap();
    portrait(1).save(place.at("data/7.jpg")).unwrap();
    fs::write(place.at("data/labels.csv"), "file\n7.jpg\n").unwrap();
    for (part, left) in [("skin", 0), ("hair", 64)] {
        let mask = GrayImage::from_fn(128, 128, |x, _| Luma([if x >= left { 255 } else { 0 }]));
        mask.save(place.at("anno/0").join(format!("00007_{part}.png"))).unwrap();
    }
    ok(&parse(&["--data", &place.path("data"), "--masks", &place.path("anno")]));
    let map = image::open(place.at("data/parsing/7.jpg.png")).unwrap().to_rgb8();
    assert_eq!(map.dimensions(), portrait(1).dimensions());
    // The data set's colours of skin and hair.
    assert_eq!([map.get_pixel(10, 10).0, map.get_pixel(500, 10).0], [[204, 0, 0], [0, 0, 204]]);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let place = Workplace::new();
    labelled(&place);
    data(&place);
    let (images, masks, folder, out) =
        (place.path("images"), place.path("masks"), place.path("data"), place.path("p.safetensors"));
    let train = ["--train", "--images", &images, "--masks", &masks, "--out", &out];
    let mask = place.at("masks/train_2.png");

    let good = fs::read(&mask).unwrap();
    GrayImage::new(100, 160).save(&mask).unwrap();
    refused(&train, 1, &["train_2.png", "100 x 160", "160 x 160"]);
    GrayImage::from_pixel(160, 160, Luma([3])).save(&mask).unwrap();
    refused(&train, 1, &["train_2.png", "class 3 at (0, 0)", "3 classes"]);
    // An import does what it can and lists the rest.
    refused(
        &["--data", &folder, "--masks", &masks],
        1,
        &["6 of 7 pictures", "failed: native/train_2.png", "class 3"],
    );
    fs::remove_file(&mask).unwrap();
    refused(&train, 1, &["1 pictures have no mask", "train_2.png"]);
    fs::write(&mask, good).unwrap();
    refused(&[train.as_slice(), &["--validate", "nobody*"]].concat(), 1, &["0 to choose by", "--validate"]);
    refused(&[train.as_slice(), &["--classes", "face-6"]].concat(), 1, &["classes.json", "--classes"]);
    assert!(!place.at("p.safetensors").exists());

    // A picture, and the weights of something else.
    let picture = place.path("images/train_1.png");
    refused(&["--data", &folder, "--parser", &picture], 1, &["not a face parser", "train_1.png"]);
    let bundle = crate::support::root().join("www/models/bmrl-web.safetensors").display().to_string();
    refused(&["--data", &folder, "--parser", &bundle], 1, &["not a face parser"]);

    for wrong in [&["--train"][..], &[], &["--data", "x", "--train"], &["--data", "x"]] {
        assert_eq!(parse(wrong).status.code(), Some(2), "{wrong:?}");
    }
}
