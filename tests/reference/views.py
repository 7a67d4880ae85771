"""The noise and edge views by OpenCV and scikit-image, compared with Rust and kept as a fixture.

    python3 views.py OUT FIXTURES
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from safetensors.numpy import load_file
from skimage.feature import graycomatrix, graycoprops

import fixture

PATCH = 112
TIE = 1e-12
TOLERANCE = 1e-5
SAMPLES = 16

SECOND_ORDER = np.array([1.0, -2.0, 1.0])
SRM = [
    np.outer(SECOND_ORDER, SECOND_ORDER) / -4,
    np.array([[-1, 2, -2, 2, -1], [2, -6, 8, -6, 2], [-2, 8, -12, 8, -2], [2, -6, 8, -6, 2], [-1, 2, -2, 2, -1]]) / 12,
    SECOND_ORDER[None] / 2,
]


def grey_levels(rgb):
    """Luma, halves rounded up. Whole-number weights keep the ties exact (1 colour in 1000)."""
    return ((rgb.astype(np.int64) @ [299, 587, 114] + 500) // 1000).astype(np.uint8)


def edge_map(rgb):
    luma = rgb / 255.0 @ [0.299, 0.587, 0.114]
    gx, gy = (cv2.Sobel(luma, cv2.CV_64F, *d, ksize=3, borderType=cv2.BORDER_CONSTANT) for d in ((1, 0), (0, 1)))
    return np.hypot(gx, gy)


def patches(image):
    return [image[y : y + PATCH, x : x + PATCH] for y in (0, PATCH) for x in (0, PATCH)]


def homogeneity(grey):
    counts = graycomatrix(grey, distances=[1], angles=[0], levels=256)
    return float(graycoprops(counts, "homogeneity")[0, 0])


def noise_maps(rgb):
    channels = [np.ascontiguousarray(rgb[..., c] / 255.0) for c in range(3)]
    maps = [sum(cv2.filter2D(x, cv2.CV_64F, k, borderType=cv2.BORDER_CONSTANT) for x in channels) for k in SRM]
    return np.clip(maps, -3, 3)


def compute(rgb):
    values = [homogeneity(p) for p in patches(grey_levels(rgb))]
    chosen = next(i for i, v in enumerate(values) if v <= min(values) + TIE)
    return {"homogeneity": values, "chosen": chosen, "edge": edge_map(rgb), "noise": noise_maps(patches(rgb)[chosen])}


def positions(size):
    """Sixteen places of a flattened map, evenly spread from its first number to its last."""
    return [i * (size - 1) // (SAMPLES - 1) for i in range(SAMPLES)]


def summary(x):
    x = np.where(np.abs(x) < 1e-12, 0, x).reshape(-1)  # rounding noise on flat images
    projections = [float(x.mean()), *fixture.projections(x, 2)]
    return {"projections": fixture.digits(projections), "samples": fixture.digits(x[positions(x.size)].tolist())}


def compare(results, rust):
    """Prints the worst absolute differences; true when all is well."""
    good = True
    for name in ("homogeneity", "edge", "noise"):
        expected = np.array([r[name] for r in results])
        difference = np.abs(rust[name].astype(np.float64).reshape(expected.shape) - expected)
        per_image = difference.reshape(len(results), -1).max(1)
        within = bool((per_image <= TOLERANCE).all())
        print(f"{name:12} worst {per_image.max():.2e} (image {per_image.argmax()})", "" if within else "WRONG")
        good &= within
    wrong = [i for i, r in enumerate(results) if int(rust["chosen"].reshape(-1)[i]) != r["chosen"]]
    print(f"{'chosen':12} {len(results) - len(wrong)} of {len(results)} agree", f"WRONG {wrong}" if wrong else "")
    return good and not wrong


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    out, fixtures = Path(sys.argv[1]), Path(sys.argv[2])
    images = load_file(out / "views.inputs.safetensors")["images"].transpose(0, 2, 3, 1)
    results = [compute(rgb) for rgb in images]
    exported = out / "views.rust.safetensors"
    good = True
    if exported.exists():
        good = compare(results, load_file(exported))
    else:
        print(f"no {exported.name}: nothing compared")
    written = [
        {
            "homogeneity": fixture.digits(r["homogeneity"], 12),
            "chosen": r["chosen"],
            "edge": summary(r["edge"]),
            "noise": [summary(m) for m in r["noise"]],
        }
        for r in results
    ]
    sampled = {"edge": positions(4 * PATCH**2), "noise": positions(PATCH**2)}
    fixture.write(fixtures / "views.json", {"images": written, "positions": sampled})
    sys.exit(not good)


if __name__ == "__main__":
    main()
