//! The numbers of an enrolled generator, from its pictures' embeddings and the bundle's own centres.

use bmrl::{Enrolled, Score};

/// How far below the enrolled pictures' own cosines a face may lie and still count as near. At 0.1 the shipped bundle names about
/// six in ten further pictures of a generator that was enrolled from five, and gives one in 25 pictures of trained generators the
/// new name (docs/trainer/enroll.md).
const SLACK: f64 = 0.1;

/// The floor where fewer than [`FEWEST`] pictures leave their own cosines unknown.
const USUAL_FLOOR: f64 = 0.8;

/// The scale where they do.
const USUAL_SCALE: f64 = 30.0;

/// Fewest pictures of which each can be compared with the centre of the others.
const FEWEST: usize = 3;

/// Candidates for the scale: below, nothing is ever sure; above, everything always is.
const SCALES: [f64; 7] = [20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0];

/// A generator's centre, scale and floor. `centres` are the normalised centres of the trained fakes, each taken as a picture that
/// is not of it.
pub fn fit(scores: &[Score], centres: &[Vec<f32>], text: Option<Vec<f32>>) -> Enrolled {
    let embeddings: Vec<&[f32]> = scores.iter().map(|score| &score.embedding[..]).collect();
    let mut best = Enrolled {
        centre: centre(embeddings.iter().copied()),
        text,
        scale: USUAL_SCALE,
        floor: USUAL_FLOOR,
        pictures: scores.len(),
    };
    if scores.len() < FEWEST {
        return best;
    }
    let others: Vec<Enrolled> = left_out(&best, scores);
    let cosines = others.iter().zip(&embeddings).map(|(one, embedding)| product(&one.centre, embedding));
    best.floor = cosines.sum::<f64>() / scores.len() as f64 - SLACK;
    let rivals: Vec<Score> = centres
        .iter()
        .map(|own| {
            // The real class comes first and is not compared with.
            let similarity = centres.iter().map(|other| product(own, other) as f32);
            Score {
                embedding: own.clone(),
                similarity: std::iter::once(0.0).chain(similarity).collect(),
                ..Score::default()
            }
        })
        .collect();
    let likelihood = |scale: f64| -> f64 {
        let tried = Enrolled { scale, ..best.clone() };
        let share = |one: &Enrolled, score: &Score| share(one.odds(score, 0.0));
        let own = left_out(&tried, scores);
        let own: f64 = own.iter().zip(scores).map(|(one, score)| share(one, score).max(1e-12).ln()).sum();
        let rest: f64 = rivals.iter().map(|score| (1.0 - share(&tried, score)).max(1e-12).ln()).sum();
        own / scores.len() as f64 + rest / rivals.len().max(1) as f64
    };
    let likeliest = SCALES.into_iter().max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b)));
    Enrolled { scale: likeliest.unwrap_or(USUAL_SCALE), ..best }
}

/// The same generator as each picture would have met it, had it not been among those enrolled.
pub fn left_out(all: &Enrolled, scores: &[Score]) -> Vec<Enrolled> {
    let without = |out: usize| {
        let rest = scores.iter().enumerate().filter(move |(index, _)| *index != out);
        Enrolled { centre: centre(rest.map(|(_, score)| &score.embedding[..])), ..all.clone() }
    };
    (0..scores.len()).map(without).collect()
}

/// From odds to a probability.
pub fn share(odds: f64) -> f64 {
    if odds.is_infinite() { 1.0 } else { odds / (1.0 + odds) }
}

/// The mean of unit vectors, brought to unit length.
fn centre<'a>(vectors: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
    let mut sum: Vec<f64> = Vec::new();
    for vector in vectors {
        sum.resize(vector.len(), 0.0);
        sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt().max(1e-12);
    sum.iter().map(|value| (value / length) as f32).collect()
}

/// The cosine of the angle between unit vectors.
pub fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit vector near an axis of three, and its cosines to the first two, which are trained centres.
    fn score(axis: usize, noise: f32) -> Score {
        let mut embedding = [noise; 3];
        embedding[axis] = 1.0;
        let embedding = centre([&embedding[..]].into_iter());
        let similarity = vec![0.0, embedding[0], embedding[1]];
        Score { embedding, similarity, ..Score::default() }
    }

    #[test]
    fn pictures_like_those_enrolled_get_the_name_and_trained_ones_do_not() {
        let centres = [vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]];
        for count in [1, 2, 5] {
            let shown: Vec<Score> = (0..count).map(|index| score(2, 0.02 * index as f32)).collect();
            let enrolled = fit(&shown, &centres, None);
            assert_eq!(enrolled.fault(3), None);
            assert_eq!(enrolled.pictures, count);
            let share = |axis| share(enrolled.odds(&score(axis, 0.05), 0.0));
            assert!(share(2) > 0.9 && share(0) < 0.01 && share(1) < 0.01, "{count}: {enrolled:?}");
        }
    }

    #[test]
    fn infinite_odds_are_certainty() {
        assert_eq!((share(f64::INFINITY), share(1.0), share(0.0)), (1.0, 0.5, 0.0));
    }
}
