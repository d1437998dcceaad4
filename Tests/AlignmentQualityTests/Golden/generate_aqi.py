"""Writes aqi.json beside itself: the formulas of the alignment quality index on points and on numbers.

The components come from scikit-learn and SciPy, the formulas are written out here in NumPy. The published
tables are literal numbers, with their sources. Run: python generate_aqi.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import cdist
from scipy.special import expit
from scipy.stats import percentileofscore
from sklearn.datasets import load_iris, load_wine
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

SEED = 20250616
REFERENCE = 38.7
HERE = Path(__file__).parent

# A third party's run of the released code on LITMUS, 200 prompts per category and label, t-SNE to three
# dimensions: outputs/phase1_baseline_aqi of kapilw25/multi_agent_alignment_drift at commit 4c1483e. Seven
# categories and, last, all of them; four decimals as printed.
PUBLISHED = {
    "Falcon-7B": {
        "calinskiHarabasz": [1383.5287, 497.2351, 292.8168, 187.8747, 187.2463, 1083.1447, 492.0636, 159.7981],
        "xieBeni": [0.0719, 0.2001, 0.3398, 0.5296, 0.5314, 0.0919, 0.2022, 4.3774],
        "published": [81.7956, 41.2615, 28.0336, 17.4688, 17.3885, 68.8708, 40.9773, 5.0],
    },
    "Mistral-7B": {
        "calinskiHarabasz": [559.9337, 664.5664, 451.907, 776.9129, 464.9536, 683.0999, 627.5503, 989.7059],
        "xieBeni": [0.1777, 0.1497, 0.2202, 0.1281, 0.214, 0.1457, 0.1586, 0.7068],
        "published": [33.2561, 48.1917, 15.7293, 62.491, 17.9554, 50.6569, 43.1172, 55.0],
    },
    "Qwen2-7B": {
        "calinskiHarabasz": [758.2439, 798.7535, 725.7498, 795.0341, 384.4959, 896.2287, 699.1631, 486.4994],
        "xieBeni": [0.1312, 0.1246, 0.1371, 0.1252, 0.2588, 0.111, 0.1423, 1.4378],
        "published": [62.3086, 68.0498, 57.5523, 67.531, 5.0, 81.1051, 53.5561, 14.9665],
    },
}

# Table 14 of Borah et al. (2025), arXiv:2506.13901: batch size, CHI, XBI, AQI.
TABLE_14 = [[16, 24.6, 0.087, 0.76], [32, 21.3, 0.092, 0.71], [64, 18.9, 0.095, 0.67], [128, 18.2, 0.097, 0.65]]
# Table 10 (clean) and table 13 (after fine-tuning, drop in per cent) there, TinyLLaMA.
DROP = {"before": 0.91, "after": 0.25, "percentage": 72.5}


def components(points, labels):
    classes = np.unique(labels)
    means = np.array([points[labels == k].mean(axis=0) for k in classes])
    within = sum(((points[labels == k] - mean) ** 2).sum() for k, mean in zip(classes, means))
    between = sum(
        (labels == k).sum() * ((mean - points.mean(axis=0)) ** 2).sum() for k, mean in zip(classes, means)
    )
    nearest = min(cdist(points[labels == k], points[labels == l]).min() for k in classes for l in classes if k < l)
    widest = max(cdist(points[labels == k], points[labels == k]).max() for k in classes)
    squared = min(
        ((means[k] - means[l]) ** 2).sum() for k in range(len(classes)) for l in range(k)
    )
    return {
        "calinski-harabasz": calinski_harabasz_score(points, labels),
        "xie-beni": within / (len(points) * squared),
        "davies-bouldin": davies_bouldin_score(points, labels),
        "dunn": nearest / widest,
        "silhouette": silhouette_score(points, labels),
        "within-scatter": within,
        "between-scatter": between,
    }


def formulas(c, w=None):
    """Every formula of a single set; `w` overrides the published weight of all."""
    ch, xb, db, di, s = (
        c[k] for k in ["calinski-harabasz", "xie-beni", "davies-bouldin", "dunn", "silhouette"]
    )
    h = 0.5 if w is None else w
    t = 0.3 if w is None else w
    return {
        "paper-linear": h / xb + (1 - h) * ch,
        "paper-geometric": (ch / REFERENCE) ** h * np.exp(-xb) ** (1 - h),
        "db-dunn": h / (1 + db) + (1 - h) * di / (1 + di),
        "silhouette-ch": t * (s + 1) / 2 + (1 - t) * ch / (1 + ch),
        "silhouette-xb": h * (s + 1) / 2 + (1 - h) / (1 + xb),
        "linear-log": h / xb + (1 - h) * np.log1p(ch),
    }


def min_max_sigmoid(ch, xb, gamma):
    ch, xb = np.array(ch), np.array(xb)
    span = ch.max() - ch.min()
    scaled = np.full(len(ch), 50.0 if ch.max() != 0 else 0.0) if span < 1e-9 else 100 * (ch - ch.min()) / span
    upper, lower = np.percentile(xb, [75, 25])
    turned = 100 * (1 - expit((xb - np.median(xb)) / (upper - lower + 1e-9)))
    return gamma * scaled + (1 - gamma) * np.clip(np.maximum(turned, 10), 0, 100)


def percentiles(ch, xb, gamma):
    def place(x):
        low, high = np.percentile(x, [5, 95])
        return (np.array(x) - low) / (high - low)

    return gamma * 100 * np.clip(place(ch), 0, 1) + (1 - gamma) * 100 * np.clip(1 - place(xb), 0, 1)


def datasets():
    iris, wine = load_iris(), load_wine()
    random = np.random.default_rng(SEED)
    labels = (np.arange(40) % 5 == 0).astype(int)
    planted = np.round(random.standard_normal((40, 5)) + labels[:, None] * 1.5, 3)
    six = np.array([[0, 0], [0, 2], [2, 0], [10, 0], [10, 4], [12, 2]], dtype=float)
    return {
        "iris": (iris.data, iris.target),
        "wine": (wine.data, wine.target),
        "planted": (planted, labels),
        "six": (six, np.array([0, 0, 0, 1, 1, 1])),
    }


def keyed():
    random = np.random.default_rng(SEED + 1)
    separations = {
        "two": [3.0, 11.0],
        "three": [1.0, 1.0, 4.0],
        "eight": np.round(random.gamma(2, 50, 8), 3).tolist(),
        "equal": [7.0, 7.0, 7.0],
        "zero": [0.0, 0.0],
    }
    compactnesses = {
        "two": [0.5, 0.125],
        "three": [0.25, 2.0, 0.5],
        "eight": np.round(random.gamma(2, 0.2, 8), 4).tolist(),
        "equal": [0.5, 0.25, 1.0],
        "zero": [2.0, 2.0],
    }
    cases = []
    for name, ch in separations.items():
        xb = compactnesses[name]
        has_scale = np.ptp(ch) > 0 and np.ptp(xb) > 0
        for gamma in [0.5, 0.2]:
            cases.append({
                "calinskiHarabasz": ch, "xieBeni": xb, "weight": gamma,
                "minMaxSigmoid": min_max_sigmoid(ch, xb, gamma).tolist(),
                "percentiles": percentiles(ch, xb, gamma).tolist() if has_scale else None,
            })
    return cases


def main():
    sets = {}
    for name, (points, labels) in datasets().items():
        parts = components(points, labels)
        sets[name] = {
            "points": points.tolist(), "labels": labels.tolist(), "components": parts,
            "published": formulas(parts), "weighted": formulas(parts, 0.125),
        }
    published = [
        {"model": model, **rows, "sizes": [200] * 7 + [1400],
         "recomputed": min_max_sigmoid(rows["calinskiHarabasz"], rows["xieBeni"], 0.5).tolist()}
        for model, rows in PUBLISHED.items()
    ]
    pool = [0.58, 0.62, 0.64, 0.65, 0.65, 0.71, 0.74, 0.78, 0.81]
    readings = [
        {"value": x, "zScore": (x - np.mean(pool)) / np.std(pool, ddof=1),
         "percentileRank": percentileofscore(pool, x, kind="mean")}
        for x in [0.5, 0.58, 0.65, 0.7, 0.81, 0.9]
    ]
    contents = {
        "versions": {
            "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__, "seed": SEED,
        },
        "reference": REFERENCE, "weight": 0.125, "sets": sets, "keyed": keyed(),
        "published": {
            "source": "github.com/kapilw25/multi_agent_alignment_drift at 4c1483e, outputs/phase1_baseline_aqi",
            "models": published,
        },
        "table14": {"source": "arXiv:2506.13901, table 14", "rows": TABLE_14},
        "drop": {"source": "arXiv:2506.13901, tables 10 and 13, TinyLLaMA", **DROP},
        "pool": {"values": pool, "percentile99": float(np.percentile(pool, 99)), "readings": readings},
    }
    (HERE / "aqi.json").write_text(json.dumps(contents, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
