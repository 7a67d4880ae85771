//! Weights that are drawn, not trained: whether two programs compute the same does not depend on what was learnt.

use burn::{
    module::{ModuleMapper, Param},
    tensor::{Tensor, TensorData, backend::Backend},
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use sha2::{Digest, Sha256};

/// Fills each parameter from a random stream of its own, keyed by its path, at the scale that training would give.
#[derive(Default)]
pub struct DrawnWeights {
    path: Vec<String>,
    choosing: bool,
}

impl DrawnWeights {
    /// With attention that chooses, as training makes it. Drawn queries and keys as such hardly do, and then the
    /// embeddings of all faces come out much alike.
    pub fn choosing() -> Self {
        Self { choosing: true, ..Self::default() }
    }
}

impl<B: Backend> ModuleMapper<B> for DrawnWeights {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        let (id, tensor, mapper) = param.consume();
        let shape = tensor.dims();
        let name = self.path.last().map_or("", String::as_str);
        let asks = self.path.iter().any(|part| part == "query" || part == "key");
        let gain = if self.choosing && asks { 3.0 } else { 1.0 };
        let (mean, spread) = match (name, shape.as_slice()) {
            ("gamma" | "gain" | "running_var", _) => (1.0, 0.1),
            ("logit_scale", _) => (2.5, 0.1),
            (_, [_]) => (0.0, 0.1),
            // Convolutions are `[out, in, height, width]`, the others `[in, out]`.
            (_, [_, inputs, height, width]) => (0.0, ((inputs * height * width) as f32).powf(-0.5)),
            (_, [inputs, _]) => (0.0, gain * (*inputs as f32).powf(-0.5)),
            // The class token and the positions.
            _ => (0.0, 0.02),
        };
        let mut stream = ChaCha8Rng::from_seed(Sha256::digest(self.path.join(".")).into());
        let draw = |_| mean + spread * stream.sample::<f32, _>(StandardNormal);
        let values: Vec<f32> = (0..shape.iter().product()).map(draw).collect();
        let drawn = Tensor::from_data(TensorData::new(values, shape), &tensor.device());
        // What could be trained stays so: a new tensor has no gradient by itself.
        let drawn = if tensor.is_require_grad() { drawn.require_grad() } else { drawn };
        Param::from_mapped_value(id, drawn, mapper)
    }
}
