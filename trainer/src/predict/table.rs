//! Verdicts as CSV: a row per face, and one for a picture without any.

use anyhow::{Context, Result};
use bmrl::{FaceVerdict, Verdict};

/// The columns, in order.
pub const COLUMNS: [&str; 29] = [
    "path",
    "error",
    "width",
    "height",
    "format",
    "sha256",
    "faces",
    "face",
    "x",
    "y",
    "box_width",
    "box_height",
    "face_score",
    "real",
    "fake",
    "authenticity",
    "forgery",
    "forgery_probability",
    "family",
    "family_probability",
    "generator",
    "generator_probability",
    "nearest",
    "reliability",
    "backend",
    "milliseconds",
    "model",
    "version",
    "model_sha256",
];

/// The first line.
pub fn header() -> String {
    format!("{}\n", COLUMNS.join(","))
}

/// The rows of a verdict, each ended by a line feed.
///
/// # Errors
/// Never for want of memory; the writer has no other cause.
pub fn rows(verdict: &Verdict) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if verdict.faces.is_empty() {
        writer.write_record(row(verdict, None))?;
    }
    for face in verdict.faces.iter().enumerate() {
        writer.write_record(row(verdict, Some(face)))?;
    }
    let bytes = writer.into_inner().context("cannot make a row")?;
    Ok(String::from_utf8(bytes)?)
}

fn row(verdict: &Verdict, face: Option<(usize, &FaceVerdict)>) -> [String; COLUMNS.len()] {
    let mut row: [String; COLUMNS.len()] = Default::default();
    let mut put = |column: &str, value: String| {
        if let Some(index) = COLUMNS.iter().position(|known| *known == column) {
            row[index] = value;
        }
    };
    put("path", verdict.path.clone().unwrap_or_default());
    put("error", verdict.error.clone().unwrap_or_default());
    if let Some(image) = &verdict.image {
        put("width", image.width.to_string());
        put("height", image.height.to_string());
        put("format", image.format.clone());
        put("sha256", image.sha256.clone());
    }
    put("faces", verdict.faces.len().to_string());
    if let Some((index, face)) = face {
        put("face", (index + 1).to_string());
        for (column, value) in ["x", "y", "box_width", "box_height"].into_iter().zip(face.area) {
            put(column, value.to_string());
        }
        let share = |value: f64| format!("{value:.6}");
        put("face_score", share(face.score.into()));
        put("real", share(face.authenticity.real));
        put("fake", share(face.authenticity.fake));
        put("authenticity", face.answer.authenticity.clone());
        let levels = [
            (["forgery", "forgery_probability"], &face.answer.forgery, &face.forgery),
            (["family", "family_probability"], &face.answer.family, &face.family),
            (["generator", "generator_probability"], &face.answer.generator, &face.generator),
        ];
        for ([word, probability], answer, level) in levels {
            let Some(answer) = answer else { continue };
            put(word, answer.clone());
            if let Some((_, p)) = level.top() {
                put(probability, share(p));
            }
        }
        put("nearest", face.answer.nearest.clone().unwrap_or_default());
        put("reliability", face.reliability.as_ref().map_or_else(String::new, |one| share(one.authenticity)));
    }
    put("backend", verdict.backend.clone());
    put("milliseconds", format!("{:.3}", verdict.milliseconds));
    put("model", verdict.model.name.clone());
    put("version", verdict.model.version.clone());
    put("model_sha256", verdict.model.sha256.clone());
    row
}
