"""Speed of the `web` network in PyTorch, float32, as JSON lines.

    python3 bench.py OUT [--threads N] [--batch 32] [--runs 5]
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import torch

import losses
import model as reference


def timed(name, step, warmup, runs, **facts):
    for _ in range(warmup):
        step()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    median, fastest = round(statistics.median(seconds), 4), round(min(seconds), 4)
    facts = {"threads": torch.get_num_threads(), "runs": runs, **facts}
    print(json.dumps({"name": name, "median_seconds": median, "min_seconds": fastest, **facts}), flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--threads", type=int)
    arguments.add_argument("--batch", type=int, default=32)
    arguments.add_argument("--runs", type=int, default=5)
    args = arguments.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(0)

    config = json.loads((args.out / "web.config.json").read_text())
    model = reference.load(config, args.out / "web.weights.safetensors", torch.float32)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=1e-3)
    context, vocabulary, count = config["language"]["context"], config["language"]["vocabulary"], config["classes"]
    face = torch.randint(0, 256, (args.batch, 3, 224, 224)).float()
    maps, rows = torch.rand(args.batch, 3, 224, 224), torch.arange(args.batch)
    classes = torch.arange(args.batch) % count  # every class present, if the batch has room
    tokens, ends = torch.randint(0, vocabulary, (count, 4 * context)), torch.full((count,), 4 * context - 1)
    # As in training, chains of absent classes are not encoded: classes count from 0, so they are last.
    chains = min(count, args.batch)

    def train():
        optimizer.zero_grad()
        outputs = model(face, face, maps, tokens[:chains], ends[:chains])
        _, total = losses.compute(model, outputs, config, classes, rows)
        total.sum().backward()
        optimizer.step()

    def infer():
        with torch.inference_mode():
            model.classifier(face[:1], face[:1])

    model.eval()
    timed("inference", infer, 3, 4 * args.runs, batch=1)
    model.train()  # there is no dropout here; batch norm, where a preset has it, uses its batch
    timed("training step", train, 1, args.runs, batch=args.batch, chains=chains, maps=args.batch)


if __name__ == "__main__":
    main()
