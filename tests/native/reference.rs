//! Every output, loss and gradient of the whole model against the independent reference's fixtures; see
//! `tests/reference/README.md` for how they are made again.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path, sync::Once};

use bmrl_tests::reference::{Case, Tensors, WITH_GRADIENTS, use_double_precision};
use burn::tensor::TensorData;
use serde_json::Value;

/// Relative difference allowed.
const TOLERANCE: f64 = 1e-4;

#[test]
fn nano_agrees_with_the_reference() {
    compare("nano");
}

#[test]
fn web_agrees_with_the_reference() {
    compare("web");
}

#[test]
fn paper_agrees_with_the_reference_forward() {
    compare("paper");
}

fn compare(preset: &str) {
    static DOUBLE: Once = Once::new();
    DOUBLE.call_once(|| use_double_precision().unwrap());
    let gradients = WITH_GRADIENTS.contains(&preset);
    let results = Case::new(preset).unwrap().compute(gradients).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("reference/fixtures/{preset}.json"));
    let fixture: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();

    let mut worst = 0.0_f64;
    let mut compared = 0;
    for (kind, prefix) in [("outputs", ""), ("losses", "losses."), ("gradients", "gradient.")] {
        for (name, expected) in fixture[kind].as_object().unwrap() {
            let key = if name == "total" { name.clone() } else { format!("{prefix}{name}") };
            let error = difference(&results, &key, expected);
            assert!(error <= TOLERANCE, "{preset} {key}: relative difference {error:e}");
            worst = worst.max(error);
            compared += 1;
        }
    }
    assert_eq!(compared, results.len(), "{preset}: the fixture lacks a result");
    assert_eq!(fixture["gradients"].as_object().unwrap().is_empty(), !gradients);
    println!("{preset}: {compared} tensors, largest relative difference {worst:e}");
}

/// Relative difference of a result from its fixture: the numbers themselves, or norm and projections.
fn difference(results: &Tensors, name: &str, expected: &Value) -> f64 {
    let values = numbers(results.get(name).unwrap_or_else(|| panic!("{name} is not computed")));
    let expected = flat(expected);
    let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let summary = name.starts_with("gradient.") || expected.len() != values.len();
    let found = if summary {
        let projections = (0..expected.len() - 1).map(|k| projection(&values, k));
        std::iter::once(norm).chain(projections).collect()
    } else {
        values
    };
    let scale = if summary { expected[0] } else { norm };
    let apart = found.iter().zip(&expected).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
    // A gradient that vanishes by algebra is rounding noise on both sides, and zero in the fixture.
    if expected.iter().all(|value| *value == 0.0) { norm } else { apart / scale }
}

/// Dot product with the vector that the reference's README names.
fn projection(values: &[f64], k: usize) -> f64 {
    let at = |index: usize| (0.7 * (k + 1) as f64 * index as f64 + k as f64).cos();
    values.iter().enumerate().map(|(index, value)| value * at(index)).sum()
}

fn numbers(data: &TensorData) -> Vec<f64> {
    data.to_vec::<f64>().expect("double precision")
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}
