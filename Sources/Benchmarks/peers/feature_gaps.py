"""Feature gaps by NumPy and scikit-learn, as the released code goes about it: feature_gaps.py FOLDER

At each layer the first principal component of the centred contrasts, the area under the ROC curve and the prediction
rejection ratio over 1000 shuffles of labelled answers; then a logistic regression of the best layers' scores.
"""
import json
import platform
import sys
import time

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

folder, ignored, shuffles = sys.argv[1], 7, 1000
with open(f"{folder}/dump.json", encoding="utf-8") as file:
    features = list(json.load(file)["arrays"]["contrasts"])


def load(name):
    return np.load(f"{folder}/{name}.npy", mmap_mode="r")


def area(confidence, quality):
    return np.mean(np.cumsum(quality[np.argsort(-confidence)]) / ranks)


def rejection_ratio(confidence, quality):
    generator = np.random.RandomState(0)
    order = np.arange(len(quality))
    drawn = []
    for _ in range(shuffles):
        generator.shuffle(order)
        drawn.append(area(order, quality))
    chance = np.mean(drawn)
    return (area(confidence, quality) - chance) / (area(quality, quality) - chance)


wall, cpu = time.perf_counter(), time.process_time()
labels = np.load(f"{folder}/labels.npy")
ranks = np.arange(1, len(labels) + 1)
states = load("activations")
component_seconds = 0.0
columns, areas = [], []
for feature in features:
    positive, negative = load(f"{feature}-positive"), load(f"{feature}-negative")
    best = (-np.inf,)
    for layer in range(ignored, len(states)):
        start = time.perf_counter()
        difference = positive[layer].astype(np.float32) - negative[layer].astype(np.float32)
        mean = difference.mean(0)
        vector = PCA(n_components=1).fit(difference - mean).components_[0]
        component_seconds += time.perf_counter() - start
        scores = (states[layer].astype(np.float32) - mean) @ vector / (np.linalg.norm(vector) + 1e-12)
        value = roc_auc_score(labels, scores)
        sign = -1 if value < 0.5 else 1
        ratio = rejection_ratio(sign * scores, labels.astype(float))
        if ratio > best[0]:
            best = (ratio, scores, max(value, 1 - value))
    columns.append(best[1])
    areas.append(best[2])
regression = LogisticRegression(max_iter=200, random_state=0).fit(np.array(columns).T, labels)
confidence = regression.predict_proba(np.array(columns).T)[:, 1]
seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "values": [float(value) for value in areas] + [float(roc_auc_score(labels, confidence))],
    "note": f"{component_seconds:.3g} s of them for contrasts and components",
    "versions": {
        "scikit-learn": sklearn.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
}))
