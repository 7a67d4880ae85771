//! Whether the label can be told from what has nothing to do with the face: the format, the size, the quantiser.

use std::collections::HashMap;

use serde::Serialize;

/// From this balanced accuracy on, the report warns.
pub const WARN: f64 = 0.6;

/// What one property of the files tells of the label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shortcut {
    /// The property.
    pub property: &'static str,
    /// Balanced accuracy of guessing real or fake from it alone, each picture guessed from the others; 0.5 is chance.
    pub balanced_accuracy: f64,
    /// Mutual information of property and label, over the label's entropy: 0 nothing, 1 everything.
    pub label_information: f64,
    /// The same for the generator, among fakes.
    pub generator_information: f64,
}

impl Shortcut {
    /// Measures a property: its value, and the generator, `None` for real, of each picture.
    pub fn measure(property: &'static str, pictures: &[(String, Option<&str>)]) -> Self {
        let labels: Vec<(&str, usize)> =
            pictures.iter().map(|(value, generator)| (&**value, usize::from(generator.is_some()))).collect();
        let mut numbers = HashMap::new();
        let mut fakes: Vec<(&str, usize)> = Vec::new();
        for (value, generator) in pictures {
            if let Some(name) = generator {
                let next = numbers.len();
                fakes.push((value, *numbers.entry(*name).or_insert(next)));
            }
        }
        Self {
            property,
            balanced_accuracy: balanced_accuracy(&labels),
            label_information: information(&labels),
            generator_information: information(&fakes),
        }
    }
}

/// Each picture's label is guessed as the one that is commoner, relative to its number, among the other pictures with
/// the same value; where that decides nothing, the guess is worth a half.
fn balanced_accuracy(pictures: &[(&str, usize)]) -> f64 {
    let mut totals = [0_f64; 2];
    let mut cells: HashMap<&str, [f64; 2]> = HashMap::new();
    for &(value, label) in pictures {
        totals[label] += 1.0;
        cells.entry(value).or_default()[label] += 1.0;
    }
    if totals.contains(&0.0) {
        return 0.5;
    }
    let recall = |label: usize| {
        let other = 1 - label;
        let hits = cells.values().map(|cell| {
            // The picture itself is not among those it is guessed from.
            let own = if totals[label] > 1.0 { (cell[label] - 1.0) / (totals[label] - 1.0) } else { 0.0 };
            let others = cell[other] / totals[other];
            let worth = if own > others {
                1.0
            } else if own == others {
                0.5
            } else {
                0.0
            };
            cell[label] * worth
        });
        hits.sum::<f64>() / totals[label]
    };
    (recall(0) + recall(1)) / 2.0
}

/// Mutual information over the entropy of the label; 0 where there is one label only.
fn information(pictures: &[(&str, usize)]) -> f64 {
    let total = pictures.len() as f64;
    let (mut values, mut labels) = (HashMap::<&str, f64>::new(), HashMap::<usize, f64>::new());
    let mut both = HashMap::<(&str, usize), f64>::new();
    for &(value, label) in pictures {
        *values.entry(value).or_default() += 1.0;
        *labels.entry(label).or_default() += 1.0;
        *both.entry((value, label)).or_default() += 1.0;
    }
    let entropy: f64 = labels.values().map(|count| -count / total * (count / total).ln()).sum();
    if labels.len() < 2 {
        return 0.0;
    }
    let shared: f64 = both
        .iter()
        .map(|((value, label), count)| count / total * (count * total / values[value] / labels[label]).ln())
        .sum();
    (shared / entropy).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(real: &[&str], fake: &[&str]) -> Shortcut {
        let real = real.iter().map(|value| (value.to_string(), None));
        let fake = fake.iter().map(|value| (value.to_string(), Some("GanA")));
        Shortcut::measure("format", &real.chain(fake).collect::<Vec<_>>())
    }

    #[test]
    fn all_fakes_png_and_all_reals_jpeg_is_a_shortcut() {
        let found = measure(&["jpeg"; 50], &["png"; 10]);
        assert_eq!((found.balanced_accuracy, found.label_information), (1.0, 1.0));
    }

    #[test]
    fn the_same_mixture_on_both_sides_is_none() {
        let real = [&["jpeg"; 40][..], &["png"; 20]].concat();
        let found = measure(&real, &[&["jpeg"; 20][..], &["png"; 10]].concat());
        assert!(found.balanced_accuracy <= 0.5 && found.label_information < 1e-9, "{found:?}");
    }

    #[test]
    fn values_that_stand_alone_tell_nothing() {
        let real: Vec<String> = (0..50).map(|index| format!("r{index}")).collect();
        let fake: Vec<String> = (0..50).map(|index| format!("f{index}")).collect();
        let strs = |values: &[String]| values.to_vec();
        let (real, fake) = (strs(&real), strs(&fake));
        let found = measure(
            &real.iter().map(|value| &**value).collect::<Vec<_>>(),
            &fake.iter().map(|value| &**value).collect::<Vec<_>>(),
        );
        assert_eq!(found.balanced_accuracy, 0.5);
    }
}
