//! `labels.csv` as a table, so that what other columns say is kept.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use csv::StringRecord;

use super::files::write_whole;

const LABELS: &str = "labels.csv";
const PARSING: &str = "parsing";

/// The columns that hold paths.
const PATHS: [&str; 3] = ["file", "face_view", PARSING];

/// A data folder's table.
pub struct Labels {
    folder: PathBuf,
    header: StringRecord,
    rows: Vec<StringRecord>,
    file: usize,
    parsing: usize,
}

impl Labels {
    /// Reads it; a missing column `parsing` is added, empty.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(LABELS);
        let mut reader = csv::Reader::from_path(&path).with_context(|| {
            format!("cannot read {}; --data names a folder that holds labels.csv", path.display())
        })?;
        let mut header = reader.headers().with_context(|| path.display().to_string())?.clone();
        let column = |header: &StringRecord, name| header.iter().position(|column| column == name);
        let file =
            column(&header, "file").with_context(|| format!("{} has no column file", path.display()))?;
        let mut rows = reader
            .records()
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("in {}", path.display()))?;
        ensure!(!rows.is_empty(), "{} has no rows", path.display());
        let parsing = column(&header, PARSING).unwrap_or_else(|| {
            header.push_field(PARSING);
            rows.iter_mut().for_each(|row| row.push_field(""));
            header.len() - 1
        });
        Ok(Self { folder: folder.to_path_buf(), header, rows, file, parsing })
    }

    /// The pictures without a map, each once, as the table names them.
    pub fn without_map(&self) -> Vec<String> {
        let mut seen = std::collections::HashSet::new();
        let rows = self.rows.iter().filter(|row| row[self.parsing].is_empty());
        rows.map(|row| row[self.file].to_string()).filter(|file| seen.insert(file.clone())).collect()
    }

    /// Pictures, and those that have a map.
    pub fn counts(&self) -> (usize, usize) {
        (self.rows.len(), self.rows.iter().filter(|row| !row[self.parsing].is_empty()).count())
    }

    /// Fills the column where it is empty, and writes the table into a folder, whole or not at all. In another folder
    /// than it was read from, what it names stays where it is and is named by its whole path.
    pub fn write(&mut self, folder: &Path, maps: &HashMap<String, String>) -> Result<()> {
        let elsewhere = !same_folder(folder, &self.folder);
        let from = fs::canonicalize(&self.folder).with_context(|| self.folder.display().to_string())?;
        for row in &mut self.rows {
            let map = maps.get(&row[self.file]).filter(|_| row[self.parsing].is_empty());
            let cells = row.iter().enumerate().map(|(at, cell)| match map {
                Some(map) if at == self.parsing => map.clone(),
                _ if elsewhere && PATHS.contains(&&self.header[at]) && !cell.is_empty() => {
                    from.join(cell).display().to_string()
                }
                _ => cell.to_string(),
            });
            *row = cells.collect();
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        write_whole(&folder.join(LABELS), &writer.into_inner().context("writing the table")?)
    }
}

/// Whether two paths lead to one folder.
pub fn same_folder(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
