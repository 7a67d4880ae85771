//! What a training run survives: kills, Ctrl-C, a full disk, bad pictures, a loss that is no number, a second run in its folder.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rand::Rng;

use crate::{
    predict::TRAINER,
    train::{data, ok, trainer},
};

/// Long enough for a kill to fall anywhere in it, short enough for a test.
const TRAIN: [&str; 9] =
    ["train", "--preset", "nano", "--epochs", "4", "--batch", "4", "--set", "training.epoch_pictures=24"];

fn paths(folder: &Path) -> (String, String) {
    fs::create_dir(folder.join("data")).unwrap();
    data(&folder.join("data"));
    let path = |name: &str| folder.join(name).display().to_string();
    (path("data"), path("run"))
}

fn start(arguments: &[&str]) -> Child {
    Command::new(&*TRAINER).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// The log without its times.
fn log(run: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(run).join("log.csv")).unwrap();
    text.lines().map(|line| line.split(',').take(12).collect::<Vec<_>>().join(",")).collect()
}

fn wait_for(path: &Path, child: &mut Child) {
    let limit = Instant::now() + Duration::from_secs(240);
    while !path.exists() {
        assert!(child.try_wait().unwrap().is_none(), "ended before {} was there", path.display());
        assert!(Instant::now() < limit, "{} never came", path.display());
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn killed_at_random_moments_and_resumed_it_ends_as_one_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = paths(folder.path());
    let whole = folder.path().join("whole").display().to_string();
    let started = Instant::now();
    ok(&trainer(&[&TRAIN[..], &["--data", &data, "--out", &whole]].concat()));
    let duration = started.elapsed();

    let mut random = rand::rng();
    let mut first = true;
    for _ in 0..4 {
        let resume = ["train", "--resume", &run];
        let fresh = [&TRAIN[..], &["--data", &data, "--out", &run]].concat();
        let mut child = start(if first { &fresh } else { &resume });
        wait_for(&Path::new(&run).join("run.json"), &mut child);
        first = false;
        sleep(duration.mul_f64(random.random_range(0.0..0.6)));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whatever stands in the folder under its own name is whole.
        for file in fs::read_dir(Path::new(&run).join("checkpoint")).into_iter().flatten() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let part = name.starts_with("part.");
            let size = fs::metadata(&path).unwrap().len();
            let least = if name.contains("scheduler") { 50 } else { 1_000_000 };
            assert!(part || size > least, "{name} has {size} bytes");
        }
    }
    ok(&trainer(&["train", "--resume", &run]));
    assert_eq!(log(&run), log(&whole));
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_it_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = paths(folder.path());
    let mut child = start(&[&TRAIN[..], &["--data", &data, "--out", &run, "--epochs", "500"]].concat());
    wait_for(&Path::new(&run).join("checkpoint/scheduler-1.mpk"), &mut child);
    // A second program keeps out of the folder.
    let second = trainer(&["train", "--resume", &run]);
    assert_eq!(second.status.code(), Some(1));
    assert!(said(&second).contains("another program is training"));

    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let text = said(&output);
    assert!(text.contains(&format!("trainer train --resume {run}")), "{text}");
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_stops_it_and_the_last_checkpoint_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = paths(folder.path());
    ok(&trainer(&[&TRAIN[..], &["--data", &data, "--out", &run, "--epochs", "1"]].concat()));
    let before = fs::read(Path::new(&run).join("checkpoint/model-1.mpk")).unwrap();
    // Two epochs more, with files limited to a megabyte: as a full disk, writing fails in the middle of a checkpoint.
    let config = Path::new(&run).join("run.json");
    let text = fs::read_to_string(&config).unwrap().replace("\"epochs\": 1", "\"epochs\": 3");
    fs::write(&config, text).unwrap();
    let limited =
        format!("trap '' XFSZ; ulimit -f 1000; exec '{}' train --resume '{run}'", TRAINER.display());
    let output = Command::new("bash").args(["-c", &limited]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output);
    assert!(text.contains("cannot write") && text.contains("--resume"), "{text}");
    assert_eq!(fs::read(Path::new(&run).join("checkpoint/model-1.mpk")).unwrap(), before);
    let parts = fs::read_dir(Path::new(&run).join("checkpoint")).unwrap();
    assert!(parts.into_iter().all(|file| !file.unwrap().file_name().to_string_lossy().starts_with("part.")));
    // With room again it goes on from there.
    ok(&trainer(&["train", "--resume", &run]));
    assert_eq!(log(&run).len(), 4);
}

#[test]
fn a_loss_that_is_no_number_stops_it_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = paths(folder.path());
    let absurd = ["--data", &data, "--out", &run, "--set", "losses.distillation_temperature=1e-44"];
    let output = trainer(&[&TRAIN[..], &absurd].concat());
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output);
    assert!(text.contains("distillation") || text.contains("loss"), "{text}");
    assert!(text.contains("learning_rate") && text.contains("--resume"), "{text}");
}

#[test]
fn a_picture_that_cannot_be_read_is_refused_or_skipped_as_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = paths(folder.path());
    // Drawn in every epoch, and of the training split only.
    let table = folder.path().join("data/labels.csv");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text + "broken.jpg,,fake,EFS,GAN,GanA,made,train,\n").unwrap();
    fs::write(folder.path().join("data/broken.jpg"), b"no picture").unwrap();
    let arguments =
        [&TRAIN[..], &["--data", &data, "--epochs", "2", "--set", "training.epoch_pictures=80"]].concat();

    let refused = trainer(&[&arguments[..], &["--out", &run]].concat());
    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert!(text.contains("broken.jpg") && text.contains("--skip-unreadable"), "{text}");

    let skipping = folder.path().join("skipping");
    ok(&trainer(&[&arguments[..], &["--out", skipping.to_str().unwrap(), "--skip-unreadable"]].concat()));
    let report = fs::read_to_string(skipping.join("unreadable.txt")).unwrap();
    assert!(report.contains("broken.jpg"), "{report}");
}

#[test]
fn a_typo_in_the_configuration_names_the_nearest_setting() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = paths(folder.path());
    let config = folder.path().join("my.toml");
    fs::write(&config, "[training]\nlearning_rat = 0.1\n").unwrap();
    let output = trainer(&["train", "--config", config.to_str().unwrap(), "--data", &data, "--out", &run]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("training.learning_rate"));
    assert!(!Path::new(&run).exists(), "nothing is begun");
}

#[test]
fn the_configuration_that_a_run_keeps_repeats_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, run) = paths(folder.path());
    let first = ["--data", &data, "--out", &run, "--epochs", "1", "--seed", "7", "--hold-back", "GanC"];
    ok(&trainer(&[&TRAIN[..], &first, &["--set", "training.accumulation=2"]].concat()));
    let config = Path::new(&run).join("config.toml").display().to_string();
    let again = folder.path().join("again").display().to_string();
    ok(&trainer(&["train", "--config", &config, "--data", &data, "--out", &again]));
    assert_eq!(log(&again), log(&run));
}
