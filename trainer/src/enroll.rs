//! `trainer enroll`: a generator added to a bundle from a few of its pictures, without training.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail, ensure};
use bmrl::{
    Bundle, Enrolled, FaceMode, Generator, Manifest, Score, Taxonomy, Tracer,
    enroll::{fit, left_out, product, share},
    hex_sha256,
    model::normalize,
    with_manifest,
};
use burn::tensor::backend::Backend;
use clap::Args;
use serde::Serialize;

use crate::{
    backend::{BackendName, with_inference_backend},
    checkpoint,
    evaluate::{Condition, Judged, judge, rows},
    pack::{DataPack, Sample},
    predict::{Faces, model_bytes, pictures},
    tokenizer::token_chains,
    whole_file::write_whole,
};

/// Most of the known generators' fakes that may get the new name, where `--data` tells.
const MOST_TAKEN: f64 = 0.01;

/// Faces computed at once.
const BATCH: usize = 8;

/// Options of `trainer enroll`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trainer enroll --model model.safetensors --name NewGAN --forgery EFS --family GAN picture.jpg --out enrolled.safetensors"
)]
pub struct EnrollArguments {
    /// Pictures of the generator, folders of them, or patterns
    #[arg(required = true, value_name = "PICTURE")]
    files: Vec<PathBuf>,
    /// Bundle to start from instead of the one that ships
    #[arg(long)]
    model: Option<PathBuf>,
    /// Its name in verdicts
    #[arg(long)]
    name: String,
    /// Forgery type: EFS, AM, FS, FR, or another that the bundle knows
    #[arg(long)]
    forgery: String,
    /// Family: GAN, diffusion, VAE, autoencoder, flow, autoregressive, graphics, or another that the bundle knows
    #[arg(long)]
    family: String,
    /// Its sentence, where "the source generative model of this photo is NAME" does not fit
    #[arg(long, requires = "run")]
    prompt: Option<String>,
    /// Run that the bundle was exported from: its language encoder reads the prompt chain
    #[arg(long)]
    run: Option<PathBuf>,
    /// Data folder whose val split shows what the known generators would lose
    #[arg(long)]
    data: Option<PathBuf>,
    /// Bundle to write
    #[arg(long)]
    out: PathBuf,
    /// Where the faces are; of several in a picture the surest counts
    #[arg(long, value_enum, default_value = "auto")]
    faces: Faces,
    /// One line of JSON instead of words
    #[arg(long)]
    json: bool,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    name: String,
    pictures: usize,
    /// Of the pictures, each judged by the centre of the others; `None` for fewer than two.
    named: Option<usize>,
    /// Of the pictures, those that the bundle calls fake: of the others nobody reads a generator.
    called_fake: usize,
    /// Trained fake whose centre is closest, and the cosine.
    closest: String,
    closest_cosine: f64,
    scale: f64,
    floor: f64,
    /// Share of the known generators' pictures in `--data` that get the new name.
    known_taken: Option<f64>,
    known_pictures: usize,
    sha256: String,
}

/// Runs `trainer enroll`.
///
/// # Errors
/// When a picture has no face, the name is taken, a level is unknown, or the generator cannot be told from those known.
pub fn run(arguments: &EnrollArguments) -> Result<ExitCode> {
    let report = with_inference_backend!(arguments.backend, enroll(arguments))?;
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{}", words(&report, arguments));
    }
    Ok(ExitCode::SUCCESS)
}

fn enroll<B: Backend>(device: B::Device, arguments: &EnrollArguments) -> Result<Report> {
    let bytes = model_bytes(arguments.model.as_ref())?;
    let tracer = Tracer::<B>::load(&bytes, &device)?;
    let mut manifest = Manifest::clone(&tracer.manifest());
    let generator = Generator {
        name: arguments.name.clone(),
        forgery: arguments.forgery.clone(),
        family: arguments.family.clone(),
        prompt: arguments.prompt.clone(),
    };
    ensure!(!generator.name.trim().is_empty(), "--name is empty");
    manifest.taxonomy.enrolled.push(generator.clone());
    if let Some(fault) = manifest.taxonomy.fault() {
        bail!("{fault}; change --name, --forgery or --family");
    }
    let text = arguments.run.as_ref().map(|run| chain_feature::<B>(run, &manifest, generator, &device));
    let scores = scores(&tracer, arguments)?;

    let bundle = Bundle::<B>::read(&bytes, &device)?;
    let mut centres = rows(normalize(bundle.classifier.centres.val()))?;
    centres.remove(0);
    let mut enrolled = fit(&scores, &centres, text.transpose()?);
    let known = match &arguments.data {
        Some(folder) => known_fakes(&DataPack::read(folder)?, &bundle, &device)?,
        None => Vec::new(),
    };
    raise_floor(&mut enrolled, &known, manifest.calibration.fusion.text)?;

    let text_weight = manifest.calibration.fusion.text;
    let is_named = |one: &Enrolled, score: &Score| share(one.odds(score, text_weight)) > 0.5;
    let others = left_out(&enrolled, &scores);
    let named = others.iter().zip(&scores).filter(|(one, score)| is_named(one, score)).count();
    let fake = |score: &&Score| {
        manifest.calibration.levels(score, &tracer.manifest().taxonomy).authenticity.fake > 0.5
    };
    let called_fake = {
        // Judged by the bundle as it was, whose taxonomy fits its calibration.
        scores.iter().filter(fake).count()
    };
    let closest = (0..centres.len())
        .map(|index| (index, product(&centres[index], &enrolled.centre)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .context("the bundle knows no generator")?;
    let taken = known.iter().filter(|one| is_named(&enrolled, &one.score)).count();

    manifest.calibration.enrolled.push(enrolled.clone());
    let written = with_manifest(&bytes, &manifest)?;
    let loaded = Tracer::<B>::load(&written, &device)
        .context("the page would not load the result; it is not written")?;
    pollster::block_on(loaded.self_check())?;
    write_whole(&arguments.out, &written)?;
    Ok(Report {
        name: arguments.name.clone(),
        pictures: scores.len(),
        named: (scores.len() > 1).then_some(named),
        called_fake,
        closest: manifest.taxonomy.generators[closest.0].name.clone(),
        closest_cosine: closest.1,
        scale: enrolled.scale,
        floor: enrolled.floor,
        known_taken: (!known.is_empty()).then(|| taken as f64 / known.len() as f64),
        known_pictures: known.len(),
        sha256: hex_sha256(&written),
    })
}

/// The network's numbers for the surest face of each picture.
fn scores<B: Backend>(tracer: &Tracer<B>, arguments: &EnrollArguments) -> Result<Vec<Score>> {
    let finder = tracer.finder();
    let mode = FaceMode::from(arguments.faces);
    let mut crops = Vec::new();
    for picture in pictures(&arguments.files)? {
        let shown = picture.display().to_string();
        let bytes = std::fs::read(&picture).with_context(|| format!("cannot read {shown}"))?;
        let prepared = finder.prepare(&bytes, mode).with_context(|| shown.clone())?;
        let Some((_, crop)) = prepared.faces.into_iter().next() else {
            bail!(
                "{shown}: no face found; leave it out, or use --faces whole for pictures that are face crops"
            );
        };
        crops.push(crop);
    }
    let mut scores = Vec::with_capacity(crops.len());
    for chunk in crops.chunks(BATCH) {
        scores.extend(pollster::block_on(tracer.score(chunk)).map_err(anyhow::Error::msg)?);
    }
    Ok(scores)
}

/// The normalised feature of a generator's prompt chain, by the language encoder of the run that the bundle came from.
fn chain_feature<B: Backend>(
    run: &std::path::Path,
    manifest: &Manifest,
    generator: Generator,
    device: &B::Device,
) -> Result<Vec<f32>> {
    let shown = run.display();
    let (run, model) = checkpoint::load::<B>(run, None, device)?;
    ensure!(
        run.taxonomy.generators == manifest.taxonomy.generators,
        "{shown} was trained on other generators than the bundle; --run names the run that the bundle was exported from"
    );
    let Taxonomy { forgeries, families, .. } = manifest.taxonomy.clone();
    let alone =
        Taxonomy { forgeries, families, generators: vec![generator], added: vec![], enrolled: vec![] };
    let chains = token_chains(&alone, run.recipe.method.language.context)?;
    let features = model
        .text(&chains, device)
        .with_context(|| format!("{shown} was trained without text; leave --run out"))?;
    // Row 0 is the chain of real faces.
    rows(normalize(features))?.pop().context("no feature of the prompt chain")
}

/// Validation pictures of generators that the bundle was trained on.
fn known_fakes<B: Backend>(data: &DataPack, bundle: &Bundle<B>, device: &B::Device) -> Result<Vec<Judged>> {
    let taxonomy = &bundle.manifest.taxonomy;
    let known =
        |sample: &Sample| sample.generator.as_ref().is_some_and(|one| taxonomy.class(&one.name).is_some());
    let samples: Vec<Sample> = data.split("val").into_iter().filter(known).collect();
    ensure!(!samples.is_empty(), "--data has no val picture of a generator that the bundle knows");
    judge(&bundle.classifier, &bundle.text, &samples, Condition::Clean, device)
}

/// Raises the floor until hardly any known fake gets the new name.
fn raise_floor(enrolled: &mut Enrolled, known: &[Judged], text_weight: f64) -> Result<()> {
    let taken = |one: &Enrolled| {
        let taken = known.iter().filter(|other| share(one.odds(&other.score, text_weight)) > 0.5).count();
        taken as f64 / known.len().max(1) as f64
    };
    while taken(enrolled) > MOST_TAKEN {
        enrolled.floor += 0.01;
        ensure!(
            enrolled.floor < 1.0,
            "to this model these pictures look like those of generators it knows: no threshold keeps the known ones; \
             train it with them instead"
        );
    }
    Ok(())
}

fn words(report: &Report, arguments: &EnrollArguments) -> String {
    let Report { name, pictures, closest, closest_cosine, called_fake, .. } = report;
    let mut text = format!("{}: {name} enrolled from {pictures}", arguments.out.display());
    if let Some(named) = report.named {
        text += &format!("; each judged by the others, {named} of {pictures} get its name");
    }
    text += &format!(
        "; {called_fake} of {pictures} are called fake; closest to {closest} (cosine {closest_cosine:.2})"
    );
    if let Some(taken) = report.known_taken {
        let known = report.known_pictures;
        text += &format!("; {:.1} % of {known} pictures of known generators get its name", taken * 100.0);
    }
    text += &format!("; SHA-256 {}", report.sha256);
    if report.named.is_some_and(|named| 2 * named < *pictures) {
        text += &format!(
            "\nThis model hardly tells {name} from {closest}: expect few of its pictures to be named."
        );
    }
    if 2 * called_fake < *pictures {
        text += "\nThis model calls most of these pictures real, and of a real face no generator is told. Enrolling changes nothing about that.";
    }
    text
}
