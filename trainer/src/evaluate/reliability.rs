//! How often real against fake is right, by size of the face and quality of the file.

use std::{collections::BTreeMap, ops::ControlFlow};

use anyhow::Result;
use bmrl::{Manifest, Reliability};
use burn::tensor::backend::Backend;

use super::{Condition, Judged, Network, Work, judge_work};
use crate::{metrics::balanced_accuracy, pack::Sample, progress::Progress};

/// Fewest real and fewest fake pictures behind a row of the table.
const FEWEST: usize = 30;

/// Sides of a face crop, in pixels.
const SIDES: [(u32, u32); 3] = [(0, 128), (129, 224), (225, u32::MAX)];

/// The best quality of a JPEG file that a row stands for, and how the pictures are saved for it.
const QUALITIES: [(u8, Condition, &str); 4] = [
    (62, Condition::Jpeg(50), "JPEG 50"),
    (82, Condition::Jpeg(75), "JPEG 75"),
    (95, Condition::Jpeg(90), "JPEG 90"),
    (100, Condition::Clean, "files as they are"),
];

/// Balanced accuracy on `samples`, which are of the split `test_seen`, where there are enough of them.
///
/// # Errors
/// When a picture cannot be read or the device fails.
pub fn reliability<B: Backend>(
    network: &Network<'_, B>,
    samples: &[Sample],
    manifest: &Manifest,
) -> Result<Vec<Reliability>> {
    let conditions: Vec<Condition> = QUALITIES.iter().map(|(_, condition, _)| *condition).collect();
    let work: Vec<Work> = samples
        .iter()
        .map(|sample| Work { sample: sample.clone(), conditions: conditions.clone() })
        .collect();
    let mut judged: BTreeMap<usize, Vec<Judged>> = BTreeMap::new();
    let mut progress = Progress::new(work.len() * conditions.len(), "pictures");
    judge_work(network, &work, |_, condition, one| {
        let place = conditions.iter().position(|other| *other == condition).unwrap_or_default();
        judged.entry(place).or_default().push(one?);
        progress.add(1);
        Ok(ControlFlow::Continue(()))
    })?;
    let mut table = Vec::new();
    for (from, to) in SIDES {
        for (place, (up_to_quality, _, words)) in QUALITIES.iter().enumerate() {
            let pairs: Vec<(f64, bool)> = judged
                .get(&place)
                .into_iter()
                .flatten()
                .filter(|one| (from..=to).contains(&one.side))
                .map(|one| {
                    let levels = manifest.calibration.levels(&one.score, &manifest.taxonomy);
                    (levels.authenticity.fake, one.sample.generator.is_some())
                })
                .collect();
            let fakes = pairs.iter().filter(|pair| pair.1).count();
            if fakes < FEWEST || pairs.len() - fakes < FEWEST {
                continue;
            }
            let size = if to == u32::MAX {
                format!("{from} pixels and more")
            } else {
                format!("{from}-{to} pixels")
            };
            table.push(Reliability {
                up_to_side: to,
                up_to_quality: *up_to_quality,
                authenticity: (balanced_accuracy(&pairs) * 1e4).round() / 1e4,
                basis: format!("test_seen, {words}, face crops of {size}, {} pictures", pairs.len()),
            });
        }
    }
    Ok(table)
}
