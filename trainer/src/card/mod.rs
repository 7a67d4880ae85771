//! `trainer card`: the model card, as Markdown and inside the bundle.

mod data_terms;
mod text;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, ensure};
use bmrl::{Bundle, MANIFEST_KEY, Manifest, Reliability};
use burn::tensor::backend::Backend;
use clap::Args;
use safetensors::SafeTensors;

use crate::{
    backend::{BackendName, with_inference_backend},
    eval::{BundleFile, job::write_whole, report::Report},
    evaluate::{Network, reliability},
    pack::DataPack,
};
use data_terms::DataTerms;

/// Options of `trainer card`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  trainer card --model model.safetensors --data DATA --out MODEL_CARD.md --bundle model-with-card.safetensors"
)]
pub struct CardArguments {
    /// Bundle that the card is about
    #[arg(long)]
    model: PathBuf,
    /// What `trainer eval` wrote about it
    #[arg(long)]
    report: Option<PathBuf>,
    /// What `trainer robust` wrote about it
    #[arg(long)]
    robust: Option<PathBuf>,
    /// Folder with the labels.csv that it was trained on; its columns origin and terms are summed up
    #[arg(long, required_unless_present = "data_terms")]
    data: Option<PathBuf>,
    /// Markdown file about the training data and its terms, taken over as it is
    #[arg(long)]
    data_terms: Option<PathBuf>,
    /// Markdown file about purpose and authors, taken over as it is
    #[arg(long)]
    about: Option<PathBuf>,
    /// Markdown file to write
    #[arg(long)]
    out: PathBuf,
    /// Bundle to write, the same with the card inside
    #[arg(long)]
    bundle: Option<PathBuf>,
    /// Measure anew how often real against fake is right by size and JPEG quality, on the test_seen split of --data, for the
    /// table in the bundle that answers quote
    #[arg(long, requires_all = ["data", "bundle"])]
    measure: bool,
    /// Device that computes
    #[arg(long, value_enum, default_value_t, requires = "measure")]
    backend: BackendName,
}

/// Everything a card is made of.
pub(crate) struct Sources {
    /// The bundle.
    pub bundle: BundleFile,
    /// Of `trainer eval`, with the place of the model in it.
    pub report: Option<(Report, usize)>,
    /// Of `trainer robust`, likewise.
    pub robust: Option<(Report, usize)>,
    /// What labels.csv says of origins and terms.
    pub terms: Option<DataTerms>,
    /// `--data-terms`.
    pub data_terms: Option<String>,
    /// `--about`.
    pub about: Option<String>,
}

/// Runs `trainer card`.
pub fn run(arguments: &CardArguments) -> Result<ExitCode> {
    let mut bundle = BundleFile::read(&arguments.model)?;
    if let (true, Some(data)) = (arguments.measure, &arguments.data) {
        bundle.manifest.reliability =
            with_inference_backend!(arguments.backend, measured(&bundle.bytes, data))?;
    }
    let read = |path: &Option<PathBuf>| -> Result<Option<String>> {
        let text = |path: &PathBuf| {
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        };
        path.as_ref().map(text).transpose()
    };
    let report = |path: &Option<PathBuf>, kind: &str| -> Result<Option<(Report, usize)>> {
        path.as_ref().map(|path| about_this(Report::read(path)?, kind, &bundle, path)).transpose()
    };
    let sources = Sources {
        report: report(&arguments.report, "eval")?,
        robust: report(&arguments.robust, "robust")?,
        terms: arguments.data.as_deref().map(DataTerms::read).transpose()?,
        data_terms: read(&arguments.data_terms)?,
        about: read(&arguments.about)?,
        bundle,
    };
    let card = text::write(&sources);
    if let Some(path) = &arguments.bundle {
        write_whole(path, &with_card(&sources.bundle, &card)?)?;
        eprintln!("{}", path.display());
    }
    write_whole(&arguments.out, card.as_bytes())?;
    println!("{}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

/// The table of a bundle's reliability.
fn measured<B: Backend>(device: B::Device, bundle: &[u8], data: &Path) -> Result<Vec<Reliability>> {
    let samples = DataPack::read(data)?.split("test_seen");
    ensure!(!samples.is_empty(), "{} has no picture in its split test_seen", data.display());
    let Bundle { classifier, text, manifest, .. } = Bundle::<B>::read(bundle, &device)?;
    reliability(&Network { model: &classifier, text: &text, device: &device }, &samples, &manifest)
}

/// The report and the place of this model in it; a report on anything else is refused.
fn about_this(report: Report, kind: &str, bundle: &BundleFile, path: &Path) -> Result<(Report, usize)> {
    ensure!(
        report.kind == kind,
        "{} is a report of `trainer {}`, not of `trainer {kind}`",
        path.display(),
        report.kind
    );
    let place = report.models.iter().position(|model| model.identity == bundle.judged.identity);
    let place = place.with_context(|| {
        format!("{} is about another model than {}; judge this one", path.display(), bundle.judged.file)
    })?;
    Ok((report, place))
}

/// The same tensors, byte for byte, under a manifest with the card.
fn with_card(bundle: &BundleFile, card: &str) -> Result<Vec<u8>> {
    let manifest = Manifest { card: card.into(), ..bundle.manifest.clone() };
    let metadata = HashMap::from([(MANIFEST_KEY.to_string(), serde_json::to_string(&manifest)?)]);
    let tensors = SafeTensors::deserialize(&bundle.bytes)?;
    Ok(safetensors::serialize(tensors.tensors(), Some(metadata))?)
}
