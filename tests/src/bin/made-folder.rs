//! Writes a model author's own folders: `cargo run -p bmrl-tests --bin made-folder -- FOLDER`

use std::path::PathBuf;

use clap::Parser;

/// Writes pictures of nobody by class, others to enroll, and faces with masks.
#[derive(Parser)]
struct Arguments {
    /// Folder to write to; made when it is not there.
    folder: PathBuf,
}

fn main() -> anyhow::Result<()> {
    bmrl_tests::made_folder::write(&Arguments::parse().folder)
}
