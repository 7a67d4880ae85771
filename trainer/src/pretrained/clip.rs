//! CLIP's text tower (Radford et al. 2021, arXiv 2103.00020), in OpenAI's and OpenCLIP's names or in Hugging Face's.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use bmrl::model::{LEVELS, LanguageConfig, LanguageEncoder};
use burn::tensor::{TensorData, backend::Backend};

use super::{apply, state_dict::StateDict};

/// Width of each of CLIP's heads, which the file does not say.
const HEAD: usize = 64;

/// What the tensors are called.
struct Names {
    tokens: &'static str,
    positions: &'static str,
    /// Before a block's number.
    block: &'static str,
    norms: [&'static str; 2],
    mlp: [&'static str; 2],
    output: &'static str,
    norm: &'static str,
}

const OPENAI: Names = Names {
    tokens: "token_embedding.weight",
    positions: "positional_embedding",
    block: "transformer.resblocks",
    norms: ["ln_1", "ln_2"],
    mlp: ["mlp.c_fc", "mlp.c_proj"],
    output: "attn.out_proj",
    norm: "ln_final",
};

const HUGGING_FACE: Names = Names {
    tokens: "text_model.embeddings.token_embedding.weight",
    positions: "text_model.embeddings.position_embedding.weight",
    block: "text_model.encoder.layers",
    norms: ["layer_norm1", "layer_norm2"],
    mlp: ["mlp.fc1", "mlp.fc2"],
    output: "self_attn.out_proj",
    norm: "text_model.final_layer_norm",
};

/// The language encoder of a CLIP file, for embeddings of `width`, and whether the file's projection was taken: only
/// where it projects to that width.
///
/// CLIP has one run of positions, a chain of prompts four: its first `context` positions are repeated for each.
///
/// # Errors
/// When the file is none of CLIP, or of another shape than `config`; the message shows the table that would fit.
pub fn language<B: Backend>(
    path: &Path,
    config: &LanguageConfig,
    width: usize,
    device: &B::Device,
) -> Result<(LanguageEncoder<B>, bool)> {
    let (names, mut state) = match StateDict::read(path, HUGGING_FACE.tokens) {
        Ok(state) => (&HUGGING_FACE, state),
        Err(_) => (&OPENAI, StateDict::read(path, OPENAI.tokens)?),
    };
    let mut encoder = LanguageEncoder::new(config, width, device);
    let projected = fill(&mut encoder, names, &mut state, config, width)
        .with_context(|| format!("{} is not the text tower that is asked for", path.display()))?;
    Ok((encoder, projected))
}

fn fill<B: Backend>(
    encoder: &mut LanguageEncoder<B>,
    names: &Names,
    state: &mut StateDict,
    config: &LanguageConfig,
    width: usize,
) -> Result<bool> {
    let fitting = shape(names, state, config.context)?;
    ensure!(
        fitting == *config,
        "its shape is not that of [language]; this one is:\n\n[language]\n{}",
        toml::to_string(&fitting)?
    );
    let mut weights = vec![("tokens.weight".into(), state.take(names.tokens)?)];
    let positions = numbers(&state.take(names.positions)?)?;
    let first = &positions[..config.context * config.width];
    weights.push((
        "positions".into(),
        TensorData::new(first.repeat(LEVELS), [1, LEVELS * config.context, config.width]),
    ));
    for index in 0..config.layers {
        let theirs = |name: &str| format!("{}.{index}.{name}", names.block);
        let ours = |name: &str| format!("blocks.{index}.{name}");
        for (norm, name) in names.norms.into_iter().zip(["attention_norm", "mlp_norm"]) {
            weights.push((ours(&format!("{name}.gamma")), state.take(&theirs(&format!("{norm}.weight")))?));
            weights.push((ours(&format!("{name}.beta")), state.take(&theirs(&format!("{norm}.bias")))?));
        }
        let linears =
            [(names.mlp[0], "expand"), (names.mlp[1], "contract"), (names.output, "attention.output")];
        for (linear, name) in linears {
            let weight = state.take(&theirs(&format!("{linear}.weight")))?;
            weights.push((ours(&format!("{name}.weight")), transposed(&weight)?));
            weights.push((ours(&format!("{name}.bias")), state.take(&theirs(&format!("{linear}.bias")))?));
        }
        for (name, weight, bias) in query_key_value(state, &theirs)? {
            weights.push((ours(&format!("attention.{name}.weight")), transposed(&weight)?));
            weights.push((ours(&format!("attention.{name}.bias")), bias));
        }
    }
    weights.push(("norm.gamma".into(), state.take(&format!("{}.weight", names.norm))?));
    weights.push(("norm.beta".into(), state.take(&format!("{}.bias", names.norm))?));
    // OpenAI's is a matrix [width, embedding], Hugging Face's a linear layer.
    let projection = match state.take("text_projection") {
        Ok(matrix) => Some(matrix),
        Err(_) => state.take("text_projection.weight").ok().map(|weight| transposed(&weight)).transpose()?,
    };
    let projection = projection.filter(|matrix| matrix.shape.to_vec() == [config.width, width]);
    let projected = projection.is_some();
    weights.extend(projection.map(|matrix| ("projection.weight".into(), matrix)));
    // Something more within a block computes something else.
    let more = state.names().find(|name| name.starts_with(names.block));
    ensure!(more.is_none(), "it has more than a CLIP text tower: {more:?}");
    apply(encoder, weights, "projection.")?;
    Ok(projected)
}

/// The configuration that the file has, its context as long as asked for or as it is.
fn shape(names: &Names, state: &StateDict, context: usize) -> Result<LanguageConfig> {
    let (tokens, positions) = (state.shape(names.tokens), state.shape(names.positions));
    let expanding = state.shape(&format!("{}.0.{}.weight", names.block, names.mlp[0]));
    let ([vocabulary, width], [length, wide], [mlp, _]) = (&tokens[..], &positions[..], &expanding[..])
    else {
        anyhow::bail!("its token, position or MLP tables are missing or no matrices");
    };
    ensure!(wide == width, "its positions are {wide} wide, its tokens {width}");
    let block = |index: usize| format!("{}.{index}.{}.weight", names.block, names.norms[0]);
    Ok(LanguageConfig {
        vocabulary: *vocabulary,
        context: context.min(*length),
        layers: (0..).take_while(|&index| state.has(&block(index))).count(),
        width: *width,
        heads: (width / HEAD).max(1),
        mlp: *mlp,
    })
}

/// Weight and bias of query, key and value, `[out, in]`, fused in one matrix or apart.
fn query_key_value(
    state: &mut StateDict,
    theirs: &impl Fn(&str) -> String,
) -> Result<Vec<(&'static str, TensorData, TensorData)>> {
    let parts = ["query", "key", "value"];
    let fused = theirs("attn.in_proj_weight");
    if !state.has(&fused) {
        let mut take =
            |part: &str, end: &str| state.take(&theirs(&format!("self_attn.{}_proj.{end}", &part[..1])));
        return parts
            .into_iter()
            .map(|part| Ok((part, take(part, "weight")?, take(part, "bias")?)))
            .collect();
    }
    let (weight, bias) = (state.take(&fused)?, state.take(&theirs("attn.in_proj_bias"))?);
    let [rows, width] = weight.shape.to_vec()[..] else { anyhow::bail!("{fused} is no matrix") };
    let (weight, bias) = (numbers(&weight)?, numbers(&bias)?);
    ensure!(width > 0 && rows == 3 * width && bias.len() == rows, "{fused} is not three square matrices");
    let pairs = weight.chunks(width * width).zip(bias.chunks(width));
    let split = parts.into_iter().zip(pairs).map(|(part, (weight, bias))| {
        (part, TensorData::new(weight.to_vec(), [width, width]), TensorData::new(bias.to_vec(), [width]))
    });
    Ok(split.collect())
}

/// PyTorch's `[out, in]` to Burn's `[in, out]`.
fn transposed(matrix: &TensorData) -> Result<TensorData> {
    let [rows, columns] = matrix.shape.to_vec()[..] else {
        anyhow::bail!("a linear layer's weight has the shape {:?}", matrix.shape)
    };
    let values = numbers(matrix)?;
    let turned = (0..rows * columns).map(|index| values[index % rows * columns + index / rows]).collect();
    Ok(TensorData::new::<f32, _>(turned, [columns, rows]))
}

fn numbers(data: &TensorData) -> Result<Vec<f32>> {
    data.to_vec::<f32>().map_err(|error| anyhow::anyhow!("{error:?}"))
}
