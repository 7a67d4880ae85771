//! A verdict in words, for a person.

use bmrl::{FaceVerdict, Verdict};

/// A line per face.
pub fn sentence(verdict: &Verdict) -> String {
    let path = verdict.path.as_deref().unwrap_or("-");
    if let Some(error) = &verdict.error {
        return format!("{path}: {error}");
    }
    if verdict.faces.is_empty() {
        return format!("{path}: no face found; for a picture that is a face crop use --faces whole");
    }
    let lines: Vec<String> = verdict.faces.iter().map(|face| format!("{path}: {}", words(face))).collect();
    lines.join("\n")
}

fn words(face: &FaceVerdict) -> String {
    let [x, y, width, height] = face.area;
    let answer = &face.answer;
    let share = |p: f64| format!("{:.0} %", p * 100.0);
    let likeliest = face.authenticity.real.max(face.authenticity.fake);
    let mut text = format!("face {x},{y} {width}x{height}: {} ({})", answer.authenticity, share(likeliest));
    let levels = [
        ("forgery", &answer.forgery, &face.forgery),
        ("family", &answer.family, &face.family),
        ("generator", &answer.generator, &face.generator),
    ];
    for (level, word, distribution) in levels {
        if let Some(word) = word {
            let p = distribution
                .0
                .iter()
                .find(|(name, _)| name == word)
                .map(|(_, p)| format!(" ({})", share(*p)));
            text.push_str(&format!(", {level} {word}{}", p.unwrap_or_default()));
        }
    }
    if let Some(nearest) = &answer.nearest {
        text.push_str(&format!(", nearest {nearest}"));
    }
    text
}
