//! The same on real photos and on real fakes, where the data pack lies beside the repository.

use std::path::PathBuf;

use bmrl::FaceMode;
use bmrl_tests::fixtures::sample;
use serde_json::Value;

use crate::{
    support::{faces, root, trace},
    verdict::assert_shape,
};

/// A few pictures of a split and label, from one source each where possible; `None` without the pack.
fn photos(split: &str, label: &str, source: Option<&str>, count: usize) -> Option<Vec<PathBuf>> {
    let data = root().join("../shared/data");
    let Ok(mut reader) = csv::Reader::from_path(data.join("labels.csv")) else {
        println!("skipped: no data pack at {}", data.display());
        return None;
    };
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (file, splits, labels, sources) =
        (column("file"), column("split"), column("label"), column("source"));
    let rows = reader.records().map(Result::unwrap);
    let chosen: Vec<_> = rows
        .filter(|row| &row[splits] == split && &row[labels] == label)
        .filter(|row| source.is_none_or(|source| &row[sources] == source))
        .map(|row| data.join(&row[file]))
        .collect();
    // File names are hashes: any stride is a fair choice.
    let stride = (chosen.len() / count).max(1);
    Some(chosen.into_iter().step_by(stride).take(count).collect())
}

fn fake_share(path: &PathBuf) -> f64 {
    let verdict = trace(&std::fs::read(path).unwrap(), FaceMode::Whole);
    assert_shape(&verdict);
    verdict["faces"][0]["authenticity"]["fake"].as_f64().unwrap()
}

#[test]
fn faces_of_real_people_are_found() {
    let Some(paths) = photos("test_seen", "real", Some("FFHQ-256"), 12) else { return };
    let found = paths.iter().filter(|path| {
        let verdict = trace(&std::fs::read(path).unwrap(), FaceMode::Auto);
        assert_shape(&verdict);
        !faces(&verdict).is_empty()
    });
    let found = found.count();
    assert!(found >= 10, "{found} of {}", paths.len());
}

/// The bundle that ships must be better than chance on pictures that it never saw. 0.5 is chance; with 250 of
/// each kind the area of a coin has a standard error of 0.026, so that 0.6 is no luck.
#[test]
fn real_and_fake_pictures_are_told_apart_better_than_by_chance() {
    let (Some(real), Some(fake)) =
        (photos("test_seen", "real", None, 250), photos("test_seen", "fake", None, 250))
    else {
        return;
    };
    let shares = |paths: &[PathBuf]| paths.iter().map(fake_share).collect::<Vec<f64>>();
    let (real, fake) = (shares(&real), shares(&fake));
    let wins: f64 = fake
        .iter()
        .flat_map(|fake| {
            real.iter().map(move |real| {
                if fake > real {
                    1.0
                } else if fake == real {
                    0.5
                } else {
                    0.0
                }
            })
        })
        .sum();
    let area = wins / (real.len() * fake.len()) as f64;
    println!("area under the ROC curve on {} + {} pictures: {area:.3}", real.len(), fake.len());
    assert!(area > 0.6, "{area:.3}");
}

#[test]
fn a_real_photo_after_a_drawn_face_is_answered_as_before_it() {
    let Some(paths) = photos("test_unseen", "real", None, 1) else { return };
    let photo = std::fs::read(&paths[0]).unwrap();
    let before: Value = trace(&photo, FaceMode::Whole);
    trace(&sample("group.jpg").unwrap(), FaceMode::Auto);
    trace(&photo[..photo.len() / 2], FaceMode::Auto);
    assert_eq!(trace(&photo, FaceMode::Whole), before);
}
