//! Cross entropy on a level of the taxonomy, from the class logits alone.

use burn::tensor::{Int, Tensor, TensorData, activation::softmax, backend::Backend};

/// Which classes make up each value of a level, `[classes, values]` of 0 and 1.
pub struct Membership<B: Backend> {
    matrix: Tensor<B, 2>,
    /// The value of each class.
    value: Vec<usize>,
}

impl<B: Backend> Membership<B> {
    /// From the level's value of each class, for instance its group's name.
    pub fn new(names: &[String], device: &B::Device) -> Self {
        let mut known: Vec<&String> = Vec::new();
        let value: Vec<usize> = names
            .iter()
            .map(|name| {
                known.iter().position(|other| *other == name).unwrap_or_else(|| {
                    known.push(name);
                    known.len() - 1
                })
            })
            .collect();
        let mut matrix = vec![0.0_f32; names.len() * known.len()];
        for (class, &value) in value.iter().enumerate() {
            matrix[class * known.len() + value] = 1.0;
        }
        let matrix = Tensor::from_data(TensorData::new(matrix, [names.len(), known.len()]), device);
        Self { matrix, value }
    }

    /// Where it computes.
    pub fn device(&self) -> B::Device {
        self.matrix.device()
    }
}

/// Mean negative log-likelihood of the level's true value, its probability summed over its classes.
///
/// `logits` is `[batch, classes]`; the result is `[1]`, at least 0.
pub fn level_cross_entropy<B: Backend>(
    logits: Tensor<B, 2>,
    classes: &[usize],
    level: &Membership<B>,
) -> Tensor<B, 1> {
    let device = logits.device();
    let values: Vec<i64> = classes.iter().map(|&class| level.value[class] as i64).collect();
    let truth = Tensor::<B, 2, Int>::from_data(TensorData::new(values, [classes.len(), 1]), &device);
    let probability = softmax(logits, 1).matmul(level.matrix.clone());
    // A floor keeps the loss and its gradient finite when a level's probability underflows.
    probability.gather(1, truth).clamp_min(1e-7).log().neg().mean()
}
