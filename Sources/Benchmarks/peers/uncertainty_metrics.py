"""PRR and AUROC on 1000 resamples by the packages' formulas: uncertainty_metrics.py FOLDER

PRR is written as lm-polygraph 0.7.0 has it (PredictionRejectionArea, normalize, get_random_scores, normalize_metric)
and TruthTorchLM 0.1.19 has it but for the direction of the sort; AUROC is scikit-learn's, which both call. What is
timed has the expectation as random term. A few resamples with the packages' own thousand shuffles are timed apart.
"""
import json
import platform
import sys
import time

import numpy as np
import sklearn
from sklearn.metrics import roc_auc_score

resample_count, shuffled_count = 1000, 5


def normalize(target):
    low, high = np.min(target), np.max(target)
    if np.isclose(low, high):
        low, high = low - 1, high + 1
    return (np.array(target) - low) / (high - low)


def rejection_area(estimator, target):
    target = normalize(target)
    ordered = target[np.argsort(np.array(estimator))]
    return np.sum((np.cumsum(ordered) / np.arange(1, len(ordered) + 1))[::-1]) / len(ordered)


def random_scores(function, metrics, iterations=1000, seed=42):
    np.random.seed(seed)
    scores = np.arange(len(metrics))
    values = []
    for _ in range(iterations):
        np.random.shuffle(scores)
        values.append(function(scores, metrics))
    return np.mean(values)


def ratio(uncertainty, quality, random):
    oracle = rejection_area(-quality, quality)
    return (rejection_area(uncertainty, quality) - random) / (oracle - random)


uncertainty, correct = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("uncertainty", "correct"))
generator = np.random.default_rng(1)
samples = generator.integers(len(correct), size=(resample_count, len(correct)))
wall, cpu = time.perf_counter(), time.process_time()
resampled = []
for rows in samples:
    scores, quality = uncertainty[rows], correct[rows]
    resampled.append((ratio(scores, quality, normalize(quality).mean()), roc_auc_score(1 - quality, scores)))
intervals = np.percentile(resampled, [2.5, 97.5], axis=0)
seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu

start = time.perf_counter()
for rows in samples[:shuffled_count]:
    ratio(uncertainty[rows], correct[rows], random_scores(rejection_area, correct[rows]))
each = (time.perf_counter() - start) / shuffled_count
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "values": [
        float(ratio(uncertainty, correct, correct.mean())),
        float(roc_auc_score(1 - correct, uncertainty)),
    ],
    "versions": {
        "scikit-learn": sklearn.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
    "note": f"With them one PRR takes {each * 1000:.0f} ms, so 1000 resamples {each * resample_count:.0f} s",
}))
