"""Computes what feature gaps and bounds of divergences must be, in float64: generate_feature_gaps.py

Reads the inputs that lie in feature_gaps.json and divergence_bounds.json beside this script, and writes the outputs
of NumPy, SciPy and scikit-learn into the same files. Inputs have six decimals; states are rounded to float32 first,
which is what the library reads. Run it again only to change the formulas.
"""
import json
import pathlib

import numpy as np
import scipy.special
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

folder = pathlib.Path(__file__).parent


def single(values):
    return np.array(values).astype(np.float32).astype(np.float64)


def rejection_area(uncertainty, quality):
    """The mean over k of the mean quality of the k most certain; ties do not occur."""
    order = np.argsort(uncertainty, kind="stable")
    return np.mean(np.cumsum(quality[order]) / np.arange(1, len(order) + 1))


def rejection_ratio(confidence, correct):
    correct = correct.astype(float)
    own, best = rejection_area(-confidence, correct), rejection_area(-correct, correct)
    return (own - correct.mean()) / (best - correct.mean())


def score(states, mean, vector):
    return (states - mean) @ vector / np.linalg.norm(vector)


def choose(vectors, means, validation, correct, ignored):
    """The best layer of one feature, and what every layer offers."""
    offers = []
    for layer, (vector, mean) in enumerate(zip(vectors, means)):
        if layer < ignored:
            offers.append({"layer": layer, "sign": 1, "area": 0.5, "ratio": 0.0})
            continue
        values = score(validation[layer], mean, vector)
        area = roc_auc_score(correct, values)
        sign = -1 if area < 0.5 else 1
        offers.append({
            "layer": layer, "sign": sign, "area": max(area, 1 - area),
            "ratio": rejection_ratio(sign * values, correct)})
    best = max(range(len(offers)), key=lambda layer: (offers[layer]["ratio"], -layer))
    return best, offers


def kind(vectors, means, inputs, states):
    """Layers, signs, regression and test metrics of one kind of direction."""
    validation, test, correct, truth = states
    features, columns, test_columns = [], [], []
    for own, mean in zip(vectors, means):
        best, offers = choose(own, mean, validation, correct, inputs["ignored"])
        columns.append(score(validation[best], mean[best], own[best]))
        test_columns.append(score(test[best], mean[best], own[best]))
        signed = offers[best]["sign"] * test_columns[-1]
        features.append({
            "best": best, "offers": offers, "testScores": test_columns[-1].tolist(),
            "testArea": roc_auc_score(truth, signed), "testRatio": rejection_ratio(signed, truth)})
    regression = LogisticRegression(C=1.0, tol=1e-12, max_iter=10000)
    regression.fit(np.array(columns).T, correct)
    confidence = regression.predict_proba(np.array(test_columns).T)[:, 1]
    return {
        "features": features, "weights": regression.coef_[0].tolist(),
        "intercept": float(regression.intercept_[0]), "confidence": confidence.tolist(),
        "testArea": roc_auc_score(truth, confidence), "testRatio": rejection_ratio(confidence, truth)}


def feature_gaps(inputs):
    positive, negative = single(inputs["positive"]), single(inputs["negative"])
    correct, truth = np.array(inputs["validationLabels"]), np.array(inputs["testLabels"])
    states = (single(inputs["validation"]), single(inputs["test"]), correct, truth)
    differences = positive - negative
    means = differences.mean(2)
    components = [
        [PCA(1, svd_solver="full").fit(layer).components_[0] for layer in own] for own in differences]
    return {
        "means": means.tolist(), "directions": np.array(components).tolist(),
        "method": kind(components, means, inputs, states),
        "differenceOfMeans": kind(means, means, inputs, states),
        "random": kind(np.array(inputs["randomDirections"]), means, inputs, states)}


def bounds(case):
    weights = single(case["unembedding"])
    ideal, actual = single(case["idealState"]), single(case["state"])
    first, second = weights @ ideal, weights @ actual
    logs = scipy.special.log_softmax(first), scipy.special.log_softmax(second)
    shares = np.exp(logs[0])
    step = np.ptp(weights @ (ideal - actual))
    distance = np.linalg.norm(ideal - actual)
    return {
        "total": -(shares * logs[1]).sum(), "aleatoric": -(shares * logs[0]).sum(),
        "divergence": (shares * (logs[0] - logs[1])).sum(), "range": step,
        "hoeffding": step ** 2 / 8, "rowNorm": 2 * np.linalg.norm(weights, axis=1).max() * distance,
        "spectral": 2 * np.linalg.norm(weights, 2) * distance}


for name, compute in [("feature_gaps", feature_gaps), ("divergence_bounds", bounds)]:
    path = folder / f"{name}.json"
    inputs = json.loads(path.read_text())["inputs"]
    path.write_text(
        json.dumps({"inputs": inputs, "outputs": compute(inputs)}, separators=(",", ":")) + "\n")
