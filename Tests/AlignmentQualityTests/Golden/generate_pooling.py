"""Writes pooling.json beside itself.

Weights by mpmath with 40 digits, generalised eigenvectors by SciPy, and the optimum on the simplex by SciPy's
SLSQP from many starts. The versions and the seed are kept in the file. Run: python generate_pooling.py
"""

import json
from pathlib import Path

import mpmath
import numpy as np
import scipy
from scipy.linalg import eigh
from scipy.optimize import minimize

SEED = 20250611
mpmath.mp.dps = 40
generator = np.random.default_rng(SEED)


def entmax(scores, alpha):
    """The threshold by bisection in 40 digits, straight from the definition."""
    alpha = mpmath.mpf(alpha)
    z = [(alpha - 1) * mpmath.mpf(s) for s in scores]
    power = 1 / (alpha - 1)
    low, high = max(z) - 1, max(z)
    for _ in range(140):
        middle = (low + high) / 2
        if sum((v - middle) ** power for v in z if v > middle) >= 1:
            low = middle
        else:
            high = middle
    return [float((v - low) ** power) if v > low else 0.0 for v in z]


def softmax(scores, temperature):
    values = [mpmath.exp(mpmath.mpf(s) / temperature) for s in scores]
    return [float(v / sum(values)) for v in values]


def maps():
    scores = [0.3, -1.2, 1.1, 0.9, -0.4, 1.05]
    cases = [{"map": "entmax", "parameter": a, "weights": entmax(scores, a)} for a in [1.01, 1.25, 1.5, 1.9, 2.0]]
    cases += [{"map": "softmax", "parameter": t, "weights": softmax(scores, t)} for t in [0.25, 1.0, 3.0]]
    return {"scores": scores, "cases": cases}


def points(layer_count, sizes, width):
    """Layers that share some noise and differ in scale, each with a direction of its own between classes."""
    count = sum(sizes)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    shared = generator.standard_normal((count, width))
    layers = []
    for layer in range(layer_count):
        scale = 4.0**layer
        noise = 0.6 * shared + generator.standard_normal((count, width))
        centres = 0.7 * generator.standard_normal((len(sizes), width))
        layers.append(np.round(scale * (noise + centres[labels] + 3), 3))
    return np.stack(layers), labels


def forms(layers, labels):
    layer_count = len(layers)
    count, class_count = len(labels), labels.max() + 1
    within = np.zeros((class_count, layer_count, layer_count))
    between = np.zeros((layer_count, layer_count))
    overall = layers.mean(axis=1)
    for k in range(class_count):
        part = layers[:, labels == k]
        centred = part - part.mean(axis=1, keepdims=True)
        within[k] = np.einsum("lnd,mnd->lm", centred, centred)
        shift = part.mean(axis=1) - overall
        between += (labels == k).sum() * shift @ shift.T
    return between, within, count


def simplex_maximum(numerator, denominator):
    units = 1 / np.sqrt(np.diag(denominator))
    top, bottom = (m * np.outer(units, units) for m in (numerator, denominator))
    order = len(units)
    best = -np.inf
    for start in [np.full(order, 1 / order), *np.eye(order), *generator.dirichlet(np.ones(order), 30)]:
        result = minimize(
            lambda a: -(a @ top @ a) / (a @ bottom @ a), start, bounds=[(0, 1)] * order, method="SLSQP",
            constraints={"type": "eq", "fun": lambda a: a.sum() - 1}, options={"ftol": 1e-15, "maxiter": 1000})
        best = max(best, -result.fun)
    return float(best)


def study(layer_count, sizes, width):
    layers, labels = points(layer_count, sizes, width)
    between, parts, count = forms(layers, labels)
    within = parts.sum(axis=0)
    class_count = len(sizes)
    noise = sum((1 - n / count) / (n - 1) * w for n, w in zip(sizes, parts))
    debiased = (between - noise) * (count - class_count) / count
    result = {"layers": layers.tolist(), "labels": labels.tolist(), "objectives": []}
    for name, numerator in [("trace-ratio", between), ("debiased-separation", debiased)]:
        values, vectors = eigh(numerator, within)
        vector = vectors[:, -1] / np.abs(vectors[:, -1]).sum()
        vector = vector if vector.sum() >= 0 else -vector
        result["objectives"].append({
            "objective": name, "maximum": float(values[-1]), "eigenvector": vector.tolist(),
            "simplexMaximum": simplex_maximum(numerator, within),
            "singles": (np.diag(numerator) / np.diag(within)).tolist()})
    return result


golden = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "mpmath": mpmath.__version__, "seed": SEED},
    "maps": maps(),
    "studies": [study(4, [14, 11], 6), study(5, [9, 8, 12], 4)],
}
text = json.dumps(golden, separators=(",", ":"))
(Path(__file__).parent / "pooling.json").write_text(text + "\n")
