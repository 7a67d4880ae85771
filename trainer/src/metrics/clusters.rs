//! Whether clusters found without labels are the true classes. Rows are a true class and a cluster.

use std::collections::BTreeMap;

/// Counts of the cells, of the classes and of the clusters.
fn counts(rows: &[(usize, usize)]) -> [Vec<f64>; 3] {
    let mut maps = [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()];
    for &(class, cluster) in rows {
        for (map, key) in maps.iter_mut().zip([(class, cluster), (class, 0), (cluster, 0)]) {
            *map.entry(key).or_insert(0.0) += 1.0;
        }
    }
    maps.map(|map| map.into_values().collect())
}

/// Mutual information over the mean of both entropies, 0 to 1; 1 of a single class in a single cluster.
pub fn normalized_mutual_information(rows: &[(usize, usize)]) -> f64 {
    let total = rows.len() as f64;
    let entropy =
        |counts: &[f64]| -> f64 { -counts.iter().map(|n| n / total * (n / total).ln()).sum::<f64>() };
    let [cells, classes, clusters] = counts(rows);
    let (classes, clusters) = (entropy(&classes), entropy(&clusters));
    if classes == 0.0 && clusters == 0.0 {
        return if rows.is_empty() { f64::NAN } else { 1.0 };
    }
    // What both entropies share is what they have more than the joint one.
    (classes + clusters - entropy(&cells)).max(0.0) / ((classes + clusters) / 2.0)
}

/// Share of pairs of rows on which classes and clusters agree, corrected for chance (Hubert and Arabie 1985); 1 is perfect, 0
/// is chance.
pub fn adjusted_rand_index(rows: &[(usize, usize)]) -> f64 {
    let pairs = |counts: &[f64]| -> f64 { counts.iter().map(|n| n * (n - 1.0) / 2.0).sum() };
    let [cells, classes, clusters] = counts(rows);
    let (together, classes, clusters) = (pairs(&cells), pairs(&classes), pairs(&clusters));
    let expected = classes * clusters / pairs(&[rows.len() as f64]);
    let highest = (classes + clusters) / 2.0;
    if highest == expected { 1.0 } else { (together - expected) / (highest - expected) }
}
