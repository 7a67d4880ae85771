//! The views against OpenCV and scikit-image, whose results stand in `tests/reference/fixtures/views.json`.

use std::{fs, path::Path};

use bmrl::{
    pixels,
    views::{homogeneity_of_patches, richest_patch, sobel_magnitude, srm_residual},
};
use bmrl_tests::view_images;
use burn::tensor::Tensor;
use burn_flex::{Flex, FlexDevice};
use serde_json::Value;

/// Difference allowed, absolute.
const TOLERANCE: f64 = 1e-5;

#[test]
fn the_views_are_those_of_opencv_and_scikit_image() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/fixtures/views.json");
    let fixture: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let expected = fixture["images"].as_array().unwrap();
    let images = view_images::images();
    assert_eq!(images.len(), expected.len());

    let mut chosen_by_quarter = [0; 4];
    let mut worst = 0.0_f64;
    for (index, (image, expected)) in images.iter().zip(expected).enumerate() {
        let rgb = pixels::<Flex>([image].into_iter(), &FlexDevice);
        let (patch, chosen) = richest_patch(rgb.clone());
        let chosen = i64::from(chosen.into_scalar());
        assert_eq!(chosen, expected["chosen"].as_i64().unwrap(), "picture {index}: the chosen patch");
        chosen_by_quarter[chosen as usize] += 1;

        let homogeneity = values(homogeneity_of_patches(rgb.clone()));
        worst = worst.max(farthest(&homogeneity, &numbers(&expected["homogeneity"])));
        let edge = values(sobel_magnitude(rgb.div_scalar(255.0)));
        worst = worst.max(map_difference(&edge, &expected["edge"], &fixture["positions"]["edge"]));
        let noise = values(srm_residual(patch.div_scalar(255.0)));
        for (map, expected) in noise.chunks(noise.len() / 3).zip(expected["noise"].as_array().unwrap()) {
            worst = worst.max(map_difference(map, expected, &fixture["positions"]["noise"]));
        }
        assert!(worst <= TOLERANCE, "picture {index}: {worst:e}");
    }
    assert!(chosen_by_quarter.iter().all(|&count| count > 5), "{chosen_by_quarter:?}");
    println!("{} pictures, largest difference {worst:e}", images.len());
}

/// Largest difference of sixteen values and, per value of the map, of its mean and two projections.
fn map_difference(map: &[f64], expected: &Value, positions: &Value) -> f64 {
    let at = |position: &f64| map[*position as usize];
    let samples: Vec<f64> = numbers(positions).iter().map(at).collect();
    let count = map.len() as f64;
    let projection = |k: usize| {
        let wave = |index: usize| (0.7 * (k + 1) as f64 * index as f64 + k as f64).cos();
        map.iter().enumerate().map(|(index, value)| value * wave(index)).sum::<f64>()
    };
    let found = [map.iter().sum::<f64>() / count, projection(0) / count, projection(1) / count];
    let given = numbers(&expected["projections"]);
    let given = [given[0], given[1] / count, given[2] / count];
    farthest(&samples, &numbers(&expected["samples"])).max(farthest(&found, &given))
}

fn farthest(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    // NaN must count as the worst, and f64::max would drop it.
    let apart = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
    apart.fold(0.0, |worst, next| if next > worst || next.is_nan() { next } else { worst })
}

fn values<const D: usize>(tensor: Tensor<Flex, D>) -> Vec<f64> {
    tensor.into_data().to_vec::<f32>().unwrap().into_iter().map(f64::from).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}
