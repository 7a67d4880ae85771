//! A bundle's bytes: weights stored as asked where that changes no answer, and loaded as the page loads them.

use anyhow::{Context, Result};
use bmrl::{Bundle, Calibration, FaceCrop, SelfCheck, Taxonomy, Tracer, Weights};
use burn::tensor::backend::Backend;
use clap::ValueEnum;

use crate::{
    evaluate::{Condition, Judged, judge},
    pack::Sample,
};

/// Largest change of a probability on a validation picture that eight-bit weights may cause.
pub const MOST_CHANGE: f64 = 0.02;

/// How weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Storage {
    /// Single precision: twice the size, nothing rounded.
    F32,
    /// Half precision.
    #[default]
    F16,
    /// Eight bits with a scale per output channel, where no answer on the validation split changes; else f16.
    Int8,
}

impl From<Storage> for Weights {
    fn from(storage: Storage) -> Self {
        match storage {
            Storage::F32 => Self::Single,
            Storage::F16 => Self::Half,
            Storage::Int8 => Self::Eight,
        }
    }
}

/// What storing the weights changed on some pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Pictures compared.
    pub pictures: usize,
    /// Largest difference of a probability, on any level.
    pub probability: f64,
    /// Pictures of which a person would read another word.
    pub answers: usize,
}

impl Change {
    /// Of the same pictures, in the same order.
    pub fn between(
        before: &[Judged],
        after: &[Judged],
        calibration: &Calibration,
        taxonomy: &Taxonomy,
    ) -> Self {
        let mut change = Self { pictures: before.len().min(after.len()), probability: 0.0, answers: 0 };
        for (before, after) in before.iter().zip(after) {
            let [before, after] = [before, after].map(|one| calibration.levels(&one.score, taxonomy));
            change.answers += usize::from(before.answer != after.answer);
            let levels = [
                (&before.forgery, &after.forgery),
                (&before.family, &after.family),
                (&before.generator, &after.generator),
            ];
            let deeper = levels.into_iter().flat_map(|(before, after)| before.0.iter().zip(&after.0));
            let differences = deeper.map(|((_, before), (_, after))| (before - after).abs()).chain([(before
                .authenticity
                .fake
                - after.authenticity.fake)
                .abs()]);
            // NaN is the largest of all.
            change.probability =
                differences.fold(change.probability, |a, b| if b > a || b.is_nan() { b } else { a });
        }
        change
    }

    /// Whether nothing is lost.
    pub fn is_none(&self) -> bool {
        self.pictures > 0 && self.answers == 0 && self.probability <= MOST_CHANGE
    }
}

/// The bytes of a bundle and what storing it changed on `samples`. Eight bits that lose something become half precision, which
/// is said on standard error.
///
/// # Errors
/// When the result is not one that the page loads.
pub fn store<B: Backend>(
    bundle: &mut Bundle<B>,
    asked: Storage,
    samples: &[Sample],
    device: &B::Device,
) -> Result<(Vec<u8>, Change)> {
    let before = judge(&bundle.classifier, &bundle.text, samples, Condition::Clean, device)?;
    let mut measured = |weights: Weights| -> Result<(Vec<u8>, Change)> {
        let bytes = checked(bundle, weights, device)?;
        let stored = Bundle::<B>::read(&bytes, device)?;
        let after = judge(&stored.classifier, &stored.text, samples, Condition::Clean, device)?;
        let manifest = &bundle.manifest;
        Ok((bytes, Change::between(&before, &after, &manifest.calibration, &manifest.taxonomy)))
    };
    let (bytes, change) = measured(asked.into())?;
    if asked == Storage::Int8 && !change.is_none() {
        eprintln!(
            "int8 would change {} of {} answers and a probability by {:.4} (at most {MOST_CHANGE} allowed, and no answer): \
             stored as f16",
            change.answers, change.pictures, change.probability
        );
        return measured(Weights::Half);
    }
    Ok((bytes, change))
}

/// The bytes of a bundle whose stored vector is what its weights as stored give, read back by what the page uses.
fn checked<B: Backend>(bundle: &mut Bundle<B>, weights: Weights, device: &B::Device) -> Result<Vec<u8>> {
    // Written twice: the vector is not known before the weights are rounded.
    let draft = Tracer::<B>::load(&bundle.write_as(weights)?, device)?;
    let scores = pollster::block_on(draft.score(&[FaceCrop::self_check()])).map_err(anyhow::Error::msg)?;
    bundle.manifest.self_check = SelfCheck { logits: scores[0].logits.clone() };
    let bytes = bundle.write_as(weights)?;
    let why = "the page would not load this bundle, so it is not written";
    let tracer = Tracer::<B>::load(&bytes, device).context(why)?;
    pollster::block_on(tracer.self_check()).context(why)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bmrl::{Generator, Score};

    fn judged(logits: [f32; 2]) -> Judged {
        let sample = Sample {
            file: String::new(),
            native: Default::default(),
            face: None,
            parsing: None,
            generator: None,
            source: String::new(),
            split: String::new(),
            group: String::new(),
        };
        Judged { sample, side: 224, score: Score { logits: logits.into(), ..Score::default() } }
    }

    #[test]
    fn a_word_or_a_probability_that_changes_is_a_loss() {
        let (calibration, taxonomy) =
            (Calibration::default(), Taxonomy::new(vec![Generator::new("A", "EFS", "GAN")]));
        let change =
            |before, after| Change::between(&[judged(before)], &[judged(after)], &calibration, &taxonomy);
        assert!(change([0.0, 2.0], [0.0, 2.0]).is_none());
        assert!(change([0.0, 2.0], [0.0, 2.05]).is_none());
        let moved = change([0.0, 1.0], [0.0, 1.5]);
        assert!(moved.answers == 0 && !moved.is_none(), "{moved:?}");
        // Just above and just below the threshold of "cannot tell".
        let word = change([0.0, 0.41], [0.0, 0.40]);
        assert!(word.answers == 1 && word.probability < MOST_CHANGE && !word.is_none(), "{word:?}");
        assert!(!change([0.0, 2.0], [0.0, f32::NAN]).is_none());
        assert!(!Change::between(&[], &[], &calibration, &taxonomy).is_none(), "nothing was compared");
    }
}
