//! `trainer predict` as a person or a script meets it: a process, its output and its exit code.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use bmrl::FaceMode;
use bmrl_tests::{fixtures, samples};
use serde_json::Value;

use crate::{
    support::{area, faces, root, trace},
    verdict::assert_shape,
};

/// The built program: `TRAINER` if set, otherwise the one beside this test, brought up to date first.
pub static TRAINER: LazyLock<PathBuf> = LazyLock::new(|| {
    if let Some(path) = env::var_os("TRAINER") {
        return path.into();
    }
    // This test is target/PROFILE/deps/native-HASH.
    let profile = env::current_exe().unwrap().ancestors().nth(2).unwrap().to_path_buf();
    let mut build = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    build.args(["build", "--quiet", "--bin", "trainer"]).current_dir(root());
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success(), "the trainer does not build");
    profile.join("trainer").with_extension(env::consts::EXE_EXTENSION)
});

fn predict(arguments: &[&str]) -> Output {
    Command::new(&*TRAINER).arg("predict").args(arguments).output().unwrap()
}

/// One verdict a line.
fn verdicts(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

fn sample(file: &str) -> String {
    samples::folder().join(file).display().to_string()
}

fn write(folder: &Path, file: &str, bytes: &[u8]) -> String {
    let path = folder.join(file);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn good_pictures_exit_0_with_one_verdict_a_line_in_order() {
    let files = [sample("group.jpg"), sample("portrait-09.png"), sample("portrait-01.jpg")];
    let output = predict(&["--json", &files[0], &files[1], &files[2]]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let verdicts = verdicts(&output);
    assert_eq!(verdicts.len(), 3);
    for (verdict, file) in verdicts.iter().zip(&files) {
        assert_shape(verdict);
        assert_eq!(verdict["path"], **file);
        assert!(!verdict["backend"].as_str().unwrap().is_empty());
        assert!(verdict["milliseconds"].as_f64().unwrap() > 0.0);
        // The command line answers as the library does.
        let library = trace(&fs::read(file).unwrap(), FaceMode::Auto);
        assert_eq!(verdict["model"], library["model"]);
        assert_eq!(verdict["image"], library["image"]);
        assert_eq!(faces(verdict).len(), faces(&library).len());
        for (face, expected) in faces(verdict).iter().zip(faces(&library)) {
            assert_eq!(face["box"], expected["box"]);
            for (name, share) in expected["generator"].as_object().unwrap() {
                let difference = face["generator"][name].as_f64().unwrap() - share.as_f64().unwrap();
                assert!(difference.abs() < 1e-3, "{name} differs by {difference}");
            }
        }
    }
}

#[test]
fn bad_inputs_exit_1_and_never_stop_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let text = write(folder.path(), "two words é.jpg", b"a letter");
    let missing = folder.path().join("missing.jpg").display().to_string();
    // With pictures in it, a folder is what it holds.
    let directory = folder.path().join("empty").display().to_string();
    fs::create_dir(&directory).unwrap();
    let good = sample("portrait-01.jpg");
    let output = predict(&["--json", &text, &good, &missing, &directory, &good]);
    assert_eq!(output.status.code(), Some(1));
    let verdicts = verdicts(&output);
    assert_eq!(
        verdicts.iter().map(|verdict| verdict["error"].is_string()).collect::<Vec<_>>(),
        [true, false, true, true, false]
    );
    for (verdict, path) in verdicts.iter().zip([&text, &good, &missing, &directory, &good]) {
        assert_shape(verdict);
        assert_eq!(verdict["path"], **path);
    }
    assert_eq!(verdicts[1]["faces"], verdicts[4]["faces"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn every_awkward_file_is_answered_in_one_run() {
    let folder = tempfile::tempdir().unwrap();
    fixtures::write(folder.path()).unwrap();
    let fixtures = fixtures::all().unwrap();
    let files: Vec<String> =
        fixtures.iter().map(|fixture| folder.path().join(fixture.file).display().to_string()).collect();
    let mut arguments = vec!["--json"];
    arguments.extend(files.iter().map(String::as_str));
    let output = predict(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let verdicts = verdicts(&output);
    assert_eq!(verdicts.len(), fixtures.len());
    verdicts.iter().for_each(assert_shape);
}

#[test]
fn whole_takes_the_picture_as_the_face() {
    let output = predict(&["--json", "--faces", "whole", &sample("portrait-09.png")]);
    assert_eq!(output.status.code(), Some(0));
    let verdict = verdicts(&output).remove(0);
    assert_shape(&verdict);
    assert_eq!(faces(&verdict).len(), 1);
    assert_eq!(area(&faces(&verdict)[0]), [0, 0, 384, 384]);
}

#[test]
fn without_json_a_person_can_read_it() {
    let output = predict(&[&sample("portrait-01.jpg")]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("portrait-01.jpg"), "{text}");
    assert!(["real", "fake", "cannot tell"].iter().any(|word| text.contains(word)), "{text}");
    assert!(text.contains('%'), "{text}");
}

#[test]
fn wrong_usage_exits_2() {
    let good = sample("portrait-01.jpg");
    for arguments in [&[][..], &["--json"], &["--faces", "sideways", &good], &["--no-such-option", &good]] {
        let output = predict(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains("--help"), "{arguments:?}");
    }
}

#[test]
fn a_model_that_cannot_be_used_is_named_and_exits_1() {
    let folder = tempfile::tempdir().unwrap();
    let good = sample("portrait-01.jpg");
    let missing = folder.path().join("none.safetensors").display().to_string();
    let wrong = write(folder.path(), "photo.safetensors", &fs::read(&good).unwrap());
    for (model, says) in [(&missing, "none.safetensors"), (&wrong, "model file")] {
        let output = predict(&["--json", "--model", model, &good]);
        assert_eq!(output.status.code(), Some(1), "{model}");
        assert!(output.stdout.is_empty());
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(says) && !message.contains("panicked"), "{message}");
    }
    let shipped = root().join("www/models/bmrl-web.safetensors").display().to_string();
    assert_eq!(predict(&["--model", &shipped, &good]).status.code(), Some(0));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let files = vec![sample("portrait-01.jpg"); 12];
    let mut child = Command::new(&*TRAINER)
        .args(["predict", "--json"])
        .args(files)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_shape(&serde_json::from_str(&line).unwrap());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// A folder with two portraits, one below the other, and a letter among them.
fn folder_of_three() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    fs::copy(sample("portrait-01.jpg"), folder.path().join("a.jpg")).unwrap();
    fs::copy(sample("group.jpg"), folder.path().join("b/group.jpg")).unwrap();
    fs::write(folder.path().join("c.png"), "a letter").unwrap();
    folder
}

fn paths(verdicts: &[Value]) -> Vec<String> {
    verdicts.iter().map(|verdict| verdict["path"].as_str().unwrap().to_string()).collect()
}

#[test]
fn folders_patterns_and_lists_are_answered_in_order() {
    let folder = folder_of_three();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let all = [at("a.jpg"), at("b/group.jpg"), at("c.png")];
    let output = predict(&["--json", &folder.path().display().to_string(), &at("*.jpg")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(paths(&verdicts(&output)), [&all[0], &all[1], &all[2], &all[0]].map(String::clone));

    let mut child = Command::new(&*TRAINER)
        .args(["predict", "--json", "--null", "--batch", "1", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // With --batch 1 an answer comes before the next question is put.
    let (mut questions, mut answers) =
        (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for path in &all[..2] {
        questions.write_all(format!("{path}\0").as_bytes()).unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["path"], **path);
    }
    drop(questions);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn shards_answer_everything_once_and_a_file_of_answers_is_continued() {
    let folder = folder_of_three();
    let pictures = folder.path().display().to_string();
    let answers = tempfile::tempdir().unwrap();
    for ending in ["jsonl", "csv"] {
        let mut found = Vec::new();
        for shard in 1..=2 {
            let out = answers.path().join(format!("{shard}.{ending}")).display().to_string();
            let shard = format!("{shard}/2");
            let arguments = ["--batch", "1", "--shard", &shard, "--out", &out, &pictures];
            let code = predict(&arguments).status.code();
            let whole = fs::read_to_string(&out).unwrap();
            // Killed in the middle of a line, or of a picture with several rows.
            for length in [whole.len() / 3, whole.len().saturating_sub(1)] {
                fs::write(&out, &whole[..length]).unwrap();
                assert_eq!(predict(&arguments).status.code(), code);
                let again = fs::read_to_string(&out).unwrap();
                assert_eq!(told(&again, ending), told(&whole, ending));
            }
            found.extend(told(&whole, ending));
        }
        let faces = |name: &str| found.iter().filter(|(path, _)| path.ends_with(name)).count();
        assert_eq!((faces("a.jpg"), faces("c.png")), (1, 1), "{found:?}");
        assert_eq!(faces("group.jpg"), if ending == "csv" { 3 } else { 1 });
    }
    // A shard of three pictures may be empty; a file with an answer of the other form is not gone on with.
    let jsonl = answers.path().join("other.jsonl").display().to_string();
    let portrait = sample("portrait-01.jpg");
    assert_eq!(predict(&["--out", &jsonl, &portrait]).status.code(), Some(0));
    let output = predict(&["--csv", "--out", &jsonl, &portrait]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another --out"));
}

/// Path and likeliest answer of each line.
fn told(text: &str, ending: &str) -> Vec<(String, String)> {
    if ending == "csv" {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let (path, fake) = (at("path"), at("fake"));
        return reader
            .records()
            .map(Result::unwrap)
            .map(|row| (row[path].into(), row[fake].into()))
            .collect();
    }
    let values = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    values.map(|value| (value["path"].as_str().unwrap().into(), value["faces"].to_string())).collect()
}

#[test]
fn a_backend_that_is_not_built_is_named_with_the_command_that_builds_it() {
    let output = predict(&["--backend", "cuda", &sample("portrait-01.jpg")]);
    let message = String::from_utf8_lossy(&output.stderr);
    if !message.contains("cuda") {
        eprintln!("skipped: this build has cuda");
        return;
    }
    assert_eq!(output.status.code(), Some(1));
    assert!(message.contains("flex") && message.contains("--features cuda"), "{message}");
}
