//! k-means: Lloyd's iterations from k-means++ starts, the best of several.

use rand::{
    Rng, SeedableRng,
    distr::{Distribution, weighted::WeightedIndex},
    rngs::StdRng,
};
use rayon::prelude::*;

/// Starts, of which the one with the smallest sum of squared distances is kept.
const STARTS: u64 = 10;

/// Iterations at most; most starts come to rest within twenty.
const ITERATIONS: usize = 100;

/// The cluster of each point, `0..k`; all points have the same width.
pub fn k_means(points: &[&[f32]], k: usize, seed: u64) -> Vec<usize> {
    let k = k.min(points.len());
    if k == 0 {
        return Vec::new();
    }
    let runs = (0..STARTS).into_par_iter().map(|start| run(points, k, seed.wrapping_mul(STARTS) + start));
    runs.min_by(|a, b| a.0.total_cmp(&b.0)).map(|best| best.1).unwrap_or_default()
}

/// The sum of squared distances, and the clusters.
fn run(points: &[&[f32]], k: usize, seed: u64) -> (f64, Vec<usize>) {
    let mut centres = starts(points, k, &mut StdRng::seed_from_u64(seed));
    let mut clusters = Vec::new();
    for _ in 0..ITERATIONS {
        let nearest = assign(points, &centres);
        let moved: Vec<usize> = nearest.iter().map(|(cluster, _)| *cluster).collect();
        if moved == clusters {
            break;
        }
        clusters = moved;
        for (cluster, centre) in centres.iter_mut().enumerate() {
            let members = || points.iter().zip(&clusters).filter(|(_, own)| **own == cluster);
            let count = members().count();
            // A centre that lost all its points stays where it is.
            if count > 0 {
                centre.fill(0.0);
                for (point, _) in members() {
                    centre.iter_mut().zip(*point).for_each(|(sum, x)| *sum += x / count as f32);
                }
            }
        }
    }
    (assign(points, &centres).iter().map(|(_, distance)| f64::from(*distance)).sum(), clusters)
}

/// The nearest centre of each point, and the squared distance to it.
fn assign(points: &[&[f32]], centres: &[Vec<f32>]) -> Vec<(usize, f32)> {
    let nearest = |point: &&[f32]| {
        let distances = centres.iter().map(|centre| squared_distance(point, centre)).enumerate();
        distances.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, f32::INFINITY))
    };
    points.iter().map(nearest).collect()
}

/// k-means++: each further centre is a point, drawn in proportion to its squared distance from those there are.
fn starts(points: &[&[f32]], k: usize, rng: &mut StdRng) -> Vec<Vec<f32>> {
    let mut centres = vec![points[rng.random_range(0..points.len())].to_vec()];
    while centres.len() < k {
        let distances = assign(points, &centres).into_iter().map(|(_, distance)| distance);
        // Only where all points are centres already: any will do.
        let next = WeightedIndex::new(distances).map_or(0, |index| index.sample(rng));
        centres.push(points[next].to_vec());
    }
    centres
}

fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
