//! Percentile intervals by drawing the pictures again with replacement (Efron 1979).

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Measure;

/// How intervals are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bootstrap {
    /// Draws; 0 leaves intervals out.
    pub draws: usize,
    /// Share of the draws inside the interval.
    pub level: f64,
    /// Of the draws.
    pub seed: u64,
}

/// Lower and upper end of an interval.
pub type Interval = (f64, f64);

impl Bootstrap {
    /// The interval of each measure; `None` where it has none, or where most draws give no number.
    ///
    /// `groups` names what each picture belongs to; groups are drawn whole, because pictures of one person or video are no
    /// independent evidence. A picture with an empty name is a group of its own.
    pub fn intervals(&self, measures: &[Measure], groups: &[&str]) -> Vec<Option<Interval>> {
        let members = members(groups);
        if self.draws == 0 || members.is_empty() {
            return vec![None; measures.len()];
        }
        let draw = |index: usize| -> Vec<f64> {
            let mut rng = StdRng::seed_from_u64(self.seed.wrapping_add(index as u64));
            let mut times = vec![0; groups.len()];
            for _ in 0..members.len() {
                for &picture in &members[rng.random_range(0..members.len())] {
                    times[picture] += 1;
                }
            }
            measures.iter().map(|measure| measure.drawn(&times)).collect()
        };
        let draws: Vec<Vec<f64>> = (0..self.draws).into_par_iter().map(draw).collect();
        let interval = |measure: usize| {
            let mut values: Vec<f64> =
                draws.iter().map(|draw| draw[measure]).filter(|value| value.is_finite()).collect();
            values.sort_unstable_by(f64::total_cmp);
            let tail = (1.0 - self.level) / 2.0;
            (values.len() * 2 > self.draws).then(|| (quantile(&values, tail), quantile(&values, 1.0 - tail)))
        };
        (0..measures.len()).map(interval).collect()
    }
}

/// The pictures of each group.
fn members(groups: &[&str]) -> Vec<Vec<usize>> {
    let mut named = BTreeMap::<&str, Vec<usize>>::new();
    let mut members = Vec::new();
    for (picture, &group) in groups.iter().enumerate() {
        if group.is_empty() {
            members.push(vec![picture]);
        } else {
            named.entry(group).or_default().push(picture);
        }
    }
    members.extend(named.into_values());
    members
}

/// Of sorted values, straight lines between neighbours, as numpy does.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_right() -> Measure<'static> {
        Measure::new("accuracy", (0..400).collect(), true, |rows: &[usize]| {
            rows.iter().filter(|row| **row % 2 == 0).count() as f64 / rows.len() as f64
        })
    }

    fn width(groups: &[&str]) -> f64 {
        let bootstrap = Bootstrap { draws: 1000, level: 0.95, seed: 1 };
        let (low, high) = bootstrap.intervals(&[half_right()], groups)[0].unwrap();
        assert!(low < 0.5 && 0.5 < high);
        high - low
    }

    #[test]
    fn the_interval_of_a_share_is_that_of_the_binomial() {
        // 2 * 1.96 * sqrt(0.25 / 400) = 0.098.
        let width = width(&[""; 400]);
        assert!((0.09..0.106).contains(&width), "{width}");
    }

    #[test]
    fn pictures_of_one_group_count_once() {
        // Each right picture comes with ten other right ones, so there are 40 groups: 2 * 1.96 * sqrt(0.25 / 40) = 0.31.
        let names: Vec<String> = (0..400).map(|row| format!("{} {}", row % 2, row / 20)).collect();
        let width = width(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!((0.26..0.36).contains(&width), "{width}");
    }
}
