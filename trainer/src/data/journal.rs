//! What is done already, so that a run that was stopped goes on where it was.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions, TryLockError},
    io::{BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::{
    item::Item,
    picture::{Faces, Facts, Intake, Stamp},
    skip::Skip,
};

/// Its name in the data folder.
pub const NAME: &str = "journal.jsonl";

/// A line: a picture, how it was taken in, and what came of it.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    path: PathBuf,
    faces: Faces,
    in_place: bool,
    stamp: Stamp,
    outcome: Outcome,
}

/// What came of a picture.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was taken in.
    Kept(Facts),
    /// It was left out.
    Skipped(Skip),
}

/// The journal of a data folder; locked while it is open.
pub struct Journal {
    file: File,
    lines: HashMap<PathBuf, (Stamp, Outcome)>,
}

impl Journal {
    /// Opens or begins the journal of a folder. Only what was taken in the same way counts as done.
    pub fn open(intake: &Intake) -> Result<Self> {
        let path = intake.out.join(NAME);
        let place = || format!("cannot open {}", path.display());
        let mut file =
            OpenOptions::new().read(true).append(true).create(true).open(&path).with_context(place)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another run writes to {}; wait for it or take another --out", intake.out.display())
            }
            // A file system without locks.
            Err(TryLockError::Error(_)) => {}
        }
        let mut lines = HashMap::new();
        let mut ends = true;
        let mut reader = BufReader::new(&file);
        let mut text = String::new();
        while reader.read_line(&mut text).with_context(place)? > 0 {
            ends = text.ends_with('\n');
            // A line that a killed run left half-written is not read.
            if let Ok(line) = serde_json::from_str::<Line>(&text)
                && line.faces == intake.faces
                && line.in_place == intake.in_place
            {
                lines.insert(line.path, (line.stamp, line.outcome));
            }
            text.clear();
        }
        file.seek(SeekFrom::End(0)).with_context(place)?;
        if !ends {
            file.write_all(b"\n").with_context(place)?;
        }
        Ok(Self { file, lines })
    }

    /// What came of a picture before, if it has not changed since and what was written is still there.
    pub fn done(&self, item: &Item, out: &Path) -> Option<&Outcome> {
        let (stamp, outcome) = self.lines.get(&item.path)?;
        let there = |facts: &Facts| {
            let view = facts.face_view.is_empty() || out.join(&facts.face_view).is_file();
            view && out.join(&facts.file).is_file()
        };
        let whole = match outcome {
            Outcome::Kept(facts) => there(facts),
            Outcome::Skipped(_) => true,
        };
        (Stamp::of(&item.path) == Some(*stamp) && whole).then_some(outcome)
    }

    /// Notes what came of pictures. Those without a file are not noted: they may come to be.
    pub fn note<'a>(
        &mut self,
        intake: &Intake,
        outcomes: impl Iterator<Item = (&'a Item, &'a Outcome)>,
    ) -> Result<()> {
        let mut text = Vec::new();
        for (item, outcome) in outcomes {
            let Some(stamp) = Stamp::of(&item.path) else { continue };
            if item.path.to_str().is_none() {
                continue;
            }
            let (path, outcome) = (item.path.clone(), outcome.clone());
            let line = Line { path, faces: intake.faces, in_place: intake.in_place, stamp, outcome };
            serde_json::to_writer(&mut text, &line)?;
            text.push(b'\n');
        }
        self.file.write_all(&text).context("cannot write the journal; what was done before is kept")
    }
}
