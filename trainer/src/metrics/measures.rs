//! The numbers of a set of judged pictures, by name.

use std::collections::{BTreeMap, BTreeSet};

use bmrl::{Calibration, Taxonomy};

use super::{
    accuracy, auroc, average_precision, balanced_accuracy, equal_error_rate, expected_calibration_error,
    macro_recall, oscr,
};
use crate::evaluate::{Judged, Level, Outcome};

/// Measured numbers by name.
pub type Results = BTreeMap<String, f64>;

/// A number from places of pictures.
type Value<'a> = Box<dyn Fn(&[usize]) -> f64 + Send + Sync + 'a>;

/// A number that some of the pictures give, and give again of other draws of them.
pub struct Measure<'a> {
    /// For instance `authenticity.auroc`.
    pub name: String,
    rows: Vec<usize>,
    interval: bool,
    value: Value<'a>,
}

impl<'a> Measure<'a> {
    /// `value` gets places of pictures, of `rows`; `interval` says whether drawing pictures twice leaves its meaning.
    pub fn new(
        name: impl Into<String>,
        rows: Vec<usize>,
        interval: bool,
        value: impl Fn(&[usize]) -> f64 + Send + Sync + 'a,
    ) -> Self {
        Self { name: name.into(), rows, interval, value: Box::new(value) }
    }

    /// Of the pictures as they are; NaN where it has no meaning.
    pub fn value(&self) -> f64 {
        (self.value)(&self.rows)
    }

    /// With each picture as often as `times` says; NaN where it has no interval.
    pub fn drawn(&self, times: &[usize]) -> f64 {
        if !self.interval {
            return f64::NAN;
        }
        let drawn: Vec<usize> =
            self.rows.iter().flat_map(|&row| std::iter::repeat_n(row, times[row])).collect();
        (self.value)(&drawn)
    }
}

/// Everything that is measured of a set: the levels, each generator and source, and pairs of one source.
pub fn measures<'a>(outcomes: &'a [&'a Outcome]) -> Vec<Measure<'a>> {
    let mut all = authenticity("authenticity", outcomes, (0..outcomes.len()).collect());
    all.push(Measure::new("images", (0..outcomes.len()).collect(), false, |rows| rows.len() as f64));
    all.extend(levels(outcomes));
    all.extend(open_set(outcomes));
    all.extend(strata(outcomes));
    all.extend(pairs(outcomes));
    all
}

/// The numbers that a bundle carries of one split under one condition; names begin with `prefix`.
pub fn measure(prefix: &str, judged: &[Judged], calibration: &Calibration, taxonomy: &Taxonomy) -> Results {
    let outcomes: Vec<Outcome> = judged.iter().map(|one| Outcome::new(one, calibration, taxonomy)).collect();
    let outcomes: Vec<&Outcome> = outcomes.iter().collect();
    let strata: BTreeSet<String> = outcomes.iter().map(|one| one.stratum()).collect();
    // Of a single generator only authenticity: the page loads these numbers with the model.
    let carried = |name: &str| {
        !strata.iter().any(|stratum| name.strip_prefix(stratum).is_some_and(|rest| rest.starts_with('.')))
            || name.ends_with(".authenticity")
    };
    let measured = measures(&outcomes).into_iter().filter(|measure| carried(&measure.name));
    let rounded =
        measured.map(|measure| (format!("{prefix}.{}", measure.name), (measure.value() * 1e4).round() / 1e4));
    rounded.filter(|(_, value)| value.is_finite()).collect()
}

/// Real against fake.
fn authenticity<'a>(name: &str, outcomes: &'a [&'a Outcome], rows: Vec<usize>) -> Vec<Measure<'a>> {
    let pairs = |rows: &[usize]| -> Vec<(f64, bool)> {
        rows.iter().map(|&row| (outcomes[row].fake, outcomes[row].is_fake())).collect()
    };
    let right = |rows: &[usize]| -> Vec<bool> {
        rows.iter().map(|&row| outcomes[row].authenticity_right()).collect()
    };
    let named = |metric: &str| format!("{name}.{metric}");
    vec![
        Measure::new(named("accuracy"), rows.clone(), true, move |rows| accuracy(&right(rows))),
        Measure::new(named("balanced_accuracy"), rows.clone(), true, move |rows| {
            balanced_accuracy(&pairs(rows))
        }),
        Measure::new(named("auroc"), rows.clone(), true, move |rows| auroc(&pairs(rows))),
        Measure::new(named("eer"), rows.clone(), true, move |rows| equal_error_rate(&pairs(rows))),
        Measure::new(named("average_precision"), rows.clone(), true, move |rows| {
            average_precision(&pairs(rows))
        }),
        Measure::new(named("recall_real"), rows.clone(), true, move |rows| recall(outcomes, rows, false)),
        Measure::new(named("recall_fake"), rows.clone(), true, move |rows| recall(outcomes, rows, true)),
        Measure::new(named("ece"), rows, false, move |rows| {
            expected_calibration_error(&authenticity_answers(outcomes, rows))
        }),
    ]
}

/// Share of the fake, or of the real, pictures of which that is said.
fn recall(outcomes: &[&Outcome], rows: &[usize], fake: bool) -> f64 {
    let members = rows.iter().map(|&row| outcomes[row]).filter(|one| one.is_fake() == fake);
    accuracy(&members.map(Outcome::authenticity_right).collect::<Vec<_>>())
}

/// The probability of the likelier of real and fake, and whether it is right.
fn authenticity_answers(outcomes: &[&Outcome], rows: &[usize]) -> Vec<(f64, bool)> {
    let answer = |&row: &usize| {
        let one = outcomes[row];
        (one.fake.max(1.0 - one.fake), one.authenticity_right())
    };
    rows.iter().map(answer).collect()
}

/// The levels below authenticity, of fakes; generators only of those that the model can name.
fn levels<'a>(outcomes: &'a [&'a Outcome]) -> Vec<Measure<'a>> {
    let mut all = Vec::new();
    for level in Level::ALL {
        let rows: Vec<usize> = (0..outcomes.len())
            .filter(
                |&row| if level == Level::Generator { outcomes[row].known } else { outcomes[row].is_fake() },
            )
            .collect();
        let classes: Vec<(usize, bool)> = classes(outcomes, level);
        let right = move |rows: &[usize]| -> Vec<bool> {
            rows.iter().map(|&row| outcomes[row].right(level)).collect()
        };
        let name = level.name();
        all.push(Measure::new(format!("{name}.accuracy"), rows.clone(), true, move |rows| {
            accuracy(&right(rows))
        }));
        all.push(Measure::new(format!("{name}.macro_accuracy"), rows, true, move |rows| {
            macro_recall(&rows.iter().map(|&row| classes[row]).collect::<Vec<_>>())
        }));
    }
    let known: Vec<usize> = (0..outcomes.len()).filter(|&row| outcomes[row].known).collect();
    all.push(Measure::new("generator.ece", known, false, |rows| {
        let answer =
            |&row: &usize| (outcomes[row].generator_probability, outcomes[row].right(Level::Generator));
        expected_calibration_error(&rows.iter().map(answer).collect::<Vec<_>>())
    }));
    all
}

/// The number of each picture's true class, and whether it was named.
fn classes(outcomes: &[&Outcome], level: Level) -> Vec<(usize, bool)> {
    let mut numbers = BTreeMap::new();
    let mut class = |one: &Outcome| {
        let next = numbers.len();
        let truth = one.truth.as_ref().map(|truth| level.of(truth));
        (*numbers.entry(truth).or_insert(next), one.right(level))
    };
    outcomes.iter().map(|one| class(one)).collect()
}

/// Generators that the model can name against those that it cannot.
fn open_set<'a>(outcomes: &'a [&'a Outcome]) -> Vec<Measure<'a>> {
    let fakes: Vec<usize> = (0..outcomes.len()).filter(|&row| outcomes[row].is_fake()).collect();
    let named = |row: usize| (1.0 - outcomes[row].unknown) * outcomes[row].generator_probability;
    vec![
        Measure::new("generator.called_unknown", fakes.clone(), true, |rows| {
            accuracy(&rows.iter().map(|&row| outcomes[row].unknown > 0.5).collect::<Vec<_>>())
        }),
        Measure::new("unknown.auroc", fakes.clone(), true, |rows| {
            auroc(&rows.iter().map(|&row| (outcomes[row].unknown, !outcomes[row].known)).collect::<Vec<_>>())
        }),
        Measure::new("oscr", fakes, true, move |rows| {
            let known = rows.iter().filter(|row| outcomes[**row].known);
            let unknown = rows.iter().filter(|row| !outcomes[**row].known);
            let known = known.map(|&row| (named(row), outcomes[row].right(Level::Generator)));
            oscr(&known.collect::<Vec<_>>(), &unknown.map(|&row| named(row)).collect::<Vec<_>>())
        }),
    ]
}

/// Each generator, and each source of real pictures.
fn strata<'a>(outcomes: &'a [&'a Outcome]) -> Vec<Measure<'a>> {
    let mut rows_of = BTreeMap::<String, Vec<usize>>::new();
    for (row, one) in outcomes.iter().enumerate() {
        rows_of.entry(one.stratum()).or_default().push(row);
    }
    let real: Vec<usize> = (0..outcomes.len()).filter(|&row| !outcomes[row].is_fake()).collect();
    let mut all = Vec::new();
    for (stratum, rows) in rows_of {
        let mut share = |name: String, right: Box<dyn Fn(&Outcome) -> bool + Send + Sync>| {
            all.push(Measure::new(name, rows.clone(), true, move |rows| {
                accuracy(&rows.iter().map(|&row| right(outcomes[row])).collect::<Vec<_>>())
            }));
        };
        share(format!("{stratum}.authenticity"), Box::new(Outcome::authenticity_right));
        let first = outcomes[rows[0]];
        if !first.is_fake() {
            continue;
        }
        for level in Level::ALL.into_iter().filter(|level| *level != Level::Generator || first.known) {
            share(format!("{stratum}.{}", level.name()), Box::new(move |one| one.right(level)));
        }
        share(format!("{stratum}.called_unknown"), Box::new(|one| one.unknown > 0.5));
        let with_real = rows.iter().chain(&real).copied().collect();
        all.extend(auroc_of(format!("{stratum}.auroc"), outcomes, with_real));
    }
    all
}

/// Fakes and real pictures of one source: what is left when neither encoding nor source tells.
fn pairs<'a>(outcomes: &'a [&'a Outcome]) -> Vec<Measure<'a>> {
    let names: BTreeSet<(&str, &str)> =
        outcomes.iter().filter_map(|one| Some((&*one.truth.as_ref()?.name, &*one.source))).collect();
    let pair = |(generator, source): (&str, &str)| {
        let belongs = |one: &Outcome| {
            one.source == source && one.truth.as_ref().is_none_or(|truth| truth.name == generator)
        };
        let rows: Vec<usize> = (0..outcomes.len()).filter(|&row| belongs(outcomes[row])).collect();
        auroc_of(format!("pair {generator} against {source}.auroc"), outcomes, rows)
    };
    names.into_iter().filter_map(pair).collect()
}

/// AUROC of real against fake on some of the pictures; none where one of them is absent.
fn auroc_of<'a>(name: String, outcomes: &'a [&'a Outcome], rows: Vec<usize>) -> Option<Measure<'a>> {
    let fakes = rows.iter().filter(|row| outcomes[**row].is_fake()).count();
    (0 < fakes && fakes < rows.len()).then(|| {
        Measure::new(name, rows, true, |rows| {
            auroc(&rows.iter().map(|&row| (outcomes[row].fake, outcomes[row].is_fake())).collect::<Vec<_>>())
        })
    })
}
