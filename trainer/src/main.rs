//! Trains, exports and runs the face tracer.
//!
//! Exit codes: 0 when everything asked for was done, 1 when something failed, 2 for wrong usage.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use trainer::{
    ablate, bench, card, complete, data, enroll, eval, export, parse, predict, preset, robust, train, weights,
};

#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Read data sets of pictures into one data folder: labels, face crops, splits, and a report.
    Data(data::DataArguments),
    /// Make face-parsing maps for a data folder, or train the parser that makes them.
    Parse(parse::ParseArguments),
    /// Train a model on a data pack and keep the checkpoint that is best on its validation split.
    Train(train::TrainArguments),
    /// Train and judge variants of one configuration, and write one table.
    Ablate(ablate::AblateArguments),
    /// Print a preset's whole configuration, as `train --config` reads it.
    Preset(preset::PresetArguments),
    /// Calibrate a checkpoint on the validation split, measure it, and write the bundle that the page loads.
    Export(export::ExportArguments),
    /// Judge bundles by a protocol: accuracy on every level, open set, calibration, with intervals and figures.
    Eval(eval::EvalArguments),
    /// Judge bundles after compression, resizing, blur, noise, cropping and recapture.
    Robust(robust::RobustArguments),
    /// Write the model card, as Markdown and into the bundle.
    Card(card::CardArguments),
    /// Add a generator to a bundle from a few of its pictures, without training.
    Enroll(enroll::EnrollArguments),
    /// Time a training step, an inference, and each view and loss.
    Bench(bench::BenchArguments),
    /// Write a run's weights as one safetensors file.
    Weights(weights::WeightsArguments),
    /// Say of each picture where its faces came from.
    Predict(predict::PredictArguments),
    /// Print completions for a shell.
    Completions(complete::CompletionsArguments),
    /// Write man pages.
    Man(complete::ManArguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().verb {
        Verb::Data(arguments) => data::run(&arguments),
        Verb::Parse(arguments) => parse::run(&arguments),
        Verb::Train(arguments) => train::run(&arguments),
        Verb::Ablate(arguments) => ablate::run(&arguments),
        Verb::Preset(arguments) => preset::run(&arguments),
        Verb::Export(arguments) => export::run(&arguments),
        Verb::Eval(arguments) => eval::run(&arguments),
        Verb::Robust(arguments) => robust::run(&arguments),
        Verb::Card(arguments) => card::run(&arguments),
        Verb::Bench(arguments) => bench::run(&arguments),
        Verb::Weights(arguments) => weights::run(&arguments),
        Verb::Predict(arguments) => predict::run(&arguments),
        Verb::Enroll(arguments) => enroll::run(&arguments),
        Verb::Completions(arguments) => complete::completions(&arguments, Arguments::command()),
        Verb::Man(arguments) => complete::man(&arguments, Arguments::command()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("trainer: {error:#}");
        ExitCode::FAILURE
    })
}
