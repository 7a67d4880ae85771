//! Weights in and out. The files under `tests/reference/fixtures/import`, and what PyTorch computes from them, are written by
//! `tests/reference/import_fixtures.py`.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use bmrl::{
    FaceTensors, Generator, Taxonomy,
    model::{LanguageConfig, ResidualConfig, ResidualNetwork, TokenChain},
};
use burn::{
    module::{Module, ModuleMapper, Param},
    record::Recorder,
    tensor::{Tensor, TensorData, backend::Backend},
};
use burn_flex::{Flex, FlexDevice};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use trainer::{
    checkpoint::{self, Run, WholeFiles},
    pretrained,
    recipe::Recipe,
    train::Learned,
};

const EMBEDDING: usize = 12;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/reference/fixtures/import").join(name)
}

fn expected() -> Value {
    serde_json::from_slice(&fs::read(file("expected.json")).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

fn values<const D: usize>(tensor: Tensor<Flex, D>) -> Vec<f32> {
    tensor.into_data().to_vec().unwrap()
}

fn close(name: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    let farthest = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(farthest < 1e-4, "{name}: {farthest}");
}

fn tower() -> LanguageConfig {
    LanguageConfig { vocabulary: 40, context: 6, layers: 2, width: 16, heads: 1, mlp: 32 }
}

#[test]
fn a_clip_text_tower_computes_what_it_does_in_pytorch_under_every_name_and_in_every_container() {
    let expected = expected();
    let clip = &expected["clip"];
    let ids = numbers(&clip["tokens"]).into_iter().map(|token| token as u32).collect();
    let chain = TokenChain { ids, end: clip["end"].as_u64().unwrap() as usize };
    for (name, precision) in [
        ("clip_huggingface.pt", "f32"),
        ("clip_huggingface.safetensors", "f32"),
        ("clip_openclip.pt", "f32"),
        ("clip_openai_f16.safetensors", "f16"),
    ] {
        let (encoder, projected) =
            pretrained::language::<Flex>(&file(name), &tower(), EMBEDDING, &FlexDevice).expect(name);
        assert!(projected, "{name}");
        let feature = encoder.forward(std::slice::from_ref(&chain), &FlexDevice);
        close(name, &values(feature), &numbers(&clip[precision]));
    }
}

#[test]
fn a_projection_of_another_width_is_left_out() {
    let read = |width| pretrained::language::<Flex>(&file("clip_openclip.pt"), &tower(), width, &FlexDevice);
    assert!(!read(20).unwrap().1);
}

#[test]
fn a_tower_of_another_shape_is_refused_with_the_table_that_fits() {
    let other = LanguageConfig { layers: 3, ..tower() };
    let error = pretrained::language::<Flex>(&file("clip_openclip.pt"), &other, EMBEDDING, &FlexDevice);
    let message = format!("{:#}", error.err().unwrap());
    assert!(message.contains("clip_openclip.pt") && message.contains("layers = 2"), "{message}");
}

/// Makes the projection do nothing: a square matrix becomes the identity, the one bias zero.
struct WithoutProjection {
    path: Vec<String>,
}

impl<B: Backend> ModuleMapper<B> for WithoutProjection {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        let (id, tensor, mapper) = param.consume();
        let tensor = if self.path.first().is_some_and(|name| name == "project") {
            let shape = tensor.dims();
            let rows = shape[0];
            let one = |index: usize| if D == 2 && index / rows == index % rows { 1.0 } else { 0.0 };
            let data: Vec<f32> = (0..shape.iter().product()).map(one).collect();
            Tensor::from_data(TensorData::new(data, shape), &tensor.device())
        } else {
            tensor
        };
        Param::from_mapped_value(id, tensor, mapper)
    }
}

fn faces() -> FaceTensors<Flex> {
    let pixel = |index: usize| {
        let (b, c, y, x) = (index / 150_528, index / 50_176 % 3, index / 224 % 224, index % 224);
        ((x * x + 3 * x * y + 7 * y + 61 * c + 29 * b) % 256) as f32
    };
    let data: Vec<f32> = (0..2 * 3 * 224 * 224).map(pixel).collect();
    let face = Tensor::from_data(TensorData::new(data, [2, 3, 224, 224]), &FlexDevice);
    FaceTensors { native: face.clone(), face }
}

fn resnet(bottleneck: bool) -> ResidualConfig {
    match bottleneck {
        false => ResidualConfig { stem_width: 4, widths: vec![4, 8], blocks: vec![1, 2], bottleneck },
        true => ResidualConfig { stem_width: 4, widths: vec![2, 3], blocks: vec![1, 1], bottleneck },
    }
}

#[test]
fn a_residual_network_computes_what_it_does_in_pytorch() {
    let expected = expected();
    for (name, key, bottleneck) in [
        ("resnet_basic.pt", "basic", false),
        ("resnet_bottleneck.safetensors", "bottleneck", true),
        ("resnet_bottleneck_bf16.pt", "bottleneck_bf16", true),
    ] {
        let (config, width) = (resnet(bottleneck), if bottleneck { 12 } else { 8 });
        let mut network = ResidualNetwork::<Flex>::new(&config, width, &FlexDevice);
        pretrained::backbone(&file(name), &config, &mut network).expect(name);
        let network = network.map(&mut WithoutProjection { path: Vec::new() });
        close(name, &values(network.forward(faces())), &numbers(&expected["resnet"][key]));
    }
}

#[test]
fn a_residual_network_of_another_shape_is_refused_with_the_table_that_fits() {
    let mut network = ResidualNetwork::<Flex>::new(&resnet(true), 12, &FlexDevice);
    let error = pretrained::backbone(&file("resnet_basic.pt"), &resnet(true), &mut network);
    let message = format!("{:#}", error.unwrap_err());
    assert!(message.contains("resnet_basic.pt") && message.contains("blocks = [1, 2]"), "{message}");
}

#[test]
fn what_is_no_such_network_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(file("clip_huggingface.pt")).unwrap();
    let tensors = fs::read(file("clip_huggingface.safetensors")).unwrap();
    let damaged = whole.iter().enumerate().map(|(index, byte)| if index % 97 == 5 { !byte } else { *byte });
    let awkward: [(&str, Vec<u8>); 8] = [
        ("empty.pt", Vec::new()),
        ("text.pt", b"<!doctype html><title>404</title>".to_vec()),
        ("half.pt", whole[..whole.len() / 2].to_vec()),
        ("damaged.pt", damaged.collect()),
        ("pickle.pt", b"\x80\x02]q\x00(K\x01K\x02e.".to_vec()),
        ("half.safetensors", tensors[..tensors.len() / 2].to_vec()),
        ("text.safetensors", b"nothing".to_vec()),
        ("other.pt", fs::read(file("resnet_basic.pt")).unwrap()),
    ];
    for (name, bytes) in awkward {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let error = pretrained::language::<Flex>(&path, &tower(), EMBEDDING, &FlexDevice).err();
        let message = format!("{:#}", error.expect(name));
        assert!(message.contains(name) && message.contains("state dict"), "{name}: {message}");
    }
    let absent = pretrained::language::<Flex>(&folder.path().join("no.pt"), &tower(), EMBEDDING, &FlexDevice);
    assert!(format!("{:#}", absent.err().unwrap()).contains("no such file"));
}

#[test]
fn weights_go_out_in_either_precision_and_under_other_names_and_come_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run {
        recipe: Recipe::preset("nano").unwrap(),
        taxonomy: Taxonomy::new(vec![Generator::new("SimSwap", "FS", "GAN")]),
        data: PathBuf::new(),
        labels_sha256: String::new(),
        epoch: 0,
    };
    let model = run.model::<Flex>(&FlexDevice);
    // As training leaves it after an epoch.
    run.create(folder.path()).unwrap();
    fs::write(folder.path().join("log.csv"), "epoch,score\n1,0.5\n").unwrap();
    fs::create_dir(folder.path().join("checkpoint")).unwrap();
    let embedding = |model: &bmrl::model::Bmrl<Flex>| values(model.classifier.forward(faces()).embedding);
    // Drawn now: a copy of weights that were never looked at draws its own.
    let exact = embedding(&model);
    let record = Learned { model: model.clone() }.into_record();
    let place = folder.path().join("checkpoint/model-1");
    Recorder::<Flex>::record(&WholeFiles, record, place).unwrap();
    let (read, again) = checkpoint::load::<Flex>(folder.path(), None, &FlexDevice).unwrap();
    assert_eq!(read.epoch, 1);
    assert_eq!(embedding(&again), exact);

    let write = |rename: &[&str], out: &Path| {
        std::process::Command::new(env!("CARGO_BIN_EXE_trainer"))
            .args(["weights", "--half"])
            .args(rename)
            .args([Path::new("--run"), folder.path(), Path::new("--out"), out])
            .output()
            .unwrap()
    };
    let half = folder.path().join("half.safetensors");
    assert!(write(&[], &half).status.success());
    let mut again = run.model::<Flex>(&FlexDevice);
    checkpoint::initialize(&half, &mut again, &FlexDevice).unwrap();
    let rounded = embedding(&again);
    assert!(rounded != exact && rounded.iter().zip(&exact).all(|(a, b)| (a - b).abs() < 5e-3));

    let out = folder.path().join("out.safetensors");
    let refused = write(&["--rename", r"\.(query|key)\.=."], &out);
    assert!(refused.status.code() == Some(1) && String::from_utf8_lossy(&refused.stderr).contains("query"));
    assert!(write(&["--rename", r"^classifier\.encoder\.=visual."], &out).status.success());
    let bytes = fs::read(&out).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(tensors.tensor("visual.image.project.weight").unwrap().dtype(), Dtype::F16);
    assert_eq!(tensors.tensor("classifier.head.weight").unwrap().shape(), [64, 2]);
    assert!(tensors.names().iter().all(|name| !name.contains("encoder.image")));
}
