//! Decodes one picture and prints the most bytes that were allocated at any one time while it did so,
//! a space, and what came of it. A process of its own, so that nothing else counts.

use std::path::PathBuf;

use clap::Parser;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Measures what decoding a picture allocates.
#[derive(Parser)]
struct Arguments {
    /// Picture
    file: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let bytes = std::fs::read(Arguments::parse().file)?;
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let outcome = bmrl::decode(&bytes);
    let peak = ALLOCATOR.peak_usage().saturating_sub(before);
    match outcome {
        Ok(picture) => println!("{peak} {} x {} pixels", picture.pixels.width(), picture.pixels.height()),
        Err(error) => println!("{peak} {error}"),
    }
    Ok(())
}
