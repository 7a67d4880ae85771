//! Fitting what turns the network's numbers into probabilities, on validation pictures only.

use bmrl::{Calibration, Fusion, OpenSet, Score, Taxonomy};

use crate::evaluate::Judged;

/// Newton steps of a logistic fit; it converges in far fewer.
const NEWTON_STEPS: usize = 50;

/// Ridge penalty that keeps a fit on separable data finite.
const RIDGE: f64 = 1e-3;

/// Fits everything: the fusion of head, centres and chains, Platt scaling, and the open-set model.
///
/// `judged` are validation pictures of trained classes; `held_back` are pictures of generators that training never saw. Where
/// there are none, trained ones stand in for them with their own class left out, which is optimistic.
pub fn calibrate(judged: &[Judged], held_back: &[Judged], taxonomy: &Taxonomy) -> Calibration {
    let mut calibration = Calibration { fusion: fusion(judged, taxonomy), ..Calibration::default() };
    let odds: Vec<(Vec<f64>, bool)> = judged
        .iter()
        .map(|one| {
            let classes = calibration.class_probabilities(&one.score);
            let fake: f64 = classes[1..].iter().sum();
            let log_odds = (fake.max(1e-12) / classes[0].max(1e-12)).ln();
            (vec![log_odds], one.sample.generator.is_some())
        })
        .collect();
    let fit = logistic(&odds);
    (calibration.fake_intercept, calibration.fake_slope) = (fit[0], fit[1]);
    calibration.open_set = open_set(judged, held_back, &calibration, taxonomy);
    calibration
}

fn truth(one: &Judged, taxonomy: &Taxonomy) -> Option<usize> {
    match &one.sample.generator {
        Some(generator) => taxonomy.class(&generator.name),
        None => Some(0),
    }
}

/// The weights with the lowest negative log-likelihood of the classes: a conditional logit, found by Newton's method. A
/// source that would count against its class is left out.
fn fusion(judged: &[Judged], taxonomy: &Taxonomy) -> Fusion {
    let rows: Vec<(&Judged, usize)> =
        judged.iter().filter_map(|one| Some((one, truth(one, taxonomy)?))).collect();
    // Class logits, centre cosines, chain cosines.
    let mut kept = vec![0, 1, 2];
    loop {
        let tables = rows.iter().map(|(one, class)| {
            let Score { logits, similarity, text, .. } = &one.score;
            let sources = [logits, similarity, text];
            let at =
                |source: usize, class: usize| f64::from(sources[source].get(class).copied().unwrap_or(0.0));
            let table = (0..logits.len()).map(|class| kept.iter().map(|&source| at(source, class)).collect());
            (table.collect::<Vec<Vec<f64>>>(), *class)
        });
        let weights = conditional_logit(&tables.collect::<Vec<_>>());
        // Without the class logits the class head would be of no use; they stay.
        match (0..kept.len()).find(|&index| kept[index] > 0 && weights[index] < 0.0) {
            Some(negative) => kept.remove(negative),
            None => {
                let weight =
                    |source| kept.iter().position(|&other| other == source).map_or(0.0, |i| weights[i]);
                let text_alone = text_alone(&rows);
                return Fusion {
                    logits: weight(0).max(0.05),
                    centre: weight(1),
                    text: weight(2),
                    text_alone,
                };
            }
        };
    }
}

/// The factor on chain cosines with which the text alone tells fakes apart best.
fn text_alone(rows: &[(&Judged, usize)]) -> f64 {
    let tables: Vec<(Vec<Vec<f64>>, usize)> = rows
        .iter()
        .filter(|(one, class)| *class > 0 && one.score.text.len() >= one.score.logits.len())
        .map(|(one, class)| {
            let fakes = &one.score.text[1..one.score.logits.len()];
            (fakes.iter().map(|&cosine| vec![f64::from(cosine)]).collect(), class - 1)
        })
        .collect();
    if tables.is_empty() {
        Calibration::default().fusion.text_alone
    } else {
        conditional_logit(&tables)[0].max(0.0)
    }
}

/// One weight per feature, such that a softmax over the weighted features of each row's alternatives gives its true one the
/// highest likelihood. Rows are alternatives x features, and the true alternative.
fn conditional_logit(rows: &[(Vec<Vec<f64>>, usize)]) -> Vec<f64> {
    let size = rows.first().and_then(|(table, _)| table.first()).map_or(0, Vec::len);
    let mut weights = vec![0.0; size];
    for _ in 0..NEWTON_STEPS {
        let mut normal = Normal::new(&weights);
        for (table, truth) in rows {
            let sums: Vec<f64> =
                table.iter().map(|row| row.iter().zip(&weights).map(|(x, w)| x * w).sum()).collect();
            let highest = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let shares: Vec<f64> = sums.iter().map(|sum: &f64| (sum - highest).exp()).collect();
            let total: f64 = shares.iter().sum();
            let mean: Vec<f64> = (0..size)
                .map(|i| shares.iter().zip(table).map(|(share, row)| share / total * row[i]).sum())
                .collect();
            for (share, row) in shares.iter().zip(table) {
                let apart: Vec<f64> = row.iter().zip(&mean).map(|(x, mean)| x - mean).collect();
                normal.add(&apart, 0.0, share / total);
            }
            let apart: Vec<f64> = mean.iter().zip(&table[*truth]).map(|(mean, x)| mean - x).collect();
            normal.add(&apart, 1.0, 0.0);
        }
        normal.step(&mut weights);
    }
    weights
}

/// "Unknown" against known fakes, from pictures of generators that training never saw, or from stand-ins.
fn open_set(
    judged: &[Judged],
    held_back: &[Judged],
    calibration: &Calibration,
    taxonomy: &Taxonomy,
) -> OpenSet {
    let features = |one: &Judged, without| {
        let classes = calibration.class_probabilities(&one.score);
        let known = calibration.generators(&one.score, &classes);
        OpenSet::features(&one.score, &known, without).to_vec()
    };
    let mut rows: Vec<(Vec<f64>, bool)> = held_back.iter().map(|one| (features(one, None), true)).collect();
    for one in judged.iter().filter(|one| one.sample.generator.is_some()) {
        let Some(class) = truth(one, taxonomy) else { continue };
        rows.push((features(one, None), false));
        if held_back.is_empty() {
            rows.push((features(one, Some(class - 1)), true));
        }
    }
    // Confidence, closest centre, closest chain. None of them can speak for "unknown" by being high: where a fit says so, it has
    // learnt the few generators that were held back, and the feature is left out.
    let mut kept = vec![0, 1, 2];
    loop {
        let chosen = |row: &Vec<f64>| kept.iter().map(|&feature| row[feature]).collect();
        let fit = logistic(&rows.iter().map(|(row, unknown)| (chosen(row), *unknown)).collect::<Vec<_>>());
        match (0..kept.len()).find(|&index| fit[index + 1] > 0.0) {
            Some(positive) => kept.remove(positive),
            None => {
                let place = |feature| kept.iter().position(|&other| other == feature);
                let weight = |feature| place(feature).map_or(0.0, |index| fit[index + 1]);
                return OpenSet {
                    intercept: fit[0],
                    confidence: weight(0),
                    centre: weight(1),
                    text: weight(2),
                };
            }
        };
    }
}

/// Logistic regression by Newton's method: the intercept, then one weight per feature.
fn logistic(rows: &[(Vec<f64>, bool)]) -> Vec<f64> {
    let size = rows.first().map_or(1, |row| row.0.len() + 1);
    let mut weights = vec![0.0; size];
    for _ in 0..NEWTON_STEPS {
        let mut normal = Normal::new(&weights);
        for (features, positive) in rows {
            let inputs: Vec<f64> = std::iter::once(1.0).chain(features.iter().copied()).collect();
            let sum: f64 = inputs.iter().zip(&weights).map(|(x, w)| x * w).sum();
            let probability = 1.0 / (1.0 + (-sum).exp());
            let error = probability - f64::from(u8::from(*positive));
            normal.add(&inputs, error, probability * (1.0 - probability));
        }
        normal.step(&mut weights);
    }
    weights
}

/// Gradient and Hessian of a penalised likelihood.
struct Normal {
    gradient: Vec<f64>,
    hessian: Vec<Vec<f64>>,
}

impl Normal {
    fn new(weights: &[f64]) -> Self {
        let row = |index| (0..weights.len()).map(|other| if index == other { RIDGE } else { 0.0 }).collect();
        Self {
            gradient: weights.iter().map(|weight| RIDGE * weight).collect(),
            hessian: (0..weights.len()).map(row).collect(),
        }
    }

    fn add(&mut self, inputs: &[f64], error: f64, curvature: f64) {
        for ((slope, row), input) in self.gradient.iter_mut().zip(&mut self.hessian).zip(inputs) {
            *slope += error * input;
            for (entry, other) in row.iter_mut().zip(inputs) {
                *entry += curvature * input * other;
            }
        }
    }

    fn step(self, weights: &mut [f64]) {
        for (weight, step) in weights.iter_mut().zip(solve(self.hessian, self.gradient)) {
            *weight -= step;
        }
    }
}

/// Gaussian elimination for the few unknowns of a Newton step; the ridge keeps it regular.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        for row in column + 1..size {
            let factor = matrix[row][column] / matrix[column][column];
            let pivot = matrix[column].clone();
            for (entry, above) in matrix[row].iter_mut().zip(&pivot).skip(column) {
                *entry -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|index| matrix[row][index] * right[index]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conditional_logit_finds_the_log_odds_of_a_choice() {
        // The alternative with feature 1 instead of 0 is taken in three of four cases.
        let row = |truth| (vec![vec![0.0], vec![1.0]], truth);
        let rows: Vec<_> = (0..4000).map(|index| row(usize::from(index % 4 > 0))).collect();
        let weight = conditional_logit(&rows)[0];
        assert!((weight - 3.0_f64.ln()).abs() < 1e-3, "{weight}");
    }

    #[test]
    fn logistic_finds_the_log_odds_of_a_table() {
        // With one binary feature the fit is the table's log-odds: 1/4 positive at 0, 3/4 at 1.
        let row = |x: f64, positive| (vec![x], positive);
        let mut rows = Vec::new();
        for _ in 0..1000 {
            rows.extend([row(0.0, true), row(0.0, false), row(0.0, false), row(0.0, false)]);
            rows.extend([row(1.0, false), row(1.0, true), row(1.0, true), row(1.0, true)]);
        }
        let fit = logistic(&rows);
        assert!(
            (fit[0] + 3.0_f64.ln()).abs() < 1e-3 && (fit[1] - 2.0 * 3.0_f64.ln()).abs() < 1e-3,
            "{fit:?}"
        );
    }
}
