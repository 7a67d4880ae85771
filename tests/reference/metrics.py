"""Metrics by scikit-learn and by their published formulas in numpy, on drawn cases: fixtures/metrics.json.

Usage: python3 tests/reference/metrics.py tests/reference/fixtures
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from sklearn import metrics
from sklearn.cluster import KMeans

BINS = 15


def equal_error_rate(truth, score):
    false_rate, true_rate, _ = metrics.roc_curve(truth, score, drop_intermediate=False)
    return float(brentq(lambda x: 1 - x - interp1d(false_rate, true_rate)(x), 0, 1, xtol=1e-14))


def expected_calibration_error(probability, right):
    """Guo et al. 2017, equation 3; bins (low, high]."""
    total = 0.0
    for low, high in zip(np.arange(BINS) / BINS, (np.arange(BINS) + 1) / BINS):
        inside = (probability > low) & (probability <= high)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - probability[inside].mean())
    return float(total)


def oscr(known, right, unknown):
    """Dhamija et al. 2018, equations 4 and 5: area under CCR against FPR."""
    thresholds = np.unique(np.concatenate([known, unknown]))[::-1]
    ccr = np.array([0.0] + [(right & (known >= t)).mean() for t in thresholds])
    fpr = np.array([0.0] + [(unknown >= t).mean() for t in thresholds])
    return float(np.trapezoid(ccr, fpr))


def ranking(rng, size, digits, shift):
    truth = rng.random(size) < 0.4
    # Few digits make ties.
    score = np.round(1 / (1 + np.exp(-rng.normal(shift * truth, 1.0))), digits)
    answer = score > 0.5
    likelier = np.maximum(score, 1 - score)
    return {
        "truth": truth.tolist(),
        "score": score.tolist(),
        "auroc": metrics.roc_auc_score(truth, score),
        "average_precision": metrics.average_precision_score(truth, score),
        "equal_error_rate": equal_error_rate(truth, score),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, answer),
        "accuracy": metrics.accuracy_score(truth, answer),
        "expected_calibration_error": expected_calibration_error(likelier, answer == truth),
    }


def classification(rng, size, classes):
    truth = rng.integers(0, classes, size)
    answer = np.where(rng.random(size) < 0.6, truth, rng.integers(0, classes, size))
    return {
        "classes": classes,
        "truth": truth.tolist(),
        "answer": answer.tolist(),
        "macro_recall": metrics.balanced_accuracy_score(truth, answer),
        "confusion": metrics.confusion_matrix(truth, answer, labels=range(classes)).tolist(),
        "normalized_mutual_information": metrics.normalized_mutual_info_score(
            truth, answer, average_method="arithmetic"
        ),
        "adjusted_rand_index": metrics.adjusted_rand_score(truth, answer),
    }


def open_set(rng, known, unknown, digits):
    known_score = np.round(rng.beta(4, 2, known), digits)
    right = rng.random(known) < known_score
    unknown_score = np.round(rng.beta(2, 3, unknown), digits)
    return {
        "known": known_score.tolist(),
        "right": right.tolist(),
        "unknown": unknown_score.tolist(),
        "oscr": oscr(known_score, right, unknown_score),
    }


def clusters(rng):
    centres = rng.normal(0, 2.0, (4, 3))
    points = np.round(np.concatenate([rng.normal(c, 0.7, (15, 3)) for c in centres]), 3)
    found = KMeans(4, n_init=50, random_state=0).fit(points)
    return {"points": points.tolist(), "labels": found.labels_.tolist(), "inertia": found.inertia_}


def main(folder):
    rng = np.random.default_rng(20)
    cases = {
        "ranking": [ranking(rng, *case) for case in [(60, 1, 1.0), (150, 2, 0.5), (200, 6, 2.0), (40, 3, -1.0)]],
        "classification": [classification(rng, *case) for case in [(120, 5), (60, 2), (150, 9)]],
        "open_set": [open_set(rng, *case) for case in [(80, 50, 1), (120, 70, 6), (30, 30, 2)]],
        "clusters": clusters(rng),
    }
    Path(folder, "metrics.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
