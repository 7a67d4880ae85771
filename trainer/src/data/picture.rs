//! One picture of a data set: read, its face found, cut and written.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};
use bmrl::{FaceCrop, FaceFinder, Picture, Square};
use clap::ValueEnum;
use image::{RgbImage, imageops};
use image_hasher::{HashAlg, HasherConfig};
use serde::{Deserialize, Serialize};

use super::{
    item::Item,
    near::Hash,
    quantiser::luma_steps,
    skip::{Reason, Skip},
};

/// Longest side of the native crop, in pixels: a larger face is cut to its middle and gets a whole-face view.
pub const LARGEST: u32 = 512;

/// Most bytes of a file that is opened.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Side of the picture that the perceptual hash looks at; more detail than it can use.
const HASH_SIDE: u32 = 64;

/// Where the faces are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Faces {
    /// Find faces and cut the largest with margin, as the tracer does.
    Auto,
    /// Each picture is a face crop.
    Whole,
}

/// How pictures are taken in.
pub struct Intake {
    /// Folder that is written to.
    pub out: PathBuf,
    /// Where the faces are.
    pub faces: Faces,
    /// Leave face crops where they are instead of copying them.
    pub in_place: bool,
    /// Finds faces.
    pub finder: FaceFinder,
}

/// By what a file is known again: its length and when it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    changed: u128,
}

impl Stamp {
    /// Of a file; `None` when there is none.
    pub fn of(path: &Path) -> Option<Self> {
        let about = fs::metadata(path).ok()?;
        let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        Some(Self { bytes: about.len(), changed })
    }
}

/// What is known of a picture that was taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The native crop, from the folder that is written to, or a whole path.
    pub file: String,
    /// The whole face, where the native crop is a part of it; else empty.
    pub face_view: String,
    /// Of the file's bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Of the face.
    pub hash: Hash,
    /// Of the upright picture, in pixels.
    pub width: u32,
    /// Of the upright picture, in pixels.
    pub height: u32,
    /// Of the file.
    pub bytes: u64,
    /// `jpeg`, `png`, `webp`, `gif` or `bmp`.
    pub format: String,
    /// See [`luma_steps`].
    pub quantiser: Option<u32>,
    /// The longer side of the face box, in pixels; `None` where no face was looked for.
    pub face_px: Option<u32>,
    /// How many faces were found.
    pub faces: usize,
}

impl Intake {
    /// Takes in one picture. The outer error is one of writing, which must not pass for a bad picture.
    pub fn take(&self, item: &Item) -> Result<Result<Facts, Skip>> {
        match self.read(&item.path) {
            Ok((bytes, picture)) => self.keep(item, &bytes, &picture),
            Err((reason, detail)) => Ok(Err(Skip::new(item.path.clone(), reason, detail))),
        }
    }

    fn read(&self, path: &Path) -> Result<(Vec<u8>, Picture), (Reason, String)> {
        let unread = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => (Reason::Missing, "no such file".to_string()),
            _ => (Reason::Unreadable, error.to_string()),
        };
        if path.to_str().is_none() {
            return Err((Reason::Unreadable, "its name is not valid UTF-8; rename it".into()));
        }
        let about = fs::metadata(path).map_err(unread)?;
        if !about.is_file() {
            return Err((Reason::Unreadable, "not a file".into()));
        }
        if about.len() > MOST_BYTES {
            return Err((Reason::Enormous, format!("{} bytes; at most {MOST_BYTES} are read", about.len())));
        }
        let bytes = fs::read(path).map_err(unread)?;
        let picture = bmrl::decode(&bytes).map_err(|error| (Reason::from(&error), error.to_string()))?;
        Ok((bytes, picture))
    }

    fn keep(&self, item: &Item, bytes: &[u8], picture: &Picture) -> Result<Result<Facts, Skip>> {
        let size = picture.pixels.dimensions();
        let (square, face_px, faces) = match self.faces {
            Faces::Whole => (Square::whole(size), None, 1),
            Faces::Auto => {
                let found = self.finder.find(&picture.pixels);
                let Some(face) = found.iter().max_by_key(|face| face.width * face.height) else {
                    let detail = "no upright face found; for a set of face crops use --faces whole";
                    return Ok(Err(Skip::new(item.path.clone(), Reason::NoFace, detail)));
                };
                let longer = face.width.max(face.height).unsigned_abs();
                (Square::around(size, face), Some(longer), found.len())
            }
        };
        let pixels = square.cut(&picture.pixels);
        let (file, face_view) = self.store(item, bytes, picture, &pixels)?;
        Ok(Ok(Facts {
            file,
            face_view,
            sha256: picture.sha256.clone(),
            hash: perceptual_hash(&pixels),
            width: size.0,
            height: size.1,
            bytes: bytes.len() as u64,
            format: picture.format.into(),
            quantiser: luma_steps(bytes).filter(|_| picture.format == "jpeg"),
            face_px,
            faces,
        }))
    }

    /// Writes the native crop, and the whole face where that is only part of it; answers their names.
    fn store(
        &self,
        item: &Item,
        bytes: &[u8],
        picture: &Picture,
        square: &RgbImage,
    ) -> Result<(String, String)> {
        if self.in_place {
            let whole = |path: &Path| -> Result<String> {
                let path = path.canonicalize().with_context(|| path.display().to_string())?;
                Ok(path.display().to_string())
            };
            let view = item.face_view.as_deref().filter(|path| path.is_file()).map(whole).transpose()?;
            return Ok((whole(&item.path)?, view.unwrap_or_default()));
        }
        let name = &picture.sha256[..20];
        let kind = if self.faces == Faces::Whole { "" } else { "-face" };
        let place = |folder: &str, ending: &str| format!("{folder}/{}/{name}{kind}.{ending}", &name[..2]);
        let (width, height) = picture.pixels.dimensions();
        let small = width.max(height) <= LARGEST && ["jpeg", "png", "webp"].contains(&picture.format);
        if self.faces == Faces::Whole && small {
            let file = place("native", if picture.format == "jpeg" { "jpg" } else { picture.format });
            self.write(&file, bytes)?;
            let view = item.face_view.as_deref().and_then(|path| Some((path, fs::read(path).ok()?)));
            // A view that cannot be read is none: the native crop stands for the face.
            let view = view.filter(|(_, bytes)| bmrl::decode(bytes).is_ok());
            let Some((path, bytes)) = view else {
                return Ok((file, String::new()));
            };
            let ending = path.extension().map_or_else(|| "png".into(), |ending| ending.to_string_lossy());
            let face_view = place("face", &ending);
            self.write(&face_view, &bytes)?;
            return Ok((file, face_view));
        }
        let file = place("native", "png");
        let side = square.width();
        if side <= LARGEST {
            self.write(&file, &png(square)?)?;
            return Ok((file, String::new()));
        }
        self.write(&file, &png(&Square::centred((side, side), LARGEST).cut(square))?)?;
        let face_view = place("face", "png");
        self.write(&face_view, &png(&FaceCrop::from_square(square).face)?)?;
        Ok((file, face_view))
    }

    /// Whole or not at all, however many threads write the same picture.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        static WRITTEN: AtomicUsize = AtomicUsize::new(0);
        let path = self.out.join(name);
        let folder = path.parent().unwrap_or(&self.out);
        let part = folder.join(format!("part.{}", WRITTEN.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&part, bytes))
            .and_then(|()| fs::rename(&part, &path))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// A hash that stays nearly the same when a picture is resized, re-encoded or a little edited: which of the low
/// frequencies of its brightness lie above their median.
fn perceptual_hash(picture: &RgbImage) -> Hash {
    let small = imageops::thumbnail(picture, HASH_SIDE, HASH_SIDE);
    let config = HasherConfig::with_bytes_type::<[u8; Hash::BYTES]>();
    let config = config.hash_size(Hash::SIDE, Hash::SIDE).hash_alg(HashAlg::Median).preproc_dct();
    let mut bytes = [0; Hash::BYTES];
    bytes.copy_from_slice(config.to_hasher().hash_image(&small).as_bytes());
    Hash(bytes)
}
