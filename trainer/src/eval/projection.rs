//! Embeddings on a plane: t-SNE from a start by principal components, or these alone where points are few.

use bhtsne::tSNE;
use rand::{Rng, SeedableRng, rngs::StdRng};

/// Fewest points for t-SNE.
const FEWEST: usize = 100;

/// Of t-SNE: about how many neighbours count.
const PERPLEXITY: f32 = 30.0;

/// Angle of the Barnes-Hut approximation; the method's usual one.
const THETA: f32 = 0.5;

/// Power iterations for each principal component.
const ITERATIONS: usize = 50;

/// How a plane came about, for a caption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Barnes-Hut t-SNE.
    TSne,
    /// Principal components.
    Components,
}

/// Places on a plane, and how they came about.
pub fn project(points: &[&[f32]]) -> (Vec<(f32, f32)>, Method) {
    let plane = principal_components(points);
    if points.len() < FEWEST {
        return (plane, Method::Components);
    }
    // As scikit-learn starts: components, scaled to a deviation of 1e-4.
    let deviation =
        (plane.iter().map(|(x, _)| x * x).sum::<f32>() / plane.len() as f32).sqrt().max(f32::MIN_POSITIVE);
    let start: Vec<f32> =
        plane.iter().flat_map(|(x, y)| [x, y].map(|value| value / deviation * 1e-4)).collect();
    let mut method: tSNE<'_, f32, &[f32]> = tSNE::new(points);
    let distance =
        |a: &&[f32], b: &&[f32]| a.iter().zip(*b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt();
    let embedding =
        method.perplexity(PERPLEXITY).initial_embedding(start).barnes_hut(THETA, distance).embedding();
    (embedding.chunks_exact(2).map(|place| (place[0], place[1])).collect(), Method::TSne)
}

/// The two directions in which the points differ most, by power iteration.
fn principal_components(points: &[&[f32]]) -> Vec<(f32, f32)> {
    let Some(width) = points.first().map(|point| point.len()) else { return Vec::new() };
    let mut rng = StdRng::seed_from_u64(0);
    let mean: Vec<f32> =
        (0..width).map(|i| points.iter().map(|point| point[i]).sum::<f32>() / points.len() as f32).collect();
    let mut rest: Vec<Vec<f32>> =
        points.iter().map(|point| point.iter().zip(&mean).map(|(x, mean)| x - mean).collect()).collect();
    let mut component = || -> Vec<f32> {
        let mut direction: Vec<f32> = (0..width).map(|_| rng.random_range(-1.0..1.0)).collect();
        for _ in 0..ITERATIONS {
            let mut next = vec![0.0; width];
            for row in &rest {
                let along = dot(row, &direction);
                next.iter_mut().zip(row).for_each(|(sum, x)| *sum += along * x);
            }
            let length = dot(&next, &next).sqrt().max(f32::MIN_POSITIVE);
            direction = next.iter().map(|x| x / length).collect();
        }
        let places: Vec<f32> = rest.iter().map(|row| dot(row, &direction)).collect();
        for (row, place) in rest.iter_mut().zip(&places) {
            row.iter_mut().zip(&direction).for_each(|(x, along)| *x -= place * along);
        }
        places
    };
    let (first, second) = (component(), component());
    first.into_iter().zip(second).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_the_directions_of_most_difference() {
        // An ellipse in the second and third of four directions.
        let points: Vec<[f32; 4]> =
            (0..90).map(|i| (i as f32 * 0.07).sin_cos()).map(|(s, c)| [5.0, 9.0 * s, 2.0 * c, 1.0]).collect();
        let rows: Vec<&[f32]> = points.iter().map(|point| &point[..]).collect();
        let (plane, method) = project(&rows);
        assert_eq!(method, Method::Components);
        let widest = |of: fn(&(f32, f32)) -> f32| plane.iter().map(of).fold(0.0, |a: f32, b| a.max(b.abs()));
        assert!((widest(|p| p.0) - 9.0).abs() < 0.3 && (widest(|p| p.1) - 2.0).abs() < 0.3);
    }

    #[test]
    fn t_sne_keeps_clusters_apart() {
        let mut rng = StdRng::seed_from_u64(3);
        let points: Vec<Vec<f32>> = (0..120)
            .map(|i| {
                (0..8).map(|j| if j == i % 2 { 4.0 } else { 0.0 } + rng.random_range(-0.5..0.5)).collect()
            })
            .collect();
        let rows: Vec<&[f32]> = points.iter().map(|point| &point[..]).collect();
        let (plane, method) = project(&rows);
        assert_eq!(method, Method::TSne);
        let mean = |odd: usize| {
            let own = plane.iter().skip(odd).step_by(2);
            own.fold((0.0, 0.0), |sum, place| (sum.0 + place.0 / 60.0, sum.1 + place.1 / 60.0))
        };
        let means = [mean(0), mean(1)];
        for (index, place) in plane.iter().enumerate() {
            let away = |mean: (f32, f32)| (place.0 - mean.0).hypot(place.1 - mean.1);
            assert!(away(means[index % 2]) < away(means[1 - index % 2]), "{index}");
        }
    }
}
