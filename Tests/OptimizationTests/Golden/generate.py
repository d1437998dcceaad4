"""Regenerates the golden files of OptimizationTests with PyTorch.

    python generate.py

Writes adamw.npz beside itself, with the versions that made it in versions.json.
"""

import json
import pathlib

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).parent
SEED = 20240607


def adamw() -> None:
    """Five steps on fixed gradients: parameters after each."""
    generator = np.random.default_rng(SEED)
    start = generator.standard_normal((3, 5)).astype(np.float32)
    gradients = generator.standard_normal((5, 3, 5)).astype(np.float32)
    gradients[2] = 0
    gradients[3, 0] *= 1e-12
    parameter = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.AdamW([parameter], lr=0.015, weight_decay=0.05)
    steps = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        steps.append(parameter.detach().numpy().copy())
    np.savez(FOLDER / "adamw.npz", start=start, gradients=gradients, steps=np.stack(steps))


if __name__ == "__main__":
    adamw()
    versions = {"numpy": np.__version__, "torch": torch.__version__, "seed": SEED}
    (FOLDER / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
