//! Maps for a data folder: by a parser, or from masks that are there.

use std::{path::Path, process::ExitCode, sync::mpsc::sync_channel, thread};

use anyhow::Result;
use burn::tensor::backend::Backend;
use rayon::prelude::*;

use super::{
    fill::{Fill, Outcome},
    masks::MaskFolder,
    parser_file,
    segment::{best_classes, prepare, scores},
};
use crate::{interrupt, loader::read_picture};

/// Pictures at a time.
const BATCH: usize = 32;

/// Batches that wait for the device.
const AHEAD: usize = 2;

/// Where maps go, and which are kept.
pub struct Target<'a> {
    /// The data folder.
    pub data: &'a Path,
    /// Where the maps and the table go.
    pub out: &'a Path,
    /// A map with more of one class than this says nothing about a face.
    pub largest_share: f64,
}

/// A map for every picture that has none.
pub fn parse<B: Backend>(device: B::Device, parser: &Path, target: &Target) -> Result<ExitCode> {
    let (description, parser) = parser_file::load::<B>(parser, &device)?;
    let (mut fill, todo) = Fill::open(target.data, target.out, &description.classes, target.largest_share)?;
    let (side, map_side) = (description.network.side, description.network.map_side());
    let paths: Vec<_> = todo.into_iter().map(|file| (fill.picture(&file), file)).collect();
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        scope.spawn(move || {
            for chunk in paths.chunks(BATCH) {
                let read: Vec<_> = chunk
                    .par_iter()
                    .map(|(path, file)| {
                        let picture = read_picture(path);
                        (file.clone(), picture.map(|picture| (prepare(&picture, side), picture.dimensions())))
                    })
                    .collect();
                // The receiver is gone when the work was stopped.
                if sender.send(read).is_err() {
                    return;
                }
            }
        });
        for batch in receiver {
            if interrupt::requested() {
                break;
            }
            let mut done = Vec::new();
            let (mut named, mut prepared) = (Vec::new(), Vec::new());
            for (file, read) in batch {
                match read {
                    Ok((planes, size)) => {
                        named.push((file, size));
                        prepared.push(planes);
                    }
                    Err(error) => done.push((file, Err(error))),
                }
            }
            if !prepared.is_empty() {
                let scores = scores(&parser, &prepared, side, &device)?;
                let maps = named.into_par_iter().zip(scores).map(|((file, size), scores)| {
                    (file, Ok(Outcome::Map(best_classes(&scores, map_side, size))))
                });
                done.extend(maps.collect::<Vec<_>>());
            }
            fill.keep(done);
        }
        anyhow::Ok(())
    })?;
    fill.close()
}

/// Masks that are there, as maps.
pub fn import(masks: &MaskFolder, target: &Target) -> Result<ExitCode> {
    let (mut fill, todo) = Fill::open(target.data, target.out, &masks.classes, target.largest_share)?;
    for chunk in todo.chunks(BATCH) {
        if interrupt::requested() {
            break;
        }
        let outcomes = chunk.par_iter().map(|file| {
            let outcome = masks.find(Path::new(file)).map_or(Ok(Outcome::NoMask), |mask| {
                let size = read_picture(&fill.picture(file))?.dimensions();
                masks.read(mask, size).map(Outcome::Map)
            });
            (file.clone(), outcome)
        });
        let outcomes = outcomes.collect();
        fill.keep(outcomes);
    }
    fill.close()
}
