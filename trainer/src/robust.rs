//! `trainer robust`: what compression, resizing, blur, noise, cropping and recapture leave of the answers.

use std::{collections::BTreeSet, fmt::Write as _, fs, process::ExitCode};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::{
    eval::{
        GO_ON, Generators, JudgeOptions, Protocol, TestSet,
        job::{self, Job, write_whole},
        markdown::{head, heading},
        report::{Number, Report, SetResult},
    },
    evaluate::Condition,
    interrupt,
    plot::{Panel, panels},
};

/// From mild to strong, kind by kind.
const CONDITIONS: [&str; 35] = [
    "clean",
    "jpeg95",
    "jpeg90",
    "jpeg80",
    "jpeg75",
    "jpeg70",
    "jpeg60",
    "jpeg50",
    "jpeg40",
    "jpeg30",
    "webp95",
    "webp80",
    "webp60",
    "webp40",
    "webp20",
    "resize2",
    "resize1.5",
    "resize0.75",
    "resize0.5",
    "resize0.25",
    "blur0.5",
    "blur1",
    "blur2",
    "blur3",
    "noise2",
    "noise4",
    "noise8",
    "noise16",
    "crop0.9",
    "crop0.8",
    "crop0.7",
    "crop0.5",
    "screenshot1.25",
    "screenshot0.8",
    "screenshot0.6",
];

/// What a kind is called above its panel, with the unit of its strengths.
const KINDS: [(&str, &str); 7] = [
    ("jpeg", "JPEG (quality)"),
    ("webp", "WebP (quality)"),
    ("resize", "Resize (factor)"),
    ("blur", "Blur (sigma, pixels)"),
    ("noise", "Noise (sigma, of 255)"),
    ("crop", "Crop (part of the side)"),
    ("screenshot", "Screenshot (scale)"),
];

/// Options of `trainer robust`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trainer robust --model model.safetensors --data DATA --pictures 40 --out reports/robust"
)]
pub struct RobustArguments {
    #[command(flatten)]
    options: JudgeOptions,
    /// Split to judge; may be repeated
    #[arg(long = "split", value_name = "SPLIT", default_value = "test_seen")]
    splits: Vec<String>,
    /// What pictures go through instead of the usual list: jpeg75, webp50, resize0.5, blur1, noise4, crop0.8, screenshot1.25
    #[arg(long, value_delimiter = ',')]
    conditions: Vec<String>,
}

/// Runs `trainer robust`.
pub fn run(arguments: &RobustArguments) -> Result<ExitCode> {
    interrupt::install();
    let out = &arguments.options.out;
    let job =
        Job { options: &arguments.options, kind: "robust", protocol: protocol(arguments)?, details: false };
    let Some((report, _)) = job::run(&job)? else { return Ok(interrupt::stopped(GO_ON)) };
    let figures = out.join("figures");
    fs::create_dir_all(&figures).with_context(|| format!("cannot make {}", figures.display()))?;
    let drawn = draw(&report)?;
    for (name, svg) in &drawn {
        write_whole(&figures.join(name), svg.as_bytes())?;
    }
    write_whole(&out.join("report.csv"), &report.csv()?)?;
    write_whole(&out.join("report.md"), markdown(&report, &drawn).as_bytes())?;
    write_whole(&out.join("report.json"), &serde_json::to_vec_pretty(&report)?)?;
    println!("{}", out.join("report.md").display());
    Ok(ExitCode::SUCCESS)
}

fn protocol(arguments: &RobustArguments) -> Result<Protocol> {
    let mut conditions = vec!["clean".to_string()];
    if arguments.conditions.is_empty() {
        conditions = CONDITIONS.map(String::from).to_vec();
    }
    for text in &arguments.conditions {
        let name = text.parse::<Condition>()?.to_string();
        if !conditions.contains(&name) {
            conditions.push(name);
        }
    }
    ensure!(conditions.len() > 1, "--conditions must name more than clean");
    let set = TestSet {
        name: arguments.splits.join(", "),
        splits: arguments.splits.clone(),
        generators: Generators::default(),
        sources: Vec::new(),
        real: true,
        each: None,
    };
    Ok(Protocol {
        name: "robust".into(),
        about: "Every answer again after what a picture goes through".into(),
        conditions,
        unseen: Vec::new(),
        sets: vec![set],
    })
}

/// Lines of a figure: the metric's name, and what the legend calls it.
type Lines = Vec<(String, &'static str)>;

/// The figures' names without their ending, their titles and their lines: over all, real, each generator.
fn subjects(report: &Report) -> Vec<(String, String, Lines)> {
    let overall = vec![
        ("authenticity.balanced_accuracy".into(), "real or fake, macro accuracy"),
        ("authenticity.auroc".into(), "real or fake, AUROC"),
        ("generator.accuracy".into(), "generator, accuracy"),
    ];
    let mut all = vec![
        ("overall".to_string(), "All pictures".to_string(), overall),
        ("real".into(), "Real pictures".into(), vec![("authenticity.recall_real".into(), "called real")]),
    ];
    for name in generators(report) {
        let lines = vec![
            (format!("{name}.authenticity"), "called fake"),
            (format!("{name}.auroc"), "AUROC against real"),
            (format!("{name}.generator"), "generator named"),
        ];
        let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' };
        all.push((format!("generator-{}", name.chars().map(plain).collect::<String>()), name, lines));
    }
    all
}

/// The generators that were judged.
pub fn generators(report: &Report) -> BTreeSet<String> {
    let names = report.results.iter().flat_map(|result| result.metrics.keys());
    // Every generator, and only a generator, has been called unknown or not; all of them together is no generator.
    let own = names.filter_map(|name| name.strip_suffix(".called_unknown"));
    own.filter(|name| *name != "generator").map(String::from).collect()
}

fn draw(report: &Report) -> Result<Vec<(String, String)>> {
    let mut figures = Vec::new();
    for model in 0..report.models.len() {
        let results: Vec<&SetResult> = report.results.iter().filter(|result| result.model == model).collect();
        let several = report.models.len() > 1;
        for (name, title, lines) in subjects(report) {
            let title = if several { format!("{title}, model {}", model + 1) } else { title };
            let name = if several { format!("model{}-{name}.svg", model + 1) } else { format!("{name}.svg") };
            let present: Lines = lines
                .into_iter()
                .filter(|(metric, _)| results.iter().any(|one| one.metrics.contains_key(metric)))
                .collect();
            let series: Vec<&str> = present.iter().map(|(_, words)| *words).collect();
            let drawn: Vec<Panel> =
                KINDS.iter().filter_map(|(kind, words)| panel(&results, kind, words, &present)).collect();
            figures.push((name, panels(&title, "share or AUROC (0 to 1)", &series, &drawn)?));
        }
    }
    Ok(figures)
}

/// The clean pictures, then the strengths of one kind; `None` where it was not asked for.
fn panel(results: &[&SetResult], kind: &str, words: &str, lines: &Lines) -> Option<Panel> {
    let own = |result: &&&SetResult| {
        let condition = result.condition.parse::<Condition>().ok();
        condition.is_some_and(|condition| condition == Condition::Clean || condition.kind() == kind)
    };
    let shown: Vec<&SetResult> = results.iter().filter(own).copied().collect();
    let tick = |result: &&SetResult| {
        let strength = result.condition.parse::<Condition>().ok().and_then(Condition::strength);
        strength.map_or("clean".to_string(), |strength| strength.to_string())
    };
    let values = |metric: &String| {
        shown.iter().map(|result| result.metrics.get(metric).map(|number| number.value)).collect()
    };
    (shown.len() > 1).then(|| Panel {
        title: words.into(),
        ticks: shown.iter().map(tick).collect(),
        values: lines.iter().map(|(metric, _)| values(metric)).collect(),
    })
}

fn markdown(report: &Report, figures: &[(String, String)]) -> String {
    let mut text = head(report);
    for (model, judged) in report.models.iter().enumerate() {
        let results: Vec<&SetResult> = report.results.iter().filter(|result| result.model == model).collect();
        let _ = write!(
            text,
            "\n## {}\n\nIn percent, with 95 % intervals where pictures were drawn again.\n\n",
            judged.file
        );
        text += &overall(&results);
        for (ending, words) in [
            ("authenticity", "Called fake"),
            ("auroc", "AUROC against real"),
            ("generator", "Generator named"),
        ] {
            let _ = write!(text, "\n### {words}\n\n");
            text += &by_generator(&results, &generators(report), ending);
        }
    }
    text += "\n## Figures\n\n";
    for (name, _) in figures {
        let _ = writeln!(text, "![{}](figures/{name})\n", name.trim_end_matches(".svg"));
    }
    text
}

/// A row per condition.
pub fn overall(results: &[&SetResult]) -> String {
    let columns = [
        ("authenticity.balanced_accuracy", "L1, macro"),
        ("authenticity.auroc", "L1, AUROC"),
        ("authenticity.recall_real", "Real called real"),
        ("authenticity.recall_fake", "Fakes called fake"),
        ("generator.accuracy", "Generator"),
    ];
    let titles: Vec<String> =
        std::iter::once("").chain(columns.map(|(_, words)| words)).map(String::from).collect();
    let mut text = heading(&titles, 1);
    for result in results {
        let cells = columns.map(|(name, _)| result.metrics.get(name).map_or("-".into(), Number::percent));
        let _ = writeln!(text, "| {} | {} |", result.condition, cells.join(" | "));
    }
    text
}

/// A row per condition, a column per generator that has the metric.
pub fn by_generator(results: &[&SetResult], generators: &BTreeSet<String>, ending: &str) -> String {
    let metric = |name: &str| format!("{name}.{ending}");
    let named: Vec<&String> = generators
        .iter()
        .filter(|name| results.iter().any(|result| result.metrics.contains_key(&metric(name))))
        .collect();
    let mut text = heading(
        &std::iter::once(String::new()).chain(named.iter().map(|name| name.to_string())).collect::<Vec<_>>(),
        1,
    );
    for result in results {
        let value = |name: &&String| {
            result
                .metrics
                .get(&metric(name))
                .map_or("-".into(), |number| format!("{:.1}", number.value * 100.0))
        };
        let cells: Vec<String> = named.iter().map(value).collect();
        let _ = writeln!(text, "| {} | {} |", result.condition, cells.join(" | "));
    }
    text
}
