//! Bad and odd input: each file gives a message or a result, and the next picture works.

use bmrl::{FaceMode, decode};
use bmrl_tests::fixtures::{self, Expect, Fixture, rotated_jpeg, sample};
use image::RgbImage;

use crate::{
    support::{area, faces, trace},
    verdict::assert_shape,
};

fn fixture(file: &str) -> Fixture {
    fixtures::all().unwrap().into_iter().find(|fixture| fixture.file == file).unwrap()
}

fn pixels(file: &str) -> RgbImage {
    decode(&fixture(file).bytes).unwrap().pixels
}

/// Largest difference of a channel's mean over a coarse grid: the same picture, whatever the coding.
fn difference(a: &RgbImage, b: &RgbImage) -> f32 {
    assert_eq!(a.dimensions(), b.dimensions());
    let side = 16;
    let coarse = |picture: &RgbImage| image::imageops::thumbnail(picture, side, side);
    let (a, b) = (coarse(a), coarse(b));
    a.iter().zip(b.iter()).map(|(a, b)| (f32::from(*a) - f32::from(*b)).abs()).fold(0.0, f32::max)
}

#[test]
fn each_file_gives_its_result_or_a_message_and_the_next_picture_works() {
    let good = sample("portrait-02.jpg").unwrap();
    let expected = trace(&good, FaceMode::Auto);
    let mut wrong = Vec::new();
    for fixture in fixtures::all().unwrap() {
        let verdict = trace(&fixture.bytes, FaceMode::Auto);
        assert_shape(&verdict);
        let error = verdict["error"].as_str().map(str::to_lowercase);
        let right = match (&error, fixture.expect) {
            (Some(text), Expect::Error) => text.contains(fixture.says) && says_what_to_do(text),
            (None, Expect::NoFace) => faces(&verdict).is_empty(),
            (None, Expect::Faces) => faces(&verdict).len() == fixture.faces,
            _ => false,
        };
        if !right {
            let got = error.unwrap_or_else(|| format!("{} faces", faces(&verdict).len()));
            let (expect, says) = (fixture.expect, fixture.says);
            wrong.push(format!("{}: wanted {expect:?} {} {says:?}, got: {got}", fixture.file, fixture.faces));
        }
        assert_eq!(trace(&good, FaceMode::Auto), expected, "the picture after {}", fixture.file);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A message ends in something that the person can do.
fn says_what_to_do(message: &str) -> bool {
    ["use ", "save ", "download ", "reduce ", "try "].iter().any(|verb| message.contains(verb))
}

#[test]
fn whole_pictures_go_through_as_one_face_crop() {
    for (file, whole) in
        [("no-face.png", [0, 0, 480, 320]), ("one-pixel.png", [0, 0, 1, 1]), ("group.jpg", [0, 0, 1020, 440])]
    {
        let verdict = trace(&fixture(file).bytes, FaceMode::Whole);
        assert_shape(&verdict);
        assert_eq!(faces(&verdict).len(), 1, "{file}");
        assert_eq!(area(&faces(&verdict)[0]), whole, "{file}");
    }
    let verdict = trace(b"not a picture", FaceMode::Whole);
    assert!(verdict["error"].is_string() && faces(&verdict).is_empty());
}

#[test]
fn each_of_several_faces_gets_its_own_verdict() {
    let verdict = trace(&sample("group.jpg").unwrap(), FaceMode::Auto);
    assert_shape(&verdict);
    let mut found: Vec<_> = faces(&verdict).iter().collect();
    assert_eq!(found.len(), 3);
    found.sort_by_key(|face| area(face)[0]);
    for pair in found.windows(2) {
        let ([left, _, width, _], [right, ..]) = (area(pair[0]), area(pair[1]));
        assert!(left + width <= right, "the boxes {left}+{width} and {right} overlap");
        assert_ne!(pair[0]["generator"], pair[1]["generator"], "two faces, one verdict");
    }
    let scores: Vec<f64> = faces(&verdict).iter().map(|face| face["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "the best face stands first: {scores:?}");
}

#[test]
fn a_turned_photo_is_turned_upright_before_anything_else() {
    let upright = pixels("plain.png");
    let reference = area(&faces(&trace(&fixture("plain.png").bytes, FaceMode::Auto))[0]);
    for orientation in 1..=8 {
        let bytes = rotated_jpeg(&upright, orientation).unwrap();
        let stored = image::load_from_memory(&bytes).unwrap().into_rgb8();
        if orientation > 1 {
            assert!(difference(&stored, &upright) > 40.0, "orientation {orientation} is stored upright");
        }
        assert!(difference(&decode(&bytes).unwrap().pixels, &upright) < 4.0, "orientation {orientation}");
        let verdict = trace(&bytes, FaceMode::Auto);
        assert_eq!(faces(&verdict).len(), 1, "orientation {orientation}");
        // The finder may settle a little differently after another JPEG coding, not elsewhere.
        let middle = |[x, y, width, height]: [i64; 4]| (x + width / 2, y + height / 2);
        let (found, expected) = (middle(area(&faces(&verdict)[0])), middle(reference));
        let distance = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
        assert!(distance < 25, "orientation {orientation}: {found:?} against {expected:?}");
    }
}

#[test]
fn ink_greys_depth_and_transparency_keep_the_picture() {
    let face = pixels("plain.png");
    assert_eq!(pixels("sixteen-bit.png"), face, "16 bits a channel hold 8 exactly");
    assert!(difference(&pixels("cmyk.jpg"), &face) < 8.0, "CMYK: {}", difference(&pixels("cmyk.jpg"), &face));
    assert!(difference(&pixels("progressive.jpg"), &face) < 4.0);
    let grey = pixels("grey.jpg");
    assert!(grey.pixels().all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]));
    let cut_out = pixels("alpha.png");
    assert_eq!(cut_out.get_pixel(0, 0).0, [255; 3], "nothing lies on white");
    assert_eq!(cut_out.get_pixel(256, 256), face.get_pixel(256, 256));
}

#[test]
fn of_an_animation_the_first_picture_counts() {
    let first = pixels("plain.bmp");
    assert_eq!(pixels("animated.png"), first);
    assert_eq!(pixels("lossless.webp"), first);
    assert!(difference(&pixels("animated.gif"), &first) < 12.0);
    let second = image::imageops::flip_horizontal(&first);
    assert!(
        difference(&first, &second) > 12.0,
        "the two pictures of the animation must differ to be told apart"
    );
}
