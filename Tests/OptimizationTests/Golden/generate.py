"""Regenerates the golden files of OptimizationTests with PyTorch, SciPy and scikit-learn.

    python generate.py

Writes adamw.npz, penalized_logistic.npz and logistic_regression.npz beside itself, with the versions
that made them in versions.json.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
import torch
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

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


def logistic_regression() -> None:
    """scikit-learn's regressions of tall and of wide samples, and the losses of its cross-validation.

    Newton's method of scikit-learn, to rounding, on float64 copies of float32 samples.
    """
    generator = np.random.default_rng(SEED + 2)
    arrays = {}
    for name, (count, width) in {"tall": (60, 5), "wide": (40, 120)}.items():
        scales = (1 + np.arange(width)) ** -0.5
        samples = generator.standard_normal((count, width)) * scales + 3 * scales
        samples = samples.astype(np.float32)
        truth = (samples - samples.mean(0)) @ np.ones(width) * 2 / np.sqrt(scales @ scales)
        labels = (truth + generator.standard_normal(count) > 0.7).astype(int)
        folds = np.arange(count) % 4
        strengths = np.array([1e-3, 0.1, 1.0, 30.0])
        arrays |= {f"{name}_samples": samples, f"{name}_labels": labels,
                   f"{name}_folds": folds, f"{name}_inverse": strengths}
        exact = samples.astype(float)
        for weight in (None, "balanced"):
            fits = [newton(strength, weight).fit(exact, labels) for strength in strengths]
            arrays |= {
                f"{name}_{weight}_weights".lower(): np.stack([fit.coef_[0] for fit in fits]),
                f"{name}_{weight}_intercepts".lower(): np.array(
                    [fit.intercept_[0] for fit in fits])}
        losses = [
            [log_loss(labels[folds == fold], newton(strength).fit(
                exact[folds != fold], labels[folds != fold]).predict_proba(exact[folds == fold]),
                labels=[0, 1]) for fold in range(4)] for strength in strengths]
        arrays[f"{name}_losses"] = np.mean(losses, axis=1)
    np.savez(FOLDER / "logistic_regression.npz", **arrays)


def newton(strength, weight=None):
    return LogisticRegression(
        C=strength, class_weight=weight, solver="newton-cholesky", tol=1e-12, max_iter=1000)


if __name__ == "__main__":
    adamw()
    penalized_logistic()
    logistic_regression()
    versions = {
        "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
        "torch": torch.__version__, "seed": SEED}
    (FOLDER / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
