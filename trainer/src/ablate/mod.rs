//! `trainer ablate`: trains, exports and judges variants of one configuration, and writes one table.
//!
//! Each step is this program in a process of its own, as a person would call it: a device's memory is free again after each, and
//! what was done once is not done again.

mod table;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;

use crate::{
    backend::BackendName,
    checkpoint::Run,
    interrupt::{self, INTERRUPTED},
    recipe::Recipe,
};

/// The variants that are compared where no others are named.
const VARIANTS: &str = include_str!("variants.toml");

/// Options of `trainer ablate`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  trainer ablate --data DATA --out ablation --preset nano --set training.epochs=1 full 'without DFACC'")]
pub struct AblateArguments {
    /// Variants to compare [default: all]
    names: Vec<String>,
    /// Folder with labels.csv and the pictures it names
    #[arg(long)]
    data: PathBuf,
    /// Folder for the runs, bundles, reports and the table; the same command goes on where it stopped
    #[arg(long)]
    out: PathBuf,
    /// TOML file with variants instead of the usual ones
    #[arg(long, value_name = "FILE")]
    variants: Option<PathBuf>,
    /// Seeds; each variant is trained once with each
    #[arg(long, value_delimiter = ',', default_value = "1")]
    seeds: Vec<u64>,
    /// Networks and losses that the variants start from
    #[arg(long)]
    preset: Option<String>,
    /// TOML file with the configuration that the variants start from
    #[arg(long)]
    config: Option<PathBuf>,
    /// One value of the configuration of every variant; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// Protocol of `trainer eval`
    #[arg(long, default_value = "zs-dfa")]
    protocol: String,
    /// Most pictures of each generator and source that are judged
    #[arg(long)]
    pictures: Option<usize>,
    /// Print the usual variants as a file for --variants, and do nothing else
    #[arg(long, exclusive = true)]
    print: bool,
    /// Device that computes
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variants {
    variants: Vec<Variant>,
}

/// One way to train.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    name: String,
    #[serde(default)]
    preset: Option<String>,
    #[serde(default)]
    settings: Vec<String>,
}

impl Variant {
    /// As a file's name.
    fn slug(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        self.name.chars().map(plain).collect()
    }
}

/// Runs `trainer ablate`.
///
/// # Errors
/// When a variant is wrong, or a step fails; what was finished stays.
pub fn run(arguments: &AblateArguments) -> Result<ExitCode> {
    if arguments.print {
        print!("{VARIANTS}");
        return Ok(ExitCode::SUCCESS);
    }
    interrupt::install();
    let variants = chosen(arguments)?;
    // A typo in the last variant must not show after hours.
    for variant in &variants {
        arguments.recipe(variant).with_context(|| format!("the variant {:?}", variant.name))?;
    }
    let mut reports = Vec::new();
    for variant in &variants {
        let mut bundles = Vec::new();
        for seed in &arguments.seeds {
            eprintln!("{}, seed {seed}", variant.name);
            match arguments.bundle(variant, *seed)? {
                Some(bundle) => bundles.push(bundle),
                None => return Ok(interrupt::stopped("the same command goes on")),
            }
        }
        match arguments.report(variant, &bundles)? {
            Some(report) => reports.push((variant.name.clone(), report)),
            None => return Ok(interrupt::stopped("the same command goes on")),
        }
        // After each variant: a long ablation is read before it ends.
        table::write(&arguments.out, &reports)?;
    }
    print!("{}", fs::read_to_string(arguments.out.join(table::MARKDOWN))?);
    Ok(ExitCode::SUCCESS)
}

/// The variants that are asked for, in the order asked.
fn chosen(arguments: &AblateArguments) -> Result<Vec<Variant>> {
    let text = match &arguments.variants {
        Some(path) => fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => VARIANTS.into(),
    };
    let all = toml::from_str::<Variants>(&text).context("the file of variants; --print shows one")?.variants;
    if arguments.names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        let names: Vec<&str> = all.iter().map(|variant| &*variant.name).collect();
        let found = all.iter().find(|variant| variant.name == *name).cloned();
        found.with_context(|| format!("no variant {name:?}; there are {names:?}"))
    };
    arguments.names.iter().map(find).collect()
}

impl AblateArguments {
    /// The flags of `trainer train` that make a variant.
    fn flags(&self, variant: &Variant) -> (Option<String>, Option<PathBuf>, Vec<String>) {
        let settings = self.settings.iter().chain(&variant.settings).cloned().collect();
        match &variant.preset {
            // Networks of another kind have nothing in common with the file's.
            Some(preset) => (Some(preset.clone()), None, settings),
            None => (self.preset.clone(), self.config.clone(), settings),
        }
    }

    fn recipe(&self, variant: &Variant) -> Result<Recipe> {
        let (preset, config, settings) = self.flags(variant);
        Recipe::read(preset.as_deref(), config.as_deref(), &settings)
    }

    /// Trains and exports a variant, unless that is done; none when a person stopped it.
    fn bundle(&self, variant: &Variant, seed: u64) -> Result<Option<PathBuf>> {
        let name = format!("{}-{seed}", variant.slug());
        let run = self.out.join("runs").join(&name);
        let bundle = self.out.join("bundles").join(format!("{name}.safetensors"));
        if bundle.exists() {
            return Ok(Some(bundle));
        }
        let mut train = self.step("train");
        if Run::exists(&run) {
            train.arg("--resume").arg(&run);
        } else {
            let (preset, config, settings) = self.flags(variant);
            train.arg("--out").arg(&run).arg("--seed").arg(seed.to_string());
            train.args(preset.iter().flat_map(|preset| ["--preset", preset]));
            train.args(config.iter().flat_map(|config| [Path::new("--config"), config]));
            train.args(settings.iter().flat_map(|setting| ["--set", setting]));
        }
        if !done(train.arg("--no-tui"))? {
            return Ok(None);
        }
        fs::create_dir_all(self.out.join("bundles"))?;
        let mut export = self.step("export");
        export.arg("--run").arg(&run).arg("--out").arg(&bundle);
        Ok(done(&mut export)?.then_some(bundle))
    }

    /// Judges a variant's bundles, unless that is done.
    fn report(&self, variant: &Variant, bundles: &[PathBuf]) -> Result<Option<PathBuf>> {
        let folder = self.out.join("reports").join(variant.slug());
        let report = folder.join("report.json");
        if report.exists() {
            return Ok(Some(report));
        }
        let mut eval = self.step("eval");
        eval.args(["--protocol", &self.protocol]).arg("--out").arg(&folder);
        eval.arg("--model").args(bundles);
        eval.args(self.pictures.iter().flat_map(|pictures| ["--pictures".into(), pictures.to_string()]));
        Ok(done(&mut eval)?.then_some(report))
    }

    fn step(&self, verb: &str) -> Command {
        let mut command = Command::new(env::current_exe().unwrap_or_else(|_| "trainer".into()));
        command.arg(verb).arg("--data").arg(&self.data);
        if let Some(backend) = self.backend.to_possible_value() {
            command.args(["--backend", backend.get_name()]);
        }
        command
    }
}

/// Whether a step ended well; false when a person stopped it.
fn done(command: &mut Command) -> Result<bool> {
    let output = command.stdout(std::process::Stdio::null());
    let status = output.status().context("cannot start this program a second time")?;
    if interrupt::requested() || status.code() == Some(INTERRUPTED.into()) {
        return Ok(false);
    }
    let verb = command.get_args().next().unwrap_or_default().to_string_lossy().into_owned();
    if !status.success() {
        bail!("trainer {verb} failed; its message is above, and the same command goes on from there");
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_variant_can_be_built_from_web_and_from_nano() {
        let variants = toml::from_str::<Variants>(VARIANTS).unwrap().variants;
        let slugs: std::collections::BTreeSet<String> = variants.iter().map(Variant::slug).collect();
        assert_eq!(slugs.len(), variants.len());
        for preset in ["web", "nano"] {
            for variant in &variants {
                let preset = variant.preset.as_deref().unwrap_or(preset);
                Recipe::read(Some(preset), None, &variant.settings)
                    .unwrap_or_else(|error| panic!("{}: {error:#}", variant.name));
            }
        }
    }
}
