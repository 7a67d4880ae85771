//! `log.csv`: a row per finished epoch. What is best, when to stop and what to keep is read from it.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use burn_train::{
    EarlyStoppingStrategy, Interrupter,
    checkpoint::{CheckpointingAction, CheckpointingStrategy},
    logger::MetricLogger,
    metric::{
        MetricDefinition, MetricId, NumericEntry,
        store::{EpochSummary, EventStoreClient, MetricsUpdate, Split},
    },
};

use super::measures::Measure;
use crate::whole_file::write_whole;

/// How long the learner's other thread may take to bring an epoch's measurements.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What was measured in an epoch, by name.
type Values = Vec<(String, f64)>;

/// A finished epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct Epoch {
    /// From 1.
    pub number: usize,
    /// In the order of the columns.
    pub values: Values,
}

impl Epoch {
    /// A value by its column; `None` when it was not measured.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| *value).filter(|v| v.is_finite())
    }

    /// The number by which epochs are compared.
    pub fn score(&self) -> f64 {
        self.get(Measure::Score.name()).unwrap_or(f64::NEG_INFINITY)
    }
}

/// The epochs of a run's log; none when it has no log yet.
///
/// # Errors
/// When the log cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Epoch>> {
    let path = path(folder);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut reader =
        csv::Reader::from_path(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let names: Vec<String> = reader.headers()?.iter().map(Into::into).collect();
    ensure!(names.first().is_some_and(|name| name == "epoch"), "{} is not a run's log", path.display());
    let mut epochs = Vec::new();
    for row in reader.records() {
        let row = row.with_context(|| path.display().to_string())?;
        let number = row.get(0).unwrap_or_default();
        let number = number.parse().with_context(|| format!("{}: epoch {number:?}", path.display()))?;
        let value = |text: &str| text.parse().unwrap_or(f64::NAN);
        let values = names.iter().cloned().zip(row.iter().map(value)).skip(1).collect();
        epochs.push(Epoch { number, values });
    }
    Ok(epochs)
}

/// The epoch with the highest score, the earliest of equals.
pub fn best(epochs: &[Epoch]) -> Option<&Epoch> {
    epochs.iter().reduce(|best, epoch| if epoch.score() > best.score() { epoch } else { best })
}

fn path(folder: &Path) -> PathBuf {
    folder.join("log.csv")
}

/// The log of a run under way, shared by the learner's logger, its checkpointing and its early stopping.
#[derive(Clone)]
pub struct RunLog {
    shared: Arc<(Mutex<State>, Condvar)>,
}

struct State {
    folder: PathBuf,
    /// Losses, in the order of the columns.
    losses: Vec<String>,
    epochs: Vec<Epoch>,
    names: HashMap<MetricId, String>,
    /// Of the epoch under way.
    current: Values,
    started: Instant,
    /// Share of the epoch that was spent waiting for pictures, from the loader.
    waiting: f64,
    interrupter: Interrupter,
}

impl RunLog {
    /// Goes on after these epochs.
    pub fn new(folder: &Path, losses: &[&str], epochs: Vec<Epoch>, interrupter: Interrupter) -> Self {
        let state = State {
            folder: folder.into(),
            losses: losses.iter().map(|name| (*name).into()).collect(),
            epochs,
            names: HashMap::new(),
            current: Values::new(),
            started: Instant::now(),
            waiting: 0.0,
            interrupter,
        };
        Self { shared: Arc::new((Mutex::new(state), Condvar::new())) }
    }

    /// Every finished epoch.
    pub fn epochs(&self) -> Vec<Epoch> {
        self.state().epochs.clone()
    }

    /// What the loader says of an epoch: the share of its time, 0 to 1, in which no picture was ready.
    pub fn waited(&self, share: f64) {
        self.state().waiting = share;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the learner's other thread has brought everything about an epoch; false when the run is being stopped.
    fn complete(&self, epoch: usize) -> bool {
        let missing = |state: &mut State| {
            state.epochs.last().is_none_or(|last| last.number < epoch) && !state.interrupter.should_stop()
        };
        let waited = self.shared.1.wait_timeout_while(self.state(), LONGEST_WAIT, missing);
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            state.interrupter.stop(Some("the epoch's measurements never arrived"));
        }
        !state.interrupter.should_stop()
    }
}

impl State {
    fn finish(&mut self, number: usize) -> Result<()> {
        let mut values: Values = Vec::new();
        let current = std::mem::take(&mut self.current);
        let get = |name: &str| {
            current.iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, value)| *value)
        };
        let measures = [Measure::Score, Measure::Authenticity, Measure::Forgery];
        values.extend(self.losses.iter().map(|name| (name.clone(), get(name))));
        values.extend(measures.map(|measure| (measure.name().to_string(), get(measure.name()))));
        values.push(("seconds".into(), (self.started.elapsed().as_secs_f64() * 10.0).round() / 10.0));
        values.push(("waiting_for_data".into(), (self.waiting * 1e4).round() / 1e4));
        self.started = Instant::now();
        self.epochs.push(Epoch { number, values });
        self.write()
    }

    fn write(&self) -> Result<()> {
        let mut table = csv::Writer::from_writer(Vec::new());
        if let Some(first) = self.epochs.first() {
            table
                .write_record(std::iter::once("epoch").chain(first.values.iter().map(|(name, _)| &**name)))?;
        }
        for epoch in &self.epochs {
            // Not measured is empty.
            let text = |value: f64| if value.is_finite() { value.to_string() } else { String::new() };
            let row = epoch.values.iter().map(|(_, value)| text(*value));
            table.write_record(std::iter::once(epoch.number.to_string()).chain(row))?;
        }
        write_whole(&path(&self.folder), &table.into_inner()?)
    }
}

impl MetricLogger for RunLog {
    fn log(&mut self, update: MetricsUpdate, _: usize, _: &Split) {
        let mut state = self.state();
        for numeric in update.entries_numeric {
            let Some(name) = state.names.get(&numeric.entry.metric_id).cloned() else { continue };
            let value = numeric.running_entry.current();
            match state.current.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => state.current.push((name, value)),
            }
        }
    }

    fn read_numeric(&mut self, name: &str, epoch: usize, _: &Split) -> Result<Vec<NumericEntry>, String> {
        let state = self.state();
        let value = state.epochs.iter().find(|known| known.number == epoch).and_then(|known| known.get(name));
        Ok(value.map(NumericEntry::Value).into_iter().collect())
    }

    fn log_metric_definition(&mut self, definition: MetricDefinition) {
        self.state().names.insert(definition.metric_id, definition.name);
    }

    fn log_epoch_summary(&mut self, summary: EpochSummary) {
        if summary.split != Split::Valid {
            return;
        }
        let mut state = self.state();
        // An epoch whose validation was cut short is done again.
        if !state.interrupter.should_stop()
            && let Err(error) = state.finish(summary.epoch_number)
        {
            state.interrupter.stop(Some(&format!("{error:#}; free some space and resume")));
        }
        drop(state);
        self.shared.1.notify_all();
    }
}

/// Keeps the last checkpoints, to resume from, and the best one.
pub struct KeepLastAndBest {
    /// The log.
    pub log: RunLog,
    /// How many of the last; at least 2, so that one is whole while the next is written.
    pub last: usize,
}

impl CheckpointingStrategy for KeepLastAndBest {
    fn checkpointing(&mut self, epoch: usize, _: &EventStoreClient) -> Vec<CheckpointingAction> {
        if !self.log.complete(epoch) {
            return Vec::new();
        }
        let epochs = self.log.epochs();
        let best_of = |epochs: &[Epoch]| best(epochs).map(|best| best.number);
        let kept = |number: usize, epochs: &[Epoch]| {
            number + self.last > epochs.len() || best_of(epochs) == Some(number)
        };
        let before = &epochs[..epochs.len() - 1];
        let dropped =
            before.iter().map(|epoch| epoch.number).filter(|&n| kept(n, before) && !kept(n, &epochs));
        std::iter::once(CheckpointingAction::Save).chain(dropped.map(CheckpointingAction::Delete)).collect()
    }
}

/// Stops after so many epochs without a better score.
#[derive(Clone)]
pub struct Patience {
    /// The log.
    pub log: RunLog,
    /// How many.
    pub epochs: usize,
}

impl EarlyStoppingStrategy for Patience {
    fn should_stop(&mut self, epoch: usize, _: &EventStoreClient) -> bool {
        self.log.complete(epoch)
            && best(&self.log.epochs()).is_some_and(|best| epoch - best.number >= self.epochs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(number: usize, score: f64) -> Epoch {
        Epoch { number, values: vec![("loss".into(), f64::NAN), (Measure::Score.name().into(), score)] }
    }

    #[test]
    fn a_log_survives_being_written_and_read() {
        let folder = tempfile::tempdir().unwrap();
        let log =
            RunLog::new(folder.path(), &["loss"], vec![epoch(1, 0.5), epoch(2, 0.75)], Interrupter::new());
        log.state().write().unwrap();
        let epochs = read(folder.path()).unwrap();
        assert_eq!(best(&epochs).unwrap().number, 2);
        assert_eq!((epochs[1].score(), epochs[1].get("loss")), (0.75, None));
        assert!(read(&folder.path().join("none")).unwrap().is_empty());
    }

    #[test]
    fn of_equal_epochs_the_earliest_is_best() {
        assert_eq!(best(&[epoch(1, 0.2), epoch(2, 0.6), epoch(3, 0.6)]).unwrap().number, 2);
        assert_eq!(best(&[]), None);
    }
}
