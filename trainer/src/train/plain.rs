//! Progress as lines, where there is no terminal for burn-train's dashboard.

use std::time::{Duration, Instant};

use burn::data::dataloader::Progress;
use burn_train::{
    metric::{MetricDefinition, MetricId},
    renderer::{
        EvaluationName, EvaluationProgress, MetricState, MetricsRenderer, MetricsRendererEvaluation,
        MetricsRendererTraining, ProgressType, TrainingProgress,
    },
};

/// Between two lines.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A line on standard error now and then.
pub struct PlainLines {
    /// The weighted sum of the losses, by which a person follows a training.
    loss: Option<MetricId>,
    value: f64,
    last_line: Instant,
    /// When this process began to train, and at which picture of all epochs.
    start: Option<(Instant, usize)>,
}

impl PlainLines {
    /// Nothing is said before the first interval has passed.
    pub fn new() -> Self {
        Self { loss: None, value: f64::NAN, last_line: Instant::now(), start: None }
    }

    fn line(&mut self, epochs: &Progress, pictures: &Progress) {
        let done = (epochs.items_processed - 1) * pictures.items_total + pictures.items_processed;
        let (since, first) = *self.start.get_or_insert((Instant::now(), done));
        if self.last_line.elapsed() < LINE_EVERY || done == first {
            return;
        }
        self.last_line = Instant::now();
        let rate = (done - first) as f64 / since.elapsed().as_secs_f64();
        let left = (epochs.items_total * pictures.items_total - done) as f64 / rate;
        let (epoch, all) = (epochs.items_processed, epochs.items_total);
        let (picture, of) = (pictures.items_processed, pictures.items_total);
        eprintln!(
            "epoch {epoch}/{all}, {picture}/{of} pictures, loss {:.4}, {rate:.1} pictures/s, {} left",
            self.value,
            minutes(left)
        );
    }
}

/// Seconds in words.
fn minutes(seconds: f64) -> String {
    match seconds {
        s if !s.is_finite() => "unknown time".into(),
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

impl MetricsRendererTraining for PlainLines {
    fn update_train(&mut self, state: MetricState) {
        if let MetricState::Numeric(entry, value) = state
            && Some(&entry.metric_id) == self.loss.as_ref()
        {
            self.value = value.current();
        }
    }

    fn update_valid(&mut self, _: MetricState) {}

    fn render_train(&mut self, item: TrainingProgress, _: Vec<ProgressType>) {
        if let Some(pictures) = &item.progress {
            self.line(&item.global_progress, pictures);
        }
    }

    fn render_valid(&mut self, _: TrainingProgress, _: Vec<ProgressType>) {}
}

impl MetricsRendererEvaluation for PlainLines {
    fn update_test(&mut self, _: EvaluationName, _: MetricState) {}

    fn render_test(&mut self, _: EvaluationProgress, _: Vec<ProgressType>) {}
}

impl MetricsRenderer for PlainLines {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        if definition.name == "loss" {
            self.loss = Some(definition.metric_id);
        }
    }
}
