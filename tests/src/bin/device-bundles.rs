//! Writes the bundles for comparing devices: `cargo run -p bmrl-tests --bin device-bundles -- FOLDER`

use std::path::PathBuf;

use clap::Parser;

/// Writes a bundle for each preset that browsers run, and `embeddings.json`, what the native CPU makes of them.
#[derive(Parser)]
struct Arguments {
    /// Folder to write to; made when it is not there.
    folder: PathBuf,
}

fn main() -> anyhow::Result<()> {
    bmrl_tests::device_bundles::write(&Arguments::parse().folder)
}
