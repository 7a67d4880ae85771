//! The training-time model: what ships, and the language and parsing encoders that guide it.

use burn::{
    module::{Module, Param},
    nn::{Initializer, Linear, LinearConfig},
    tensor::{Tensor, backend::Backend},
};

use super::{Classifier, ClassifierOutput, LanguageEncoder, MethodConfig, ParsingEncoder, TokenChain};
use crate::crop::FaceTensors;

/// Highest factor on similarities, as in CLIP.
const MAX_SCALE: f64 = 100.0;

/// Start of the learnable logarithm of that factor: `ln(1 / 0.07)`.
const START: f64 = 2.659_260_036_932_778;

/// Which of the guiding encoders take part; the baselines of the ablation leave some out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guidance {
    /// The language encoder and the text prediction.
    pub language: bool,
    /// The parsing encoder.
    pub parsing: bool,
}

/// Everything that is trained.
#[derive(Module, Debug)]
pub struct Bmrl<B: Backend> {
    /// What ships.
    pub classifier: Classifier<B>,
    /// From the embedding to a prediction of the text feature.
    text_head: Option<Linear<B>>,
    language: Option<LanguageEncoder<B>>,
    parsing: Option<ParsingEncoder<B>>,
    /// Logarithm of the factor on similarities, `[1]`; shared by text and parsing.
    logit_scale: Param<Tensor<B, 1>>,
}

/// What the training-time model says of a batch.
#[derive(Debug, Clone)]
pub struct BmrlOutput<B: Backend> {
    /// What the shipped part says.
    pub visual: ClassifierOutput<B>,
    /// Prediction of the text feature, `[batch, width]`.
    pub text_prediction: Option<Tensor<B, 2>>,
    /// Unnormalised text features of the chains, `[chains, width]`.
    pub text: Option<Tensor<B, 2>>,
    /// Unnormalised features of the parsing maps, `[maps, width]`.
    pub parsing: Option<Tensor<B, 2>>,
    /// Factor on similarities, `[1]`, at most 100.
    pub scale: Tensor<B, 1>,
}

impl<B: Backend> Bmrl<B> {
    /// Builds the model for `classes` classes.
    pub fn new(config: &MethodConfig, classes: usize, guidance: Guidance, device: &B::Device) -> Self {
        let width = config.model.width;
        Self {
            classifier: Classifier::new(&config.model, classes, device),
            text_head: guidance.language.then(|| LinearConfig::new(width, width).init(device)),
            language: guidance.language.then(|| LanguageEncoder::new(&config.language, width, device)),
            parsing: guidance.parsing.then(|| ParsingEncoder::new(&config.parsing, &config.model, device)),
            logit_scale: Initializer::Constant { value: START }.init([1], device),
        }
    }

    /// Faces, the chains to compare them with, and the parsing maps `[maps, 3, 224, 224]` of those faces that
    /// have one.
    pub fn forward(
        &self,
        faces: FaceTensors<B>,
        chains: &[TokenChain],
        maps: Option<Tensor<B, 4>>,
    ) -> BmrlOutput<B> {
        let device = faces.face.device();
        let visual = self.classifier.forward(faces);
        BmrlOutput {
            text_prediction: self.text_head.as_ref().map(|head| head.forward(visual.embedding.clone())),
            text: self.text(chains, &device),
            parsing: self.parsing.as_ref().zip(maps).map(|(encoder, maps)| encoder.forward(maps)),
            scale: self.scale(),
            visual,
        }
    }

    /// Unnormalised text features `[chains, width]`; `None` without the language encoder.
    pub fn text(&self, chains: &[TokenChain], device: &B::Device) -> Option<Tensor<B, 2>> {
        let encoder = self.language.as_ref().filter(|_| !chains.is_empty())?;
        Some(encoder.forward(chains, device))
    }

    /// Factor on similarities, `[1]`, in `(0, 100]`.
    pub fn scale(&self) -> Tensor<B, 1> {
        self.logit_scale.val().exp().clamp_max(MAX_SCALE)
    }

    /// Brings the factor's logarithm back to just below its bound after a step: from there on there is no gradient to
    /// return by, and `exp(ln 100)` may round to either side.
    pub fn clamp_scale(self) -> Self {
        // What an operation returns is no leaf of the graph, and as a parameter would never be trained again.
        let clamp = |value: Tensor<B, 1>| {
            let trained = value.is_require_grad();
            value.clamp_max(MAX_SCALE.ln() - 1e-4).detach().set_require_grad(trained)
        };
        Self { logit_scale: self.logit_scale.map(clamp), ..self }
    }

    /// Replaces the language encoder, for instance by an imported one.
    pub fn with_language(self, language: LanguageEncoder<B>) -> Self {
        Self { language: Some(language), ..self }
    }
}
