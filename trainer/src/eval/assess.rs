//! From judged pictures to numbers, tables and curves.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Confusion, Details, Number};
use crate::{
    evaluate::{Level, Outcome},
    metrics::{
        Bootstrap, Measure, adjusted_rand_index, confusion, k_means, measures, normalized_mutual_information,
        oscr_curve, reliability_bins, roc_curve,
    },
};

/// Points of a curve that are kept.
const CURVE_POINTS: usize = 200;

/// Every number of a set, with intervals.
pub fn numbers(outcomes: &[&Outcome], bootstrap: &Bootstrap, seed: u64) -> BTreeMap<String, Number> {
    let clusters = clusters(outcomes, seed);
    let mut measures = measures(outcomes);
    if let Some(rows) = &clusters {
        let all = || (0..rows.len()).collect();
        measures.push(Measure::new("clusters.nmi", all(), false, |_| normalized_mutual_information(rows)));
        measures.push(Measure::new("clusters.ari", all(), false, |_| adjusted_rand_index(rows)));
    }
    let groups: Vec<&str> = outcomes.iter().map(|one| &*one.group).collect();
    let intervals = bootstrap.intervals(&measures, &groups);
    let number = |(measure, interval): (Measure, Option<(f64, f64)>)| {
        let number = Number {
            value: measure.value(),
            low: interval.map(|ends| ends.0),
            high: interval.map(|ends| ends.1),
        };
        (measure.name, number)
    };
    measures.into_iter().zip(intervals).map(number).filter(|(_, number)| number.value.is_finite()).collect()
}

/// True generator and k-means cluster of each fake, as many clusters as generators; `None` of fewer than two.
fn clusters(outcomes: &[&Outcome], seed: u64) -> Option<Vec<(usize, usize)>> {
    let fakes: Vec<&&Outcome> =
        outcomes.iter().filter(|one| one.is_fake() && !one.embedding.is_empty()).collect();
    let names: BTreeSet<String> = fakes.iter().map(|one| one.stratum()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let points: Vec<&[f32]> = fakes.iter().map(|one| &*one.embedding).collect();
    let truths = fakes.iter().filter_map(|one| names.binary_search(&one.stratum()).ok());
    (names.len() > 1).then(|| truths.zip(k_means(&points, names.len(), seed)).collect())
}

/// Tables and curves of a set.
pub fn details(outcomes: &[&Outcome]) -> Details {
    let rated: Vec<(f64, bool)> = outcomes.iter().map(|one| (one.fake, one.is_fake())).collect();
    let both = rated.iter().any(|one| one.1) && rated.iter().any(|one| !one.1);
    let named = |one: &Outcome| (1.0 - one.unknown) * one.generator_probability;
    let fakes = || outcomes.iter().filter(|one| one.is_fake());
    let known: Vec<(f64, bool)> =
        fakes().filter(|one| one.known).map(|one| (named(one), one.right(Level::Generator))).collect();
    let unknown: Vec<f64> = fakes().filter(|one| !one.known).map(|one| named(one)).collect();

    let authenticity = outcomes.iter().map(|one| (one.fake.max(1.0 - one.fake), one.authenticity_right()));
    let generator =
        fakes().filter(|one| one.known).map(|one| (one.generator_probability, one.right(Level::Generator)));
    let mut reliability =
        BTreeMap::from([("authenticity".to_string(), reliability_bins(&authenticity.collect::<Vec<_>>()))]);
    let generator: Vec<(f64, bool)> = generator.collect();
    if !generator.is_empty() {
        reliability.insert("generator".into(), reliability_bins(&generator));
    }
    let levels = [Level::Forgery, Level::Family, Level::Generator];
    let tables = levels.map(|level| (level.name().to_string(), table(outcomes, level)));
    Details {
        confusion: tables.into_iter().filter(|(_, table)| !table.counts.is_empty()).collect(),
        reliability,
        roc: if both { thinned(roc_curve(&rated)) } else { Vec::new() },
        oscr: if known.is_empty() || unknown.is_empty() {
            Vec::new()
        } else {
            thinned(oscr_curve(&known, &unknown))
        },
    }
}

/// Fakes by truth and answer.
fn table(outcomes: &[&Outcome], level: Level) -> Confusion {
    let pairs: Vec<(String, &str)> =
        outcomes.iter().filter_map(|one| Some((level.of(one.truth.as_ref()?), level.answer(one)))).collect();
    let truths: Vec<String> =
        pairs.iter().map(|pair| pair.0.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    // The classes that occur first, so that right answers stand on the diagonal as far as there are some.
    let answered: BTreeSet<&str> = pairs.iter().map(|pair| pair.1).collect();
    let (right, other): (Vec<&str>, Vec<&str>) =
        answered.into_iter().partition(|name| truths.iter().any(|truth| truth == name));
    let answers: Vec<String> = right.into_iter().chain(other).map(String::from).collect();
    let place = |names: &[String], name: &str| names.iter().position(|known| known == name);
    let places: Vec<(usize, usize)> = pairs
        .iter()
        .filter_map(|(truth, answer)| Some((place(&truths, truth)?, place(&answers, answer)?)))
        .collect();
    let counts = confusion(&places, truths.len(), answers.len());
    Confusion { truths, answers, counts }
}

/// Evenly spaced points of a curve, both ends among them.
fn thinned(curve: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if curve.len() <= CURVE_POINTS {
        return curve;
    }
    (0..CURVE_POINTS).map(|index| curve[index * (curve.len() - 1) / (CURVE_POINTS - 1)]).collect()
}
