//! How often an answer was right.

/// Share of right answers; NaN of none.
pub fn accuracy(right: &[bool]) -> f64 {
    right.iter().filter(|right| **right).count() as f64 / right.len() as f64
}

/// Mean of the recall of real and the recall of fake (`true`) at probability 1/2; NaN where one of them is absent.
pub fn balanced_accuracy(pairs: &[(f64, bool)]) -> f64 {
    let recall = |fake: bool| {
        let members: Vec<bool> =
            pairs.iter().filter(|pair| pair.1 == fake).map(|pair| (pair.0 > 0.5) == fake).collect();
        accuracy(&members)
    };
    (recall(true) + recall(false)) / 2.0
}

/// Mean over the classes that occur of the share of their members answered rightly. Rows are the true class and whether the
/// answer was right.
pub fn macro_recall(rows: &[(usize, bool)]) -> f64 {
    let classes = rows.iter().map(|row| row.0 + 1).max().unwrap_or(0);
    let mut counts = vec![(0.0, 0.0); classes];
    for &(class, right) in rows {
        counts[class].0 += f64::from(u8::from(right));
        counts[class].1 += 1.0;
    }
    let recalls: Vec<f64> =
        counts.iter().filter(|count| count.1 > 0.0).map(|count| count.0 / count.1).collect();
    recalls.iter().sum::<f64>() / recalls.len() as f64
}

/// Counts by true class (rows, `truths` of them) and answered class (columns, `answers` of them).
pub fn confusion(pairs: &[(usize, usize)], truths: usize, answers: usize) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; answers]; truths];
    for &(truth, answer) in pairs {
        counts[truth][answer] += 1;
    }
    counts
}
