//! Why an answer: the views, the parts of a face that carry it, and a square chosen by hand.

use std::io::Cursor;

use bmrl::{FaceMode, OCCLUSION_CELLS, Square, TraceError, decode};
use bmrl_tests::fixtures::sample;
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use pollster::block_on;

use crate::support::{area, faces, trace, with_tracer};

fn flat(side: u32, value: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(side, side, Rgb([value; 3]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn the_views_are_those_of_the_crop() {
    let bytes = sample("portrait-01.jpg").unwrap();
    let verdict = trace(&bytes, FaceMode::Auto);
    let explanation = with_tracer(|tracer| block_on(tracer.explain(&bytes, FaceMode::Auto, 0))).unwrap();
    let (crop, patch) = (explanation.crop, explanation.patch.unwrap());
    let [x, y, width, height] = area(&faces(&verdict)[0]);
    let middle = |start: i64, length: i64| start + length / 2;
    let inside = |at: i64, start: u32| at > i64::from(start) && at < i64::from(start + crop.side);
    assert!(inside(middle(x, width), crop.x) && inside(middle(y, height), crop.y), "{crop:?} of {verdict}");
    assert!(patch.x >= crop.x && patch.x + patch.side <= crop.x + crop.side, "{patch:?} in {crop:?}");
    assert!(patch.y >= crop.y && patch.y + patch.side <= crop.y + crop.side, "{patch:?} in {crop:?}");

    let names: Vec<(&str, usize)> = explanation.views.iter().map(|(name, view)| (*name, view.side)).collect();
    assert_eq!(names, [("image", 224), ("noise", 112), ("edge", 224)]);
    let picture = decode(&bytes).unwrap().pixels;
    let cut = image::imageops::resize(&crop.cut(&picture), 224, 224, image::imageops::FilterType::Triangle);
    assert_eq!(&explanation.views[0].1.rgb, cut.as_raw());
}

#[test]
fn a_flat_picture_has_no_noise_and_no_edges_and_hiding_grey_changes_little() {
    let bytes = flat(300, 128);
    let explanation = with_tracer(|tracer| block_on(tracer.explain(&bytes, FaceMode::Whole, 0))).unwrap();
    let (noise, edge) = (&explanation.views[1].1, &explanation.views[2].1);
    // Not at the border, which the edge view sees against nothing.
    let inner = |side: usize, rgb: &[u8]| rgb[(side / 2 * side + side / 2) * 3];
    assert!((127..=128).contains(&inner(noise.side, &noise.rgb)));
    assert_eq!(inner(edge.side, &edge.rgb), 0);

    let largest = |bytes: &[u8]| {
        let all = 0..OCCLUSION_CELLS;
        let map = with_tracer(|tracer| block_on(tracer.occlude(bytes, FaceMode::Whole, 0, all))).unwrap();
        assert_eq!((map.rows * map.columns, map.values.len()), (OCCLUSION_CELLS, OCCLUSION_CELLS));
        // A cell in the middle: the border of the picture is an edge to the model.
        map.values[24].abs()
    };
    let face = largest(&sample("portrait-01.jpg").unwrap());
    // Not nought: 128 is not quite mid-grey.
    let grey = largest(&bytes);
    assert!(grey < 0.3 * face, "{grey} {face}");
}

#[test]
fn an_occlusion_map_comes_in_parts_as_it_comes_whole() {
    let bytes = sample("portrait-02.jpg").unwrap();
    let map =
        |cells| with_tracer(|tracer| block_on(tracer.occlude(&bytes, FaceMode::Auto, 0, cells))).unwrap();
    let whole = map(0..OCCLUSION_CELLS);
    let parts = [map(0..20), map(20..OCCLUSION_CELLS + 10)];
    let joined: Vec<f64> = parts.iter().flat_map(|part| part.values.clone()).collect();
    assert_eq!(joined.len(), OCCLUSION_CELLS);
    for (one, other) in whole.values.iter().zip(&joined) {
        assert!((one - other).abs() < 1e-3, "{one} {other}");
    }
    let fake = faces(&trace(&bytes, FaceMode::Auto))[0]["authenticity"]["fake"].as_f64().unwrap();
    assert_eq!(whole.towards, if fake >= 0.5 { "fake" } else { "real" });
}

#[test]
fn a_face_that_is_not_there_is_said_with_their_number() {
    let bytes = sample("group.jpg").unwrap();
    let error = with_tracer(|tracer| block_on(tracer.explain(&bytes, FaceMode::Auto, 7))).unwrap_err();
    assert!(matches!(error, TraceError::NoFace { wanted: 7, found: 3 }) && error.blames_picture(), "{error}");
}

#[test]
fn a_square_is_the_only_face_and_is_moved_into_the_picture() {
    let bytes = sample("group.jpg").unwrap();
    let square = |x, y, side| trace(&bytes, FaceMode::Square(Square { x, y, side }));
    let verdict = square(10, 20, 150);
    assert_eq!(faces(&verdict).len(), 1);
    assert_eq!(area(&faces(&verdict)[0]), [10, 20, 150, 150]);
    let (width, height) = decode(&bytes).unwrap().pixels.dimensions();
    let beyond = area(&faces(&square(width, height, 100))[0]);
    assert_eq!(beyond, [i64::from(width) - 100, i64::from(height) - 100, 100, 100]);

    // Where a face was found, its square gives its numbers.
    let found = trace(&bytes, FaceMode::Auto);
    let crop = with_tracer(|tracer| block_on(tracer.explain(&bytes, FaceMode::Auto, 1))).unwrap().crop;
    let again = trace(&bytes, FaceMode::Square(crop));
    let fake = |face: &serde_json::Value| face["authenticity"]["fake"].as_f64().unwrap();
    assert!((fake(&faces(&again)[0]) - fake(&faces(&found)[1])).abs() < 1e-4);
}

#[test]
fn the_quality_of_a_jpeg_is_read_from_it() {
    let picture = RgbImage::from_fn(64, 64, |x, y| Rgb([(x * 4) as u8, (y * 4) as u8, (x * y) as u8]));
    for quality in [20_u8, 50, 75, 90, 95] {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&picture).unwrap();
        let found = decode(&bytes).unwrap().quality.unwrap();
        assert!(found.abs_diff(quality) <= 1, "{quality} was read as {found}");
    }
    assert_eq!(decode(&flat(64, 10)).unwrap().quality, None);
}
