"""Writes distributions.json, statistics.json and silhouette.json beside itself.

The distribution values come from mpmath with 50 digits, the rest from SciPy and scikit-learn. The
versions and the seed are kept in the files. Run: python generate.py
"""

import json
from pathlib import Path

import mpmath
import numpy
import scipy
import sklearn
from scipy import stats
from sklearn.metrics import balanced_accuracy_score, roc_auc_score, silhouette_samples

SEED = 20240607
mpmath.mp.dps = 50
VERSIONS = {
    "mpmath": mpmath.__version__,
    "numpy": numpy.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
    "seed": SEED,
}
here = Path(__file__).parent


def student_upper_tail(t, nu):
    nu = mpmath.mpf(nu)
    x = nu / (nu + mpmath.mpf(t) ** 2)
    return mpmath.betainc(nu / 2, mpmath.mpf("0.5"), 0, x, regularized=True) / 2


def student_quantile(p, nu, start):
    p = mpmath.mpf(p)
    tail = min(p, 1 - p)
    t = mpmath.findroot(
        lambda t: mpmath.log(student_upper_tail(t, nu)) - mpmath.log(tail), mpmath.mpf(abs(start))
    )
    return -t if p < mpmath.mpf("0.5") else t


def distributions():
    xs = [-37.0, -30.5, -20.25, -8.0, -5.5, -3.0, -1.96, -1.0, -0.3, -1e-8, 0.0, 0.5, 1.7, 4.0, 6.0]
    ps = [1e-300, 1e-100, 1e-20, 1e-10, 1e-5, 0.001, 0.025, 0.07, 0.08, 0.2, 0.4, 0.499999, 0.51]
    ps += [0.75, 0.92, 0.925, 0.93, 0.975, 0.999, 0.999999]
    normal_quantiles = []
    for p in ps:
        exact = mpmath.mpf(p)
        start = mpmath.mpf(float(stats.norm.ppf(p)))
        root = mpmath.findroot(lambda x: mpmath.log(mpmath.ncdf(x)) - mpmath.log(exact), start)
        normal_quantiles.append([p, float(root)])
    student = []
    cumulative = []
    for nu in [0.5, 1.0, 2.0, 2.5, 3.0, 5.0, 9.0, 19.0, 39.0, 99.5, 120.0, 999.0, 9e3, 1.1e4, 1e5, 1e7]:
        for p in [1e-8, 0.001, 0.025, 0.2, 0.4, 0.4999, 0.6, 0.7, 0.8, 0.95, 0.975, 0.995, 0.99999]:
            student.append([p, nu, float(student_quantile(p, nu, stats.t.ppf(p, nu)))])
        for t in [-50.0, -6.0, -2.0, -0.5, -1e-3]:
            cumulative.append([t, nu, float(student_upper_tail(-t, nu))])
    return {
        "versions": VERSIONS,
        "normalCumulative": [[x, float(mpmath.ncdf(mpmath.mpf(x)))] for x in xs],
        "normalQuantile": normal_quantiles,
        "studentQuantile": student,
        "studentCumulative": cumulative,
    }


def wilson(successes, count):
    ends = stats.binomtest(successes, count).proportion_ci(0.95, method="wilson")
    return [successes, count, ends.low, ends.high]


def bootstrap_case(generator, values, statistic):
    result = stats.bootstrap(
        (values,), statistic, n_resamples=199, method="BCa", rng=generator, vectorized=False
    )
    jackknife = [float(statistic(numpy.delete(values, i))) for i in range(len(values))]
    return {
        "estimate": float(statistic(values)),
        "replicates": result.bootstrap_distribution.tolist(),
        "jackknife": jackknife,
        "lower": float(result.confidence_interval.low),
        "upper": float(result.confidence_interval.high),
    }


def area_case(generator, count, decimals):
    labels = generator.random(count) < 0.4
    labels[:2] = [True, False]
    scores = numpy.round(generator.normal(size=count) + 0.8 * labels, decimals)
    positives, negatives = scores[labels], scores[~labels]
    # DeLong's variance by its definition: the covariance of the placements.
    wins = (positives[:, None] > negatives) + 0.5 * (positives[:, None] == negatives)
    variance = wins.mean(1).var(ddof=1) / len(positives) + wins.mean(0).var(ddof=1) / len(negatives)
    return {
        "scores": scores.tolist(),
        "labels": labels.tolist(),
        "area": float(roc_auc_score(labels, scores)),
        "variance": float(variance),
        "balanced": float(balanced_accuracy_score(labels, scores > 0.4)),
    }


def silhouette_case(generator, clusters, width, zero_rows=(), repeated_rows=()):
    clusters = numpy.asarray(clusters)
    centres = generator.normal(size=(clusters.max() + 1, width))
    rows = centres[clusters] + generator.normal(size=(len(clusters), width))
    # Values that float32 holds exactly, since that is what is read.
    rows = numpy.round(rows * 16) / 16
    rows[list(zero_rows)] = 0
    for row in repeated_rows:
        rows[row] = rows[row - 1]
    return {
        "rows": rows.tolist(),
        "clusters": clusters.tolist(),
        "samples": silhouette_samples(rows, clusters, metric="cosine").tolist(),
    }


def silhouettes():
    generator = numpy.random.default_rng(SEED)
    return {
        "versions": VERSIONS,
        "cosine": [
            silhouette_case(generator, [0, 1] * 15, 5),
            silhouette_case(generator, [0] * 3 + [1] * 20 + [2] * 9, 40),
            silhouette_case(generator, [0] * 6 + [1] * 7, 3, zero_rows=[2, 8], repeated_rows=[5, 11]),
            # The last row is alone in its cluster.
            silhouette_case(generator, [0] * 8 + [1] * 8 + [2], 4),
            # More rows than a block of products holds.
            silhouette_case(generator, [0, 1, 1] * 100, 2),
        ],
    }


def main():
    (here / "silhouette.json").write_text(json.dumps(silhouettes()) + "\n")
    generator = numpy.random.default_rng(SEED)
    (here / "distributions.json").write_text(json.dumps(distributions(), indent=1) + "\n")
    exponential = generator.exponential(size=25)
    cases = {
        "versions": VERSIONS,
        "wilson": [wilson(*case) for case in [(0, 20), (1, 20), (13, 40), (99, 100), (100, 100)]],
        "bootstrap": [
            bootstrap_case(generator, exponential, numpy.mean),
            bootstrap_case(generator, generator.normal(size=40), numpy.mean),
            # Few different values: many replicates equal the estimate.
            bootstrap_case(generator, numpy.repeat([0.0, 1.0], [5, 15]), numpy.mean),
            bootstrap_case(generator, exponential, lambda x, axis=-1: numpy.std(x, axis=axis)),
        ],
        # 100,000 resamples: the ends of an independent run agree to the resampling error.
        "mean": {"values": exponential.tolist()},
        "area": [area_case(generator, *case) for case in [(6, 6), (31, 1), (60, 0), (50, 6)]],
    }
    many = stats.bootstrap(
        (exponential,), numpy.mean, n_resamples=100_000, method="BCa", rng=generator
    )
    ends = many.confidence_interval
    cases["mean"]["lower"] = float(ends.low)
    cases["mean"]["upper"] = float(ends.high)
    (here / "statistics.json").write_text(json.dumps(cases) + "\n")


main()
