//! Whether an answer given with probability p is right in the share p of cases (Guo et al. 2017).

use serde::{Deserialize, Serialize};

/// Equal-width bins of the probability, `(0, 1/15]` to `(14/15, 1]`.
pub const BINS: usize = 15;

/// The answers whose probability falls into one bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Lowest probability, not included.
    pub from: f64,
    /// Highest probability, included.
    pub to: f64,
    /// How many answers.
    pub answers: usize,
    /// Their mean probability; 0 where there is none.
    pub confidence: f64,
    /// The share of them that was right; 0 where there is none.
    pub accuracy: f64,
}

/// Rows are the probability of the answer given and whether it was right.
pub fn reliability_bins(rows: &[(f64, bool)]) -> Vec<Bin> {
    let mut sums = vec![(0usize, 0.0, 0.0); BINS];
    for &(probability, right) in rows {
        let bin = ((probability * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        sums[bin].0 += 1;
        sums[bin].1 += probability;
        sums[bin].2 += f64::from(u8::from(right));
    }
    let bin = |(index, (answers, confidence, right)): (usize, (usize, f64, f64))| Bin {
        from: index as f64 / BINS as f64,
        to: (index + 1) as f64 / BINS as f64,
        answers,
        confidence: confidence / answers.max(1) as f64,
        accuracy: right / answers.max(1) as f64,
    };
    sums.into_iter().enumerate().map(bin).collect()
}

/// Mean distance of confidence from accuracy over the bins, weighted by their answers; NaN of none.
pub fn expected_calibration_error(rows: &[(f64, bool)]) -> f64 {
    let bins = reliability_bins(rows);
    let gaps = bins.iter().map(|bin| bin.answers as f64 * (bin.confidence - bin.accuracy).abs());
    gaps.sum::<f64>() / rows.len() as f64
}
