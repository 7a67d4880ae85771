//! Fitting what turns the network's numbers into probabilities, on validation pictures only.

use bmrl::{Calibration, OpenSet, Taxonomy};

use crate::evaluate::Judged;

/// Newton steps of a logistic fit; it converges in far fewer.
const NEWTON_STEPS: usize = 50;

/// Ridge penalty that keeps a fit on separable data finite.
const RIDGE: f64 = 1e-3;

/// Temperature, Platt scaling and the open-set model.
pub fn calibrate(judged: &[Judged], taxonomy: &Taxonomy) -> Calibration {
    let mut calibration =
        Calibration { temperature: temperature(judged, taxonomy), ..Calibration::default() };
    let odds: Vec<(Vec<f64>, bool)> = judged
        .iter()
        .map(|one| {
            let classes = calibration.class_probabilities(&one.score.logits);
            let fake: f64 = classes[1..].iter().sum();
            let log_odds = (fake.max(1e-12) / classes[0].max(1e-12)).ln();
            (vec![log_odds], one.sample.generator.is_some())
        })
        .collect();
    let fit = logistic(&odds);
    (calibration.fake_intercept, calibration.fake_slope) = (fit[0], fit[1]);
    calibration.open_set = open_set(judged, &calibration, taxonomy);
    calibration
}

fn truth(one: &Judged, taxonomy: &Taxonomy) -> Option<usize> {
    match &one.sample.generator {
        Some(generator) => taxonomy.class(&generator.name),
        None => Some(0),
    }
}

/// The temperature with the lowest negative log-likelihood, between 0.3 and 10.
fn temperature(judged: &[Judged], taxonomy: &Taxonomy) -> f64 {
    let loss = |temperature: f64| -> f64 {
        let calibration = Calibration { temperature, ..Calibration::default() };
        let rows = judged.iter().filter_map(|one| Some((one, truth(one, taxonomy)?)));
        rows.map(|(one, class)| -calibration.class_probabilities(&one.score.logits)[class].max(1e-12).ln())
            .sum()
    };
    let grid = (0..=100).map(|step| 0.3 * (10.0_f64 / 0.3).powf(f64::from(step) / 100.0));
    grid.map(|temperature| (loss(temperature), temperature))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(1.0, |b| b.1)
}

/// "Unknown" from stand-ins: every fake is judged once with its own generator and centre left out.
fn open_set(judged: &[Judged], calibration: &Calibration, taxonomy: &Taxonomy) -> OpenSet {
    let mut rows = Vec::new();
    for one in judged.iter().filter(|one| one.sample.generator.is_some()) {
        let Some(class) = truth(one, taxonomy) else { continue };
        let probabilities = calibration.class_probabilities(&one.score.logits);
        for left_out in [None, Some(class)] {
            let kept = || (1..probabilities.len()).filter(|class| Some(*class) != left_out);
            let sum: f64 = kept().map(|class| probabilities[class]).sum();
            let confidence = kept().map(|class| probabilities[class]).fold(0.0, f64::max) / sum.max(1e-12);
            let similarity = kept().map(|class| f64::from(one.score.similarity[class])).fold(-1.0, f64::max);
            rows.push((vec![confidence, similarity], left_out.is_some()));
        }
    }
    let fit = logistic(&rows);
    OpenSet { intercept: fit[0], confidence: fit[1], similarity: fit[2] }
}

/// Logistic regression by Newton's method: the intercept, then one weight per feature.
fn logistic(rows: &[(Vec<f64>, bool)]) -> Vec<f64> {
    let size = rows.first().map_or(1, |row| row.0.len() + 1);
    let mut weights = vec![0.0; size];
    for _ in 0..NEWTON_STEPS {
        let mut gradient: Vec<f64> = weights.iter().map(|weight| RIDGE * weight).collect();
        let mut hessian = vec![vec![0.0; size]; size];
        for (index, row) in hessian.iter_mut().enumerate() {
            row[index] = RIDGE;
        }
        for (features, positive) in rows {
            let inputs: Vec<f64> = std::iter::once(1.0).chain(features.iter().copied()).collect();
            let sum: f64 = inputs.iter().zip(&weights).map(|(x, w)| x * w).sum();
            let probability = 1.0 / (1.0 + (-sum).exp());
            let error = probability - f64::from(u8::from(*positive));
            let curvature = probability * (1.0 - probability);
            for ((slope, row), input) in gradient.iter_mut().zip(&mut hessian).zip(&inputs) {
                *slope += error * input;
                for (entry, other) in row.iter_mut().zip(&inputs) {
                    *entry += curvature * input * other;
                }
            }
        }
        let step = solve(hessian, gradient);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight -= step;
        }
    }
    weights
}

/// Gaussian elimination for the two or three unknowns of a Newton step; the ridge keeps it regular.
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
