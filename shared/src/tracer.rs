//! The tracing experience: a picture's bytes to a verdict.

use std::{
    borrow::Borrow,
    sync::{Arc, PoisonError, RwLock},
};

use burn::tensor::backend::Backend;
use serde::Serialize;

use crate::{
    bundle::{Bundle, BundleError, Manifest},
    crop::{FaceCrop, FaceTensors, Square},
    decode::{DecodeError, hex_sha256},
    face::{FaceBox, FaceFinder},
    model::{Classifier, ClassifierOutput},
    prepare::PreparedPicture,
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
    /// This square is the only face crop, moved and shrunk into the picture where it reaches over its edges.
    Square(Square),
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
    /// There are not so many faces.
    #[error("face {wanted} was asked for, and {found} were found in the picture; counting starts at 0")]
    NoFace {
        /// Which was asked for.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// The device gave no answer.
    #[error("the model could not be computed on this device ({0}); try the CPU")]
    Device(String),
}

impl TraceError {
    /// Whether the picture is at fault, so that every device would say the same.
    pub fn blames_picture(&self) -> bool {
        !matches!(self, Self::Device(_))
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

/// Left, top, width, height.
fn corners(area: &FaceBox) -> [i32; 4] {
    [area.x, area.y, area.width, area.height]
}

/// A model on one device and its face finder.
pub struct Tracer<B: Backend> {
    pub(crate) classifier: Classifier<B>,
    /// As it was read, without what was enrolled since.
    pub(crate) loaded: Arc<Manifest>,
    manifest: RwLock<Arc<Manifest>>,
    info: ModelInfo,
    finder: Arc<FaceFinder>,
    text: TextTable,
    pub(crate) device: B::Device,
}

impl<B: Backend> Tracer<B> {
    /// Reads a bundle onto a device.
    pub fn load(bundle: &[u8], device: &B::Device) -> Result<Self, BundleError> {
        let read = Bundle::<B>::read(bundle, device)?;
        let manifest = Arc::new(read.manifest);
        Ok(Self {
            info: ModelInfo {
                name: manifest.name.clone(),
                version: manifest.version.clone(),
                sha256: hex_sha256(bundle),
            },
            finder: Arc::new(FaceFinder::new(&read.face_finder)?),
            classifier: read.classifier,
            text: read.text,
            loaded: Arc::clone(&manifest),
            manifest: RwLock::new(manifest),
            device: device.clone(),
        })
    }

    /// Which model this is.
    pub fn model(&self) -> &ModelInfo {
        &self.info
    }

    /// What the bundle says of itself, with what was [enrolled](Self::enroll) since.
    pub fn manifest(&self) -> Arc<Manifest> {
        // Nothing panics while it writes, so that what a poisoned lock holds is whole.
        Arc::clone(&self.manifest.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_manifest(&self, manifest: Manifest) {
        *self.manifest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(manifest);
    }

    /// The network's numbers that an embedding stands for, but for the class logits.
    pub(crate) fn compared(&self, embedding: Vec<f32>, centres: &[Vec<f32>]) -> Score {
        let product = |centre: &Vec<f32>| centre.iter().zip(&embedding).map(|(a, b)| a * b).sum();
        Score {
            similarity: centres.iter().map(product).collect(),
            text: self.text.similarity(&embedding),
            logits: Vec::new(),
            embedding,
        }
    }

    /// What finds the faces; it can work on several threads while the device computes.
    pub fn finder(&self) -> Arc<FaceFinder> {
        Arc::clone(&self.finder)
    }

    /// The verdict on a picture; what goes wrong is said in [`Verdict::error`].
    ///
    /// `path`, `backend` and `milliseconds` are left for the caller to fill.
    pub async fn trace(&self, image: &[u8], faces: FaceMode) -> Verdict {
        self.verdicts(&[self.finder.prepare(image, faces)], BATCH).await.remove(0)
    }

    /// The verdict on each picture, in order, their faces computed together, `batch` at once.
    ///
    /// `path`, `backend` and `milliseconds` are left for the caller to fill.
    pub async fn verdicts(
        &self,
        pictures: &[Result<PreparedPicture, DecodeError>],
        batch: usize,
    ) -> Vec<Verdict> {
        let crops: Vec<&FaceCrop> = pictures
            .iter()
            .flatten()
            .flat_map(|picture| picture.faces.iter().map(|(_, crop)| crop))
            .collect();
        // A device that fails is said of each picture with a face, and of no other.
        let scores = self.score_all(&crops, batch).await;
        let manifest = self.manifest();
        let mut next = 0;
        let mut verdicts = Vec::with_capacity(pictures.len());
        for picture in pictures {
            verdicts.push(match picture {
                Err(error) => self.verdict(None, Vec::new(), Some(error.to_string())),
                Ok(PreparedPicture { image, faces }) if faces.is_empty() => {
                    self.verdict(Some(image.clone()), Vec::new(), None)
                }
                Ok(PreparedPicture { image, faces }) => match &scores {
                    Ok(scores) => {
                        let own = &scores[next..next + faces.len()];
                        next += faces.len();
                        let faces = faces
                            .iter()
                            .zip(own)
                            .map(|((area, crop), score)| {
                                face_verdict(&manifest, area, crop.square.side, image.quality, score)
                            })
                            .collect();
                        self.verdict(Some(image.clone()), faces, None)
                    }
                    Err(error) => self.verdict(Some(image.clone()), Vec::new(), Some(error.to_string())),
                },
            });
        }
        verdicts
    }

    /// The embedding of each face of a picture, the best face first; none when no face is found.
    ///
    /// # Errors
    /// When the picture cannot be read, with the same words as [`Verdict::error`], and when the device fails.
    pub async fn embed(&self, image: &[u8], faces: FaceMode) -> Result<Vec<FaceEmbedding>, TraceError> {
        let faces = self.finder.prepare(image, faces)?.faces;
        let crops: Vec<&FaceCrop> = faces.iter().map(|(_, crop)| crop).collect();
        let scores = self.score_all(&crops, BATCH).await?;
        let embedding = |((area, _), score): (&(FaceBox, FaceCrop), Score)| FaceEmbedding {
            area: corners(area),
            embedding: score.embedding,
        };
        Ok(faces.iter().zip(scores).map(embedding).collect())
    }

    async fn score_all(&self, crops: &[&FaceCrop], batch: usize) -> Result<Vec<Score>, TraceError> {
        let mut scores = Vec::with_capacity(crops.len());
        for chunk in crops.chunks(batch.max(1)) {
            scores.extend(self.score(chunk).await.map_err(TraceError::Device)?);
        }
        Ok(scores)
    }

    /// Compares this device with the vector stored at export; the largest difference when it is small enough.
    pub async fn self_check(&self) -> Result<f32, SelfCheckError> {
        let scores = self.score(&[FaceCrop::self_check()]).await.map_err(SelfCheckError::NoAnswer)?;
        let pairs = scores[0].logits.iter().zip(&self.loaded.self_check.logits);
        // NaN must count as the worst, and f32::max would drop it.
        let worst =
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, |a: f32, b| if b > a || b.is_nan() { b } else { a });
        if worst <= SELF_CHECK_TOLERANCE { Ok(worst) } else { Err(SelfCheckError::Differs(worst)) }
    }

    /// The network's numbers for each crop.
    pub async fn score<C: Borrow<FaceCrop>>(&self, crops: &[C]) -> Result<Vec<Score>, String> {
        if crops.is_empty() {
            return Ok(Vec::new());
        }
        self.read_scores(self.classifier.forward(FaceTensors::new(crops, &self.device))).await
    }

    /// What the device computed, brought back from it.
    pub(crate) async fn read_scores(&self, output: ClassifierOutput<B>) -> Result<Vec<Score>, String> {
        let ClassifierOutput { embedding, logits, similarity } = output;
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

fn face_verdict(
    manifest: &Manifest,
    area: &FaceBox,
    side: u32,
    quality: Option<u8>,
    score: &Score,
) -> FaceVerdict {
    let levels = manifest.calibration.levels(score, &manifest.taxonomy);
    let row = manifest.measured(side, quality);
    FaceVerdict {
        area: corners(area),
        score: area.score,
        authenticity: levels.authenticity,
        forgery: levels.forgery,
        family: levels.family,
        generator: levels.generator,
        answer: levels.answer,
        reliability: row
            .map(|row| VerdictReliability { authenticity: row.authenticity, basis: row.basis.clone() }),
    }
}
