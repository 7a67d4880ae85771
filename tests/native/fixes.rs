//! The mistakes of the released code that the specification lists, each with a test that fails when it is put back.
//!
//! Two stand where they belong: 3, pictures of one prompt as negatives, in `trainer/src/loss/multi_positive.rs`; 9, a constant in the
//! distillation and a taught teacher, in `trainer/src/loss/distillation.rs`.

use bmrl::{
    FaceTensors, Generator, Taxonomy,
    model::{Bmrl, Classifier, Encoder, EncoderConfig, LanguageEncoder, MethodConfig, Mpve, MpveConfig},
};
use bmrl_tests::{drawn_weights::DrawnWeights, reference::parameters_without_gradient};
use burn::{module::Module, tensor::Tensor};
use burn_flex::{Flex, FlexDevice};
use trainer::{loss::LossWeights, tokenizer::token_chains};

type Image = Tensor<Flex, 4>;

fn mpve(config: &MethodConfig) -> &MpveConfig {
    match &config.model.encoder {
        EncoderConfig::Mpve(mpve) => mpve,
        EncoderConfig::Residual(_) => panic!("not the method"),
    }
}

fn nano() -> Mpve<Flex> {
    let config = MethodConfig::nano();
    let model = Classifier::<Flex>::new(&config.model, 3, &FlexDevice).map(&mut DrawnWeights::default());
    match model.encoder {
        Encoder::Mpve(mpve) => mpve,
        Encoder::Residual(_) => panic!("not the method"),
    }
}

/// Faces whose pixels are `value(sample, channel, y, x)`.
fn faces(count: usize, value: impl Fn(usize, usize, usize, usize) -> f32) -> FaceTensors<Flex> {
    let values: Vec<f32> = (0..count * 3 * 224 * 224)
        .map(|index| value(index / (3 * 224 * 224), index / (224 * 224) % 3, index / 224 % 224, index % 224))
        .collect();
    let data = burn::tensor::TensorData::new(values, [count, 3, 224, 224]);
    let face = Image::from_data(data, &FlexDevice);
    FaceTensors { native: face.clone(), face }
}

fn values<const D: usize>(tensor: Tensor<Flex, D>) -> Vec<f32> {
    tensor.into_data().to_vec().unwrap()
}

fn farthest(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// 1. The position term counted the samples of a batch, and a batch of more than 32 failed.
#[test]
fn an_embedding_is_the_same_in_every_slot_and_in_a_batch_of_33() {
    let model = nano();
    let pattern = |sample: usize, channel: usize, y: usize, x: usize| {
        ((x * (31 + sample) + y * 17 + channel * 90) ^ (x * y * (sample % 3 + 1) / 7)) as f32 % 256.0
    };
    let together = values(model.forward(faces(33, |sample, c, y, x| pattern(sample % 2, c, y, x))));
    let width = together.len() / 33;
    let alone: Vec<Vec<f32>> =
        (0..2).map(|which| values(model.forward(faces(1, |_, c, y, x| pattern(which, c, y, x))))).collect();
    for (slot, row) in together.chunks(width).enumerate() {
        assert!(farthest(row, &alone[slot % 2]) < 1e-4, "slot {slot}");
    }
    assert!(farthest(&alone[0], &alone[1]) > 1e-3);
}

/// 2. The text feature was read at the end of the first prompt, which the other three cannot reach.
#[test]
fn each_of_the_four_prompts_changes_the_text_feature() {
    let config = MethodConfig::nano();
    let encoder = LanguageEncoder::<Flex>::new(&config.language, config.model.width, &FlexDevice);
    let encoder = encoder.map(&mut DrawnWeights::default());
    let taxonomy = Taxonomy::new(vec![
        Generator::new("SimSwap", "FS", "GAN"),
        // The last level, the third, the second: one word apart each.
        Generator::new("FaceShifter", "FS", "GAN"),
        Generator {
            prompt: Some("the source generative model of this photo is SimSwap".into()),
            ..Generator::new("a", "FS", "VAE")
        },
        Generator {
            prompt: Some("the source generative model of this photo is SimSwap".into()),
            ..Generator::new("b", "AM", "GAN")
        },
    ]);
    let mut chains = token_chains(&taxonomy, config.language.context).unwrap();
    // The first: a real face's sentence before a fake's.
    let mut mixed = chains[1].clone();
    mixed.ids[..config.language.context].copy_from_slice(&chains[0].ids[..config.language.context]);
    chains.push(mixed);
    let features = values(encoder.forward(&chains[1..], &FlexDevice));
    let rows: Vec<&[f32]> = features.chunks(config.model.width).collect();
    for (level, row) in rows[1..].iter().enumerate() {
        assert!(farthest(rows[0], row) > 1e-3, "prompt {} changes nothing", [4, 3, 2, 1][level]);
    }
}

/// 4. The image view was transposed against the others, BGR, and each view had a range of its own making.
#[test]
fn the_three_views_agree_on_up_and_left_and_on_red_and_keep_their_ranges() {
    let (y, x) = (30, 100);
    let views = nano().views(faces(
        1,
        |_, channel, row, column| {
            if (channel, row, column) == (0, y, x) { 255.0 } else { 0.0 }
        },
    ));
    let at = |view: &Image, channel: usize, y: usize, x: usize| {
        values(view.clone().slice([0..1, channel..channel + 1, y..y + 1, x..x + 1]))[0]
    };
    assert_eq!([0, 1, 2].map(|channel| at(&views.image, channel, y, x)), [2.0, -2.0, -2.0]);
    assert_eq!(at(&views.image, 0, x, y), -2.0);
    assert!(at(&views.edge, 0, y, x + 1) > 0.5 && at(&views.edge, 0, x, y) == 0.0);
    assert!(at(&views.noise, 0, y, x) < -1.0 && at(&views.noise, 0, x, y) == 0.0);
    // The third residual looks along a row only.
    assert!(at(&views.noise, 2, y, x + 1) > 0.1 && at(&views.noise, 2, y + 1, x) == 0.0);

    let board = nano().views(faces(1, |_, _, y, x| if (x / 2 + y / 2) % 2 == 0 { 255.0 } else { 0.0 }));
    let gain = mpve(&MethodConfig::nano()).noise_gain;
    for (view, lowest, highest) in
        [(board.image, -2.0, 2.0), (board.edge, 0.0, 32.0_f32.sqrt()), (board.noise, -3.0 * gain, 3.0 * gain)]
    {
        assert!(values(view).iter().all(|value| (lowest..=highest).contains(value)));
    }
}

/// 5. The views were made picture by picture on the host.
///
/// Here a batch's views are those of its pictures; that nothing is read back meanwhile shows in the browser, where a GPU
/// backend panics at it (`tests/browser/devices.test.mjs`).
#[test]
fn the_views_of_a_batch_are_those_of_its_pictures() {
    let model = nano();
    let pattern = |sample: usize, channel: usize, y: usize, x: usize| {
        let here = (y / 112) * 2 + x / 112 == sample % 4;
        if here { ((x * 7 + y * 13 + channel) * (sample + 3)) as f32 % 256.0 } else { 50.0 }
    };
    let batch = model.views(faces(4, pattern));
    for sample in 0..4 {
        let alone = model.views(faces(1, |_, c, y, x| pattern(sample, c, y, x)));
        for (whole, one) in
            [(&batch.image, alone.image), (&batch.noise, alone.noise), (&batch.edge, alone.edge)]
        {
            assert_eq!(values(whole.clone().narrow(0, sample, 1)), values(one));
        }
    }
}

/// 6. A third of the parameters were computed and discarded.
#[test]
fn every_parameter_is_used() {
    for preset in ["nano", "residual"] {
        let unused = parameters_without_gradient(preset).unwrap();
        assert!(unused.is_empty(), "{preset}: {unused:?}");
    }
    let paper = MethodConfig::paper();
    let parameters = Classifier::<Flex>::new(&paper.model, 5, &FlexDevice).num_params();
    assert!((98_000_000..101_000_000).contains(&parameters), "{parameters} parameters");
    let cost = paper.model.multiply_accumulates();
    assert!((13_000_000_000..14_000_000_000).contains(&cost), "{cost} MAC");
}

/// 7. One token of a whole flattened map a view; kept in `paper` alone.
#[test]
fn only_paper_flattens_a_view_to_one_token() {
    for (config, tokens) in
        [(MethodConfig::paper(), 1), (MethodConfig::web(), 49), (MethodConfig::nano(), 49)]
    {
        let mpve = mpve(&config);
        assert_eq!(
            [mpve.image.tokens, mpve.noise.tokens, mpve.edge.tokens],
            [tokens; 3],
            "{}",
            config.preset
        );
    }
}

/// 8. Attention was scaled by the whole width; kept in `paper` alone. What the two scales compute is compared with the reference.
#[test]
fn only_paper_scales_attention_by_the_whole_width() {
    use bmrl::model::AttentionScale::{Head, Width};
    for (config, scale) in
        [(MethodConfig::paper(), Width), (MethodConfig::web(), Head), (MethodConfig::nano(), Head)]
    {
        assert_eq!(mpve(&config).attention_scale, scale, "{}", config.preset);
    }
}

/// The guiding encoders exist only where a loss asks for them.
#[test]
fn a_loss_of_weight_zero_takes_its_encoder_along() {
    let full = LossWeights::default();
    let bare = LossWeights { alignment: 0.0, matching: 0.0, distillation: 0.0, ..full.clone() };
    let count = |weights: &LossWeights| {
        Bmrl::<Flex>::new(&MethodConfig::nano(), 3, weights.guidance(), &FlexDevice).num_params()
    };
    let shipped = Classifier::<Flex>::new(&MethodConfig::nano().model, 3, &FlexDevice).num_params();
    assert_eq!(count(&bare), shipped + 1);
    assert!(count(&full) > 2 * shipped);
}
