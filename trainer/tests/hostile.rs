//! Weights of others that are damaged, or made to do harm: refused with a message, never a panic.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use bmrl::model::{LanguageConfig, ResidualConfig, ResidualNetwork};
use burn_flex::{Flex, FlexDevice};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use trainer::pretrained;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const TOWER: LanguageConfig =
    LanguageConfig { vocabulary: 40, context: 6, layers: 2, width: 16, heads: 1, mlp: 32 };

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/reference/fixtures/import").join(name)
}

/// What is said of such a file; `None` if it is taken.
fn refusal(name: &str, bytes: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let read = pretrained::language::<Flex>(&path, &TOWER, 12, &FlexDevice);
    read.err().map(|error| format!("{error:#}"))
}

/// The fixture with zeros of another shape, or nothing, in the place of some tensors.
fn altered(name: &str, replaced: &[(&str, Option<Vec<usize>>)]) -> Vec<u8> {
    let bytes = fs::read(fixture(name)).unwrap();
    let whole = SafeTensors::deserialize(&bytes).unwrap();
    let mut tensors = whole.tensors();
    let zeros = vec![0; 4 * 4096];
    for (name, shape) in replaced {
        tensors.retain(|(other, _)| other != name);
        if let Some(shape) = shape {
            let bytes = &zeros[..4 * shape.iter().product::<usize>()];
            tensors.push(((*name).into(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
        }
    }
    safetensors::serialize(tensors, None).unwrap()
}

/// An archive as torch.save writes it, with a storage of 64 single-precision numbers.
fn archive(pickle: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in [("x/data.pkl", pickle), ("x/data/0", &[0; 256])] {
        archive.start_file(name, stored).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_table_of_the_wrong_width_is_refused() {
    let position = "text_model.embeddings.position_embedding.weight";
    let bytes = altered("clip_huggingface.safetensors", &[(position, Some(vec![8, 4]))]);
    let message = refusal("narrow.safetensors", &bytes).unwrap();
    assert!(message.contains("narrow.safetensors") && message.contains("position"), "{message}");
}

#[test]
fn a_fused_attention_without_numbers_is_refused() {
    let (weight, bias) =
        ("transformer.resblocks.0.attn.in_proj_weight", "transformer.resblocks.0.attn.in_proj_bias");
    let bytes = altered("clip_openai_f16.safetensors", &[(weight, Some(vec![0, 0])), (bias, Some(vec![0]))]);
    let message = refusal("empty.safetensors", &bytes).unwrap();
    assert!(message.contains("in_proj_weight"), "{message}");
}

#[test]
fn a_part_that_ours_lacks_is_named() {
    let scale = "transformer.resblocks.1.ls_1.gamma";
    let bytes = altered("clip_openai_f16.safetensors", &[(scale, Some(vec![16]))]);
    let message = refusal("scaled.safetensors", &bytes).unwrap();
    assert!(message.contains(scale), "{message}");
}

#[test]
fn a_part_that_is_missing_is_named() {
    let norm = "transformer.resblocks.1.ln_2.bias";
    let bytes = altered("clip_openai_f16.safetensors", &[(norm, None)]);
    let message = refusal("less.safetensors", &bytes).unwrap();
    assert!(message.contains(norm), "{message}");
}

#[test]
fn a_part_that_a_residual_network_lacks_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("more.safetensors");
    let more = [("layer1.0.conv4.weight", Some(vec![2, 2, 1, 1]))];
    fs::write(&path, altered("resnet_bottleneck.safetensors", &more)).unwrap();
    let config = ResidualConfig { stem_width: 4, widths: vec![2, 3], blocks: vec![1, 1], bottleneck: true };
    let mut network = ResidualNetwork::<Flex>::new(&config, 12, &FlexDevice);
    let message = format!("{:#}", pretrained::backbone(&path, &config, &mut network).unwrap_err());
    assert!(message.contains("more.safetensors") && message.contains("conv4"), "{message}");
}

#[test]
fn a_parameter_that_is_made_of_itself_is_refused() {
    let pickle = b"\x80\x02ctorch._utils\n_rebuild_parameter\n]q\x00Rq\x01h\x00h\x01a0.";
    assert!(refusal("cycle.pt", &archive(pickle)).is_some());
}

#[test]
fn references_that_repeat_without_end_are_refused() {
    // Dictionaries of 50 references to the one before, seven deep.
    let mut pickle = b"\x80\x02}q\x00".to_vec();
    for level in 0..7_u8 {
        pickle.extend(b"}(");
        for key in 0..50_u8 {
            pickle.extend([b'U', 1, b'0' + key, b'h', level]);
        }
        pickle.extend([b'u', b'q', level + 1]);
    }
    pickle.push(b'.');
    assert!(refusal("references.pt", &archive(&pickle)).is_some());
}

#[test]
fn no_damage_makes_it_panic() {
    for name in ["clip_huggingface.pt", "clip_huggingface.safetensors", "clip_openclip.pt"] {
        let whole = fs::read(fixture(name)).unwrap();
        for length in (0..whole.len()).step_by(211) {
            assert!(refusal(name, &whole[..length]).is_some(), "{name} cut to {length} bytes");
        }
        for place in (0..whole.len()).step_by(37) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0xff;
            // A number may be another and the file still sound.
            refusal(name, &bytes);
        }
    }
}
