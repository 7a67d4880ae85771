//! `cargo xtask`: every chore of this project, with its own set-up.
//!
//! Each verb first installs what it needs and does not find (see [`setup`]); a second run finds everything and goes
//! straight to work.

mod bench;
mod extension;
mod finish;
mod lockfile;
mod process;
mod serve;
mod setup;
mod test;
mod timing;
mod version;
mod web;
mod workspace;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, serves, tests and measures this project")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Build the page and serve it on this machine
    Serve(serve::Options),
    /// Format, lint, type-check, build the page, and run every test, the browser's included
    Test,
    /// Measure sizes and speeds into docs/performance.md
    Bench,
    /// Build the page into dist/
    Build,
    /// Build the browser extension into dist/chrome and dist/firefox, and a package of each
    Extension,
    /// Install all that the other verbs need (they do it themselves)
    Setup,
    /// Finish a folder that has all files of the page; `build` does it itself
    #[command(hide = true)]
    Finish { dist: PathBuf },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().verb {
        Verb::Serve(options) => serve::run(&options),
        Verb::Test => test::run(),
        Verb::Bench => bench::run(),
        Verb::Build => setup::for_build().and_then(|tools| web::build(&tools)),
        Verb::Finish { dist } => finish::run(&dist),
        Verb::Extension => setup::for_build().and_then(|tools| extension::build(&tools)),
        Verb::Setup => setup::for_tests().map(|_| println!("Everything is set up.")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
