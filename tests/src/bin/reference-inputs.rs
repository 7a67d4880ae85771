//! Writes what the reference in `tests/reference` reads: configurations, weights, inputs, and what this program computes.

use std::{collections::HashMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use bmrl::{
    pixels,
    views::{PATCH_SIDE, homogeneity_of_patches, richest_patch, sobel_magnitude, srm_residual},
};
use bmrl_tests::{
    reference::{Case, Tensors, WITH_GRADIENTS, use_double_precision},
    view_images,
};
use burn::tensor::{DType, TensorData};
use burn_flex::{Flex, FlexDevice};
use clap::Parser;
use safetensors::{Dtype, tensor::TensorView};
use serde_json::json;
use trainer::checkpoint::write_weights;

#[derive(Parser)]
struct Arguments {
    /// Folder to write to
    out: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { out } = Arguments::parse();
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    use_double_precision()?;
    for preset in ["nano", "web", "paper"] {
        let case = Case::new(preset)?;
        let mut config = serde_json::to_value(&case.config)?;
        config["losses"] = serde_json::to_value(&case.losses)?;
        config["classes"] = case.taxonomy.classes().into();
        config["groups"] = json!(case.taxonomy.groups());
        fs::write(out.join(format!("{preset}.config.json")), serde_json::to_vec_pretty(&config)?)?;
        write_weights::<Flex>(&out.join(format!("{preset}.weights.safetensors")), &case.model(&FlexDevice))?;
        write(&out.join(format!("{preset}.inputs.safetensors")), &case.inputs)?;
        let results = case.compute(WITH_GRADIENTS.contains(&preset))?;
        write(&out.join(format!("{preset}.rust.safetensors")), &results)?;
        println!("{preset}: {} results", results.len());
    }
    views(&out)
}

/// The views' pictures, and the views of them.
fn views(out: &std::path::Path) -> Result<()> {
    let images = view_images::images();
    let rgb = pixels::<Flex>(images.iter(), &FlexDevice);
    let unit = rgb.clone().div_scalar(255.0);
    let (patch, chosen) = richest_patch(rgb.clone());
    let count = images.len();
    let bytes: Vec<u8> = images.iter().flat_map(planes).collect();
    let shape = [count, 3, 2 * PATCH_SIDE, 2 * PATCH_SIDE];
    write(
        &out.join("views.inputs.safetensors"),
        &Tensors::from([("images".into(), TensorData::new(bytes, shape))]),
    )?;
    let results = Tensors::from([
        ("homogeneity".into(), homogeneity_of_patches(rgb).into_data()),
        ("chosen".into(), chosen.into_data().convert::<i64>()),
        ("edge".into(), sobel_magnitude(unit).into_data()),
        ("noise".into(), srm_residual(patch.div_scalar(255.0)).into_data()),
    ]);
    write(&out.join("views.rust.safetensors"), &results)?;
    println!("views: {count} pictures");
    Ok(())
}

fn planes(image: &image::RgbImage) -> Vec<u8> {
    (0..3).flat_map(|channel| image.as_raw().iter().skip(channel).step_by(3).copied()).collect()
}

fn write(path: &std::path::Path, tensors: &Tensors) -> Result<()> {
    let views = tensors.iter().map(|(name, data)| {
        let dtype = match data.dtype {
            DType::F64 => Dtype::F64,
            DType::F32 => Dtype::F32,
            DType::I64 => Dtype::I64,
            DType::U8 => Dtype::U8,
            other => anyhow::bail!("{name} is {other:?}"),
        };
        Ok((name.clone(), TensorView::new(dtype, data.shape.to_vec(), data.as_bytes())?))
    });
    let views: HashMap<_, _> = views.collect::<Result<_>>()?;
    safetensors::serialize_to_file(views, None, path)
        .with_context(|| format!("cannot write {}", path.display()))
}
