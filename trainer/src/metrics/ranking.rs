//! How well a score puts positives before negatives. Rows are the score and whether it is of a positive; equal scores are one
//! threshold.

/// Area under the ROC curve of `score` for `positive`, ties counted half (Mann-Whitney).
pub fn auroc(pairs: &[(f64, bool)]) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let positives = pairs.iter().filter(|pair| pair.1).count() as f64;
    let negatives = pairs.len() as f64 - positives;
    let mut rank_sum = 0.0;
    let mut start = 0;
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let end = start + tied.len();
        let rank = (start + end + 1) as f64 / 2.0;
        rank_sum += rank * tied.iter().filter(|pair| pair.1).count() as f64;
        start = end;
    }
    (rank_sum - positives * (positives + 1.0) / 2.0) / (positives * negatives)
}

/// Positives and negatives with at least each distinct score, from the highest score down.
fn above(pairs: &[(f64, bool)]) -> Vec<(f64, f64)> {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut positives, mut negatives) = (0.0, 0.0);
    let count = |tied: &[(f64, bool)]| {
        let more = tied.iter().filter(|pair| pair.1).count();
        positives += more as f64;
        negatives += (tied.len() - more) as f64;
        (positives, negatives)
    };
    sorted.chunk_by(|a, b| a.0 == b.0).map(count).collect()
}

/// Points of the ROC curve, false against true positive rate, from (0, 0) to (1, 1); NaN where there are only positives or
/// only negatives.
pub fn roc_curve(pairs: &[(f64, bool)]) -> Vec<(f64, f64)> {
    let counts = above(pairs);
    let (positives, negatives) = counts.last().copied().unwrap_or_default();
    let rates = counts.iter().map(|&(p, n)| (n / negatives, p / positives));
    std::iter::once((0.0, 0.0)).chain(rates).collect()
}

/// Where the false positive rate equals the false negative rate, on straight lines between the points of the ROC curve.
pub fn equal_error_rate(pairs: &[(f64, bool)]) -> f64 {
    let curve = roc_curve(pairs);
    for ends in curve.windows(2) {
        // How far true and false positive rate together are beyond 1, at both ends of this piece.
        let [before, after] = [ends[0], ends[1]].map(|(false_rate, true_rate)| false_rate + true_rate - 1.0);
        if before <= 0.0 && after >= 0.0 {
            let part = if after > before { -before / (after - before) } else { 0.0 };
            return ends[0].0 + part * (ends[1].0 - ends[0].0);
        }
    }
    f64::NAN
}

/// Sum over the thresholds of precision, weighted by the recall that each adds (no interpolation); NaN without positives.
pub fn average_precision(pairs: &[(f64, bool)]) -> f64 {
    let counts = above(pairs);
    let positives = counts.last().map_or(0.0, |count| count.0);
    let mut before = 0.0;
    let mut sum = 0.0;
    for (hits, false_alarms) in counts {
        sum += (hits - before) / positives * hits / (hits + false_alarms);
        before = hits;
    }
    if positives > 0.0 { sum } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auroc_counts_ties_half() {
        assert_eq!(auroc(&[(0.1, false), (0.9, true)]), 1.0);
        assert_eq!(auroc(&[(0.9, false), (0.1, true)]), 0.0);
        assert_eq!(auroc(&[(0.5, false), (0.5, true)]), 0.5);
        // Pairs (0.4, 0.3) and (0.4, 0.4): one win, one tie.
        assert_eq!(auroc(&[(0.3, false), (0.4, false), (0.4, true)]), 0.75);
    }

    #[test]
    fn what_one_side_alone_cannot_say_is_no_number() {
        let fakes = [(0.3, true), (0.7, true)];
        assert!(auroc(&fakes).is_nan() && equal_error_rate(&fakes).is_nan());
        assert!(average_precision(&[(0.3, false)]).is_nan());
    }
}
