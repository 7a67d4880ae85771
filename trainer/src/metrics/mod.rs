//! What is measured: small functions over slices, each checked against scikit-learn or its published formula
//! (`tests/reference/metrics.py`).

mod accuracy;
mod bootstrap;
mod calibration_error;
mod clusters;
mod k_means;
mod measures;
mod oscr;
mod ranking;

pub use accuracy::{accuracy, balanced_accuracy, confusion, macro_recall};
pub use bootstrap::{Bootstrap, Interval};
pub use calibration_error::{BINS, Bin, expected_calibration_error, reliability_bins};
pub use clusters::{adjusted_rand_index, normalized_mutual_information};
pub use k_means::k_means;
pub use measures::{Measure, Results, measure, measures};
pub use oscr::{oscr, oscr_curve};
pub use ranking::{auroc, average_precision, equal_error_rate, roc_curve};
