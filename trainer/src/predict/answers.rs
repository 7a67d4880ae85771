//! Where the answers go, and what an earlier run of the same command has answered already.

use std::{
    collections::HashSet,
    fs::{File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use bmrl::Verdict;
use serde::Deserialize;

use super::{inputs::path_hash, table, words::sentence};

/// How a verdict is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Words, a line per face.
    Text,
    /// One object a line.
    Json,
    /// [`table`].
    Csv,
}

impl Format {
    /// A verdict, ended by a line feed.
    ///
    /// # Errors
    /// When it has no such form, which no verdict of a model has.
    pub fn write(self, verdict: &Verdict) -> Result<String> {
        Ok(match self {
            Self::Text => sentence(verdict) + "\n",
            Self::Json => serde_json::to_string(verdict)? + "\n",
            Self::Csv => table::rows(verdict)?,
        })
    }
}

/// Standard output or a file, and what the file holds already.
pub struct Answers {
    sink: Box<dyn Write>,
    /// Hashes of the paths that are answered.
    pub answered: HashSet<u128>,
    /// Whether one of those answers is an error.
    pub failed: bool,
}

impl Answers {
    /// To standard output.
    ///
    /// # Errors
    /// When the header cannot be written.
    pub fn standard_output(format: Format) -> Result<Self> {
        let mut answers =
            Self { sink: Box::new(io::stdout().lock()), answered: HashSet::new(), failed: false };
        if format == Format::Csv {
            answers.write(&table::header())?;
        }
        Ok(answers)
    }

    /// To a file. One that is there is continued: a half-written end is cut off, and what it answers is told.
    ///
    /// # Errors
    /// When the file cannot be written, holds something else, or another process is writing it.
    pub fn file(path: &Path, format: Format, model_sha256: &str) -> Result<Self> {
        let shown = path.display();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .with_context(|| format!("cannot open {shown}"))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                bail!("another process is writing {shown}; give each shard an --out of its own")
            }
            // A file system without locks is no reason not to write.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut earlier = Earlier { model_sha256, answered: HashSet::new(), failed: false };
        let kept = match format {
            Format::Csv => earlier.read_csv(&file),
            Format::Text | Format::Json => earlier.read_json(&file),
        }
        .with_context(|| format!("{shown} cannot be continued; name another --out"))?;
        file.set_len(kept).with_context(|| format!("cannot write {shown}"))?;
        file.seek(SeekFrom::End(0)).with_context(|| format!("cannot write {shown}"))?;
        let Earlier { answered, failed, .. } = earlier;
        let mut answers = Self { sink: Box::new(file), answered, failed };
        if format == Format::Csv && kept == 0 {
            answers.write(&table::header())?;
        }
        Ok(answers)
    }

    /// Writes whole answers; `false` when nobody reads them any more.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, text: &str) -> Result<bool> {
        match self.sink.write_all(text.as_bytes()).and_then(|()| self.sink.flush()) {
            // Whoever read us has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            other => other.map(|()| true).context("cannot write the answer"),
        }
    }
}

/// What a file of answers holds.
struct Earlier<'a> {
    model_sha256: &'a str,
    answered: HashSet<u128>,
    failed: bool,
}

/// A line of JSON, as far as it matters here.
#[derive(Deserialize)]
struct Line {
    path: Option<String>,
    error: Option<String>,
    model: Model,
}

#[derive(Deserialize)]
struct Model {
    sha256: String,
}

impl Earlier<'_> {
    fn count(&mut self, path: &str, failed: bool, model: &str) -> Result<()> {
        ensure!(model == self.model_sha256, "another model answered {path}");
        self.answered.insert(path_hash(path));
        self.failed |= failed;
        Ok(())
    }

    /// Returns the bytes that are whole.
    fn read_json(&mut self, file: &File) -> Result<u64> {
        let mut reader = BufReader::new(file);
        let (mut kept, mut line) = (0, Vec::new());
        for number in 1.. {
            line.clear();
            let bytes = reader.read_until(b'\n', &mut line)?;
            if bytes == 0 || line.last() != Some(&b'\n') {
                ensure!(line.is_empty() || line[0] == b'{', "line {number} is no verdict");
                break;
            }
            let Line { path, error, model } =
                serde_json::from_slice(&line).with_context(|| format!("line {number} is no verdict"))?;
            self.count(&path.unwrap_or_default(), error.is_some(), &model.sha256)?;
            kept += bytes as u64;
        }
        Ok(kept)
    }

    /// The same of CSV, where a picture may have several rows.
    fn read_csv(&mut self, file: &File) -> Result<u64> {
        let length = file.metadata()?.len();
        let mut end = [b'\n'];
        if length > 0 {
            let mut file = file;
            file.seek(SeekFrom::End(-1))?;
            io::Read::read_exact(&mut file, &mut end)?;
            file.rewind()?;
        }
        let header = table::header();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
        let (mut kept, mut record) = (0, csv::StringRecord::new());
        for number in 0.. {
            if !reader.read_record(&mut record)? {
                break;
            }
            let after = reader.position().byte();
            // The last record is cut off where it has no line's end, or where that end is within quotes.
            let cut_off = after == length
                && if number == 0 {
                    end != *b"\n" && header.starts_with(&record.iter().collect::<Vec<_>>().join(","))
                } else {
                    end != *b"\n" || record.len() < table::COLUMNS.len()
                };
            ensure!(
                cut_off || record.len() == table::COLUMNS.len(),
                "record {number} has not the columns of a verdict"
            );
            if cut_off {
                break;
            }
            if number == 0 {
                ensure!(record.iter().eq(table::COLUMNS), "its first line is not that of verdicts");
            } else {
                let get = |column: &str| {
                    let index = table::COLUMNS.iter().position(|known| *known == column);
                    index.and_then(|index| record.get(index)).unwrap_or_default()
                };
                // Until its last face a picture may be cut off.
                if !["", get("faces")].contains(&get("face")) {
                    continue;
                }
                self.count(get("path"), !get("error").is_empty(), get("model_sha256"))?;
            }
            kept = after;
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn line(path: &str, error: &str) -> String {
        format!("{{\"path\":\"{path}\",\"error\":{error},\"model\":{{\"sha256\":\"m\"}},\"faces\":[]}}\n")
    }

    fn row(path: &str, face: &str, faces: &str) -> String {
        let value = |column: &&str| match *column {
            "path" => format!("\"{path}\""),
            "face" => face.into(),
            "faces" => faces.into(),
            "model_sha256" => "m".into(),
            _ => String::new(),
        };
        table::COLUMNS.iter().map(value).collect::<Vec<_>>().join(",") + "\n"
    }

    /// Opens a file with this text; what is answered, and what is left of the text.
    fn open(text: &str, format: Format) -> Result<(usize, bool, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers");
        fs::write(&path, text).unwrap();
        let answers = Answers::file(&path, format, "m")?;
        Ok((answers.answered.len(), answers.failed, fs::read_to_string(&path).unwrap()))
    }

    #[test]
    fn a_line_that_was_cut_off_is_answered_again() {
        let whole = line("a.jpg", "null") + &line("b.jpg", "\"empty\"");
        assert_eq!(open(&whole, Format::Json).unwrap(), (2, true, whole.clone()));
        for cut in [1, 10, 40] {
            let text = whole.clone() + &line("c.jpg", "null")[..cut];
            assert_eq!(open(&text, Format::Json).unwrap(), (2, true, whole.clone()), "{cut} bytes");
        }
        assert!(open("", Format::Json).unwrap().2.is_empty());
    }

    #[test]
    fn a_picture_whose_rows_were_cut_off_is_answered_again() {
        let whole =
            table::header() + &row("a\nb.jpg", "", "0") + &row("c.jpg", "1", "2") + &row("c.jpg", "2", "2");
        assert_eq!(open(&whole, Format::Csv).unwrap(), (2, false, whole.clone()));
        let next = row("d\n\n.jpg", "1", "2") + &row("d\n\n.jpg", "2", "2");
        for cut in 1..next.len() {
            let found = open(&(whole.clone() + &next[..cut]), Format::Csv).unwrap();
            assert_eq!(found, (2, false, whole.clone()), "{cut} bytes");
        }
        let header = table::header();
        assert_eq!(open(&header[..30], Format::Csv).unwrap(), (0, false, header));
    }

    #[test]
    fn a_file_of_something_else_or_of_another_model_is_not_touched() {
        for (text, format) in [
            ("a letter", Format::Json),
            ("a letter", Format::Csv),
            ("a letter\n", Format::Json),
            ("a letter\n", Format::Csv),
            ("a letter\nand more\n", Format::Csv),
            (&line("a.jpg", "null").replace("\"m\"", "\"n\""), Format::Json),
        ] {
            let error = format!("{:#}", open(text, format).unwrap_err());
            assert!(error.contains("--out"), "{error}");
        }
    }

    #[test]
    fn two_writers_of_one_file_are_one_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers");
        let _first = Answers::file(&path, Format::Json, "m").unwrap();
        assert!(Answers::file(&path, Format::Json, "m").is_err());
    }
}
