//! docs/training.md and every example that `--help` shows, run as a person would, in one folder and in order.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use bmrl_tests::{made_folder, samples};

use crate::{predict::TRAINER, support::root};

/// What a newcomer types first; the tests' own build of the same package stands in for its outcome.
const INSTALL: &str = "cargo install --path trainer";

/// Every verb.
const VERBS: [&str; 15] = [
    "data",
    "parse",
    "train",
    "ablate",
    "preset",
    "export",
    "eval",
    "robust",
    "card",
    "enroll",
    "bench",
    "weights",
    "predict",
    "completions",
    "man",
];

/// Runs lines as a shell does that stops at the first failure, with `trainer` on the path.
fn shell(folder: &Path, lines: &str) -> Output {
    let programs = TRAINER.parent().unwrap().display().to_string();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-e", "-c", lines])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{lines}\n{said}");
    assert!(!said.contains("panicked"), "{lines}\n{said}");
    output
}

/// The commands of a page, block by block.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_string()).collect()
}

#[test]
fn the_walk_through_training_and_the_examples_of_help_work_as_typed() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    made_folder::write(folder).unwrap();
    fs::copy(samples::folder().join("portrait-01.jpg"), folder.join("picture.jpg")).unwrap();

    let page = fs::read_to_string(root().join("docs/training.md")).unwrap();
    let blocks = commands(&page);
    assert_eq!(blocks[0].trim(), INSTALL);
    for block in &blocks[1..] {
        shell(folder, block);
    }
    // What the page promises of them.
    let there = |name: &str| assert!(folder.join(name).exists(), "{name}");
    for name in [
        "DATA/report.md",
        "runs/first/log.csv",
        "reports/eval/report.md",
        "ablation/ablation.md",
        "MODEL_CARD.md",
    ] {
        there(name);
    }
    let verdicts = fs::read_to_string(folder.join("verdicts.jsonl")).unwrap();
    assert!(verdicts.lines().count() > 10 && verdicts.lines().all(|line| line.starts_with('{')));
    let named = shell(folder, "trainer predict --model shipped.safetensors new");
    let named = String::from_utf8_lossy(&named.stdout).matches("generator FLUX1_schnell").count();
    assert!(named > 10, "only {named} pictures of the enrolled generator are called by its name");

    // `--help` shows examples for the same files, but reports and folders of its own.
    for name in ["reports", "ablation"] {
        fs::remove_dir_all(folder.join(name)).unwrap();
    }
    fs::remove_dir_all(folder.join("runs/second")).unwrap();
    let mut examples = 0;
    for verb in VERBS {
        let help = shell(folder, &format!("trainer {verb} --help"));
        let help = String::from_utf8(help.stdout).unwrap();
        let lines: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  trainer ")).collect();
        assert!(!lines.is_empty(), "trainer {verb} --help has no example");
        for line in lines {
            shell(folder, &format!("trainer {line}"));
            examples += 1;
        }
    }
    assert!(examples >= VERBS.len());
}

#[test]
fn every_verb_is_in_the_list_above_and_has_its_page() {
    let help = Command::new(&*TRAINER).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, rest) = help.split_once("Commands:").unwrap();
    let named = rest.lines().skip(1).map_while(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let mut named: Vec<&str> = named.filter(|name| *name != "help").collect();
    named.sort_unstable();
    let mut known = VERBS.to_vec();
    known.sort_unstable();
    assert_eq!(named, known);
    let pages = ["preset", "weights", "completions", "man"];
    for verb in VERBS.into_iter().filter(|verb| !pages.contains(verb)) {
        let page = root().join(format!("docs/trainer/{verb}.md"));
        assert!(page.exists(), "{}", page.display());
    }
}
