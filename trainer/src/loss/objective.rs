//! The weighted sum of the losses over a batch.

use bmrl::{
    FaceTensors, Taxonomy,
    model::{Bmrl, Guidance, TokenChain},
};
use burn::tensor::{Int, Tensor, TensorData, backend::Backend};
use serde::{Deserialize, Serialize};

use super::{Irrelevant, Membership, alignment, dfacc, distillation, level_cross_entropy, matching};

/// How much each loss counts; 0 leaves it out, and with it the encoder that only it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossWeights {
    /// Cross entropy on the class.
    pub cross_entropy: f64,
    /// Cross entropy on real against fake (ours).
    pub authenticity: f64,
    /// Cross entropy on the group, forgery type x family (ours).
    pub group: f64,
    /// Contrastive-centre loss.
    pub dfacc: f64,
    /// Vision-language alignment.
    pub alignment: f64,
    /// Vision-parsing matching.
    pub matching: f64,
    /// Distillation of the text feature.
    pub distillation: f64,
    /// Its temperature.
    pub distillation_temperature: f64,
}

impl Default for LossWeights {
    fn default() -> Self {
        Self {
            cross_entropy: 1.0,
            authenticity: 0.5,
            group: 0.5,
            dfacc: 1.0,
            alignment: 0.5,
            matching: 0.5,
            distillation: 0.5,
            distillation_temperature: 20.0,
        }
    }
}

impl LossWeights {
    /// The encoders that some loss needs.
    pub fn guidance(&self) -> Guidance {
        Guidance { language: self.alignment > 0.0 || self.distillation > 0.0, parsing: self.matching > 0.0 }
    }

    /// Each loss's name and weight.
    pub fn named(&self) -> [(&'static str, f64); 7] {
        [
            ("cross_entropy", self.cross_entropy),
            ("authenticity", self.authenticity),
            ("group", self.group),
            ("dfacc", self.dfacc),
            ("alignment", self.alignment),
            ("matching", self.matching),
            ("distillation", self.distillation),
        ]
    }

    /// The first thing that is wrong, if any.
    pub fn fault(&self) -> Option<String> {
        let Self { distillation_temperature: temperature, .. } = *self;
        let weights = self.named();
        if let Some((name, weight)) = weights.iter().find(|(_, weight)| !weight.is_finite() || *weight < 0.0)
        {
            return Some(format!("losses: {name} is {weight}; a weight is at least 0"));
        }
        if weights.iter().all(|(_, weight)| *weight == 0.0) {
            return Some("losses: all weights are 0, so nothing would be learnt".into());
        }
        let positive = temperature.is_finite() && temperature > 0.0;
        (!positive).then(|| format!("losses: distillation_temperature {temperature} is not above 0"))
    }
}

/// The losses of one batch.
pub struct Losses<B: Backend> {
    /// Name and value `[1]`, unweighted, of each loss that took part.
    pub parts: Vec<(&'static str, Tensor<B, 1>)>,
    /// Their weighted sum, `[1]`.
    pub total: Tensor<B, 1>,
}

/// All that the losses need to know besides the batch.
pub struct Objective<B: Backend> {
    weights: LossWeights,
    class: Membership<B>,
    authenticity: Membership<B>,
    group: Membership<B>,
    irrelevant: Irrelevant<B>,
    /// Prompt chain of each class.
    chains: Vec<TokenChain>,
}

impl<B: Backend> Objective<B> {
    /// `chains` are the tokens of the taxonomy's prompt chains, those of the trained classes first.
    pub fn new(
        weights: LossWeights,
        taxonomy: &Taxonomy,
        chains: Vec<TokenChain>,
        device: &B::Device,
    ) -> Self {
        let groups = taxonomy.groups();
        let names: Vec<String> = (0..taxonomy.classes()).map(|class| class.to_string()).collect();
        let sides: Vec<String> = (0..taxonomy.classes()).map(|class| (class > 0).to_string()).collect();
        Self {
            weights,
            class: Membership::new(&names, device),
            authenticity: Membership::new(&sides, device),
            group: Membership::new(&groups, device),
            irrelevant: Irrelevant::new(&groups, device),
            chains,
        }
    }

    /// Where it computes.
    pub fn device(&self) -> B::Device {
        self.class.device()
    }

    /// The losses of faces of these classes. `maps` `[maps, 3, 224, 224]` are the parsing maps of the faces
    /// `map_rows`; faces without one take part in everything else.
    pub fn losses(
        &self,
        model: &Bmrl<B>,
        faces: FaceTensors<B>,
        classes: &[usize],
        maps: Option<Tensor<B, 4>>,
        map_rows: &[usize],
    ) -> Losses<B> {
        let device = faces.face.device();
        let mut present = classes.to_vec();
        present.sort_unstable();
        present.dedup();
        let chains: Vec<TokenChain> = present.iter().map(|&class| self.chains[class].clone()).collect();
        let output = model.forward(faces, &chains, maps);

        let weights = &self.weights;
        let embedding = || output.visual.embedding.clone();
        let level = |level| level_cross_entropy(output.visual.logits.clone(), classes, level);
        let mut sum = Sum { parts: Vec::new(), total: Tensor::zeros([1], &device) };
        sum.add("cross_entropy", weights.cross_entropy, || level(&self.class));
        sum.add("authenticity", weights.authenticity, || level(&self.authenticity));
        sum.add("group", weights.group, || level(&self.group));
        sum.add("dfacc", weights.dfacc, || {
            dfacc(embedding(), model.classifier.centres.val(), classes, &self.irrelevant)
        });
        if let (Some(text), Some(prediction)) = (output.text, output.text_prediction) {
            sum.add("alignment", weights.alignment, || {
                alignment(embedding(), text.clone(), classes, &present, output.scale.clone())
            });
            sum.add("distillation", weights.distillation, || {
                let row = |class| present.binary_search(class).unwrap_or_default() as i64;
                let rows: Vec<i64> = classes.iter().map(row).collect();
                let rows = Tensor::<B, 1, Int>::from_data(TensorData::new(rows, [classes.len()]), &device);
                distillation(prediction, text.clone().select(0, rows), weights.distillation_temperature)
            });
        }
        if let Some(parsing) = output.parsing {
            sum.add("matching", weights.matching, || {
                matching(embedding(), parsing, classes, map_rows, output.scale.clone())
            });
        }
        Losses { parts: sum.parts, total: sum.total }
    }
}

struct Sum<B: Backend> {
    parts: Vec<(&'static str, Tensor<B, 1>)>,
    total: Tensor<B, 1>,
}

impl<B: Backend> Sum<B> {
    fn add(&mut self, name: &'static str, weight: f64, loss: impl FnOnce() -> Tensor<B, 1>) {
        if weight > 0.0 {
            let value = loss();
            self.total = self.total.clone() + value.clone().mul_scalar(weight);
            self.parts.push((name, value));
        }
    }
}
