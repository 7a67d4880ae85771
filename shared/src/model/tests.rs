use burn::{module::Module, tensor::Tensor};
use burn_flex::{Flex, FlexDevice};

use super::{Classifier, EncoderConfig, MethodConfig, ModelConfig, Normalization};
use crate::{FaceCrop, FaceTensors};

fn nano() -> ModelConfig {
    MethodConfig::nano().model
}

/// Patterns that differ from each other.
fn crops(count: u32) -> Vec<FaceCrop> {
    let pattern = |seed: u32| {
        FaceCrop::from_square(&image::RgbImage::from_fn(224, 224, |x, y| {
            let value = x.wrapping_mul(31 + seed).wrapping_add(y.wrapping_mul(17)) ^ (x * y * (seed + 1) / 7);
            image::Rgb([value as u8, (value >> 3) as u8, (value + 90 * seed) as u8])
        }))
    };
    (0..count).map(pattern).collect()
}

fn embeddings(model: &Classifier<Flex>, crops: &[FaceCrop]) -> Vec<Vec<f32>> {
    let output = model.forward(FaceTensors::new(crops, &FlexDevice)).embedding;
    let width = output.dims()[1];
    output.into_data().to_vec::<f32>().unwrap().chunks(width).map(<[f32]>::to_vec).collect()
}

fn furthest(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_web_preset_keeps_its_budget() {
    let config = MethodConfig::web().model;
    let parameters = Classifier::<Flex>::new(&config, 13, &FlexDevice).num_params();
    assert!(parameters <= 6_000_000, "{parameters} parameters");
    assert!(config.multiply_accumulates() <= 1_200_000_000, "{} MAC", config.multiply_accumulates());
    let nano = Classifier::<Flex>::new(&nano(), 13, &FlexDevice).num_params();
    assert!(nano <= 1_000_000, "{nano} parameters");
}

#[test]
fn an_embedding_does_not_depend_on_the_slot_or_the_batch() {
    let model = Classifier::<Flex>::new(&nano(), 3, &FlexDevice);
    let crops = crops(3);
    let together = embeddings(&model, &crops);
    let mut turned = crops.clone();
    turned.reverse();
    let reversed = embeddings(&model, &turned);
    for (index, crop) in crops.iter().enumerate() {
        let alone = embeddings(&model, std::slice::from_ref(crop)).remove(0);
        assert!(furthest(&alone, &together[index]) < 1e-5);
        assert!(furthest(&alone, &reversed[2 - index]) < 1e-5);
        let length: f32 = alone.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-4, "length {length}");
    }
    assert!(furthest(&together[0], &together[1]) > 1e-3, "different pictures, same embedding");
}

#[test]
fn each_view_reaches_the_embedding() {
    let model = Classifier::<Flex>::new(&nano(), 3, &FlexDevice);
    let crop = crops(1).remove(0);
    let before = embeddings(&model, std::slice::from_ref(&crop)).remove(0);
    let mut other_native = crop.clone();
    image::imageops::invert(&mut other_native.native);
    let mut other_face = crop;
    image::imageops::invert(&mut other_face.face);
    for changed in [other_native, other_face] {
        assert!(furthest(&before, &embeddings(&model, &[changed])[0]) > 1e-6);
    }
}

#[test]
fn folding_changes_nothing_that_is_computed() {
    for normalization in [Normalization::Weight, Normalization::Batch] {
        let mut config = nano();
        if let EncoderConfig::Mpve(mpve) = &mut config.encoder {
            mpve.normalization = normalization;
        }
        let model = Classifier::<Flex>::new(&config, 3, &FlexDevice);
        let crops = crops(2);
        let before = embeddings(&model, &crops);
        let folded = model.fold();
        for (before, after) in before.iter().zip(embeddings(&folded, &crops)) {
            assert!(furthest(before, &after) < 1e-4, "{normalization:?}");
        }
        let kernels = folded.num_params();
        let unfolded = Classifier::<Flex>::new(&config, 3, &FlexDevice).num_params();
        assert_ne!(kernels, unfolded, "{normalization:?}: nothing was folded");
    }
}

#[test]
fn centres_of_unit_length_give_cosines() {
    let model = Classifier::<Flex>::new(&nano(), 3, &FlexDevice);
    let output = model.forward(FaceTensors::new(&crops(2), &FlexDevice));
    let highest: f32 = Tensor::into_scalar(output.similarity.abs().max());
    assert!(highest <= 1.0 + 1e-5, "{highest}");
}
