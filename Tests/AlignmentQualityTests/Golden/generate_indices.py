"""Regenerates datasets.json and indices.json for the tests of cluster indices that need no pairs.

    python generate_indices.py

The definitions are evaluated in extended precision with NumPy. What scikit-learn, permetrics and torchmetrics say, on ordinary points and on degenerate ones, comes from calling them. The versions are in the file.
"""

import json
import pathlib
import warnings

import numpy as np
import permetrics
import sklearn
import torch
import torchmetrics
from permetrics import ClusteringMetric
from sklearn import datasets, metrics
from torchmetrics.functional import clustering

FOLDER = pathlib.Path(__file__).parent
# (t, p) of the Davies–Bouldin index.
POWERS = [(1, 2), (2, 2), (3, 2), (0.5, 2), (1, 1), (1, 3)]
FUZZIFIERS = [1.5, 2, 3]


class Clustering:
    """Centroids and scatters in extended precision."""

    def __init__(self, points, labels):
        self.points = np.asarray(points, np.longdouble)
        self.classes = np.unique(labels, return_inverse=True)[1]
        self.count, self.class_count = len(self.points), self.classes.max() + 1
        self.sizes = np.bincount(self.classes)
        self.centroids = np.stack([self.points[self.classes == k].mean(0) for k in range(self.class_count)])
        self.squares = ((self.points[:, None] - self.centroids[None]) ** 2).sum(2)
        self.own = self.squares[np.arange(self.count), self.classes]
        self.within = self.own.sum()
        spread = ((self.centroids - self.points.mean(0)) ** 2).sum(1)
        self.between = (self.sizes * spread).sum()
        self.scatters = np.array([self.own[self.classes == k].sum() for k in range(self.class_count)])
        self.pairs = [(k, l) for k in range(self.class_count) for l in range(k)]

    def davies_bouldin(self, power, norm):
        radii = [
            (self.own[self.classes == k] ** (np.longdouble(power) / 2)).mean() ** (1 / np.longdouble(power))
            for k in range(self.class_count)
        ]
        largest = np.zeros(self.class_count, np.longdouble)
        for k, l in self.pairs:
            distance = (abs(self.centroids[k] - self.centroids[l]) ** norm).sum() ** (1 / np.longdouble(norm))
            ratio = (radii[k] + radii[l]) / distance
            largest[k], largest[l] = max(largest[k], ratio), max(largest[l], ratio)
        return largest.mean()

    def closest(self):
        return min(((self.centroids[k] - self.centroids[l]) ** 2).sum() for k, l in self.pairs)

    def closest_points(self):
        distances = ((self.points[:, None] - self.points[None]) ** 2).sum(2)
        return distances[self.classes[:, None] != self.classes[None]].min()

    def memberships(self, fuzzifier):
        powers = self.squares ** (-1 / (np.longdouble(fuzzifier) - 1))
        return powers / powers.sum(1, keepdims=True)

    def fuzzy(self, fuzzifier):
        weights = self.memberships(fuzzifier) ** fuzzifier
        return (weights * self.squares).sum() / (self.count * self.closest())

    def silhouettes(self, kind):
        if kind == "exact":
            distances = np.sqrt(((self.points[:, None] - self.points[None]) ** 2).sum(2))
        else:
            distances = ((self.points[:, None] - self.points[None]) ** 2).sum(2)
        values = []
        for i, own in enumerate(self.classes):
            if kind == "simplified":
                toward = np.sqrt(self.squares[i])
                within = toward[own]
            else:
                toward = np.array([distances[i][self.classes == k].mean() for k in range(self.class_count)])
                within = distances[i][self.classes == own].sum() / max(1, self.sizes[own] - 1)
            other = min(toward[k] for k in range(self.class_count) if k != own)
            single = self.sizes[own] == 1 or max(within, other) == 0
            values.append(0 if single else (other - within) / max(within, other))
        return np.array(values, np.longdouble)

    def values(self):
        mean_square = self.within / (self.count - self.class_count)
        excess = self.between - (self.class_count - 1) * mean_square
        total = self.between + self.within
        return {
            "within": self.within,
            "between": self.between,
            "daviesBouldin": [
                {"power": t, "norm": p, "value": self.davies_bouldin(t, p)} for t, p in POWERS
            ],
            "calinskiHarabasz": self.between / (self.class_count - 1) / mean_square,
            "traceRatio": self.between / self.within,
            "etaSquared": self.between / total,
            "omegaSquared": excess / (total + mean_square),
            "xieBeni": self.within / (self.count * self.closest()),
            "xieBeniClusterCrit": self.within / (self.count * self.closest_points()),
            "xieBeniPermetrics": self.squares.min(1).sum() / (self.count * self.closest()),
            "xieBeniFuzzy": [{"fuzzifier": m, "value": self.fuzzy(m)} for m in FUZZIFIERS],
            "silhouettes": {
                kind: list(self.silhouettes(kind)) for kind in ("exact", "simplified", "squared-euclidean")
            },
        }


def outcome(function, *arguments, **options):
    """A peer's number, None where it raises."""
    try:
        return float(function(*arguments, **options))
    except ValueError:
        return None


def peers(points, labels):
    """What peers say, None where they raise."""
    points, labels = np.asarray(points, float), np.asarray(labels)
    by = ClusteringMetric(X=points, y_pred=labels)
    tensors = torch.tensor(points), torch.tensor(labels)
    return {
        "sklearn": {
            "davies-bouldin": outcome(metrics.davies_bouldin_score, points, labels),
            "calinski-harabasz": outcome(metrics.calinski_harabasz_score, points, labels),
            "silhouette": outcome(metrics.silhouette_score, points, labels),
        },
        "permetrics": {
            "davies-bouldin": outcome(by.davies_bouldin_index),
            "calinski-harabasz": outcome(by.calinski_harabasz_index),
            "xie-beni": outcome(by.xie_beni_index),
            "silhouette": outcome(by.silhouette_index),
        },
        "torchmetrics": {
            "davies-bouldin": outcome(clustering.davies_bouldin_score, *tensors),
            "calinski-harabasz": outcome(clustering.calinski_harabasz_score, *tensors),
        },
    }


def plain(value):
    """JSON's types, extended precision rounded to double."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return float(value) if isinstance(value, np.floating) else value


def data():
    iris, wine = datasets.load_iris(), datasets.load_wine()
    blobs = datasets.make_blobs(n_samples=300, centers=4, n_features=5, cluster_std=1.5, random_state=42)
    six = [[0, 0], [0, 2], [2, 0], [10, 0], [10, 4], [12, 2]]
    return {
        "iris": (iris.data, iris.target),
        "wine": (wine.data, wine.target),
        "blobs": blobs,
        "tiny6": (np.array(six, float), np.array([0, 0, 0, 1, 1, 1])),
    }


def degenerate():
    cross = [[-1, 0], [1, 0], [0, -1], [0, 1]]
    iris = datasets.load_iris()
    return {
        "identical points": ([[3, 1]] * 4, [0, 0, 1, 1]),
        "repeated points": ([[0, 0], [0, 0], [3, 4], [3, 4]], [0, 0, 1, 1]),
        "coincident centroids": (cross, [0, 0, 1, 1]),
        "two of three centroids coincident": (cross + [[5, 0], [7, 0]], [0, 0, 1, 1, 2, 2]),
        "two of three classes the same repeated point": (
            [[0, 0]] * 4 + [[5, 4], [5, 6]], [0, 0, 1, 1, 2, 2]),
        "one class": ([[0, 0], [1, 0], [0, 2]], [0, 0, 0]),
        "a class for every point": ([[0, 0], [1, 0], [0, 2]], [0, 1, 2]),
        "a class of one point": ([[0, 0], [1, 0], [0, 2]], [0, 0, 1]),
        "a point in two classes": ([[0, 0], [1, 0], [1, 0], [3, 0]], [0, 0, 1, 1]),
        "iris times 1e-8": (iris.data * 1e-8, iris.target),
        "iris times 1e-6": (iris.data * 1e-6, iris.target),
    }


def main():
    warnings.filterwarnings("ignore")
    sets = data()
    written = {
        name: {"points": points.tolist(), "labels": labels.tolist()} for name, (points, labels) in sets.items()
    }
    values = {}
    for name, (points, labels) in sets.items():
        own = Clustering(points, labels)
        others = peers(points, labels)
        others["sklearn"]["silhouette/squared-euclidean"] = float(
            metrics.silhouette_score(points, labels, metric="sqeuclidean"))
        values[name] = own.values() | {"peers": others}
        parity = others["sklearn"]
        assert abs(parity["davies-bouldin"] / own.davies_bouldin(1, 2) - 1) < 1e-10
        assert abs(parity["silhouette"] - own.silhouettes("exact").mean()) < 1e-10
    six = Clustering(*sets["tiny6"])
    memberships = six.memberships(2)
    weights = memberships ** 2
    centers = weights.T @ six.points / weights.sum(0)[:, None]
    numerator = (weights * ((six.points[:, None] - centers[None]) ** 2).sum(2)).sum()
    separation = ((centers[0] - centers[1]) ** 2).sum()
    contents = {
        "versions": {
            "numpy": np.__version__, "scikit-learn": sklearn.__version__,
            "permetrics": permetrics.__version__, "torchmetrics": torchmetrics.__version__,
        },
        "values": values,
        "fuzzy": {"memberships": memberships.tolist(), "value": numerator / (6 * separation)},
        "degenerate": [
            {"name": name, "points": np.asarray(points, float).tolist(), "labels": list(map(int, labels)),
             "peers": peers(points, labels)}
            for name, (points, labels) in degenerate().items()
        ],
    }
    (FOLDER / "datasets.json").write_text(json.dumps(written) + "\n")
    (FOLDER / "indices.json").write_text(json.dumps(plain(contents)) + "\n")


if __name__ == "__main__":
    main()
