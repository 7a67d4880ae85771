//! Bundles through a protocol: what `trainer eval` and `trainer robust` have in common.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use bmrl::Bundle;
use burn::tensor::backend::Backend;
use clap::Args;
use sha2::{Digest, Sha256};

use super::{
    assess,
    judged_bundle::{BundleFile, hex_sha256},
    projection::{Method, project},
    protocol::Protocol,
    report::{LAYOUT, Made, Report, SetResult, Unreadable},
    unfinished::Unfinished,
};
use crate::{
    backend::{BackendName, with_backend},
    evaluate::{Condition, Network, Outcome, Work, judge_work},
    interrupt,
    metrics::Bootstrap,
    pack::{DataPack, Sample},
    progress::Progress,
};

/// Answers between two writes to the disk.
const FLUSH_EVERY: usize = 64;

/// Most points of a map: more would hide each other.
const MAP_POINTS: usize = 2000;

/// Options of every verb that judges bundles.
#[derive(Debug, Args)]
pub struct JudgeOptions {
    /// Bundles to judge; several are seeds or folds of one method
    #[arg(long, required = true, num_args = 1..)]
    pub model: Vec<PathBuf>,
    /// Folder with labels.csv and the pictures it names
    #[arg(long)]
    pub data: PathBuf,
    /// Folder for the report
    #[arg(long)]
    pub out: PathBuf,
    /// Judge at most this many pictures of each generator and real source in each split
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub pictures: Option<u32>,
    /// Seed of the choice of pictures, of k-means and of the bootstrap
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Bootstrap draws behind each 95 % interval; 0 for none
    #[arg(long, default_value_t = 1000)]
    pub draws: usize,
    /// Leave out pictures that cannot be read, and list them in the report, instead of stopping at the first
    #[arg(long)]
    pub skip_unreadable: bool,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    pub backend: BackendName,
}

/// What is asked.
pub struct Job<'a> {
    /// As typed.
    pub options: &'a JudgeOptions,
    /// `eval` or `robust`.
    pub kind: &'static str,
    /// What is judged.
    pub protocol: Protocol,
    /// Whether tables, curves and maps are wanted.
    pub details: bool,
}

/// The fakes' and real pictures' embeddings of one set on a plane.
pub struct Map {
    /// Place of the model.
    pub model: usize,
    /// Name of the set.
    pub set: String,
    /// Of the pictures.
    pub condition: String,
    /// Places, and what is there: a generator or `real`.
    pub points: Vec<(f32, f32, String)>,
    /// How the plane came about.
    pub method: Method,
}

/// Judges; `None` when it was stopped.
pub fn run(job: &Job<'_>) -> Result<Option<(Report, Vec<Map>)>> {
    let out = &job.options.out;
    let finished = out.join("report.json");
    ensure!(!finished.exists(), "{} holds a report already; name another folder", out.display());
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    with_backend!(job.options.backend, judge_all(job))
}

fn judge_all<B: Backend>(device: B::Device, job: &Job<'_>) -> Result<Option<(Report, Vec<Map>)>> {
    let JudgeOptions { data, out, seed, pictures, draws, .. } = job.options;
    let labels = data.join("labels.csv");
    let all = DataPack::read(data)?.samples;
    job.protocol.check_names(&all)?;
    let labels = hex_sha256(&fs::read(&labels).with_context(|| format!("cannot read {}", labels.display()))?);
    let splits: BTreeSet<&String> = job.protocol.sets.iter().flat_map(|set| &set.splits).collect();
    let samples: Vec<Sample> = all.into_iter().filter(|sample| splits.contains(&sample.split)).collect();
    let pictures = pictures.map(|most| most as usize);
    let samples = capped(samples, pictures, *seed);
    let conditions = job.protocol.conditions()?;
    let mut report = Report {
        layout: LAYOUT,
        kind: job.kind.into(),
        made: Made {
            program: concat!("trainer ", env!("CARGO_PKG_VERSION")).into(),
            protocol: job.protocol.clone(),
            labels_sha256: labels.clone(),
            pictures,
            seed: *seed,
            bootstrap: Bootstrap { draws: *draws, level: 0.95, seed: *seed },
        },
        models: Vec::new(),
        results: Vec::new(),
        summary: Vec::new(),
        unreadable: Vec::new(),
    };
    let mut unfinished = Unfinished::open(out, &format!("{} {labels} {}", report.made.program, job.details))?;
    let mut unreadable = BTreeMap::new();
    let mut maps = Vec::new();
    for path in &job.options.model {
        let file = BundleFile::read(path)?;
        let sets = job.protocol.sets(&samples, &file.manifest.taxonomy)?;
        ensure!(
            !sets.is_empty(),
            "{}: no set of protocol {:?} has a picture for this model; it was trained on {:?}",
            path.display(),
            job.protocol.name,
            file.judged.generators
        );
        say_what_is_empty(job, &sets, &file);
        let wanted: BTreeSet<usize> = sets.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        let wanted: Vec<(usize, &Sample)> = wanted.into_iter().map(|row| (row, &samples[row])).collect();
        let answers =
            answers::<B>(job, &file, &wanted, &conditions, &device, &mut unfinished, &mut unreadable)?;
        let Some(answers) = answers else { return Ok(None) };
        let model = report.models.len();
        for (set, rows) in &sets {
            for (condition, answers) in conditions.iter().zip(&answers) {
                let outcomes: Vec<&Outcome> = rows.iter().filter_map(|row| answers.get(row)).collect();
                report.results.push(result(job, model, set, *condition, &outcomes, &report.made.bootstrap));
            }
            if job.details {
                let outcomes: Vec<&Outcome> = rows.iter().filter_map(|row| answers[0].get(row)).collect();
                maps.push(map(model, set, conditions[0], &outcomes, *seed));
            }
            if interrupt::requested() {
                return Ok(None);
            }
        }
        report.models.push(file.judged);
    }
    report.unreadable = unreadable.into_iter().map(|(file, reason)| Unreadable { file, reason }).collect();
    report.summarize();
    unfinished.remove()?;
    Ok(Some((report, maps)))
}

/// The answers of one model by condition and place of the sample; `None` when it was stopped.
fn answers<B: Backend>(
    job: &Job<'_>,
    file: &BundleFile,
    wanted: &[(usize, &Sample)],
    conditions: &[Condition],
    device: &B::Device,
    unfinished: &mut Unfinished,
    unreadable: &mut BTreeMap<String, String>,
) -> Result<Option<Vec<BTreeMap<usize, Outcome>>>> {
    let mut answers = vec![BTreeMap::new(); conditions.len()];
    let (mut work, mut rows) = (Vec::new(), Vec::new());
    for &(row, sample) in wanted {
        let mut open = Vec::new();
        for (condition, answers) in conditions.iter().zip(&mut answers) {
            match unfinished.take(&file.judged.sha256, &condition.to_string(), sample) {
                Some(outcome) => drop(answers.insert(row, outcome)),
                None => open.push(*condition),
            }
        }
        if !open.is_empty() {
            work.push(Work { sample: sample.clone(), conditions: open });
            rows.push(row);
        }
    }
    let bundle = Bundle::<B>::read(&file.bytes, device).with_context(|| file.judged.file.clone())?;
    let network = Network { model: &bundle.classifier, text: &bundle.text, device };
    let mut progress = Progress::new(work.iter().map(|one| one.conditions.len()).sum(), "answers");
    let mut since_flush = 0;
    judge_work(&network, &work, |index, condition, judged| {
        progress.add(1);
        match judged {
            Ok(judged) => {
                let mut outcome =
                    Outcome::new(&judged, &bundle.manifest.calibration, &bundle.manifest.taxonomy);
                if !job.details {
                    outcome.embedding.clear();
                }
                unfinished.keep(&file.judged.sha256, &condition.to_string(), &outcome)?;
                let place = conditions.iter().position(|other| *other == condition).unwrap_or(0);
                answers[place].insert(rows[index], outcome);
            }
            Err(error) if job.options.skip_unreadable => {
                unreadable.insert(work[index].sample.file.clone(), format!("{error:#}"));
            }
            Err(error) => {
                unfinished.flush()?;
                return Err(
                    error.context("a picture cannot be judged; --skip-unreadable leaves such pictures out")
                );
            }
        }
        since_flush += 1;
        if since_flush == FLUSH_EVERY {
            since_flush = 0;
            unfinished.flush()?;
        }
        Ok(if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    unfinished.flush()?;
    Ok((!interrupt::requested()).then_some(answers))
}

fn result(
    job: &Job<'_>,
    model: usize,
    set: &str,
    condition: Condition,
    outcomes: &[&Outcome],
    bootstrap: &Bootstrap,
) -> SetResult {
    let fake = outcomes.iter().filter(|one| one.is_fake()).count();
    SetResult {
        model,
        set: set.into(),
        condition: condition.to_string(),
        real: outcomes.len() - fake,
        fake,
        metrics: assess::numbers(outcomes, bootstrap, job.options.seed),
        details: job.details.then(|| assess::details(outcomes)),
    }
}

fn map(model: usize, set: &str, condition: Condition, outcomes: &[&Outcome], seed: u64) -> Map {
    let mut shown: Vec<&&Outcome> = outcomes.iter().collect();
    shown.sort_by_cached_key(|one| rank(&one.file, seed));
    shown.truncate(MAP_POINTS);
    let embeddings: Vec<&[f32]> = shown.iter().map(|one| &*one.embedding).collect();
    let (plane, method) = project(&embeddings);
    let name = |one: &Outcome| one.truth.as_ref().map_or(bmrl::REAL, |truth| &truth.name).to_string();
    let points = plane.into_iter().zip(shown).map(|((x, y), one)| (x, y, name(one))).collect();
    Map { model, set: set.into(), condition: condition.to_string(), points, method }
}

/// The same pictures for the same seed, and fewer of the same where fewer are asked for.
fn capped(samples: Vec<Sample>, most: Option<usize>, seed: u64) -> Vec<Sample> {
    let Some(most) = most else { return samples };
    let mut strata = BTreeMap::<(&str, String), Vec<usize>>::new();
    for (row, sample) in samples.iter().enumerate() {
        strata.entry((&sample.split, sample.stratum())).or_default().push(row);
    }
    let mut kept = BTreeSet::new();
    for mut members in strata.into_values() {
        members.sort_by_cached_key(|&row| rank(&samples[row].file, seed));
        kept.extend(members.into_iter().take(most));
    }
    kept.into_iter().map(|row| samples[row].clone()).collect()
}

fn rank(file: &str, seed: u64) -> Vec<u8> {
    Sha256::digest(format!("{seed} {file}")).to_vec()
}

fn say_what_is_empty(job: &Job<'_>, sets: &[(String, Vec<usize>)], file: &BundleFile) {
    let filled = |name: &str| sets.iter().any(|(set, _)| set.starts_with(name));
    for set in job.protocol.sets.iter().filter(|set| !filled(&set.name)) {
        eprintln!("{}: no picture for the set {:?}; it is left out", file.judged.file, set.name);
    }
}

/// Writes a file whole or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let context = || format!("cannot write {}", path.display());
    let name =
        path.file_name().map(|name| format!("part.{}", name.to_string_lossy())).with_context(context)?;
    let part = path.with_file_name(name);
    fs::write(&part, bytes).with_context(context)?;
    fs::rename(&part, path).with_context(context)
}
