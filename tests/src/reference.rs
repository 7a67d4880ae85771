//! What the independent reference in `tests/reference` is compared with: the whole training-time model on drawn weights and
//! drawn inputs, in double precision, so that a difference is a mistake and not rounding.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use bmrl::{
    FaceTensors, Generator, Taxonomy,
    model::{Bmrl, MethodConfig, TokenChain},
};
use burn::{
    backend::Autodiff,
    module::{AutodiffModule, Module, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::{DType, Tensor, TensorData, backend::Backend, set_default_dtypes},
};
use burn_flex::{Flex, FlexDevice};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trainer::{
    loss::{LossWeights, Objective},
    tokenizer::token_chains,
};

use crate::drawn_weights::DrawnWeights;

/// Presets whose gradients are compared too; `paper` is compared forward.
pub const WITH_GRADIENTS: [&str; 2] = ["nano", "web"];

/// Side of a face.
const SIDE: usize = 224;

/// The classes of the batch; two of them twice, and one generator absent.
const CLASSES: [usize; 6] = [0, 1, 2, 4, 1, 0];

/// The samples that have a parsing map.
const MAP_ROWS: [usize; 4] = [0, 1, 3, 4];

/// Samples of a batch that is compared forward only, whose network is large.
const FEW: usize = 2;

/// Numbers by name, with their shapes.
pub type Tensors = BTreeMap<String, TensorData>;

/// One preset's model and inputs.
pub struct Case {
    /// Networks without dropout.
    pub config: MethodConfig,
    /// Weights of the losses.
    pub losses: LossWeights,
    /// The classes.
    pub taxonomy: Taxonomy,
    /// Prompt chain of each class.
    pub chains: Vec<TokenChain>,
    /// Class of each sample.
    pub classes: Vec<usize>,
    /// Which samples have a parsing map.
    pub map_rows: Vec<usize>,
    /// `face`, `native`, `parsing`, `parsing_rows`, `classes`, `tokens`, `ends`.
    pub inputs: Tensors,
}

/// Makes every tensor of this process double precision; to be called before the first one is made.
pub fn use_double_precision() -> Result<()> {
    set_default_dtypes::<Flex>(&FlexDevice, DType::F64, DType::I64).context("a tensor was made before")
}

impl Case {
    /// A preset's case.
    ///
    /// # Errors
    /// When there is no such preset.
    pub fn new(preset: &str) -> Result<Self> {
        let mut config = MethodConfig::preset(preset).with_context(|| format!("no preset {preset}"))?;
        config.model.dropout = 0.0;
        let taxonomy = Taxonomy::new(vec![
            Generator::new("StyleGAN1", "EFS", "GAN"),
            Generator::new("StyleGAN2", "EFS", "GAN"),
            Generator::new("SD2.1", "EFS", "diffusion"),
            Generator::new("SimSwap", "FS", "autoencoder"),
        ]);
        let chains = token_chains(&taxonomy, config.language.context)?;
        let count = if WITH_GRADIENTS.contains(&preset) { CLASSES.len() } else { FEW };
        let classes = CLASSES[..count].to_vec();
        let map_rows: Vec<usize> = MAP_ROWS.into_iter().filter(|row| *row < count).collect();
        let inputs = inputs(&chains, &classes, &map_rows);
        Ok(Self { config, losses: LossWeights::default(), taxonomy, chains, classes, map_rows, inputs })
    }

    /// The model with its drawn weights.
    pub fn model<B: Backend>(&self, device: &B::Device) -> Bmrl<B> {
        let guidance = self.losses.guidance();
        let model = Bmrl::new(&self.config, self.taxonomy.classes(), guidance, device);
        model.map(&mut DrawnWeights::default())
    }

    /// Outputs, losses and, where asked for, the gradient of every parameter.
    ///
    /// # Errors
    /// When a result cannot be read back.
    pub fn compute(&self, gradients: bool) -> Result<Tensors> {
        let mut results = Tensors::new();
        let model: Bmrl<Autodiff<Flex>> = self.model(&FlexDevice);
        // Batch normalisation with running statistics, as at inference.
        self.forward(&model.valid(), &mut results);
        if !gradients {
            self.losses(&model.valid(), &mut results);
            return Ok(results);
        }
        let total = self.losses(&model, &mut results);
        let found = GradientsParams::from_grads(total.backward(), &model);
        model.visit(&mut GradientNames {
            path: Vec::new(),
            found: &found,
            named: &mut results,
            absent: Vec::new(),
        });
        Ok(results)
    }

    fn forward<B: Backend>(&self, model: &Bmrl<B>, results: &mut Tensors) {
        let device = Default::default();
        let output = model.forward(self.faces(&device), &self.chains, Some(self.input("parsing", &device)));
        let mut put = |name: &str, tensor: Tensor<B, 2>| results.insert(name.into(), tensor.into_data());
        put("embedding", output.visual.embedding);
        put("logits", output.visual.logits);
        put("similarity", output.visual.similarity);
        let guiding = [
            ("text", output.text),
            ("parsing_feature", output.parsing),
            ("text_prediction", output.text_prediction),
        ];
        for (name, tensor) in guiding {
            if let Some(tensor) = tensor {
                put(name, tensor);
            }
        }
    }

    fn losses<B: Backend>(&self, model: &Bmrl<B>, results: &mut Tensors) -> Tensor<B, 1> {
        let device = Default::default();
        let objective = Objective::new(self.losses.clone(), &self.taxonomy, self.chains.clone(), &device);
        let maps = Some(self.input("parsing", &device));
        let losses = objective.losses(model, self.faces(&device), &self.classes, maps, &self.map_rows);
        for (name, value) in losses.parts {
            results.insert(format!("losses.{name}"), value.into_data());
        }
        results.insert("total".into(), losses.total.clone().into_data());
        losses.total
    }

    fn faces<B: Backend>(&self, device: &B::Device) -> FaceTensors<B> {
        FaceTensors { face: self.input("face", device), native: self.input("native", device) }
    }

    fn input<B: Backend>(&self, name: &str, device: &B::Device) -> Tensor<B, 4> {
        Tensor::from_data(self.inputs[name].clone(), device)
    }
}

/// Names of the parameters of a preset's model on which no loss depends.
///
/// # Errors
/// When there is no such preset.
pub fn parameters_without_gradient(preset: &str) -> Result<Vec<String>> {
    let case = Case::new(preset)?;
    let model: Bmrl<Autodiff<Flex>> = case.model(&FlexDevice);
    let total = case.losses(&model, &mut Tensors::new());
    let found = GradientsParams::from_grads(total.backward(), &model);
    let mut named = Tensors::new();
    let mut names = GradientNames { path: Vec::new(), found: &found, named: &mut named, absent: Vec::new() };
    model.visit(&mut names);
    Ok(names.absent)
}

/// Faces, maps, classes and tokens, the same at every call.
fn inputs(chains: &[TokenChain], classes: &[usize], map_rows: &[usize]) -> Tensors {
    let mut stream = ChaCha8Rng::seed_from_u64(20_250_419);
    let faces = |stream: &mut ChaCha8Rng| {
        let all = (0..classes.len()).flat_map(|_| picture(stream)).collect::<Vec<f64>>();
        TensorData::new(all, [classes.len(), 3, SIDE, SIDE])
    };
    let whole = |values: Vec<i64>| {
        let length = values.len();
        TensorData::new(values, [length])
    };
    let tokens: Vec<i64> =
        chains.iter().flat_map(|chain| chain.ids.iter().map(|&id| i64::from(id))).collect();
    let shape = [chains.len(), tokens.len() / chains.len()];
    let numbers = |values: &[usize]| whole(values.iter().map(|&value| value as i64).collect());
    let maps: Vec<f64> = map_rows.iter().flat_map(|_| parsing_map(&mut stream)).collect();
    Tensors::from([
        ("face".into(), faces(&mut stream)),
        ("native".into(), faces(&mut stream)),
        ("parsing".into(), TensorData::new(maps, [map_rows.len(), 3, SIDE, SIDE])),
        ("parsing_rows".into(), numbers(map_rows)),
        ("classes".into(), numbers(classes)),
        ("tokens".into(), TensorData::new(tokens, shape)),
        ("ends".into(), whole(chains.iter().map(|chain| chain.end as i64).collect())),
    ])
}

/// Whole numbers 0 to 255, smooth and rough in turn, `[3, 224, 224]`.
fn picture(stream: &mut ChaCha8Rng) -> Vec<f64> {
    let waves: Vec<[f64; 3]> =
        (0..3).map(|_| std::array::from_fn(|_| stream.random_range(0.02..0.3))).collect();
    let rough: [f64; 4] = std::array::from_fn(|_| stream.random_range(2.0..40.0));
    let mut values = Vec::with_capacity(3 * SIDE * SIDE);
    for [across, down, phase] in waves {
        for index in 0..SIDE * SIDE {
            let (y, x) = (index / SIDE, index % SIDE);
            let smooth = 128.0 + 70.0 * (across * x as f64 + down * y as f64 + 20.0 * phase).sin();
            let noise = rough[y / 112 * 2 + x / 112] * stream.random_range(-1.0..1.0);
            values.push((smooth + noise).round().clamp(0.0, 255.0));
        }
    }
    values
}

/// Sixteen plain patches, RGB in `[0, 1]`, `[3, 224, 224]`.
fn parsing_map(stream: &mut ChaCha8Rng) -> Vec<f64> {
    let colours: Vec<f64> = (0..3 * 16).map(|_| f64::from(stream.random_range(0..=255_u8)) / 255.0).collect();
    let colour = |index: usize| {
        let (channel, y, x) = (index / (SIDE * SIDE), index / SIDE % SIDE, index % SIDE);
        colours[channel * 16 + y / 56 * 4 + x / 56]
    };
    (0..3 * SIDE * SIDE).map(colour).collect()
}

/// The gradient of each parameter by its name in the weights file; zeros where nothing depends on it.
struct GradientNames<'a> {
    path: Vec<String>,
    found: &'a GradientsParams,
    named: &'a mut Tensors,
    absent: Vec<String>,
}

impl ModuleVisitor<Autodiff<Flex>> for GradientNames<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        if !container.starts_with("Enum:") {
            self.path.push(name.to_owned());
        }
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        if !container.starts_with("Enum:") {
            self.path.pop();
        }
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<Autodiff<Flex>, D>>) {
        // The running statistics of batch normalisation are no parameters.
        if self.path.last().is_some_and(|name| name.starts_with("running_")) {
            return;
        }
        let gradient = self.found.get::<Flex, D>(param.id).unwrap_or_else(|| {
            self.absent.push(self.path.join("."));
            param.val().inner().zeros_like()
        });
        self.named.insert(format!("gradient.{}", self.path.join(".")), gradient.into_data());
    }
}
