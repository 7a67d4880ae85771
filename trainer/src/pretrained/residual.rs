//! A residual network in torchvision's names, which timm's share.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use bmrl::model::{ResidualConfig, ResidualNetwork};
use burn::tensor::backend::Backend;

use super::{apply, state_dict::StateDict};

/// Puts a file's weights into `network`, whose projection keeps what it has.
///
/// # Errors
/// When the file is no residual network, or of another shape than `config`; the message shows the table that would fit.
pub fn backbone<B: Backend>(
    path: &Path,
    config: &ResidualConfig,
    network: &mut ResidualNetwork<B>,
) -> Result<()> {
    let state = StateDict::read(path, "bn1.running_mean")?;
    fill(state, config, network)
        .with_context(|| format!("{} is not the residual network that is asked for", path.display()))
}

fn fill<B: Backend>(
    state: StateDict,
    config: &ResidualConfig,
    network: &mut ResidualNetwork<B>,
) -> Result<()> {
    let fitting = shape(&state);
    ensure!(
        fitting == *config,
        "its shape is not that of [model.encoder]; this one is:\n\n[model.encoder]\ntype = \"residual\"\n{}",
        toml::to_string(&fitting)?
    );
    let mut weights = Vec::new();
    let mut unknown = Vec::new();
    for (name, data) in state.into_rest() {
        match ours(&name) {
            Some(ours) => weights.push((ours, data)),
            // The classes that it was trained for, and how often a norm was updated.
            None if name.starts_with("fc.") || name.ends_with("num_batches_tracked") => {}
            None => unknown.push(name),
        }
    }
    ensure!(unknown.is_empty(), "it has more than a residual network: {unknown:?}");
    apply(network, weights, "project.")
}

/// `layer2.0.downsample.1.weight` to `layers.1.0.downsample_norm.gamma`.
fn ours(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    let (mut place, rest) = match parts[..] {
        [layer, block, ref rest @ ..] if layer.starts_with("layer") => {
            let number: usize = layer.strip_prefix("layer")?.parse().ok()?;
            (format!("layers.{}.{block}.", number.checked_sub(1)?), rest)
        }
        ref rest => (String::new(), rest),
    };
    let (module, parameter) = match rest {
        ["downsample", "0", parameter] => ("downsample_conv", parameter),
        ["downsample", "1", parameter] => ("downsample_norm", parameter),
        [module, parameter] if module.starts_with("conv") || module.starts_with("bn") => (*module, parameter),
        _ => return None,
    };
    let parameter = match *parameter {
        other if module.contains("conv") => (other == "weight").then_some("weight")?,
        "weight" => "gamma",
        "bias" => "beta",
        running @ ("running_mean" | "running_var") => running,
        _ => return None,
    };
    place.push_str(module);
    Some(format!("{place}.{parameter}"))
}

/// The configuration that the file has.
fn shape(state: &StateDict) -> ResidualConfig {
    let width = |name: &str| state.shape(name).first().copied().unwrap_or(0);
    let block = |stage: usize, index: usize| format!("layer{stage}.{index}.conv1.weight");
    let stages = (1..).take_while(|&stage| state.has(&block(stage, 0)));
    let (widths, blocks) = stages
        .map(|stage| {
            let blocks = (0..).take_while(|&index| state.has(&block(stage, index))).count();
            (width(&block(stage, 0)), blocks)
        })
        .unzip();
    ResidualConfig {
        stem_width: width("conv1.weight"),
        widths,
        blocks,
        bottleneck: state.has("layer1.0.conv3.weight"),
    }
}
