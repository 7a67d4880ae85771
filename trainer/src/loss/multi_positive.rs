//! Symmetric InfoNCE with label-aware targets: every pair of one class is a positive, none of them a negative.

use burn::tensor::{Tensor, TensorData, activation::log_softmax, backend::Backend};

/// Half the mean over rows plus half the mean over columns of `KL(target || softmax(similarity))`.
///
/// `similarity` is `[rows, columns]`, already multiplied by the temperature's inverse. A row's target is uniform over the
/// columns of its label, a column's over the rows of its label; one without any counts nothing. The result is
/// `[1]`, at least 0, and 0 exactly when every softmax equals its target.
pub fn multi_positive<B: Backend>(
    similarity: Tensor<B, 2>,
    rows: &[usize],
    columns: &[usize],
) -> Tensor<B, 1> {
    let by_row = mean_divergence(similarity.clone(), rows, columns);
    let by_column = mean_divergence(similarity.transpose(), columns, rows);
    (by_row + by_column).mul_scalar(0.5)
}

/// Mean over rows of `KL(target || softmax over columns)`.
fn mean_divergence<B: Backend>(similarity: Tensor<B, 2>, rows: &[usize], columns: &[usize]) -> Tensor<B, 1> {
    let device = similarity.device();
    let mut target = Vec::with_capacity(rows.len() * columns.len());
    // Sum of t ln t over all targets, which makes a cross entropy a divergence.
    let mut negative_entropy = 0.0;
    for row in rows {
        let positives = columns.iter().filter(|column| *column == row).count();
        let share = 1.0 / positives.max(1) as f64;
        if positives > 0 {
            negative_entropy += share.ln();
        }
        target.extend(columns.iter().map(|column| if column == row { share } else { 0.0 }));
    }
    let target = Tensor::from_data(TensorData::new(target, [rows.len(), columns.len()]), &device);
    let cross_entropy = (target * log_softmax(similarity, 1)).sum().neg();
    cross_entropy.add_scalar(negative_entropy).div_scalar(rows.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn_flex::{Flex, FlexDevice};

    fn value(similarity: Tensor<Flex, 2>, rows: &[usize], columns: &[usize]) -> f32 {
        multi_positive(similarity, rows, columns).into_scalar()
    }

    #[test]
    fn pairs_of_one_class_are_positives() {
        // Two pictures of one generator: whichever text either of them is told to prefer, equal similarity is right.
        let equal = Tensor::<Flex, 2>::full([2, 2], 3.0, &FlexDevice);
        assert!(value(equal.clone(), &[4, 4], &[4, 4]).abs() < 1e-6);
        // Were they negatives of each other, it would cost ln 2.
        assert!((value(equal, &[4, 5], &[4, 5]) - 2.0_f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn a_match_costs_nothing_and_a_mismatch_much() {
        let sure = |matrix: [[f32; 2]; 2]| Tensor::<Flex, 2>::from_floats(matrix, &FlexDevice);
        assert!(value(sure([[50.0, 0.0], [0.0, 50.0]]), &[0, 1], &[0, 1]) < 1e-6);
        assert!(value(sure([[0.0, 50.0], [50.0, 0.0]]), &[0, 1], &[0, 1]) > 49.0);
    }

    #[test]
    fn one_sample_costs_nothing() {
        let one = Tensor::<Flex, 2>::full([1, 1], 7.0, &FlexDevice);
        assert!(value(one, &[2], &[2]).abs() < 1e-6);
    }
}
