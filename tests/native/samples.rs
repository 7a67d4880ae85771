//! The pictures that the repository carries are what their index says.

use std::fs;

use bmrl::FaceFinder;
use bmrl_tests::{fixtures::sample, samples};

use crate::support::root;

#[test]
fn each_drawn_face_is_found_where_it_was_drawn() {
    let finder =
        FaceFinder::new(&fs::read(root().join("shared/assets/seeta_fd_frontal_v1.0.bin")).unwrap()).unwrap();
    let index = samples::index().unwrap();
    assert!(index.len() >= 12);
    for line in index {
        let picture = bmrl::decode(&sample(&line.file).unwrap()).unwrap().pixels;
        assert_eq!(picture.dimensions(), (line.width, line.height), "{}", line.file);
        let mut found = finder.find(&picture);
        assert_eq!(found.len(), line.faces, "faces found in {}", line.file);
        found.sort_by_key(|face| face.x);
        // Faces stand side by side, each in the middle of its part of the picture.
        let part = line.width as f32 / line.faces as f32;
        for (index, face) in found.iter().enumerate() {
            let across = face.x as f32 + face.width as f32 / 2.0 - part * (index as f32 + 0.5);
            let down = face.y as f32 + face.height as f32 / 2.0 - line.height as f32 / 2.0;
            let near = 0.12 * line.height as f32;
            assert!(across.abs() < near && down.abs() < near, "{}: {face:?}", line.file);
        }
    }
}

#[test]
fn the_folder_holds_the_listed_pictures_and_stays_small() {
    let mut listed: Vec<_> = samples::index().unwrap().into_iter().map(|line| line.file).collect();
    listed.push("index.json".into());
    listed.sort();
    let entries = || fs::read_dir(samples::folder()).unwrap().map(Result::unwrap);
    let mut present: Vec<_> = entries().map(|entry| entry.file_name().into_string().unwrap()).collect();
    present.sort();
    assert_eq!(present, listed);
    let bytes: u64 = entries().map(|entry| entry.metadata().unwrap().len()).sum();
    assert!(bytes < 1_000_000, "{bytes} bytes");
}
