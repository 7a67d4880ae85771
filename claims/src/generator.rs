//! Which image generator the text of a file names, by the forms in which the known programs write.
//!
//! Only the program, the model and the seed are read; the text itself is shown whole. Where several speak, the one that
//! says most comes first.

use crate::Claim;

/// What was recognised.
#[derive(Debug, Default)]
pub struct Told {
    pub generator: Option<String>,
    pub model: Option<String>,
    pub seed: Option<String>,
}

/// Programs that name themselves as the software, the creator's tool or the credit.
const NAMES: &[&str] = &[
    "Adobe Firefly",
    "Bing Image Creator",
    "Black Forest Labs",
    "ChatGPT",
    "ComfyUI",
    "Craiyon",
    "DALL·E",
    "DALL-E",
    "Draw Things",
    "DreamStudio",
    "Fooocus",
    "Gemini",
    "Google AI",
    "GPT-4o",
    "Ideogram",
    "Imagen",
    "InvokeAI",
    "Leonardo.Ai",
    "Midjourney",
    "NovelAI",
    "OpenAI",
    "SD.Next",
    "Stable Diffusion",
    "SwarmUI",
];

/// Where a program says what it is.
const NAME_FIELDS: &[&str] =
    &["Software", "Make", "xmp:CreatorTool", "photoshop:Credit", "IPTC Credit Line", "IPTC Program"];

/// Looks through all that a file says.
pub fn recognise(text: &[Claim], exif: &[Claim], description: &[Claim]) -> Told {
    let all = || text.iter().chain(exif).chain(description);
    // ComfyUI's graph has the model, its workflow need not: all claims are asked, and the first whole answer counts.
    let mut told = all().filter_map(|claim| by_form(claim, text)).max_by_key(said).unwrap_or_default();
    if told.generator.is_none() {
        told.generator = all().find_map(system_used).or_else(|| all().find_map(by_name));
    }
    if let Some("Black Forest Labs") = told.generator.as_deref() {
        told.model = exif.iter().find(|claim| claim.name == "Model").map(|claim| claim.value.clone());
    }
    told
}

/// How much was told; for `max_by_key`, which prefers the last of equals, so ties do not matter.
fn said(told: &Told) -> usize {
    usize::from(told.model.is_some()) + usize::from(told.seed.is_some())
}

/// By the form of the text.
fn by_form(claim: &Claim, text: &[Claim]) -> Option<Told> {
    let value = claim.value.trim_start();
    match claim.name.as_str() {
        "invokeai_metadata" | "sd-metadata" | "invokeai_graph" => Some(Told {
            generator: Some("InvokeAI".to_owned()),
            model: json_field(value, "model_name")
                .or_else(|| json_field(value, "model_weights"))
                .or_else(|| value.find("\"model\"").and_then(|at| json_field(&value[at..], "name"))),
            seed: json_field(value, "seed"),
        }),
        "Dream" if value.contains(" -S") => Some(Told {
            generator: Some("InvokeAI".to_owned()),
            seed: value.split(" -S").nth(1).and_then(|rest| digits(rest.trim_start())),
            ..Told::default()
        }),
        "Comment" if is_novelai(text) => Some(Told {
            generator: Some("NovelAI".to_owned()),
            model: named(text, "Source"),
            seed: json_field(value, "seed"),
        }),
        "Description" | "dc:description" | "ImageDescription" if is_midjourney(value) => {
            Some(Told { generator: Some("Midjourney".to_owned()), ..Told::default() })
        }
        "use_stable_diffusion_model" => Some(Told {
            generator: Some("Easy Diffusion".to_owned()),
            model: Some(value.to_owned()),
            seed: named(text, "seed"),
        }),
        _ if value.contains("\"sui_image_params\"") => Some(Told {
            generator: Some("SwarmUI".to_owned()),
            model: json_field(value, "model"),
            seed: json_field(value, "seed"),
        }),
        _ if value.contains("\"class_type\"") || is_workflow(&claim.name, value) => Some(Told {
            generator: Some("ComfyUI".to_owned()),
            model: ["ckpt_name", "unet_name", "model_name"].iter().find_map(|key| json_field(value, key)),
            seed: json_field(value, "seed").or_else(|| json_field(value, "noise_seed")),
        }),
        "parameters" | "UserComment" if value.contains("\"base_model\"") => Some(Told {
            generator: Some("Fooocus".to_owned()),
            model: json_field(value, "base_model"),
            seed: json_field(value, "seed"),
        }),
        _ => web_ui(value),
    }
}

/// The line `Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Model: name, Version: v1.6.0` of AUTOMATIC1111's web UI, which
/// many others write too.
fn web_ui(value: &str) -> Option<Told> {
    let line = &value[value.rfind("Steps: ")?..];
    let (sampler, seed) = (setting(line, "Sampler"), setting(line, "Seed"));
    if sampler.is_none() || seed.is_none() {
        return None;
    }
    let version = setting(line, "Version").unwrap_or_default();
    let program = match setting(line, "App").as_deref() {
        Some("SD.Next") => "SD.Next",
        _ if version.starts_with("Fooocus") => "Fooocus",
        _ if version.starts_with("ComfyUI") => "ComfyUI",
        _ => "Stable Diffusion web UI",
    };
    Some(Told { generator: Some(program.to_owned()), model: setting(line, "Model"), seed })
}

/// The value after `name: `, up to the next comma or the end of the line.
fn setting(line: &str, name: &str) -> Option<String> {
    let key = format!("{name}: ");
    let at = line.match_indices(&key).map(|(at, _)| at).find(|&at| at == 0 || line[..at].ends_with(", "))?;
    let value = line[at + key.len()..].split([',', '\n']).next()?.trim();
    (!value.is_empty()).then(|| shortened(value))
}

fn is_workflow(name: &str, value: &str) -> bool {
    let value = value.strip_prefix("workflow:").unwrap_or(value).trim_start();
    (name == "workflow" || name == "Make" || name == "ImageDescription")
        && value.starts_with('{')
        && value.contains("\"nodes\"")
        && value.contains("\"links\"")
}

fn is_novelai(text: &[Claim]) -> bool {
    named(text, "Software").is_some_and(|name| name == "NovelAI")
}

/// `prompt --v 6.0 Job ID: 01234567-89ab-cdef-0123-456789abcdef`
fn is_midjourney(value: &str) -> bool {
    let Some((_, id)) = value.rsplit_once("Job ID: ") else { return false };
    let id = id.trim();
    id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// IPTC's own property for it, of 2025.
fn system_used(claim: &Claim) -> Option<String> {
    (claim.name.rsplit(':').next() == Some("AISystemUsed")).then(|| shortened(&claim.value))
}

fn by_name(claim: &Claim) -> Option<String> {
    if !NAME_FIELDS.contains(&claim.name.as_str()) {
        return None;
    }
    let value = claim.value.to_lowercase();
    NAMES.iter().find(|name| value.contains(&name.to_lowercase())).map(|&name| name.to_owned())
}

fn named(claims: &[Claim], name: &str) -> Option<String> {
    claims.iter().find(|claim| claim.name == name).map(|claim| shortened(&claim.value))
}

/// The first text or number under `key`, wherever it stands. Not through a JSON parser: the text may be cut off, and what a graph
/// links to another node is an array and passed over.
fn json_field(text: &str, key: &str) -> Option<String> {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).find_map(|(at, _)| {
        let value = text[at + quoted.len()..].trim_start().strip_prefix(':')?.trim_start();
        match value.strip_prefix('"') {
            Some(inner) => string(inner),
            None => digits(value),
        }
    })
}

/// The text up to the closing quote; only the two escapes that names of files need are undone.
fn string(inner: &str) -> Option<String> {
    let mut escaped = false;
    let end = inner.find(|character| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes
    })?;
    let value = shortened(&inner[..end]).replace("\\\\", "\\").replace("\\\"", "\"");
    (!value.is_empty()).then_some(value)
}

fn digits(text: &str) -> Option<String> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    (1..=40).contains(&end).then(|| text[..end].to_owned())
}

fn shortened(value: &str) -> String {
    crate::text::cut(value.trim(), crate::limits::CREDENTIAL).0.to_owned()
}
