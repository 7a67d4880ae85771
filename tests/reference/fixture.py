"""How fixtures summarise large tensors and write numbers."""

import json

import numpy as np


def digits(x, significant=9):
    """Rounded to so many significant digits, through nested lists."""
    if isinstance(x, list):
        return [digits(y, significant) for y in x]
    return float(f"{x:.{significant}g}") + 0.0  # + 0.0 turns -0.0 into 0.0


def projections(x, count):
    """Dot products of the flattened tensor with d_k[i] = cos(0.7 (k + 1) i + k)."""
    x = np.asarray(x, dtype=np.float64).reshape(-1)
    i = np.arange(x.size, dtype=np.float64)
    return [float(x @ np.cos(0.7 * (k + 1) * i + k)) for k in range(count)]


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, sort_keys=True, allow_nan=False) + "\n")
