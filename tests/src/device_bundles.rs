//! Bundles for comparing devices. Their weights are drawn, not trained: whether two devices compute the same does
//! not depend on what was learnt.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, anyhow};
use bmrl::{
    Bundle, FaceCrop, FaceMode, Generator, Manifest, SelfCheck, Taxonomy, TextTable, Tracer,
    model::{Classifier, MethodConfig},
};
use burn::module::Module;
use burn_flex::{Flex, FlexDevice};
use pollster::block_on;
use serde_json::Value;

use crate::{drawn_weights::DrawnWeights, fixtures::sample};

/// The presets that browsers run.
pub const PRESETS: [&str; 2] = ["nano", "web"];

/// Samples to compare on: a JPEG, a PNG, and a picture of three faces, which are computed in one batch.
pub const PICTURES: [&str; 3] = ["portrait-01.jpg", "portrait-09.png", "group.jpg"];

/// The SeetaFace model that every bundle carries.
const FACE_FINDER: &[u8] = include_bytes!("../../shared/assets/seeta_fd_frontal_v1.0.bin");

/// A bundle of the preset's network as `trainer export` makes it, with drawn weights.
///
/// # Errors
/// When there is no such preset, and when the bundle cannot be put together.
pub fn bundle(preset: &str) -> Result<Vec<u8>> {
    let config = MethodConfig::preset(preset).with_context(|| format!("no preset {preset}"))?.model;
    let taxonomy = Taxonomy::new(vec![
        Generator::new("StyleGAN1", "EFS", "GAN"),
        Generator::new("SD2.1", "EFS", "diffusion"),
        Generator::new("SimSwap", "FS", "autoencoder"),
    ]);
    let classifier = Classifier::<Flex>::new(&config, taxonomy.classes(), &FlexDevice);
    let mut bundle = Bundle {
        classifier: classifier.map(&mut DrawnWeights::choosing()).fold(),
        manifest: Manifest::new(&format!("drawn-{preset}"), "1", config.folded(), taxonomy),
        face_finder: FACE_FINDER.to_vec(),
        text: TextTable::default(),
    };
    // The stored vector is what the f16 weights give, so the bundle is written twice.
    let draft = Tracer::<Flex>::load(&bundle.write()?, &FlexDevice)?;
    let scores = block_on(draft.score(&[FaceCrop::self_check()])).map_err(anyhow::Error::msg)?;
    let score = scores.into_iter().next().ok_or_else(|| anyhow!("no score of the stored pattern"))?;
    bundle.manifest.self_check = SelfCheck { logits: score.logits };
    Ok(bundle.write()?)
}

/// Writes `PRESET.safetensors` for each of [`PRESETS`], and `embeddings.json`: by preset and picture, the faces of
/// [`PICTURES`] as the native CPU embeds them.
///
/// # Errors
/// As [`bundle`], and when a file cannot be written.
pub fn write(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut embeddings = BTreeMap::new();
    for preset in PRESETS {
        let bytes = bundle(preset)?;
        fs::write(folder.join(format!("{preset}.safetensors")), &bytes)?;
        let tracer = Tracer::<Flex>::load(&bytes, &FlexDevice)?;
        let mut faces = BTreeMap::<_, Value>::new();
        for picture in PICTURES {
            let found = block_on(tracer.embed(&sample(picture)?, FaceMode::Auto))?;
            faces.insert(picture, serde_json::to_value(found)?);
        }
        embeddings.insert(preset, faces);
    }
    fs::write(folder.join("embeddings.json"), serde_json::to_string(&embeddings)?)?;
    Ok(())
}
