//! Pictures read, decoded and cropped on every core, ahead of the device.

use std::{
    fs,
    sync::{
        Arc,
        mpsc::{Receiver, sync_channel},
    },
    thread,
    time::Instant,
};

use bmrl::{DecodeError, FaceFinder, FaceMode, PreparedPicture};
use rayon::prelude::*;

use super::inputs::{Input, Inputs, unread};

/// Groups of pictures that wait for the device: what bounds the memory.
const AHEAD: usize = 2;

/// One input, ready for the device.
pub struct Prepared {
    /// As it stands in the verdict.
    pub path: String,
    /// Its faces, or why it could not be decoded.
    pub picture: Result<PreparedPicture, DecodeError>,
    /// Why there were no bytes to decode; it says more than the decoder.
    pub unread: Option<String>,
    /// Seconds that this took.
    pub seconds: f64,
}

/// Groups of `size` inputs, the last one smaller, in their order.
pub fn prepare_ahead(
    mut inputs: Inputs,
    size: usize,
    finder: Arc<FaceFinder>,
    mode: FaceMode,
) -> Receiver<Vec<Prepared>> {
    let (sender, receiver) = sync_channel(AHEAD);
    // Not joined: whoever stops early must not wait for a list that is still being written.
    thread::spawn(move || {
        loop {
            let group: Vec<Input> = inputs.by_ref().take(size).collect();
            let full = group.len() == size;
            let ready: Vec<Prepared> =
                group.into_par_iter().map(|input| prepare(input, &finder, mode)).collect();
            if ready.is_empty() || sender.send(ready).is_err() || !full {
                return;
            }
        }
    });
    receiver
}

fn prepare(input: Input, finder: &FaceFinder, mode: FaceMode) -> Prepared {
    let started = Instant::now();
    let read = match input.wrong {
        Some(wrong) => Err(wrong),
        None => fs::read(&input.path).map_err(|error| unread(&error)),
    };
    let (bytes, unread) = match read {
        Ok(bytes) => (bytes, None),
        Err(wrong) => (Vec::new(), Some(wrong)),
    };
    Prepared {
        path: input.path.display().to_string(),
        picture: finder.prepare(&bytes, mode),
        unread,
        seconds: started.elapsed().as_secs_f64(),
    }
}
