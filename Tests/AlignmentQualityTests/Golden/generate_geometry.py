"""Writes geometry.json beside itself: small sets of points and what NumPy, SciPy and scikit-learn say.

Every value comes from a formula as it is published, by another way than the library takes: matrix square
roots, loops over pairs, dense centring matrices. Run: python generate_geometry.py
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist, pdist
from scipy.stats import norm
from sklearn.covariance import ledoit_wolf
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

SEED = 20260711
here = Path(__file__).parent


def draw(generator, counts, width, shift):
    """Classes with different covariances, as float32 numbers, so that both precisions read the same."""
    parts = []
    for number, count in enumerate(counts):
        mixing = generator.normal(size=(width, width)) / numpy.sqrt(width)
        parts.append(generator.normal(size=(count, width)) @ mixing + shift * number + 0.5)
    return numpy.vstack(parts).astype(numpy.float32).astype(float)


def pooled(x, y):
    return numpy.vstack([x[y == k] - x[y == k].mean(0) for k in numpy.unique(y)])


def between(x, y):
    g = x.mean(0)
    return sum((y == k).mean() * numpy.outer(x[y == k].mean(0) - g, x[y == k].mean(0) - g) for k in numpy.unique(y))


def mahalanobis(x, y):
    n = len(x)
    covariance, intensity = ledoit_wolf(pooled(x, y), assume_centered=True)
    covariance = covariance * n / (n - 2)
    a, b = x[y == 0], x[y == 1]
    delta = b.mean(0) - a.mean(0)
    squared = delta @ numpy.linalg.solve(covariance, delta)
    return {
        "value": squared,
        "hotelling-t-squared": len(a) * len(b) / n * squared,
        "bayes-error": norm.cdf(-numpy.sqrt(squared) / 2),
        "shrinkage-intensity": intensity,
    }


def bures(x, y):
    a, b = x[y == 0], x[y == 1]
    s, t = numpy.cov(a.T, bias=True), numpy.cov(b.T, bias=True)
    if min(len(a), len(b)) > x.shape[1]:
        root = sqrtm(s)
        cross = numpy.real(numpy.trace(sqrtm(root @ t @ root)))
    else:
        # sqrtm of a singular matrix has half the digits; roots of eigenvalues above rounding have all.
        cross = numpy.linalg.svd(root_of_singular(s) @ root_of_singular(t), compute_uv=False).sum()
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + numpy.trace(s) + numpy.trace(t) - 2 * cross


def root_of_singular(matrix):
    values, vectors = numpy.linalg.eigh(matrix)
    values = numpy.where(values > 1e-12 * values.max(), values, 0)
    return (vectors * numpy.sqrt(values)) @ vectors.T


def discrepancies(x, y):
    a, b = x[y == 0], x[y == 1]
    sigma = numpy.median(pdist(x))
    result = {"bandwidth": sigma}
    kernels = {
        "": lambda u, v: numpy.exp(-cdist(u, v) ** 2 / (2 * sigma**2)),
        "linear": lambda u, v: u @ v.T,
    }
    for name, kernel in kernels.items():
        aa, bb, ab = kernel(a, a), kernel(b, b), kernel(a, b)
        n, m = len(a), len(b)
        result[f"biased {name}"] = aa.mean() + bb.mean() - 2 * ab.mean()
        result[f"unbiased {name}"] = (
            (aa.sum() - numpy.trace(aa)) / (n * (n - 1)) + (bb.sum() - numpy.trace(bb)) / (m * (m - 1)) - 2 * ab.mean()
        )
    n, m = len(a), len(b)
    result["energy biased"] = 2 * cdist(a, b).mean() - cdist(a, a).mean() - cdist(b, b).mean()
    result["energy unbiased"] = (
        2 * cdist(a, b).mean() - cdist(a, a).sum() / (n * (n - 1)) - cdist(b, b).sum() / (m * (m - 1))
    )
    return result


def effective_rank(x, added):
    s = numpy.linalg.svd(x, compute_uv=False)
    p = s / s.sum() + added
    p = p[p > 1e-300]
    return float(numpy.exp(-(p * numpy.log(p)).sum()))


def iso_score(x):
    """Rudman et al., algorithm 1, step by step; n is the dimension there."""
    n = x.shape[1]
    variances = numpy.linalg.eigvalsh(numpy.cov(x.T))
    normalized = numpy.sqrt(n) * variances / numpy.linalg.norm(variances)
    defect = numpy.linalg.norm(normalized - 1) / numpy.sqrt(2 * (n - numpy.sqrt(n)))
    phi = (n - defect**2 * (n - numpy.sqrt(n))) ** 2 / n**2
    return (n * phi - 1) / (n - 1)


def neighbours(x, k):
    d = cdist(x, x)
    d = numpy.sort(d + numpy.diag([numpy.inf] * len(x)), axis=1)[:, :k]
    return d[d[:, 0] > 0]


def dimensions(x):
    d = neighbours(x, 10)
    logs = numpy.log(d[:, 1] / d[:, 0])
    ordered = numpy.sort(logs)
    n = len(ordered)
    kept = int(n * 9 // 10)
    target = -numpy.log(1 - numpy.arange(1, kept + 1) / n)
    slope = numpy.linalg.lstsq(ordered[:kept, None], target, rcond=None)[0][0]
    local = 1 / numpy.log(d[:, 9:10] / d[:, :9]).mean(1)
    return {
        "two-nearest-neighbours": (n - 1) / logs.sum(),
        "two-nearest-neighbours/fit": slope,
        "levina-bickel": local.mean(),
        "levina-bickel/mackay-ghahramani": 1 / (1 / local).mean(),
    }


def directions(x):
    u = x / numpy.linalg.norm(x, axis=1, keepdims=True)
    cosines = (u @ u.T)[~numpy.eye(len(u), dtype=bool)]
    return {
        "anisotropy": cosines.mean(),
        "uniformity": numpy.log(numpy.exp(-2 * pdist(u) ** 2).mean()),
    }


def collapse(x, y):
    s_w = pooled(x, y).T @ pooled(x, y) / len(x)
    # The rank of S_b is known; a tolerance lies between its last eigenvalue and rounding.
    inverse = numpy.linalg.pinv(between(x, y), rcond=1e-10, hermitian=True)
    means = numpy.array([x[y == k].mean(0) for k in numpy.unique(y)])
    return {
        "value": numpy.trace(s_w @ inverse) / len(means),
        "agreement": float((cdist(x, means).argmin(1) == y).mean()),
    }


def inverse_trace(x, y):
    covariance, _ = ledoit_wolf(pooled(x, y), assume_centered=True)
    return numpy.trace(numpy.linalg.solve(covariance, between(x, y)))


def centred_kernel_alignment(x, y, biased):
    n = len(x)
    k, l = x @ x.T, y @ y.T

    def dependence(k, l):
        if biased:
            h = numpy.eye(n) - 1 / n
            return numpy.trace(k @ h @ l @ h)
        k, l = k - numpy.diag(numpy.diag(k)), l - numpy.diag(numpy.diag(l))
        one = numpy.ones(n)
        return (
            numpy.trace(k @ l)
            + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2))
            - 2 / (n - 2) * (one @ k @ l @ one)
        )

    return dependence(k, l) / numpy.sqrt(dependence(k, k) * dependence(l, l))


def describe(x, y):
    centred = x - x.mean(0)
    values = numpy.linalg.eigvalsh(numpy.cov(x.T))
    squares = numpy.linalg.svd(centred, compute_uv=False) ** 2
    result = {
        "fisher-ratio": (((x - x.mean(0)) ** 2).sum() - (pooled(x, y) ** 2).sum()) / (pooled(x, y) ** 2).sum(),
        "fisher-ratio/inverse-trace": inverse_trace(x, y),
        "effective-rank": effective_rank(centred, 0),
        "effective-rank/uncentred": effective_rank(x, 0),
        "effective-rank/rank-me": effective_rank(x, 1e-7),
        "participation-ratio": values.sum() ** 2 / (values**2).sum(),
        "stable-rank": squares.sum() / squares.max(),
        "stable-rank/uncentred": (x**2).sum() / numpy.linalg.norm(x, 2) ** 2,
        "iso-score": iso_score(x),
        **dimensions(x),
        **directions(x),
    }
    nc = collapse(x, y)
    result["neural-collapse"] = nc["value"]
    result["neural-collapse nearest-class-centre-agreement"] = nc["agreement"]
    if y.max() == 1:
        distances = discrepancies(x, y)
        result |= {
            "bures-wasserstein": bures(x, y),
            "maximum-mean-discrepancy": distances["unbiased "],
            "maximum-mean-discrepancy/biased": distances["biased "],
            "maximum-mean-discrepancy/linear": distances["unbiased linear"],
            "maximum-mean-discrepancy bandwidth": distances["bandwidth"],
            "energy-distance": distances["energy biased"],
            "energy-distance/unbiased": distances["energy unbiased"],
        }
        m = mahalanobis(x, y)
        result["mahalanobis"] = m.pop("value")
        result |= {f"mahalanobis {name}": value for name, value in m.items()}
        if x.shape[1] < len(x) - 2:
            lda = LinearDiscriminantAnalysis(solver="lsqr").fit(x, y)
            delta = lda.means_[1] - lda.means_[0]
            # Its covariance is W/n.
            squared = delta @ numpy.linalg.solve(lda.covariance_, delta) * (len(x) - 2) / len(x)
            result["mahalanobis/unshrunk"] = squared
    return {name: float(value) for name, value in result.items()}


def main():
    generator = numpy.random.default_rng(SEED)
    cases = []
    for name, counts, width, shift in [
        ("more points than coordinates", [22, 17], 5, 0.8),
        ("more coordinates than points", [9, 7], 24, 0.5),
        ("three classes", [12, 9, 15], 6, 0.7),
        ("classes on both sides of the width", [24, 8], 12, 0.6),
    ]:
        x = draw(generator, counts, width, shift)
        y = numpy.repeat(numpy.arange(len(counts)), counts)
        cases.append(
            {
                "name": name,
                "width": width,
                "labels": y.tolist(),
                "points": x.ravel().tolist(),
                "values": describe(x, y),
            }
        )
    layers = [draw(generator, [14], width, 0) for width in (6, 20)]
    layers.append(layers[0] @ generator.normal(size=(6, 9)) + generator.normal(size=(14, 9)))
    alignments = {
        name: [[float(centred_kernel_alignment(a, b, biased)) for b in layers] for a in layers]
        for name, biased in (("debiased", False), ("biased", True))
    }
    contents = {
        "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "seed": SEED,
        "cases": cases,
        "layers": [{"width": layer.shape[1], "points": layer.ravel().tolist()} for layer in layers],
        "alignments": alignments,
    }
    (here / "geometry.json").write_text(json.dumps(contents, indent=1) + "\n")


main()
