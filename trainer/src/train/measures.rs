//! What the learner shows and keeps of an epoch: each loss in training, three numbers in validation.

use std::sync::Arc;

use burn_train::{
    Interrupter,
    metric::{
        Adaptor, Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes,
        NumericEntry, SerializedEntry,
        state::{FormatOptions, NumericMetricState},
    },
};

use super::step::{LossValues, Outcome, Outcomes};
use crate::metrics::auroc;

impl Adaptor<LossValues> for LossValues {
    fn adapt(&self) -> LossValues {
        self.clone()
    }
}

impl Adaptor<Outcomes> for Outcomes {
    fn adapt(&self) -> Outcomes {
        self.clone()
    }
}

/// The mean of one loss; it ends the training when the loss is no longer a number.
#[derive(Clone)]
pub struct LossMean {
    name: MetricName,
    loss: &'static str,
    state: NumericMetricState,
    interrupter: Interrupter,
}

impl LossMean {
    /// Of the loss of this name; `loss` is the weighted sum.
    pub fn new(loss: &'static str, interrupter: Interrupter) -> Self {
        Self { name: Arc::new(loss.into()), loss, state: NumericMetricState::default(), interrupter }
    }
}

impl Metric for LossMean {
    type Input = LossValues;

    fn name(&self) -> MetricName {
        self.name.clone()
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes { unit: None, higher_is_better: false }.into()
    }

    fn update(&mut self, losses: &LossValues, _: &MetricMetadata) -> SerializedEntry {
        let value = losses.0.iter().find(|(name, _)| *name == self.loss).map(|(_, value)| *value);
        if let Some(value) = value.filter(|value| !value.is_finite()) {
            self.interrupter
                .stop(Some(&format!("the loss {} is {value}; lower training.learning_rate", self.loss)));
        }
        // A batch without a parsing map has no matching loss: it counts for nothing.
        let count = usize::from(value.is_some());
        self.state.update(value.unwrap_or(0.0), count, FormatOptions::new(self.name()).precision(4))
    }

    fn clear(&mut self) {
        self.state.reset();
    }
}

impl Numeric for LossMean {
    fn value(&self) -> NumericEntry {
        self.state.current_value()
    }

    fn running_value(&self) -> NumericEntry {
        self.state.running_value()
    }
}

/// The three numbers of validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Mean of the other two, by which the best epoch is chosen.
    Score,
    /// AUROC of real against fake.
    Authenticity,
    /// Accuracy on the forgery type of fakes.
    Forgery,
}

impl Measure {
    /// As in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Authenticity => "authenticity_auroc",
            Self::Forgery => "forgery_accuracy",
        }
    }

    /// Of pictures; 0 where it has no meaning, as without fakes.
    fn of(self, outcomes: &[Outcome]) -> f64 {
        let value = match self {
            Self::Score => (Self::Authenticity.of(outcomes) + Self::Forgery.of(outcomes)) / 2.0,
            Self::Authenticity => {
                auroc(&outcomes.iter().map(|one| (one.fake, one.is_fake)).collect::<Vec<_>>())
            }
            Self::Forgery => {
                let fakes = outcomes.iter().filter(|one| one.is_fake);
                let right = fakes.clone().filter(|one| one.forgery_right).count();
                right as f64 / fakes.count() as f64
            }
        };
        if value.is_finite() { value } else { 0.0 }
    }
}

/// One of them over all validation pictures so far.
#[derive(Clone)]
pub struct ValidationMeasure {
    name: MetricName,
    measure: Measure,
    outcomes: Vec<Outcome>,
    value: f64,
}

impl ValidationMeasure {
    /// Of nothing yet.
    pub fn new(measure: Measure) -> Self {
        Self { name: Arc::new(measure.name().into()), measure, outcomes: Vec::new(), value: 0.0 }
    }
}

impl Metric for ValidationMeasure {
    type Input = Outcomes;

    fn name(&self) -> MetricName {
        self.name.clone()
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes::default().into()
    }

    fn update(&mut self, batch: &Outcomes, _: &MetricMetadata) -> SerializedEntry {
        self.outcomes.extend(batch.0.iter());
        self.value = self.measure.of(&self.outcomes);
        SerializedEntry::new(format!("{:.4}", self.value), self.value.to_string())
    }

    fn clear(&mut self) {
        self.outcomes.clear();
    }
}

impl Numeric for ValidationMeasure {
    fn value(&self) -> NumericEntry {
        NumericEntry::Value(self.value)
    }

    fn running_value(&self) -> NumericEntry {
        self.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_the_mean_of_separation_and_naming() {
        let one = |fake, is_fake, forgery_right| Outcome { fake, is_fake, forgery_right };
        let outcomes =
            [one(0.9, true, true), one(0.2, true, false), one(0.1, false, false), one(0.3, false, false)];
        assert_eq!(Measure::Authenticity.of(&outcomes), 0.75);
        assert_eq!(Measure::Forgery.of(&outcomes), 0.5);
        assert_eq!(Measure::Score.of(&outcomes), 0.625);
        assert_eq!(Measure::Score.of(&outcomes[2..]), 0.0);
    }
}
