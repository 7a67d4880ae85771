//! Draws the repository's sample pictures: faces of nobody, from an eigenface model.
//!
//! `cargo run --release -p bmrl-tests --bin eigenfaces -- --data ../shared/data --out www/samples`

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use bmrl::FaceFinder;
use bmrl_tests::eigenface::Eigenfaces;
use bmrl_tests::portrait::{PORTRAITS, Portrait, render};
use bmrl_tests::samples::Sample;
use clap::Parser;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

/// JPEG quality of the samples: a careful person's photo.
const QUALITY: u8 = 88;
/// Photo sets whose pictures all follow FFHQ's alignment.
const ALIGNED_SOURCES: [&str; 2] = ["FFHQ-256", "FFHQ-b"];
/// Fewer photos than this would let a person shine through.
const LEAST_PHOTOS: usize = 700;
/// Draws tried before giving up on a portrait whose faces are not all found.
const TRIES: u64 = 20;

/// Draws faces of nobody from the photos of real ones.
#[derive(Parser)]
struct Arguments {
    /// Folder with `labels.csv` and `native/`.
    #[arg(long)]
    data: PathBuf,
    /// Folder to write the pictures and `index.json` to.
    #[arg(long)]
    out: PathBuf,
    /// Instead of the samples, write one sheet with the faces of seeds 0 to N - 1, to choose seeds from.
    #[arg(long, value_name = "N")]
    sheet: Option<u64>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let photos = aligned_photos(&arguments.data)?;
    println!("fitting to {} photos", photos.len());
    let model = Eigenfaces::fit(&photos);
    fs::create_dir_all(&arguments.out)?;
    if let Some(count) = arguments.sheet {
        return Ok(bmrl_tests::portrait::sheet(&model, count).save(arguments.out.join("sheet.png"))?);
    }
    let finder = FaceFinder::new(include_bytes!("../../../shared/assets/seeta_fd_frontal_v1.0.bin"))?;
    let mut samples = Vec::new();
    for portrait in PORTRAITS {
        let bytes = draw(portrait, &model, &finder)?;
        println!("{} {:?} {} bytes", portrait.file, portrait.size, bytes.len());
        fs::write(arguments.out.join(portrait.file), bytes)?;
        samples.push(Sample {
            file: portrait.file.into(),
            width: portrait.size.0,
            height: portrait.size.1,
            faces: portrait.seeds.len(),
            title: portrait.title.into(),
        });
    }
    fs::write(arguments.out.join("index.json"), serde_json::to_string_pretty(&samples)? + "\n")?;
    Ok(())
}

/// Real photos of the training split, all aligned alike.
fn aligned_photos(data: &Path) -> Result<Vec<RgbImage>> {
    let labels = data.join("labels.csv");
    let mut reader =
        csv::Reader::from_path(&labels).with_context(|| format!("cannot read {}", labels.display()))?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|header| header == name)
            .with_context(|| format!("labels.csv has no column {name}"))
    };
    let (file, label, split, source) =
        (column("file")?, column("label")?, column("split")?, column("source")?);
    let mut photos = Vec::new();
    for row in reader.records() {
        let row = row?;
        if &row[label] == "real" && &row[split] == "train" && ALIGNED_SOURCES.contains(&&row[source]) {
            let path = data.join(&row[file]);
            photos.push(
                image::open(&path).with_context(|| format!("cannot read {}", path.display()))?.into_rgb8(),
            );
        }
    }
    ensure!(
        photos.len() >= LEAST_PHOTOS,
        "{} aligned photos in {}; at least {LEAST_PHOTOS} are needed",
        photos.len(),
        data.display()
    );
    Ok(photos)
}

/// The encoded portrait, once the face finder sees in it exactly the faces that were drawn.
fn draw(portrait: &Portrait, model: &Eigenfaces, finder: &FaceFinder) -> Result<Vec<u8>> {
    for attempt in 0..TRIES {
        let bytes = encode(portrait.file, &render(portrait, model, attempt * 10_000))?;
        let found = finder.find(&image::load_from_memory(&bytes)?.into_rgb8()).len();
        if found == portrait.seeds.len() {
            return Ok(bytes);
        }
        println!("{}: drew {} faces, found {found}, drawing others", portrait.file, portrait.seeds.len());
    }
    bail!("{}: no draw in {TRIES} had all its faces found; choose another scale or seed", portrait.file)
}

fn encode(file: &str, picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    if file.ends_with(".png") {
        picture.write_to(&mut bytes, ImageFormat::Png)?;
    } else {
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    }
    Ok(bytes.into_inner())
}
