//! Embeddings of faces: where the verdict sees a face there is one, and a picture that cannot be read says why.

use bmrl::{FaceMode, Tracer};
use bmrl_tests::{device_bundles, fixtures::sample};
use burn_flex::{Flex, FlexDevice};
use pollster::block_on;

fn tracer() -> Tracer<Flex> {
    Tracer::load(&device_bundles::bundle("nano").unwrap(), &FlexDevice).unwrap()
}

#[test]
fn each_face_of_the_verdict_has_an_embedding_of_length_one() {
    let tracer = tracer();
    for (picture, mode, count) in [
        ("group.jpg", FaceMode::Auto, 3),
        ("portrait-09.png", FaceMode::Auto, 1),
        ("group.jpg", FaceMode::Whole, 1),
    ] {
        let bytes = sample(picture).unwrap();
        let verdict = block_on(tracer.trace(&bytes, mode));
        assert_eq!(verdict.error, None);
        let faces = block_on(tracer.embed(&bytes, mode)).unwrap();
        assert_eq!(faces.len(), count, "{picture}");
        let areas = |of: &dyn Fn(usize) -> [i32; 4]| (0..count).map(of).collect::<Vec<_>>();
        assert_eq!(areas(&|index| faces[index].area), areas(&|index| verdict.faces[index].area), "{picture}");
        for face in &faces {
            let length = face.embedding.iter().map(|value| value * value).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-4, "{picture}: length {length}");
        }
    }
}

#[test]
fn a_picture_that_cannot_be_read_is_blamed_in_the_verdicts_words() {
    let tracer = tracer();
    for bytes in [&b""[..], b"not a picture", &sample("portrait-01.jpg").unwrap()[..500]] {
        let error = block_on(tracer.embed(bytes, FaceMode::Auto)).unwrap_err();
        assert!(error.blames_picture());
        assert_eq!(block_on(tracer.trace(bytes, FaceMode::Auto)).error, Some(error.to_string()));
    }
}
