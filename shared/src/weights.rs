//! How weights are stored: single, half, or eight bits with a scale per output channel; computed with in single always.

use burn::tensor::{DType, TensorData};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// What follows the name of an eight-bit tensor in the name of its scales, F32 `[output channels]`.
const SCALE: &str = ".scale";

/// Largest magnitude of an eight-bit weight; -128 stays unused, so that the range is symmetric.
const LARGEST: f32 = 127.0;

/// How the weights of convolutions and linear layers are stored; norms, tokens and centres are F32 in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weights {
    /// F32.
    Single,
    /// F16.
    #[default]
    Half,
    /// I8 times an F32 scale of its output channel; biases F16.
    Eight,
}

/// A tensor to be written: name, type, shape, bytes.
pub(crate) type Stored = (String, Dtype, Vec<usize>, Vec<u8>);

/// A tensor as it is stored in eight bits: two, the second being its scales; any other than an F16 matrix or kernel as it is.
pub(crate) fn quantise(name: String, view: &TensorView<'_>) -> Result<Vec<Stored>, String> {
    let shape = view.shape().to_vec();
    if view.dtype() != Dtype::F16 || shape.len() < 2 {
        return Ok(vec![(name, view.dtype(), shape, view.data().to_vec())]);
    }
    let values = single(view)?;
    let channel = channels(&shape);
    let mut scales = vec![0.0_f32; channel.count];
    for (index, value) in values.iter().enumerate() {
        let scale = &mut scales[channel.of(index)];
        *scale = scale.max(value.abs() / LARGEST);
    }
    let eight = |(index, value): (usize, &f32)| {
        let scale = scales[channel.of(index)].max(f32::MIN_POSITIVE);
        (value / scale).round().clamp(-LARGEST, LARGEST) as i8 as u8
    };
    let eighths = values.iter().enumerate().map(eight).collect();
    let bytes = scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
    Ok(vec![
        (format!("{name}{SCALE}"), Dtype::F32, vec![channel.count], bytes),
        (name, Dtype::I8, shape, eighths),
    ])
}

/// Every weight of a bundle in single precision, as a safetensors file; tensors that are no weights are left out.
pub(crate) fn widened(tensors: &SafeTensors<'_>, no_weights: &[&str]) -> Result<Vec<u8>, String> {
    let mut all: Vec<Stored> = Vec::new();
    for (name, view) in tensors.iter() {
        let scales_of = name
            .strip_suffix(SCALE)
            .filter(|owner| tensors.tensor(owner).is_ok_and(|owner| owner.dtype() == Dtype::I8));
        if no_weights.contains(&name) || scales_of.is_some() {
            continue;
        }
        let shape = view.shape().to_vec();
        let mut values = single(&view).map_err(|error| format!("{name} {error}"))?;
        if view.dtype() == Dtype::I8 {
            let scales =
                tensors.tensor(&format!("{name}{SCALE}")).map_err(|_| format!("no scales of {name}"))?;
            let channel = channels(&shape);
            if scales.dtype() != Dtype::F32 || scales.shape() != [channel.count] {
                return Err(format!("the scales of {name} are not F32 [{}]", channel.count));
            }
            let scales = single(&scales)?;
            for (index, value) in values.iter_mut().enumerate() {
                *value *= scales[channel.of(index)];
            }
        }
        all.push((
            name.into(),
            Dtype::F32,
            shape,
            values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        ));
    }
    serialize(&all, None)
}

/// A safetensors file of these tensors.
pub(crate) fn serialize(
    tensors: &[Stored],
    metadata: Option<std::collections::HashMap<String, String>>,
) -> Result<Vec<u8>, String> {
    let views: Result<Vec<_>, _> = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| Ok((name, TensorView::new(*dtype, shape.clone(), bytes)?)))
        .collect();
    let fail = |error: safetensors::SafeTensorError| error.to_string();
    safetensors::serialize(views.map_err(fail)?, metadata).map_err(fail)
}

/// The values of a tensor of a type that weights are stored in.
fn single(view: &TensorView<'_>) -> Result<Vec<f32>, String> {
    let dtype = match view.dtype() {
        Dtype::F32 => DType::F32,
        Dtype::F16 => DType::F16,
        Dtype::I8 => DType::I8,
        other => return Err(format!("is {other:?}, not F32, F16 or I8")),
    };
    let data = TensorData::from_bytes_vec(view.data().to_vec(), view.shape().to_vec(), dtype);
    data.convert::<f32>().into_vec().map_err(|error| format!("{error:?}"))
}

/// Which output channel an element is of.
struct Channels {
    count: usize,
    /// Elements in a row that share a channel.
    run: usize,
}

impl Channels {
    fn of(&self, index: usize) -> usize {
        index / self.run % self.count
    }
}

/// Linear weights are `[inputs, outputs]`, kernels of convolutions `[outputs, inputs, height, width]`.
fn channels(shape: &[usize]) -> Channels {
    match shape {
        [_, outputs] => Channels { count: *outputs, run: 1 },
        [outputs, rest @ ..] => Channels { count: *outputs, run: rest.iter().product() },
        [] => Channels { count: 1, run: 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half(shape: Vec<usize>, values: &[f32]) -> Vec<u8> {
        TensorData::new(values.to_vec(), shape).convert_dtype(DType::F16).into_bytes().to_vec()
    }

    /// Through eight bits and back.
    fn round_trip(shape: Vec<usize>, values: &[f32]) -> Vec<f32> {
        let bytes = half(shape.clone(), values);
        let view = TensorView::new(Dtype::F16, shape, &bytes).unwrap();
        let stored = quantise("w".into(), &view).unwrap();
        assert_eq!(stored.len(), 2);
        let file = serialize(&stored, None).unwrap();
        let wide = widened(&SafeTensors::deserialize(&file).unwrap(), &[]).unwrap();
        let wide = SafeTensors::deserialize(&wide).unwrap();
        assert_eq!(wide.len(), 1);
        single(&wide.tensor("w").unwrap()).unwrap()
    }

    #[test]
    fn each_output_channel_keeps_its_own_precision() {
        // One channel is a thousand times the other: with one scale for both the small one would be lost.
        let linear = [0.001, 1.0, -0.0005, 0.25, 0.00075, -0.7];
        for (found, expected) in round_trip(vec![3, 2], &linear).iter().zip(linear) {
            let largest = if expected.abs() <= 0.001 { 0.001 } else { 1.0 };
            assert!((found - expected).abs() <= largest * (0.5 / 127.0 + 1e-3), "{found} for {expected}");
        }
        let kernel = [0.001, -0.0005, 0.00075, 0.0001, 1.0, 0.25, -0.7, 0.0];
        for (found, expected) in round_trip(vec![2, 1, 2, 2], &kernel).iter().zip(kernel) {
            let largest = if expected.abs() <= 0.001 && expected != 0.0 { 0.001 } else { 1.0 };
            assert!((found - expected).abs() <= largest * (0.5 / 127.0 + 1e-3), "{found} for {expected}");
        }
        assert_eq!(round_trip(vec![2, 2], &[0.0; 4]), [0.0; 4]);
    }

    #[test]
    fn a_bias_stays_as_it_is() {
        let bytes = half(vec![2], &[1.0, 2.0]);
        let view = TensorView::new(Dtype::F16, vec![2], &bytes).unwrap();
        assert_eq!(quantise("b".into(), &view).unwrap(), [("b".into(), Dtype::F16, vec![2], bytes)]);
    }

    #[test]
    fn eight_bits_without_scales_are_refused() {
        let file = serialize(&[("w".into(), Dtype::I8, vec![1, 2], vec![1, 2])], None).unwrap();
        let error = widened(&SafeTensors::deserialize(&file).unwrap(), &[]).unwrap_err();
        assert!(error.contains("no scales of w"), "{error}");
        let scales = ("w.scale".into(), Dtype::F32, vec![1], vec![0; 4]);
        let file = serialize(&[("w".into(), Dtype::I8, vec![1, 2], vec![1, 2]), scales], None).unwrap();
        assert!(widened(&SafeTensors::deserialize(&file).unwrap(), &[]).is_err());
    }
}
