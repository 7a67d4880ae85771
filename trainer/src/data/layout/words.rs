//! What the names of folders and videos tell.

use crate::data::{
    item::Split,
    levels::{Levels, key},
};

/// A split: `train`, `DF40_train`, `test` and their like.
pub fn split(name: &str) -> Option<Split> {
    let last = name.rsplit(['_', '-', ' ']).next().unwrap_or(name);
    Split::from_word(name).or_else(|| Split::from_word(last).filter(|_| last.len() < name.len()))
}

/// L2 from a folder that is named for a forgery type.
pub fn forgery(name: &str) -> Option<&'static str> {
    match &*key(name) {
        "efs" | "entirefacesynthesis" | "entirefacesyncthesis" | "entiresynthesis" => Some("EFS"),
        "am" | "fe" | "attributemanipulation" | "attributeediting" | "faceedit" | "faceediting" => Some("AM"),
        "fs" | "identityswap" | "faceswapping" => Some("FS"),
        "fr" | "facereenactment" | "expressiontransfer" | "reenactment" => Some("FR"),
        _ => None,
    }
}

/// L3 from a folder that is named for a family.
pub fn family(name: &str) -> Option<&'static str> {
    match &*key(name) {
        "gan" | "gans" | "ganbased" => Some("GAN"),
        "diffusion" | "dm" | "diffusionbased" | "diffusionmodels" => Some("diffusion"),
        "vae" | "vaes" => Some("VAE"),
        "autoencoder" | "ae" => Some("autoencoder"),
        "flow" => Some("flow"),
        "autoregressive" => Some("autoregressive"),
        "graphics" => Some("graphics"),
        _ => None,
    }
}

/// Words for real faces.
const REAL: [&str; 10] = [
    "real",
    "reals",
    "realface",
    "realfaces",
    "realimages",
    "nature",
    "original",
    "originals",
    "pristine",
    "genuine",
];

/// Words for faces that are not real, and no more than that.
const FAKE: [&str; 9] =
    ["fake", "fakes", "fakeface", "fakefaces", "fakeimages", "ai", "manipulated", "synthetic", "deepfake"];

/// Whether a folder or a label says that its faces are real.
pub fn is_real(name: &str) -> bool {
    REAL.contains(&&*bare(name))
}

/// Whether a folder or a label says only that its faces are not.
pub fn is_fake(name: &str) -> bool {
    FAKE.contains(&&*bare(name))
}

/// A name without its split and its number: `training_real` and `0_real` are `real`.
fn bare(name: &str) -> String {
    let words = name.split(['_', '-', ' ']);
    let told =
        |word: &&str| Split::from_word(word).is_none() && !word.bytes().all(|byte| byte.is_ascii_digit());
    words.filter(told).map(key).collect()
}

/// The nearest folder that is named for a known generator.
pub fn generator(folders: &[String], levels: &Levels) -> Option<String> {
    folders.iter().rev().find(|name| levels.get(name).is_some()).cloned()
}

/// The people or videos in a name: `000_003` (FaceForensics++, target and source), `id0_id16_0003` and `id0_0003`
/// (Celeb-DF), `01_02__scene__CODE` and `01__scene` (DeepFakeDetection, two actors).
pub fn groups(video: &str) -> Vec<String> {
    let digits =
        |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((actors, _)) = video.split_once("__") {
        let actors: Vec<&str> = actors.split('_').collect();
        if actors.iter().all(|part| digits(part, 2)) {
            return actors.iter().map(|actor| format!("dfd:{actor}")).collect();
        }
    }
    let parts: Vec<&str> = video.split(['_', '-']).collect();
    let person = |part: &&&str| {
        part.strip_prefix("id").is_some_and(|rest| !rest.is_empty() && digits(rest, rest.len()))
    };
    let people: Vec<String> =
        parts.iter().take_while(person).map(|person| format!("celeb-df:{person}")).collect();
    if !people.is_empty() {
        return people;
    }
    let videos = parts.iter().take(2).take_while(|part| digits(part, 3));
    videos.map(|video| format!("ff:{video}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_swap_are_found_in_its_name() {
        assert_eq!(groups("000_003"), ["ff:000", "ff:003"]);
        assert_eq!(groups("071"), ["ff:071"]);
        assert_eq!(groups("071_0012"), ["ff:071"]);
        assert_eq!(groups("id0_id16_0003"), ["celeb-df:id0", "celeb-df:id16"]);
        assert_eq!(groups("id3_0003"), ["celeb-df:id3"]);
        assert_eq!(groups("01_02__walking__YVGY8LOK"), ["dfd:01", "dfd:02"]);
        assert_eq!(groups("03__walking"), ["dfd:03"]);
        for name in ["frames", "000123", "seed0001", "idea_001", ""] {
            assert!(groups(name).is_empty(), "{name}");
        }
    }

    #[test]
    fn real_and_fake_are_known_with_a_split_or_a_number_before_them() {
        for name in ["real", "Real", "training_real", "0_real", "nature", "real-images"] {
            assert!(is_real(name) && !is_fake(name), "{name}");
        }
        for name in ["fake", "FAKE", "training_fake", "1_fake", "ai"] {
            assert!(is_fake(name) && !is_real(name), "{name}");
        }
        for name in ["StyleGAN2", "realesrgan", "0", "1", "fakeapp"] {
            assert!(!is_fake(name) && !is_real(name), "{name}");
        }
    }

    #[test]
    fn splits_are_found_in_the_names_of_folders() {
        assert_eq!(split("DF40_train"), Some(Split::Train));
        assert_eq!(split("Validation"), Some(Split::Val));
        assert_eq!(split("test"), Some(Split::TestSeen));
        assert_eq!(split("latest"), None);
        assert_eq!(split("StyleGAN2"), None);
    }
}
