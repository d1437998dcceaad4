"""Recomputes the outputs of uncertainty.json beside itself from the inputs that it holds.

NumPy, SciPy and scikit-learn do what they have; the rest is written out from its definition, the packages' own
conventions among it. Run: python generate_uncertainty.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import kendalltau, spearmanr
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    auc,
    average_precision_score,
    brier_score_loss,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

path = Path(__file__).parent / "uncertainty.json"


def normalized(quality):
    low, high = np.min(quality), np.max(quality)
    if np.isclose(low, high):
        low, high = low - 1, high + 1
    return (np.asarray(quality, float) - low) / (high - low)


def area(uncertainty, quality, max_rejection=1.0):
    """The area under the rejection curve as lm-polygraph has it, ties in the order of the data."""
    target = normalized(quality)
    count = len(target)
    rejected = int(max_rejection * count)
    order = np.argsort(np.asarray(uncertainty, float), kind="stable")
    sums = np.cumsum(target[order])[-rejected:]
    return np.sum((sums / np.arange(count - rejected + 1, count + 1))[::-1]) / rejected


def confidence_area(confidence, quality):
    """The same as TruthTorchLM has it, the most confident first."""
    target = normalized(quality)
    order = np.argsort(np.asarray(confidence), kind="stable")[::-1]
    return np.mean(np.cumsum(target[order]) / np.arange(1, len(target) + 1))


def shuffled(function, quality, seed, iterations=1000):
    np.random.seed(seed)
    scores = np.arange(len(quality))
    values = []
    for _ in range(iterations):
        np.random.shuffle(scores)
        values.append(function(scores, quality))
    return np.mean(values)


def ratio(found, oracle, random):
    areas = {"area": found, "oracle": oracle, "random": random}
    return {key: float(value) for key, value in areas.items()} | {
        "prr": float((found - random) / (oracle - random))
    }


def expected_area(uncertainty, quality):
    """The area over all prefixes, ties as the mean over their orders: each tied answer has the mean of its tie."""
    return np.mean(prefix_means(uncertainty, normalized(quality)))


def prefix_means(uncertainty, values):
    uncertainty, values = np.asarray(uncertainty), np.asarray(values, float)
    means = np.array([values[uncertainty == value].mean() for value in uncertainty])
    order = np.argsort(uncertainty, kind="stable")
    return np.cumsum(means[order]) / np.arange(1, len(means) + 1)


def farquhar(uncertainty, correct):
    quantiles = np.linspace(0.1, 1, 20)
    kept = [correct[uncertainty <= np.quantile(uncertainty, q)].mean() for q in quantiles]
    return np.sum(np.array(kept) * (quantiles[1] - quantiles[0]))


def concordance(uncertainty, quality):
    wins = pairs = 0.0
    for i in range(len(quality)):
        for j in range(len(quality)):
            if quality[i] > quality[j]:
                pairs += 1
                wins += (uncertainty[i] < uncertainty[j]) + 0.5 * (uncertainty[i] == uncertainty[j])
    return wins / pairs


def gaps(confidence, correct, bins, closure):
    """Σ n_b/n |mean correct − mean confidence| and the greatest gap, over NumPy's linspace edges."""
    edges = np.linspace(0, 1, bins + 1)
    total, greatest = 0.0, 0.0
    for place, (low, high) in enumerate(zip(edges[:-1], edges[1:])):
        if closure == "right":
            inside = (confidence > low) & (confidence <= high)
            if place == 0:
                inside |= confidence == low
        else:
            inside = (confidence >= low) & (confidence < high)
            if place == bins - 1:
                inside |= confidence == high
        if inside.any():
            gap = abs(correct[inside].mean() - confidence[inside].mean())
            total += gap * inside.mean()
            greatest = max(greatest, gap)
    return total, greatest


def equal_mass(confidence, correct, bins):
    order = np.argsort(confidence, kind="stable")
    parts = np.array_split(order, bins)
    return sum(
        len(part) / len(order) * abs(correct[part].mean() - confidence[part].mean()) for part in parts
    )


def isotonic_brier(confidence, correct):
    fitted = IsotonicRegression(out_of_bounds="clip").fit_transform(confidence, correct)
    return brier_score_loss(correct, fitted)


def precision_recall_area(labels, scores):
    precision, recall, _ = precision_recall_curve(labels, scores)
    return auc(recall, precision)


def outputs(data):
    u, c, a, q, t = (
        np.array(data[name])
        for name in ("uncertainty", "confidence", "correct", "quality", "tiedConfidence")
    )
    rejection = {}
    for name, quality in (("binary", a), ("continuous", q)):
        for share in (1.0, 0.5):
            found, oracle = area(u, quality, share), area(-quality, quality, share)
            drawn = shuffled(lambda x, y, s=share: area(x, y, s), quality, 42)
            rejection[f"{name}-{share}"] = {
                "analytic": ratio(found, oracle, normalized(quality).mean()),
                "lm-polygraph": ratio(found, oracle, drawn),
            }
    oracle = confidence_area(a, a)
    rejection["binary-1.0"]["truth-torch-lm"] = ratio(
        confidence_area(c, a), oracle, shuffled(confidence_area, a, 0)
    )
    rejection["tied"] = {
        "analytic": ratio(expected_area(-t, a), oracle, a.mean()),
        "stable": ratio(area(-t, a), oracle, a.mean()),
    }
    risks, oracle_risks = 1 - prefix_means(u, a), 1 - prefix_means(-a, a)
    false_positives, true_positives, _ = roc_curve(a, c)
    error_false, error_true, _ = roc_curve(1 - a, u)
    metrics = {
        "auroc": roc_auc_score(a, c),
        "auroc-tied": roc_auc_score(a, t),
        "auprc": average_precision_score(a, c),
        "auprc-tied": average_precision_score(a, t),
        "auprc-trapezoid": precision_recall_area(a, c),
        "auprc-trapezoid-tied": precision_recall_area(a, t),
        "auprc-error": average_precision_score(1 - a, u),
        "auarc": np.trapezoid(prefix_means(u, a), np.linspace(0, 1, len(a))),
        "auarc-tied": np.trapezoid(prefix_means(-t, a), np.linspace(0, 1, len(a))),
        "rejection-accuracy": farquhar(u, a),
        "aurc": risks.mean(),
        "aurc-tied": (1 - prefix_means(-t, a)).mean(),
        "e-aurc": risks.mean() - oracle_risks.mean(),
        "c-index-quality": concordance(u, q),
        "c-index-binary": concordance(u, a),
        "c-index-tied": concordance(-t, a),
        "kendall-tau-b": kendalltau(u, -normalized(q)).statistic,
        "kendall-tau-b-tied": kendalltau(-t, -q).statistic,
        "spearman": spearmanr(u, -normalized(q)).statistic,
        "spearman-tied": spearmanr(-t, -q).statistic,
        "rpp": np.mean((c[None, :] > c[:, None]) & (q[None, :] < q[:, None])),
        "best-balanced-accuracy": np.max(1 - (false_positives + 1 - true_positives) / 2),
        "tpr-at-low-fpr": true_positives[false_positives < 0.05][-1],
        "tpr-at-low-fpr-error": error_true[error_false < 0.05][-1],
        "ece-right-20": gaps(c, a, 20, "right")[0],
        "ece-right-10": gaps(c, a, 10, "right")[0],
        "ece-left-10": gaps(c, a, 10, "left")[0],
        "ece-left-20": gaps(c, a, 20, "left")[0],
        "ece-right-10-tied": gaps(t, a, 10, "right")[0],
        "ece-left-10-tied": gaps(t, a, 10, "left")[0],
        "ece-right-5-tied": gaps(t, a, 5, "right")[0],
        "ece-left-5-tied": gaps(t, a, 5, "left")[0],
        "mce": gaps(c, a, 10, "right")[1],
        "equal-mass-ece": equal_mass(c, a, 10),
        "brier": brier_score_loss(a, c),
        "isotonic-brier": isotonic_brier(c, a),
        "isotonic-brier-tied": isotonic_brier(t, a),
        "inv-entropy-prr": average_precision_score(a, c) / average_precision_score(a, a),
    }
    fit = IsotonicRegression(out_of_bounds="clip").fit(t, a)
    held_out = np.array([-0.2, 0.05, 0.1, 0.33, 0.5, 0.61, 0.95, 1.3])
    return {
        "rejection": rejection,
        "metrics": {name: float(value) for name, value in metrics.items()},
        "shuffles": {str(seed): first_shuffle(seed) for seed in (42, 0)},
        "isotonic": {"confidence": held_out.tolist(), "probability": fit.predict(held_out).tolist()},
    }


def first_shuffle(seed):
    np.random.seed(seed)
    order = np.arange(10)
    np.random.shuffle(order)
    return order.tolist()


def main():
    inputs = json.loads(path.read_text())["inputs"]
    versions = {
        "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
    }
    contents = {"versions": versions, "inputs": inputs, "outputs": outputs(inputs)}
    path.write_text(json.dumps(contents) + "\n")


main()
