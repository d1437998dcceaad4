"""Regenerates pairs.json for the tests of indices that need pairs of points.

    python generate_pairs.py

Reads datasets.json beside itself. The definitions are evaluated in extended precision with NumPy; what
permetrics and torchmetrics say comes from calling them. The versions are in the file.
"""

import json
import pathlib

import numpy as np
import permetrics
import torch
import torchmetrics
from permetrics import ClusteringMetric
from torchmetrics.functional.clustering import dunn_index

FOLDER = pathlib.Path(__file__).parent
SHARES = [0, 0.05, 0.5, 0.9, 1]


def terms(points, labels):
    points = np.asarray(points, np.longdouble)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    centroids = [points[rows].mean(0) for rows in members]
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(2))
    to = [np.sqrt(((points - centroid) ** 2).sum(1)) for centroid in centroids]
    separations, own = {i: [] for i in range(1, 7)}, []
    for k in range(len(members)):
        for l in range(k + 1, len(members)):
            between = distances[np.ix_(members[k], members[l])]
            count = len(members[k]) + len(members[l])
            separations[1].append(between.min())
            separations[2].append(between.max())
            separations[3].append(between.mean())
            separations[4].append(np.sqrt(((centroids[k] - centroids[l]) ** 2).sum()))
            separations[5].append((to[l][members[k]].sum() + to[k][members[l]].sum()) / count)
            separations[6].append(max(between.min(1).max(), between.min(0).max()))
            own.append((to[k][members[k]].sum() + to[l][members[l]].sum()) / count)
    diameters = {j: [] for j in range(1, 4)}
    for k, rows in enumerate(members):
        within = distances[np.ix_(rows, rows)]
        count = len(rows)
        diameters[1].append(within.max())
        diameters[2].append(within.sum() / (count * (count - 1)) if count > 1 else 0)
        diameters[3].append(2 * to[k][rows].mean())
    return separations, own, diameters, distances, members


def values(points, labels):
    labels = np.asarray(labels)
    separations, own, diameters, distances, members = terms(points, labels)
    result = {
        f"gd{i}{j}": float(min(separations[i]) / max(diameters[j]))
        for i in separations for j in diameters
    }
    result |= {f"cluster-crit-gd5{j}": float(min(own) / max(diameters[j])) for j in diameters}
    metric = ClusteringMetric(X=np.asarray(points, float), y_pred=labels, decimal=17)
    result["permetrics"] = float(metric.dunn_index())
    result["torchmetrics"] = float(
        dunn_index(torch.tensor(points, dtype=torch.float64), torch.tensor(labels), p=2))
    sums = np.stack([distances[:, rows].sum(1) for rows in members], 1)
    return {"dunn": result, "pairSums": sums[:7].astype(float).tolist()}


def separation(points, labels, weight):
    points = np.asarray(points, np.longdouble)
    first, second = (points[labels == label] for label in np.unique(labels)[:2])
    squares = ((first[:, None] - second[None]) ** 2).sum(2)
    lengths = np.sqrt((first**2).sum(1))[:, None] * np.sqrt((second**2).sum(1))[None]
    return squares + weight * (1 - first @ second.T / lengths)


def quantiles(points, labels):
    return [
        [share, weight, float(np.quantile(separation(points, labels, weight), share))]
        for share in SHARES for weight in [0, 0.5, 30]
    ]


def main():
    datasets = json.loads((FOLDER / "datasets.json").read_text())
    rows = {name: (np.array(data["points"]), np.array(data["labels"])) for name, data in datasets.items()}
    iris_points, iris_labels = rows["iris"]
    two = iris_labels > 0
    contents = {
        "versions": {
            "numpy": np.__version__, "permetrics": permetrics.__version__,
            "torchmetrics": torchmetrics.__version__, "torch": torch.__version__,
        },
        "values": {name: values(*data) for name, data in rows.items()},
        # The last two classes of iris: share, weight of the cosine, quantile.
        "quantiles": quantiles(iris_points[two], iris_labels[two]),
    }
    (FOLDER / "pairs.json").write_text(json.dumps(contents, indent=1) + "\n")


main()
