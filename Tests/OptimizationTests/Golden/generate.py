"""Regenerates the golden files of OptimizationTests with PyTorch and SciPy.

    python generate.py

Writes adamw.npz and penalized_logistic.npz beside itself, with the versions that made it in versions.json.
"""

import json
import pathlib

import numpy as np
import scipy
import torch
from scipy.optimize import minimize

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


def penalized_logistic() -> None:
    """The minimum of the mean logistic loss with a ridge penalty, by Newton's method.

    Newton's method is another than the one under test, and it ends at the precision of float64.
    """
    generator = np.random.default_rng(SEED + 1)
    samples = generator.standard_normal((40, 6))
    labels = (samples[:, 0] + generator.standard_normal(40) > 0).astype(float)
    penalties = np.array([1e-3, 1e-1, 1e1])

    def value(weights, penalty):
        margins = samples @ weights
        return np.mean(np.logaddexp(0, margins) - labels * margins) + penalty * weights @ weights

    def gradient(weights, penalty):
        residuals = 1 / (1 + np.exp(-samples @ weights)) - labels
        return samples.T @ residuals / len(labels) + 2 * penalty * weights

    def hessian(weights, penalty):
        p = 1 / (1 + np.exp(-samples @ weights))
        return (samples.T * (p * (1 - p))) @ samples / len(labels) + 2 * penalty * np.eye(6)

    minima = []
    for penalty in penalties:
        result = minimize(value, np.zeros(6), (penalty,), "trust-exact", gradient, hessian,
                          options={"gtol": 1e-14})
        # A last step of Newton's takes it to rounding.
        minima.append(result.x - np.linalg.solve(
            hessian(result.x, penalty), gradient(result.x, penalty)))
    np.savez(
        FOLDER / "penalized_logistic.npz", samples=samples, labels=labels, penalties=penalties,
        minima=np.stack(minima), values=[value(*pair) for pair in zip(minima, penalties)])


if __name__ == "__main__":
    adamw()
    penalized_logistic()
    versions = {
        "numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__,
        "seed": SEED}
    (FOLDER / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
