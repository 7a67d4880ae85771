//! Answers kept while work goes on, so that a stop costs at most a few pictures.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{evaluate::Outcome, pack::Sample};

const FILE: &str = "part.answers.jsonl";

/// One answer, a line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    model: String,
    condition: String,
    outcome: Outcome,
}

/// The answers of work that is not done yet.
pub struct Unfinished {
    path: PathBuf,
    file: BufWriter<File>,
    known: HashMap<(String, String, String), Outcome>,
}

impl Unfinished {
    /// Opens what an earlier run left in the folder; `what` says what is asked, and answers to anything else are dropped.
    pub fn open(folder: &Path, what: &str) -> Result<Self> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut known = HashMap::new();
        let mut good = 0;
        // What ends without a newline was being written when the program ended.
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            if good == 0 {
                if line.trim_end() != what {
                    break;
                }
            } else if let Ok(Line { model, condition, outcome }) = serde_json::from_str(line) {
                known.insert((model, condition, outcome.file.clone()), outcome);
            } else {
                break;
            }
            good += line.len();
        }
        let context = || format!("cannot write {}", path.display());
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(&path).with_context(context)?;
        file.set_len(good as u64).with_context(context)?;
        let mut file = OpenOptions::new().append(true).open(&path).with_context(context)?;
        if good == 0 {
            writeln!(file, "{what}").with_context(context)?;
        }
        Ok(Self { file: BufWriter::new(file), path, known })
    }

    /// The answer to a picture, if it is known.
    pub fn take(&mut self, model: &str, condition: &str, sample: &Sample) -> Option<Outcome> {
        let known = self.known.remove(&(model.to_string(), condition.to_string(), sample.file.clone()));
        // A table may list a file twice, and not mean the same.
        known.filter(|one| one.truth == sample.generator && one.source == sample.source)
    }

    /// Keeps an answer.
    pub fn keep(&mut self, model: &str, condition: &str, outcome: &Outcome) -> Result<()> {
        let line = Line { model: model.into(), condition: condition.into(), outcome: outcome.clone() };
        let text = serde_json::to_string(&line)?;
        writeln!(self.file, "{text}").with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Everything kept is on the disk.
    pub fn flush(&mut self) -> Result<()> {
        self.file.flush().with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// The work is done.
    pub fn remove(self) -> Result<()> {
        let Self { path, file, .. } = self;
        drop(file);
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))
    }
}
