//! What must hold of the losses whatever a batch is made of.

use bmrl::{FaceTensors, model::Bmrl};
use bmrl_tests::reference::Case;
use burn::{
    backend::Autodiff,
    module::{Module, ModuleMapper, Param},
    optim::{AdamWConfig, GradientsParams, Optimizer},
    tensor::{ElementConversion, Tensor, backend::Backend},
};
use burn_flex::{Flex, FlexDevice};
use trainer::loss::{Losses, Objective};

type Device = Autodiff<Flex>;

struct Setting {
    case: Case,
    objective: Objective<Device>,
}

impl Setting {
    fn new() -> Self {
        let case = Case::new("nano").unwrap();
        let objective = Objective::new(case.losses.clone(), &case.taxonomy, case.chains.clone(), &FlexDevice);
        Self { case, objective }
    }

    /// The first faces of the case as if they were of these classes, the first `maps` of them with a map.
    fn losses(&self, model: &Bmrl<Device>, classes: &[usize], maps: usize) -> Losses<Device> {
        let input = |name: &str, count| {
            let all = Tensor::<Device, 4>::from_data(self.case.inputs[name].clone(), &FlexDevice);
            all.narrow(0, 0, count)
        };
        let faces =
            FaceTensors { face: input("face", classes.len()), native: input("native", classes.len()) };
        let rows: Vec<usize> = (0..maps).collect();
        let maps = (maps > 0).then(|| input("parsing", maps));
        self.objective.losses(model, faces, classes, maps, &rows)
    }
}

#[test]
fn losses_and_gradients_are_finite_on_every_kind_of_batch() {
    let setting = Setting::new();
    let model: Bmrl<Device> = setting.case.model(&FlexDevice);
    let batches: [(&str, &[usize], usize); 7] = [
        ("one real sample", &[0], 1),
        ("one fake sample without a map", &[3], 0),
        ("one class", &[2, 2, 2], 2),
        ("all real", &[0, 0, 0], 3),
        ("all fake", &[1, 3, 4, 2], 4),
        ("mixed, some without a map", &[0, 1, 2, 0], 2),
        ("mixed, none with a map", &[0, 1, 2, 4], 0),
    ];
    for (name, classes, maps) in batches {
        let losses = setting.losses(&model, classes, maps);
        for (loss, value) in &losses.parts {
            let value: f64 = value.clone().into_scalar().elem();
            assert!(value.is_finite() && value > -1e-5, "{name}: {loss} is {value}");
        }
        assert_eq!(losses.parts.iter().any(|(loss, _)| *loss == "matching"), maps > 0, "{name}");
        let gradients = GradientsParams::from_grads(losses.total.backward(), &model);
        // A step along them leaves finite weights only if they are.
        let stepped = AdamWConfig::new().init().step(1e-3, model.clone(), gradients);
        let value: f64 = setting.losses(&stepped, classes, maps).total.into_scalar().elem();
        assert!(value.is_finite(), "{name}: after a step {value}");
    }
}

#[test]
fn a_batch_with_missing_maps_is_learnt() {
    let setting = Setting::new();
    let mut model: Bmrl<Device> = setting.case.model(&FlexDevice);
    let mut optimizer = AdamWConfig::new().init();
    let mut values = Vec::new();
    for _ in 0..8 {
        let losses = setting.losses(&model, &[0, 1, 2, 4], 2);
        values.push(losses.total.clone().into_scalar().elem::<f64>());
        let gradients = GradientsParams::from_grads(losses.total.backward(), &model);
        model = optimizer.step(1e-3, model, gradients).clamp_scale();
    }
    let scale = model.scale().into_scalar().elem::<f64>();
    let start = setting.case.model::<Device>(&FlexDevice).scale().into_scalar().elem::<f64>();
    assert!((scale - start).abs() > 1e-3, "the temperature is not trained: {start} to {scale}");
    let (first, last) = (values[0], values[values.len() - 1]);
    assert!(last < 0.8 * first, "{values:?}");
}

#[test]
fn the_temperature_stays_clamped_and_can_come_back() {
    let setting = Setting::new();
    let model: Bmrl<Device> = setting.case.model(&FlexDevice);
    let wild = model.map(&mut SetScale(30.0));
    let scale = |model: &Bmrl<Device>| model.scale().into_scalar().elem::<f64>();
    assert!((scale(&wild) - 100.0).abs() < 1e-3);
    let losses = setting.losses(&wild, &[0, 1, 2, 4], 0);
    assert!(losses.total.into_scalar().is_finite());
    let clamped = wild.clamp_scale();
    assert!((scale(&clamped) - 100.0).abs() < 0.1);
    // From there a step that asks for less gets it.
    let gradients = GradientsParams::from_grads(clamped.scale().backward(), &clamped);
    let lower = AdamWConfig::new().init().step(0.1, clamped, gradients).clamp_scale();
    assert!(scale(&lower) < 95.0, "{}", scale(&lower));
}

/// Sets the logarithm of the factor on similarities.
struct SetScale(f32);

impl<B: Backend> ModuleMapper<B> for SetScale {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        let (id, tensor, mapper) = param.consume();
        // The only parameter of one number.
        let set = tensor.shape().num_elements() == 1;
        let trained = tensor.is_require_grad();
        let tensor = if set { tensor.full_like(self.0).set_require_grad(trained) } else { tensor };
        Param::from_mapped_value(id, tensor, mapper)
    }
}
