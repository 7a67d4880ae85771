//! A training step and a validation step, as burn-train's learner asks for them.

use std::sync::Arc;

use bmrl::{Calibration, FaceTensors, Score, Taxonomy, model::Bmrl, pixels};
use burn::{
    module::{AutodiffModule, Module},
    optim::{GradientsParams, Optimizer},
    tensor::{
        Tensor,
        backend::{AutodiffBackend, Backend},
    },
};
use burn_train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};

use crate::{
    evaluate::rows,
    loader::Batch,
    loss::{Losses, Objective},
    pack::Sample,
};

/// The training-time model in the learner's hands.
#[derive(Module, Debug)]
pub struct Learned<B: Backend> {
    /// What is trained.
    pub model: Bmrl<B>,
}

/// A batch, and what is wanted of it.
pub struct TrainingItem<B: Backend> {
    /// Faces, classes and parsing maps.
    pub batch: Batch,
    /// The losses, on the device of the step.
    pub objective: Arc<Objective<B>>,
    /// Batches whose gradients are added before the optimizer takes a step.
    pub accumulation: usize,
}

/// Each loss of a batch, the weighted sum first.
pub struct StepLosses<B: Backend> {
    names: Vec<&'static str>,
    /// `[losses]`.
    values: Tensor<B, 1>,
}

/// The same, read back: name and value.
#[derive(Debug, Clone)]
pub struct LossValues(pub Arc<Vec<(&'static str, f64)>>);

impl<B: Backend> ItemLazy for StepLosses<B> {
    type ItemSync = LossValues;

    fn sync(self) -> LossValues {
        let values = self.values.into_data().convert::<f64>();
        // A value that cannot be read is shown as one that cannot be trained with.
        let values = values.into_vec::<f64>().unwrap_or_else(|_| vec![f64::NAN; self.names.len()]);
        LossValues(Arc::new(self.names.into_iter().zip(values).collect()))
    }
}

impl<B: AutodiffBackend> TrainStep for Learned<B> {
    type Input = TrainingItem<B>;
    type Output = StepLosses<B::InnerBackend>;

    fn step(&self, item: TrainingItem<B>) -> TrainOutput<Self::Output> {
        let device = item.objective.device();
        let losses = batch_losses(&item.objective, &self.model, &item.batch, &device);
        let parts = || losses.parts.iter();
        let names = std::iter::once("loss").chain(parts().map(|(name, _)| *name)).collect();
        let values = std::iter::once(&losses.total).chain(parts().map(|(_, value)| value));
        let values = Tensor::cat(values.map(|value| value.clone().inner()).collect(), 0);
        let gradients = losses.total.div_scalar(item.accumulation as f64).backward();
        TrainOutput::new(self, gradients, StepLosses { names, values })
    }

    fn optimize<D, O>(self, optimizer: &mut O, rate: f64, gradients: GradientsParams) -> Self
    where
        D: AutodiffBackend,
        O: Optimizer<Self, D>,
        Self: AutodiffModule<D>,
    {
        let stepped = optimizer.step(rate, self, gradients);
        Self { model: stepped.model.clamp_scale() }
    }
}

/// The losses of a batch from the loader.
pub(crate) fn batch_losses<B: Backend>(
    objective: &Objective<B>,
    model: &Bmrl<B>,
    batch: &Batch,
    device: &B::Device,
) -> Losses<B> {
    let faces = FaceTensors::new(&batch.crops, device);
    let maps = (!batch.maps.is_empty()).then(|| pixels(batch.maps.iter(), device).div_scalar(255.0));
    objective.losses(model, faces, &batch.classes, maps, &batch.map_rows)
}

/// Validation pictures, prepared.
pub struct ValidationItem<B: Backend> {
    /// The faces.
    pub faces: FaceTensors<B>,
    /// Whose they are.
    pub samples: Vec<Sample>,
    /// The classes.
    pub taxonomy: Arc<Taxonomy>,
}

/// What the model says of validation pictures, still on the device.
pub struct Judgement<B: Backend> {
    logits: Tensor<B, 2>,
    samples: Vec<Sample>,
    taxonomy: Arc<Taxonomy>,
}

/// Of one validation picture: how fake it looks, whether it is, and whether its forgery type was named.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Probability of fake, uncalibrated.
    pub fake: f64,
    /// The truth.
    pub is_fake: bool,
    /// Of fakes.
    pub forgery_right: bool,
}

/// The outcomes of a batch.
#[derive(Debug, Clone)]
pub struct Outcomes(pub Arc<Vec<Outcome>>);

impl<B: Backend> ItemLazy for Judgement<B> {
    type ItemSync = Outcomes;

    fn sync(self) -> Outcomes {
        let calibration = Calibration::default();
        // Without its answers a batch counts for nothing; the device's failure shows in the next step.
        let logits = rows(self.logits).unwrap_or_default();
        let outcomes = logits.into_iter().zip(&self.samples).map(|(logits, sample)| {
            let levels = calibration.levels(&Score { logits, ..Score::default() }, &self.taxonomy);
            let truth = sample.generator.as_ref();
            let named = levels.forgery.top().map(|(name, _)| name);
            Outcome {
                fake: levels.authenticity.fake,
                is_fake: truth.is_some(),
                forgery_right: truth.is_some_and(|generator| named == Some(&generator.forgery)),
            }
        });
        Outcomes(Arc::new(outcomes.collect()))
    }
}

impl<B: Backend> InferenceStep for Learned<B> {
    type Input = ValidationItem<B>;
    type Output = Judgement<B>;

    fn step(&self, item: ValidationItem<B>) -> Judgement<B> {
        let logits = self.model.classifier.forward(item.faces).logits;
        Judgement { logits, samples: item.samples, taxonomy: item.taxonomy }
    }
}
