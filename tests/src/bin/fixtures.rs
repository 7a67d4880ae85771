//! Writes the awkward files for the browser tests: `cargo run -p bmrl-tests --bin fixtures -- FOLDER`

use std::path::PathBuf;

use clap::Parser;

/// Writes awkward pictures and `manifest.json`, which says what must come of each.
#[derive(Parser)]
struct Arguments {
    /// Folder to write to; made when it is not there.
    folder: PathBuf,
}

fn main() -> anyhow::Result<()> {
    bmrl_tests::fixtures::write(&Arguments::parse().folder)
}
