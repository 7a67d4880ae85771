//! Accuracy on the four levels, balanced accuracy and AUROC.

use std::collections::BTreeMap;

use bmrl::{Calibration, Levels, Taxonomy};

use crate::evaluate::Judged;

/// Measured numbers by name.
pub type Results = BTreeMap<String, f64>;

/// Area under the ROC curve of `score` for `positive`, ties counted half (Mann-Whitney).
pub fn auroc(pairs: &[(f64, bool)]) -> f64 {
    let mut sorted: Vec<&(f64, bool)> = pairs.iter().collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = pairs.iter().filter(|pair| pair.1).count() as f64;
    let negatives = pairs.len() as f64 - positives;
    let mut rank_sum = 0.0;
    let mut start = 0;
    while start < sorted.len() {
        let end = start + sorted[start..].iter().take_while(|pair| pair.0 == sorted[start].0).count();
        let rank = (start + end + 1) as f64 / 2.0;
        rank_sum += rank * sorted[start..end].iter().filter(|pair| pair.1).count() as f64;
        start = end;
    }
    (rank_sum - positives * (positives + 1.0) / 2.0) / (positives * negatives)
}

/// Mean of the recall of real and the recall of fake at probability 1/2.
pub fn balanced_accuracy(pairs: &[(f64, bool)]) -> f64 {
    let recall = |fake: bool| {
        let members: Vec<bool> =
            pairs.iter().filter(|pair| pair.1 == fake).map(|pair| (pair.0 > 0.5) == fake).collect();
        members.iter().filter(|right| **right).count() as f64 / members.len() as f64
    };
    (recall(true) + recall(false)) / 2.0
}

/// Numbers of one split under one condition; names begin with `prefix`.
pub fn measure(prefix: &str, judged: &[Judged], calibration: &Calibration, taxonomy: &Taxonomy) -> Results {
    let levels: Vec<(&Judged, Levels)> =
        judged.iter().map(|one| (one, calibration.levels(&one.score, taxonomy))).collect();
    let mut results = Results::new();
    let mut put = |name: String, value: f64| {
        if value.is_finite() {
            results.insert(format!("{prefix}.{name}"), (value * 1e4).round() / 1e4);
        }
    };

    let authenticity: Vec<(f64, bool)> =
        levels.iter().map(|(one, level)| (level.authenticity.fake, one.sample.generator.is_some())).collect();
    put("authenticity.balanced_accuracy".into(), balanced_accuracy(&authenticity));
    put("authenticity.auroc".into(), auroc(&authenticity));
    put("images".into(), judged.len() as f64);

    let share = |right: Vec<bool>| right.iter().filter(|right| **right).count() as f64 / right.len() as f64;
    let fakes = || levels.iter().filter_map(|(one, level)| Some((one.sample.generator.as_ref()?, level)));
    let top = |level: &bmrl::Distribution, name: &str| level.top().is_some_and(|(best, _)| best == name);
    put(
        "forgery.accuracy".into(),
        share(fakes().map(|(truth, l)| top(&l.forgery, &truth.forgery)).collect()),
    );
    put("family.accuracy".into(), share(fakes().map(|(truth, l)| top(&l.family, &truth.family)).collect()));
    let known = |name: &str| taxonomy.class(name).is_some();
    let nearest = |level: &Levels, name: &str| {
        let named = level.generator.0.iter().filter(|(name, _)| name != bmrl::UNKNOWN);
        named.max_by(|a, b| a.1.total_cmp(&b.1)).is_some_and(|(best, _)| best == name)
    };
    put(
        "generator.accuracy".into(),
        share(fakes().filter(|(t, _)| known(&t.name)).map(|(t, l)| nearest(l, &t.name)).collect()),
    );
    put(
        "generator.called_unknown".into(),
        share(fakes().map(|(_, l)| l.generator.get(bmrl::UNKNOWN) > 0.5).collect()),
    );

    let mut strata = BTreeMap::<String, Vec<bool>>::new();
    for (one, level) in &levels {
        let right = (level.authenticity.fake > 0.5) == one.sample.generator.is_some();
        strata.entry(one.sample.stratum()).or_default().push(right);
    }
    for (stratum, right) in strata {
        put(format!("{stratum}.authenticity"), share(right));
    }
    // Pairs of one pipeline: what is left when neither encoding nor source tells.
    for (fake, real) in [
        ("StyleGAN1", "FFHQ-256"),
        ("DFDC_mixed_faceswap", "DFDC"),
        ("photoshop_composite", "ciplab"),
        ("StarGAN_128", "CelebA"),
    ] {
        let pair: Vec<(f64, bool)> = levels
            .iter()
            .filter_map(|(one, level)| match &one.sample.generator {
                Some(generator) => (generator.name == fake).then_some((level.authenticity.fake, true)),
                None => (one.sample.source == real).then_some((level.authenticity.fake, false)),
            })
            .collect();
        put(format!("pair {fake} against {real}.auroc"), auroc(&pair));
    }
    results
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
    fn balanced_accuracy_weighs_both_sides_alike() {
        assert_eq!(
            balanced_accuracy(&[(0.9, true), (0.9, false), (0.1, false), (0.2, false), (0.6, false)]),
            0.75
        );
    }
}
