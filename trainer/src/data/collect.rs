//! From labelled items to rows: every picture is taken in, equal ones are made one.

use std::collections::HashMap;

use anyhow::Result;
use rayon::prelude::*;

use super::{
    clusters::Clusters,
    item::Split,
    journal::{Journal, Outcome},
    label::Labelled,
    near,
    picture::Intake,
    row::Row,
    skip::{Reason, Skip},
    split::EXAMPLES,
};
use crate::{interrupt, progress::Progress};

/// Pictures between two additions to the journal. At most one for each thread is in memory.
const CHUNK: usize = 256;

/// Takes in every picture; `None` when a stop was asked for.
pub fn take_in(items: &[Labelled], intake: &Intake, journal: &mut Journal) -> Result<Option<Vec<Outcome>>> {
    let mut progress = Progress::new(items.len(), "pictures");
    let mut outcomes = Vec::with_capacity(items.len());
    for chunk in items.chunks(CHUNK) {
        let results: Vec<Taken> = chunk.par_iter().map(|one| take(one, intake, journal)).collect();
        let fresh = chunk.iter().zip(&results).filter_map(|(one, taken)| match taken {
            Taken::Fresh(Ok(outcome)) => Some((&one.item, outcome)),
            _ => None,
        });
        journal.note(intake, fresh)?;
        for taken in results {
            match taken {
                Taken::Fresh(outcome) => outcomes.push(outcome?),
                Taken::Known(outcome) => outcomes.push(outcome),
                Taken::Not => return Ok(None),
            }
        }
        progress.add(chunk.len());
    }
    Ok(Some(outcomes))
}

enum Taken {
    Fresh(Result<Outcome>),
    Known(Outcome),
    /// A stop was asked for.
    Not,
}

fn take(one: &Labelled, intake: &Intake, journal: &Journal) -> Taken {
    if interrupt::requested() {
        return Taken::Not;
    }
    match journal.done(&one.item, &intake.out) {
        Some(outcome) => Taken::Known(outcome.clone()),
        None => {
            let taken = intake.take(&one.item);
            Taken::Fresh(taken.map(|taken| taken.map_or_else(Outcome::Skipped, Outcome::Kept)))
        }
    }
}

/// Rows, and what equal pictures came to.
pub struct Collected {
    /// One for each different file.
    pub rows: Vec<Row>,
    /// What was left out.
    pub skipped: Vec<Skip>,
    /// Copies of a picture that were left out.
    pub copies: usize,
    /// Of those, copies that their data set has for another split.
    pub copies_across_splits: usize,
}

/// Pairs items with their outcomes. Of files with the same bytes one stays, on the test side if they differ; all go
/// where their labels contradict each other.
pub fn collect(items: Vec<Labelled>, outcomes: Vec<Outcome>, resplit: bool) -> Collected {
    let mut found = Collected { rows: Vec::new(), skipped: Vec::new(), copies: 0, copies_across_splits: 0 };
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut contradictory = Vec::new();
    for (Labelled { item, generator }, outcome) in items.into_iter().zip(outcomes) {
        let facts = match outcome {
            Outcome::Kept(facts) => facts,
            Outcome::Skipped(skip) => {
                found.skipped.push(skip);
                continue;
            }
        };
        let own_split = item.split.filter(|_| !resplit);
        let Some(&index) = at.get(&facts.sha256) else {
            at.insert(facts.sha256.clone(), found.rows.len());
            found.rows.push(Row {
                original: item.path,
                facts,
                generator,
                source: item.source,
                own_split,
                groups: item.groups,
                split: Split::Unused,
                group: String::new(),
            });
            contradictory.push(false);
            continue;
        };
        let row = &mut found.rows[index];
        if row.generator != generator {
            contradictory[index] = true;
            let what = |generator: Option<&str>| generator.unwrap_or(bmrl::REAL).to_string();
            let own = what(generator.as_ref().map(|known| &*known.name));
            let others = what(row.generator.as_ref().map(|known| &*known.name));
            let detail = format!("{own} here, and the same bytes are {others} as {}", row.original.display());
            found.skipped.push(Skip::new(item.path, Reason::Contradictory, detail));
            continue;
        }
        found.copies += 1;
        found.copies_across_splits += usize::from(row.own_split != own_split);
        row.own_split = row.own_split.max(own_split);
        row.groups.extend(item.groups);
    }
    let mut keep = contradictory.iter();
    found.rows.retain(|row| {
        let bad = keep.next().is_some_and(|bad| *bad);
        if bad {
            let detail = "the same bytes have another label elsewhere";
            found.skipped.push(Skip::new(row.original.clone(), Reason::Contradictory, detail));
        }
        !bad
    });
    found
}

/// What near-duplicates came to.
#[derive(Debug, Default)]
pub struct Near {
    /// Pairs; of pictures with one hash, each with the first.
    pub pairs: usize,
    /// Pairs that the data sets' own splits put on two sides.
    pub across_splits: usize,
    /// Some of them.
    pub examples: Vec<String>,
}

/// Joins rows of one identity, video or original, and near-duplicates.
pub fn join(rows: &[Row], distance: u32) -> (Clusters, Near) {
    let mut clusters = Clusters::new(rows.len());
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        for group in &row.groups {
            clusters.join(*first.entry(group).or_insert(index), index);
        }
    }
    let mut near = Near::default();
    let hashes: Vec<near::Hash> = rows.iter().map(|row| row.facts.hash).collect();
    near::join(&hashes, distance, &mut clusters, |a, b| {
        near.pairs += 1;
        let (Some(one), Some(other)) = (rows[a].own_split, rows[b].own_split) else { return };
        if one != other && ![one, other].contains(&Split::Unused) {
            near.across_splits += 1;
            if near.examples.len() < EXAMPLES {
                let place = |index: usize| rows[index].original.display();
                near.examples.push(format!("{} {}, {} {}", one.name(), place(a), other.name(), place(b)));
            }
        }
    });
    (clusters, near)
}
