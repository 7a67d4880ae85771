//! Which split each picture is for: by group, never by picture.

use std::{collections::BTreeMap, str::FromStr};

use anyhow::{Result, ensure};
use sha2::{Digest, Sha256};

use super::{clusters::Clusters, item::Split, levels::key, row::Row};

/// Most examples in a report.
pub const EXAMPLES: usize = 20;

/// Parts of the pictures that train, val and test_seen get; their sum is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares([f64; 3]);

impl FromStr for Shares {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<Option<f64>> = text.split('/').map(|part| part.parse().ok()).collect();
        match parts[..] {
            [Some(train), Some(val), Some(test)] if train > 0.0 && val >= 0.0 && test >= 0.0 => {
                let total: f64 = train + val + test;
                if total.is_finite() {
                    return Ok(Self([train / total, val / total, test / total]));
                }
            }
            _ => {}
        }
        Err(format!("{text:?} is not train/val/test; for instance 80/10/10"))
    }
}

/// How splits are made.
pub struct Plan<'a> {
    /// Parts of the pictures.
    pub shares: Shares,
    /// Of the order in which groups are dealt out.
    pub seed: u64,
    /// Generators and real sources for `test_unseen`.
    pub unseen: &'a [String],
}

/// What the splits came to.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// Groups that the data sets' own splits tear apart.
    pub torn: usize,
    /// Some of them, in words.
    pub examples: Vec<String>,
    /// Whether `val` was taken from `train` because the data sets have none.
    pub val_from_train: bool,
    /// Pictures of unseen generators or sources that stay unused, because their group is trained or chosen on.
    pub unseen_unused: usize,
    /// The largest group: its name, and its number of pictures.
    pub largest: (String, usize),
}

/// Gives each row its split and the name of its group.
pub fn split(rows: &mut [Row], clusters: &mut Clusters, plan: &Plan) -> Result<Outcome> {
    let unseen = unseen(rows, plan.unseen)?;
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..rows.len() {
        members.entry(clusters.of(index)).or_default().push(index);
    }
    let mut groups: Vec<Group> =
        members.into_values().map(|members| Group::new(rows, members, plan.seed)).collect();
    groups.sort_by(|a, b| (&a.stratum, a.order, &a.name).cmp(&(&b.stratum, b.order, &b.name)));

    let has_own = |split| rows.iter().any(|row| row.own_split == Some(split));
    let val_from_train = has_own(Split::Train) && !has_own(Split::Val) && plan.shares.0[1] > 0.0;
    let mut outcome = Outcome { val_from_train, ..Outcome::default() };
    let [train, val, test] = plan.shares.0;
    let (mut dealt, mut parted) = (Deal::new([train, val, test]), Deal::new([train, val, 0.0]));
    for group in &groups {
        if group.members.len() > outcome.largest.1 {
            outcome.largest = (group.name.clone(), group.members.len());
        }
        let seen = group.members.iter().filter(|&&index| !unseen[index]).count();
        let own = &group.own;
        let made = match own[..] {
            _ if seen == 0 => Split::TestUnseen,
            [] => dealt.next(seen),
            [Split::Train] if val_from_train => parted.next(seen),
            // What has no split of its own follows its group, to the test side where that is torn.
            _ => own[own.len() - 1],
        };
        if own.len() > 1 {
            outcome.torn += 1;
            if outcome.examples.len() < EXAMPLES {
                outcome.examples.push(group.describe(rows));
            }
        }
        for &index in &group.members {
            let row = &mut rows[index];
            let keeps = own.len() > 1 || row.own_split == Some(Split::Unused);
            row.split = row.own_split.filter(|_| keeps).unwrap_or(made);
            row.group.clone_from(&group.name);
        }
        outcome.unseen_unused += group.hold_out(rows, &unseen);
    }
    Ok(outcome)
}

/// Which rows are of the named generators and real sources.
fn unseen(rows: &[Row], names: &[String]) -> Result<Vec<bool>> {
    let mut known: Vec<&str> = rows.iter().map(Row::named).collect();
    known.sort_unstable();
    known.dedup();
    for name in names {
        ensure!(
            known.iter().any(|other| key(other) == key(name)),
            "--unseen {name:?}: no fake is of that generator and no real picture of that source; there are {}",
            known.join(", ")
        );
    }
    Ok(rows.iter().map(|row| names.iter().any(|name| key(name) == key(row.named()))).collect())
}

/// Rows that stay together.
struct Group {
    name: String,
    members: Vec<usize>,
    /// What is dealt out in proportion: the generator, or the source of real pictures, that comes first.
    stratum: String,
    /// Its place within the stratum: drawn from the seed and the name.
    order: u64,
    /// Splits that its rows have of their own, from train to test.
    own: Vec<Split>,
}

impl Group {
    fn new(rows: &[Row], members: Vec<usize>, seed: u64) -> Self {
        let of = |index: &usize| &rows[*index];
        let named = members.iter().flat_map(|index| &of(index).groups).min().cloned();
        let alone = || members.iter().map(|index| &of(index).facts.sha256[..12]).min().unwrap_or_default();
        let name = named.unwrap_or_else(|| alone().to_string());
        let digest = Sha256::digest(format!("{seed} {name}"));
        let order = digest.iter().take(8).fold(0, |order, byte| order << 8 | u64::from(*byte));
        let stratum = members.iter().map(|index| of(index).stratum()).min().unwrap_or_default();
        let mut own: Vec<Split> = members.iter().filter_map(|index| of(index).own_split).collect();
        own.retain(|split| *split != Split::Unused);
        own.sort_unstable();
        own.dedup();
        Self { name, members, stratum, order, own }
    }

    /// An example of each split that it is torn over.
    fn describe(&self, rows: &[Row]) -> String {
        let example = |split: &Split| {
            let row =
                self.members.iter().map(|&index| &rows[index]).find(|row| row.own_split == Some(*split));
            format!(
                "{} {}",
                split.name(),
                row.map_or_else(String::new, |row| row.original.display().to_string())
            )
        };
        let examples: Vec<String> = self.own.iter().map(example).collect();
        format!("group {}: {}", self.name, examples.join(", "))
    }

    /// Sends what is unseen to `test_unseen`, or to nothing where the rest of the group is trained or chosen on;
    /// answers how many pictures that costs.
    fn hold_out(&self, rows: &mut [Row], unseen: &[bool]) -> usize {
        let used =
            |index: &&usize| !unseen[**index] && matches!(rows[**index].split, Split::Train | Split::Val);
        let leaks = self.members.iter().find(used).is_some();
        let mut lost = 0;
        for &index in self.members.iter().filter(|&&index| unseen[index]) {
            rows[index].split = if leaks { Split::Unused } else { Split::TestUnseen };
            lost += usize::from(leaks);
        }
        lost
    }
}

/// Deals groups out so that each split has its share at any time, as nearly as the groups' sizes allow.
struct Deal {
    shares: [f64; 3],
    counts: [f64; 3],
}

impl Deal {
    fn new(shares: [f64; 3]) -> Self {
        let total: f64 = shares.iter().sum();
        Self { shares: shares.map(|share| share / total), counts: [0.0; 3] }
    }

    /// The split that is furthest below its share once `size` more pictures are dealt.
    fn next(&mut self, size: usize) -> Split {
        let total = self.counts.iter().sum::<f64>() + size as f64;
        let lack = |at: usize| self.shares[at] * total - self.counts[at];
        let at = (1..3).fold(0, |best, at| if lack(at) > lack(best) + 1e-9 { at } else { best });
        self.counts[at] += size as f64;
        [Split::Train, Split::Val, Split::TestSeen][at]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bmrl::Generator;

    use super::*;
    use crate::data::row::tests::row;

    fn plan(unseen: &[String]) -> Plan<'_> {
        Plan { shares: "80/10/10".parse().unwrap(), seed: 0, unseen }
    }

    /// 400 real pictures and 400 fakes, four to a group.
    fn rows() -> (Vec<Row>, Clusters) {
        let mut clusters = Clusters::new(800);
        let rows = (0..800)
            .map(|index| {
                clusters.join(index, index / 4 * 4);
                let mut row = row(&format!("p{index}"), (index % 2 == 1).then_some("GanA"));
                row.groups = vec![format!("g{}", index / 4)];
                row
            })
            .collect();
        (rows, clusters)
    }

    #[test]
    fn groups_are_dealt_out_whole_in_their_shares_and_the_same_each_time() {
        let (mut rows, mut clusters) = rows();
        split(&mut rows, &mut clusters, &plan(&[])).unwrap();
        for four in rows.chunks(4) {
            assert!(four.iter().all(|row| row.split == four[0].split && row.group == four[0].group));
        }
        let count = |split| rows.iter().filter(|row| row.split == split).count();
        assert_eq!((count(Split::Train), count(Split::Val), count(Split::TestSeen)), (640, 80, 80));
        let (mut again, mut clusters) = self::rows();
        split(&mut again, &mut clusters, &plan(&[])).unwrap();
        assert_eq!(again, rows);
        let (mut other, mut clusters) = self::rows();
        split(&mut other, &mut clusters, &Plan { seed: 1, ..plan(&[]) }).unwrap();
        assert_ne!(other, rows);
    }

    #[test]
    fn an_unseen_generator_is_tested_only_where_its_group_is_not_trained_on() {
        let (mut rows, mut clusters) = rows();
        let unseen = ["gan-a".to_string()];
        let outcome = split(&mut rows, &mut clusters, &plan(&unseen)).unwrap();
        for four in rows.chunks(4) {
            let real = four.iter().find(|row| row.generator.is_none()).unwrap().split;
            let expected = if real == Split::TestSeen { Split::TestUnseen } else { Split::Unused };
            for fake in four.iter().filter(|row| row.generator.is_some()) {
                assert_eq!(fake.split, expected);
            }
        }
        assert_eq!(outcome.unseen_unused, 360);
        let error = split(&mut rows, &mut clusters, &plan(&["GanB".to_string()])).unwrap_err().to_string();
        assert!(error.contains("GanB") && error.contains("GanA"), "{error}");
    }

    #[test]
    fn own_splits_stay_and_a_torn_group_is_told() {
        let mut rows: Vec<Row> = (0..4).map(|index| row(&format!("p{index}"), None)).collect();
        rows[3].generator = Some(Arc::new(Generator::new("GanA", "EFS", "GAN")));
        rows[0].own_split = Some(Split::Train);
        rows[1].own_split = Some(Split::Val);
        rows[2].own_split = Some(Split::Train);
        let mut clusters = Clusters::new(4);
        clusters.join(0, 1);
        clusters.join(2, 3);
        let outcome = split(&mut rows, &mut clusters, &plan(&[])).unwrap();
        assert_eq!(outcome.torn, 1);
        assert!(outcome.examples[0].contains("train p0") && outcome.examples[0].contains("val p1"));
        assert_eq!(
            [0, 1, 2, 3].map(|index| rows[index].split),
            [Split::Train, Split::Val, Split::Train, Split::Train]
        );
    }

    #[test]
    fn val_is_taken_from_train_where_there_is_none() {
        let mut rows: Vec<Row> = (0..100).map(|index| row(&format!("p{index}"), None)).collect();
        for (index, row) in rows.iter_mut().enumerate() {
            row.own_split = Some(if index < 90 { Split::Train } else { Split::TestSeen });
        }
        let outcome = split(&mut rows, &mut Clusters::new(100), &plan(&[])).unwrap();
        assert!(outcome.val_from_train);
        let count = |split| rows.iter().filter(|row| row.split == split).count();
        assert_eq!((count(Split::Train), count(Split::Val), count(Split::TestSeen)), (80, 10, 10));
    }

    #[test]
    fn shares_are_three_numbers() {
        assert_eq!("8/1/1".parse::<Shares>().unwrap(), "80/10/10".parse().unwrap());
        for text in ["80/20", "a/b/c", "0/50/50", "80/-10/10", "80/10/10/0", ""] {
            assert!(text.parse::<Shares>().unwrap_err().contains("80/10/10"), "{text}");
        }
    }
}
