//! Open-set classification rate (Dhamija et al. 2018, "Reducing Network Agnostophobia", equations 4 and 5).

/// Points of the curve: false positive rate (share of unknown ones whose highest probability of a known class reaches the
/// threshold) against correct classification rate (share of known ones whose likeliest class is right and reaches it).
///
/// `known` are the highest probability and whether its class is right; `unknown` the highest probabilities.
pub fn oscr_curve(known: &[(f64, bool)], unknown: &[f64]) -> Vec<(f64, f64)> {
    let mut rows: Vec<(f64, f64, f64)> = known
        .iter()
        .map(|&(probability, right)| (probability, 0.0, f64::from(u8::from(right)) / known.len() as f64))
        .chain(unknown.iter().map(|&probability| (probability, 1.0 / unknown.len() as f64, 0.0)))
        .collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut point = (0.0, 0.0);
    let points = rows.chunk_by(|a, b| a.0 == b.0).map(|tied| {
        for row in tied {
            point = (point.0 + row.1, point.1 + row.2);
        }
        point
    });
    std::iter::once((0.0, 0.0)).chain(points).collect()
}

/// Area under [`oscr_curve`] by trapezoids; NaN where either side is empty.
pub fn oscr(known: &[(f64, bool)], unknown: &[f64]) -> f64 {
    if known.is_empty() || unknown.is_empty() {
        return f64::NAN;
    }
    let curve = oscr_curve(known, unknown);
    curve.windows(2).map(|ends| (ends[1].0 - ends[0].0) * (ends[0].1 + ends[1].1) / 2.0).sum()
}
