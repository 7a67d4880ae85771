"""Compare the exported Rust results with this reference, then write the committed fixtures.

    python3 generate.py OUT FIXTURES
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

import fixture
import losses
import model as reference

PRESETS = ["nano", "web", "paper"]
TOLERANCE = 1e-4
# Gradients that vanish by algebra (a key bias, say) are rounding noise: below this share of the
# largest gradient norm they count as zero.
NOISE = 1e-9
WRITTEN_WHOLE = 4096


def compute(out, preset):
    """Everything Rust exports, under the same names, and the share of it that is gradients."""
    config = json.loads((out / f"{preset}.config.json").read_text())
    model = reference.load(config, out / f"{preset}.weights.safetensors")
    inputs = load_file(out / f"{preset}.inputs.safetensors")
    # The paper preset is compared forward only, with the running statistics of its batch norms.
    with torch.set_grad_enabled(preset != "paper"):
        outputs = model(*(inputs[k] for k in ("face", "native", "parsing", "tokens", "ends")))
        parts, total = losses.compute(model, outputs, config, inputs["classes"], inputs["parsing_rows"])
    results = {"outputs": outputs, "losses": {**parts, "total": total}, "gradients": {}}
    if preset != "paper":
        total.sum().backward()
        results["gradients"] = dict(reference.gradients(model))
    return {kind: {k: v.detach().numpy() for k, v in d.items()} for kind, d in results.items()}


def exported_name(kind, name):
    return {"outputs": "", "losses": "" if name == "total" else "losses.", "gradients": "gradient."}[kind] + name


def compare(results, rust):
    """Prints the worst relative errors of each kind; returns what is wrong as a list of lines."""
    wrong = []
    largest = max((np.linalg.norm(g) for g in results["gradients"].values()), default=0.0)
    for kind, tensors in results.items():
        floor = max(NOISE * largest, 1e-300) if kind == "gradients" else 1e-12
        errors = []
        for name, b in tensors.items():
            a = rust.pop(exported_name(kind, name), None)
            if a is None or a.numel() != b.size:
                found = "absent" if a is None else f"of shape {tuple(a.shape)}"
                wrong.append(f"{exported_name(kind, name)} is {found}, expected {b.shape}")
                continue
            a, b = a.double().numpy().reshape(-1), b.reshape(-1)
            error = float(np.linalg.norm(a - b) / max(np.linalg.norm(b), floor))
            errors.append((error, name))
            if not error <= TOLERANCE:  # so written, a NaN fails
                wrong.append(f"{exported_name(kind, name)}: relative error {error:.2e}")
        # NaN first, then the largest
        errors.sort(key=lambda e: (not np.isnan(e[0]), -e[0]))
        print(f"  {kind}: {len(errors)} compared")
        for error, name in errors[:5]:
            print(f"    {error:9.2e}  {name}")
    wrong += [f"{name} is exported but unknown to the reference" for name in sorted(rust)]
    return wrong


def summary(results):
    def output(x):
        if x.size > WRITTEN_WHOLE:
            return fixture.digits([float(np.linalg.norm(x)), *fixture.projections(x, 4)])
        return fixture.digits(x.tolist())

    def gradient(x):
        norm = float(np.linalg.norm(x))
        return [0.0] * 3 if norm < NOISE * largest else fixture.digits([norm, *fixture.projections(x, 2)])

    largest = max((np.linalg.norm(g) for g in results["gradients"].values()), default=0.0)
    return {
        "outputs": {k: output(x) for k, x in results["outputs"].items()},
        "losses": {k: fixture.digits(x.item()) for k, x in results["losses"].items()},
        "gradients": {k: gradient(x) for k, x in results["gradients"].items()},
    }


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    out, fixtures = Path(sys.argv[1]), Path(sys.argv[2])
    presets = [p for p in PRESETS if (out / f"{p}.config.json").exists()]
    if not presets:
        sys.exit(f"no preset exported in {out}: run reference-inputs first")
    failed = False
    for preset in presets:
        print(preset)
        results = compute(out, preset)
        exported = out / f"{preset}.rust.safetensors"
        if exported.exists():
            wrong = compare(results, load_file(exported))
            failed |= bool(wrong)
            print("".join(f"  WRONG {line}\n" for line in wrong) or f"  all within {TOLERANCE:g}\n", end="")
        else:
            print(f"  no {exported.name}: nothing compared")
        fixture.write(fixtures / f"{preset}.json", summary(results))
    sys.exit(failed)


if __name__ == "__main__":
    main()
