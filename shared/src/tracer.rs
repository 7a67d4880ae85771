//! The tracing experience: a picture's bytes to a verdict.

use burn::tensor::backend::Backend;
use serde::Serialize;

use crate::{
    bundle::{Bundle, BundleError, Manifest},
    crop::{FaceCrop, FaceTensors},
    decode::{DecodeError, Picture, decode, hex_sha256},
    face::{FaceBox, FaceFinder},
    model::{Classifier, ClassifierOutput},
    score::{Score, TextTable},
    verdict::{FaceVerdict, ImageInfo, Verdict, VerdictReliability},
};

/// Faces computed at once; more of them go one batch after another.
const BATCH: usize = 8;

/// Largest difference of a logit from the stored vector that a device may show.
const SELF_CHECK_TOLERANCE: f32 = 1e-3;

/// Where the faces are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FaceMode {
    /// Find them, and crop each with margin.
    #[default]
    Auto,
    /// The whole picture is a face crop.
    Whole,
}

/// Which model answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelInfo {
    /// Name of the model.
    pub name: String,
    /// Version of the model.
    pub version: String,
    /// SHA-256 of the bundle file.
    pub sha256: String,
}

/// One face and what the network makes of it, for comparing it with others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaceEmbedding {
    /// Left, top, width, height in pixels of the upright picture.
    #[serde(rename = "box")]
    pub area: [i32; 4],
    /// L2-normalised, `[width]`: the product of two is the cosine of the angle between them.
    pub embedding: Vec<f32>,
}

/// Why there is nothing to say of a picture's faces.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The picture cannot be read.
    #[error(transparent)]
    Picture(#[from] DecodeError),
    /// The device gave no answer.
    #[error("the model could not be computed on this device ({0}); try the CPU")]
    Device(String),
}

impl TraceError {
    /// Whether the picture is at fault, so that every device would say the same.
    pub fn blames_picture(&self) -> bool {
        matches!(self, Self::Picture(_))
    }
}

/// Why a device must not be trusted.
#[derive(Debug, thiserror::Error)]
pub enum SelfCheckError {
    /// The device computes something else than the exporter did.
    #[error(
        "this device's answers differ by {0} from the stored ones (at most {SELF_CHECK_TOLERANCE} allowed); use another"
    )]
    Differs(f32),
    /// The device gave no answer.
    #[error("this device gave no answer ({0}); use another")]
    NoAnswer(String),
}

/// A face of a picture and the network's numbers for it.
struct ScoredFace {
    area: FaceBox,
    /// Side of the crop, in the picture's pixels.
    side: u32,
    score: Score,
}

impl ScoredFace {
    fn area(&self) -> [i32; 4] {
        [self.area.x, self.area.y, self.area.width, self.area.height]
    }
}

/// A model on one device and its face finder.
pub struct Tracer<B: Backend> {
    classifier: Classifier<B>,
    manifest: Manifest,
    info: ModelInfo,
    finder: FaceFinder,
    text: TextTable,
    device: B::Device,
}

impl<B: Backend> Tracer<B> {
    /// Reads a bundle onto a device.
    pub fn load(bundle: &[u8], device: &B::Device) -> Result<Self, BundleError> {
        let read = Bundle::<B>::read(bundle, device)?;
        Ok(Self {
            info: ModelInfo {
                name: read.manifest.name.clone(),
                version: read.manifest.version.clone(),
                sha256: hex_sha256(bundle),
            },
            finder: FaceFinder::new(&read.face_finder)?,
            classifier: read.classifier,
            text: read.text,
            manifest: read.manifest,
            device: device.clone(),
        })
    }

    /// Which model this is.
    pub fn model(&self) -> &ModelInfo {
        &self.info
    }

    /// What the bundle says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The verdict on a picture; what goes wrong is said in [`Verdict::error`].
    ///
    /// `path`, `backend` and `milliseconds` are left for the caller to fill.
    pub async fn trace(&self, image: &[u8], faces: FaceMode) -> Verdict {
        match decode(image) {
            Ok(picture) => self.trace_picture(&picture, faces).await,
            Err(error) => self.verdict(None, Vec::new(), Some(error.to_string())),
        }
    }

    /// The embedding of each face of a picture, the best face first; none when no face is found.
    ///
    /// # Errors
    /// When the picture cannot be read, with the same words as [`Verdict::error`], and when the device fails.
    pub async fn embed(&self, image: &[u8], faces: FaceMode) -> Result<Vec<FaceEmbedding>, TraceError> {
        let scored = self.scored_faces(&decode(image)?, faces).await?;
        let embedding =
            |face: ScoredFace| FaceEmbedding { area: face.area(), embedding: face.score.embedding };
        Ok(scored.into_iter().map(embedding).collect())
    }

    async fn trace_picture(&self, picture: &Picture, mode: FaceMode) -> Verdict {
        let (width, height) = picture.pixels.dimensions();
        let image =
            ImageInfo { width, height, format: picture.format.to_string(), sha256: picture.sha256.clone() };
        match self.scored_faces(picture, mode).await {
            Ok(scored) => {
                let faces = scored.iter().map(|face| self.face_verdict(face)).collect();
                self.verdict(Some(image), faces, None)
            }
            Err(error) => self.verdict(Some(image), Vec::new(), Some(error.to_string())),
        }
    }

    /// Finds the faces of a picture and scores each.
    async fn scored_faces(&self, picture: &Picture, mode: FaceMode) -> Result<Vec<ScoredFace>, TraceError> {
        let found: Vec<(FaceBox, FaceCrop)> = match mode {
            FaceMode::Auto => {
                let boxes = self.finder.find(&picture.pixels).into_iter();
                boxes.map(|area| (area, FaceCrop::around(&picture.pixels, &area))).collect()
            }
            FaceMode::Whole => {
                let (width, height) = picture.pixels.dimensions();
                let area = FaceBox { x: 0, y: 0, width: width as i32, height: height as i32, score: 1.0 };
                vec![(area, FaceCrop::whole(&picture.pixels))]
            }
        };
        let mut faces = Vec::with_capacity(found.len());
        for batch in found.chunks(BATCH) {
            let crops: Vec<FaceCrop> = batch.iter().map(|(_, crop)| crop.clone()).collect();
            let scores = self.score(&crops).await.map_err(TraceError::Device)?;
            let rows = batch.iter().zip(scores);
            faces.extend(rows.map(|((area, crop), score)| ScoredFace {
                area: *area,
                side: crop.side,
                score,
            }));
        }
        Ok(faces)
    }

    /// Compares this device with the vector stored at export; the largest difference when it is small enough.
    pub async fn self_check(&self) -> Result<f32, SelfCheckError> {
        let scores = self.score(&[FaceCrop::self_check()]).await.map_err(SelfCheckError::NoAnswer)?;
        let pairs = scores[0].logits.iter().zip(&self.manifest.self_check.logits);
        // NaN must count as the worst, and f32::max would drop it.
        let worst =
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, |a: f32, b| if b > a || b.is_nan() { b } else { a });
        if worst <= SELF_CHECK_TOLERANCE { Ok(worst) } else { Err(SelfCheckError::Differs(worst)) }
    }

    /// The network's numbers for each crop.
    pub async fn score(&self, crops: &[FaceCrop]) -> Result<Vec<Score>, String> {
        if crops.is_empty() {
            return Ok(Vec::new());
        }
        let ClassifierOutput { embedding, logits, similarity } =
            self.classifier.forward(FaceTensors::new(crops, &self.device));
        // One read-back for all three: on a GPU each costs a round trip.
        let widths = [embedding.dims()[1], logits.dims()[1], similarity.dims()[1]];
        let joined = burn::tensor::Tensor::cat(vec![embedding, logits, similarity], 1);
        let data = joined.into_data_async().await.map_err(|error| format!("{error:?}"))?;
        let values = data.convert::<f32>().into_vec::<f32>().map_err(|error| format!("{error:?}"))?;
        let row = widths.iter().sum();
        Ok(values
            .chunks_exact(row)
            .map(|row| {
                let (embedding, rest) = row.split_at(widths[0]);
                let (logits, similarity) = rest.split_at(widths[1]);
                Score {
                    text: self.text.similarity(embedding),
                    embedding: embedding.into(),
                    logits: logits.into(),
                    similarity: similarity.into(),
                }
            })
            .collect())
    }

    fn face_verdict(&self, face: &ScoredFace) -> FaceVerdict {
        let levels = self.manifest.calibration.levels(&face.score, &self.manifest.taxonomy);
        let table = &self.manifest.reliability;
        let row = table.iter().find(|row| face.side <= row.up_to_side).or_else(|| table.last());
        FaceVerdict {
            area: face.area(),
            score: face.area.score,
            authenticity: levels.authenticity,
            forgery: levels.forgery,
            family: levels.family,
            generator: levels.generator,
            answer: levels.answer,
            reliability: row
                .map(|row| VerdictReliability { authenticity: row.authenticity, basis: row.basis.clone() }),
        }
    }

    fn verdict(&self, image: Option<ImageInfo>, faces: Vec<FaceVerdict>, error: Option<String>) -> Verdict {
        Verdict {
            path: None,
            error,
            backend: String::new(),
            milliseconds: 0.0,
            image,
            model: self.info.clone(),
            faces,
        }
    }
}
