//! `trainer eval`, `robust` and `card` on pictures of nobody, and every metric beside scikit-learn's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bmrl::{FaceMode, Tracer};
use bmrl_tests::fixtures::sample;
use burn_flex::{Flex, FlexDevice};
use serde_json::Value;
use trainer::metrics;

use crate::{
    predict::TRAINER,
    support::{root, trace},
};

/// What portraits 1 to 9 are said to be: generators that the bundle knows and one that it does not.
const LABELS: [(&str, &str, &str, &str); 4] = [
    ("real", "real", "none", "none"),
    ("fake", "EFS", "GAN", "StyleGAN1"),
    ("fake", "EFS", "diffusion", "SD2.1"),
    ("fake", "FS", "VAE", "Nowhere"),
];

fn fixture() -> Value {
    let path = root().join("tests/reference/fixtures/metrics.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
}

fn flags(value: &Value) -> Vec<bool> {
    value.as_array().unwrap().iter().map(|one| one.as_bool().unwrap()).collect()
}

fn places(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|one| one.as_u64().unwrap() as usize).collect()
}

fn assert_near(case: &Value, name: &str, value: f64) {
    let expected = case[name].as_f64().unwrap();
    assert!((value - expected).abs() < 1e-9, "{name}: {value}, scikit-learn has {expected}");
}

#[test]
fn rankings_are_scikit_learns() {
    for case in fixture()["ranking"].as_array().unwrap() {
        let (scores, truth) = (numbers(&case["score"]), flags(&case["truth"]));
        let pairs: Vec<(f64, bool)> = scores.into_iter().zip(truth).collect();
        let answers: Vec<(f64, bool)> =
            pairs.iter().map(|&(score, fake)| (score.max(1.0 - score), (score > 0.5) == fake)).collect();
        assert_near(case, "auroc", metrics::auroc(&pairs));
        assert_near(case, "average_precision", metrics::average_precision(&pairs));
        assert_near(case, "equal_error_rate", metrics::equal_error_rate(&pairs));
        assert_near(case, "balanced_accuracy", metrics::balanced_accuracy(&pairs));
        assert_near(
            case,
            "accuracy",
            metrics::accuracy(&answers.iter().map(|one| one.1).collect::<Vec<_>>()),
        );
        assert_near(case, "expected_calibration_error", metrics::expected_calibration_error(&answers));
    }
}

#[test]
fn classifications_and_clusters_are_scikit_learns() {
    let fixture = fixture();
    for case in fixture["classification"].as_array().unwrap() {
        let (truth, answer) = (places(&case["truth"]), places(&case["answer"]));
        let pairs: Vec<(usize, usize)> = truth.into_iter().zip(answer).collect();
        let right: Vec<(usize, bool)> =
            pairs.iter().map(|&(truth, answer)| (truth, truth == answer)).collect();
        assert_near(case, "macro_recall", metrics::macro_recall(&right));
        assert_near(case, "normalized_mutual_information", metrics::normalized_mutual_information(&pairs));
        assert_near(case, "adjusted_rand_index", metrics::adjusted_rand_index(&pairs));
        let classes = case["classes"].as_u64().unwrap() as usize;
        let rows: Vec<Vec<usize>> = case["confusion"].as_array().unwrap().iter().map(places).collect();
        assert_eq!(metrics::confusion(&pairs, classes, classes), rows);
    }
    let clusters = &fixture["clusters"];
    let points: Vec<Vec<f32>> = clusters["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| numbers(point).into_iter().map(|x| x as f32).collect())
        .collect();
    let found = metrics::k_means(&points.iter().map(Vec::as_slice).collect::<Vec<_>>(), 4, 7);
    let both: Vec<(usize, usize)> = places(&clusters["labels"]).into_iter().zip(found).collect();
    assert_eq!(metrics::adjusted_rand_index(&both), 1.0, "k-means finds the same clusters: {both:?}");
}

#[test]
fn the_open_set_classification_rate_is_its_formulas() {
    for case in fixture()["open_set"].as_array().unwrap() {
        let known: Vec<(f64, bool)> =
            numbers(&case["known"]).into_iter().zip(flags(&case["right"])).collect();
        assert_near(case, "oscr", metrics::oscr(&known, &numbers(&case["unknown"])));
    }
}

/// A data folder of nine portraits in `test_seen`, with origins and terms.
fn data(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    fs::create_dir(&data).unwrap();
    let mut table = csv::Writer::from_path(data.join("labels.csv")).unwrap();
    table
        .write_record([
            "file",
            "face_view",
            "label",
            "forgery",
            "family",
            "generator",
            "source",
            "split",
            "group",
            "origin",
            "terms",
        ])
        .unwrap();
    for index in 0..9 {
        let file = format!("portrait-0{}.{}", index + 1, if index == 8 { "png" } else { "jpg" });
        fs::write(data.join(&file), sample(&file).unwrap()).unwrap();
        let (label, forgery, family, generator) = LABELS[index % 4];
        let split = if generator == "Nowhere" { "test_unseen" } else { "test_seen" };
        let terms = if index == 0 { "" } else { "drawn | free" };
        table
            .write_record([&*file, "", label, forgery, family, generator, "made", split, "", "tests", terms])
            .unwrap();
    }
    table.flush().unwrap();
    data
}

fn bundle() -> String {
    root().join("www/models/bmrl-web.safetensors").display().to_string()
}

fn trainer(arguments: &[&str]) -> Output {
    Command::new(&*TRAINER).args(arguments).output().unwrap()
}

fn ok(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Standard error of what must fail.
fn refusal(arguments: &[&str], code: i32) -> String {
    let output = trainer(arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{error}");
    error
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The result of a set under a condition.
fn result<'a>(report: &'a Value, set: &str, condition: &str) -> &'a Value {
    let results = report["results"].as_array().unwrap();
    let found = results.iter().find(|one| one["set"] == set && one["condition"] == condition);
    found.unwrap_or_else(|| panic!("no result for {set}, {condition}"))
}

/// Every figure is SVG, and its text stays inside it.
fn assert_figures(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let svg = fs::read_to_string(entry.path()).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
        assert!(!svg.contains("NaN") && svg.contains("<text"), "{:?}", entry.path());
        names.push(entry.file_name().into_string().unwrap());
    }
    names
}

#[test]
fn what_is_judged_is_what_predict_says_and_a_card_repeats_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let data = data(folder.path());
    let (data_text, model, out) = (data.display().to_string(), bundle(), path("report"));
    let eval = ["eval", "--model", &model, "--data", &data_text, "--out", &out, "--draws", "200"];
    ok(&trainer(&eval));

    let report = json(&folder.path().join("report/report.json"));
    let open = result(&report, "open", "clean");
    assert_eq!((open["real"].as_u64(), open["fake"].as_u64()), (Some(3), Some(6)));
    let right = (0..9).filter(|index| {
        let file = format!("portrait-0{}.{}", index + 1, if *index == 8 { "png" } else { "jpg" });
        let verdict = trace(&sample(&file).unwrap(), FaceMode::Whole);
        let fake = verdict["faces"][0]["authenticity"]["fake"].as_f64().unwrap();
        (fake > 0.5) == (LABELS[index % 4].0 == "fake")
    });
    let accuracy = &open["metrics"]["authenticity.accuracy"];
    assert!((accuracy["value"].as_f64().unwrap() - right.count() as f64 / 9.0).abs() < 1e-9, "{accuracy}");
    for (name, number) in open["metrics"].as_object().unwrap() {
        let value = number["value"].as_f64().unwrap();
        if let (Some(low), Some(high)) = (number["low"].as_f64(), number["high"].as_f64()) {
            assert!(low <= value + 1e-9 && value <= high + 1e-9, "{name}: {number}");
        }
    }
    // Only where known and unknown generators meet is there anything to say of an open set.
    assert!(open["metrics"]["oscr"]["value"].is_number());
    assert!(result(&report, "seen", "clean")["metrics"]["oscr"].is_null());
    assert_eq!(result(&report, "unseen", "jpeg75")["fake"], 2);
    let csv = fs::read_to_string(folder.path().join("report/report.csv")).unwrap();
    assert!(csv.starts_with("model,set,condition,metric,value,low,high\n"));
    assert!(csv.contains("bmrl-web.safetensors,open,jpeg75,StyleGAN1.authenticity,"));
    let figures = assert_figures(&folder.path().join("report/figures"));
    for name in ["open-roc.svg", "open-oscr.svg", "open-map.svg", "seen-confusion-family-clean.svg"] {
        assert!(figures.contains(&name.to_string()), "{figures:?}");
    }
    assert!(refusal(&eval, 1).contains("holds a report already"));

    let robust = path("robust");
    let strengths = ["--conditions", "jpeg40,noise8", "--draws", "50"];
    let arguments = ["robust", "--model", &model, "--data", &data_text, "--out", &robust, "--pictures", "1"];
    ok(&trainer(&[&arguments[..], &strengths[..]].concat()));
    let report = json(&folder.path().join("robust/report.json"));
    assert_eq!(result(&report, "test_seen", "noise8")["fake"], 2, "one of each generator");
    let figures = assert_figures(&folder.path().join("robust/figures"));
    for name in ["overall.svg", "real.svg", "generator-SD2.1.svg"] {
        assert!(figures.contains(&name.to_string()), "{figures:?}");
    }

    let (card, carded) = (path("MODEL_CARD.md"), path("carded.safetensors"));
    let arguments = ["card", "--model", &model, "--data", &data_text, "--out", &card];
    let reports = ["--report", &out, "--robust", &robust, "--bundle", &carded];
    ok(&trainer(&[&arguments[..], &reports[..]].concat()));
    let text = fs::read_to_string(&card).unwrap();
    for words in
        ["drawn \\| free", "**not stated**", "jpeg40", "Known attacks", "must not be used for", "StyleGAN1"]
    {
        assert!(text.contains(words), "{words} is missing");
    }
    assert!(text.contains(&format!("{:.1}", accuracy["value"].as_f64().unwrap() * 100.0)));
    let tracer = Tracer::<Flex>::load(&fs::read(&carded).unwrap(), &FlexDevice).unwrap();
    assert_eq!(tracer.manifest().card, text);
    assert!(pollster::block_on(tracer.self_check()).unwrap() <= 1e-3);
    // The card changes the file, not the model that the report is about.
    ok(&trainer(&["card", "--model", &carded, "--data", &data_text, "--out", &card, "--report", &out]));
    assert!(
        refusal(&["card", "--model", &model, "--data", &data_text, "--out", &card, "--report", &robust], 1)
            .contains("robust")
    );
    assert!(refusal(&["card", "--model", &model, "--out", &card], 2).contains("--data"));
}

#[test]
fn work_that_ended_early_goes_on_and_ends_alike() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    let (data_text, model) = (data.display().to_string(), bundle());
    let out = |name: &str| folder.path().join(name).display().to_string();
    let run = |out: &str, more: &[&str]| {
        let arguments = ["eval", "--model", &model, "--data", &data_text, "--out", out, "--draws", "20"];
        trainer(&[&arguments[..], &["--protocol", "closed-set"], more].concat())
    };
    ok(&run(&out("whole"), &[]));

    let last = data.join("portrait-09.png");
    fs::write(&last, b"no picture").unwrap();
    let broken = run(&out("broken"), &[]);
    let error = String::from_utf8_lossy(&broken.stderr);
    assert!(
        broken.status.code() == Some(1)
            && error.contains("portrait-09.png")
            && error.contains("--skip-unreadable"),
        "{error}"
    );
    let kept = folder.path().join("broken/part.answers.jsonl");
    let lines = fs::read_to_string(&kept).unwrap().lines().count();
    assert!(lines > 10, "what was answered is kept: {lines} lines");
    // As a kill leaves it: a line that was being written.
    let mut bytes = fs::read(&kept).unwrap();
    bytes.extend(b"{\"model\":\"");
    fs::write(&kept, bytes).unwrap();
    ok(&run(&out("skipped"), &["--skip-unreadable"]));
    let skipped = json(&folder.path().join("skipped/report.json"));
    assert_eq!(skipped["unreadable"][0]["file"], "portrait-09.png");

    fs::write(&last, sample("portrait-09.png").unwrap()).unwrap();
    ok(&run(&out("broken"), &[]));
    assert!(!kept.exists());
    let same = |file: &str| {
        fs::read(folder.path().join("whole").join(file)).unwrap()
            == fs::read(folder.path().join("broken").join(file)).unwrap()
    };
    assert!(same("report.json") && same("report.csv"));

    // Two models are two seeds: their mean is between them.
    let two = out("two");
    let arguments =
        ["eval", "--model", &model, &model, "--data", &data_text, "--out", &two, "--protocol", "closed-set"];
    ok(&trainer(&[&arguments[..], &["--pictures", "1", "--draws", "0"]].concat()));
    let two = json(&folder.path().join("two/report.json"));
    let spread = &two["summary"][0]["metrics"]["authenticity.accuracy"];
    assert_eq!((spread["models"].as_u64(), spread["deviation"].as_f64()), (Some(2), Some(0.0)));
}

#[test]
fn a_wrong_protocol_or_bundle_is_refused_with_what_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path()).display().to_string();
    let out = folder.path().join("out").display().to_string();
    let with = |model: &str, protocol: &str| {
        refusal(&["eval", "--model", model, "--data", &data, "--out", &out, "--protocol", protocol], 1)
    };
    assert!(with(&bundle(), "zs_dfa").contains("\"zs-dfa\""));
    let file = folder.path().join("mine.toml");
    let path = file.display().to_string();
    fs::write(&file, "name = \"mine\"\n[[sets]]\nname = \"a\"\ngenerator = [\"SD2.1\"]\n").unwrap();
    assert!(with(&bundle(), &path).contains("did you mean \"generators\""));
    fs::write(&file, "name = \"mine\"\n[[sets]]\nname = \"a\"\ngenerators = [\"SD21\"]\n").unwrap();
    assert!(with(&bundle(), &path).contains("did you mean \"SD2.1\""));
    fs::write(&file, "name = \"mine\"\nunseen = [\"SD2.1\"]\n[[sets]]\nname = \"a\"\n").unwrap();
    assert!(with(&bundle(), &path).contains("must be unseen"));
    assert!(with(&format!("{data}/labels.csv"), "zs-dfa").contains("not a bundle"));
}
