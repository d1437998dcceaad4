"""Writes tradeoff.json beside itself: worked examples of the trade-off, and fits of published and made-up sweeps.

Everything is computed from definitions with NumPy, derivatives by differences with mpmath's 50 digits, and fits
with SciPy. Run: python generate_tradeoff.py
"""

import csv
import json
from pathlib import Path

import mpmath
import numpy
import scipy
from scipy import optimize, stats

mpmath.mp.dps = 50
here = Path(__file__).parent


def probabilities(base, slopes, r):
    terms = [p * mpmath.exp(r * g) for p, g in zip(base, slopes)]
    total = mpmath.fsum(terms)
    return [term / total for term in terms]


def behaviour(distribution, aligned, misaligned):
    good = mpmath.fsum(distribution[i] for i in aligned)
    bad = mpmath.fsum(distribution[i] for i in misaligned)
    return (good - bad) / (good + bad)


def divergence(first, second):
    return mpmath.fsum(p * mpmath.log(p / q) for p, q in zip(first, second))


def softmax_case(base, slopes, correct, aligned, misaligned, r):
    base = [mpmath.mpf(p) for p in base]
    base = [p / mpmath.fsum(base) for p in base]
    slopes = [mpmath.mpf(g) for g in slopes]
    at = lambda x: probabilities(base, slopes, mpmath.mpf(x))
    steered, opposite = at(r), at(-r)
    value = lambda x: at(x)[correct]
    others = [i for i in range(len(base)) if i != correct]
    weight = {i: base[i] / (1 - base[correct]) for i in others}
    relative = {i: slopes[i] - slopes[correct] for i in others}
    m1 = mpmath.fsum(weight[i] * relative[i] for i in others)
    m2 = mpmath.fsum(weight[i] * relative[i] ** 2 for i in others)
    odds = (1 - base[correct]) / base[correct]
    start = mpmath.atanh(behaviour(base, aligned, misaligned))
    least = r * (min(slopes[i] for i in aligned) - max(slopes[i] for i in misaligned))
    greatest = r * (max(slopes[i] for i in aligned) - min(slopes[i] for i in misaligned))
    mean = mpmath.fsum(p * g for p, g in zip(base, slopes))
    return {
        "probabilities": [float(p) for p in base],
        "slopes": [float(g) for g in slopes],
        "correct": correct,
        "aligned": aligned,
        "misaligned": misaligned,
        "coefficient": float(r),
        "meanSlope": float(mean),
        "slopeVariance": float(mpmath.fsum(p * (g - mean) ** 2 for p, g in zip(base, slopes))),
        "helpfulnessSlope": float(mpmath.diff(value, 0)),
        "helpfulnessCurvature": float(mpmath.diff(value, 0, 2)),
        "behaviour": float(behaviour(base, aligned, misaligned)),
        "behaviourSlope": float(
            mpmath.diff(lambda x: behaviour(at(x), aligned, misaligned), 0)
        ),
        "steered": [float(p) for p in steered],
        "steeredBehaviour": float(behaviour(steered, aligned, misaligned)),
        "baseToSteered": float(divergence(base, steered)),
        "steeredToBase": float(divergence(steered, base)),
        "crossEntropyChange": float(mpmath.log(base[correct] / steered[correct])),
        "meanRelativeSlope": float(m1),
        "meanSquaredRelativeSlope": float(m2),
        "behaviourLower": float(mpmath.tanh(least / 2 + start)),
        "behaviourUpper": float(mpmath.tanh(greatest / 2 + start)),
        "helpfulnessUpper": float(1 / (1 + odds * mpmath.exp(r * m1))),
        "symmetricHelpfulnessUpper": float(1 / (1 + odds * (1 + m2 * mpmath.mpf(r) ** 2 / 2))),
        "smallerHelpfulness": float(min(steered[correct], opposite[correct])),
    }


def r_squared(values, fitted, weights=1.0):
    weights = weights * numpy.ones_like(values)
    mean = numpy.average(values, weights=weights)
    return float(
        1 - (weights * (values - fitted) ** 2).sum() / (weights * (values - mean) ** 2).sum()
    )


def alignment_fit(places, values, counts, weighting):
    """The line through arctanh B, and tanh through B, each by its own weights."""
    end = 1 - 1 / (2 * counts)
    clipped = numpy.clip(values, -end, end)
    spread = 1 - clipped**2
    on_line, on_curve = {
        "homoscedastic": (spread**2, numpy.ones_like(values)),
        "binomial": (counts * spread, counts / spread),
        "unweighted": (numpy.ones_like(values), numpy.ones_like(values)),
        "count-scaled": (counts * spread**2, counts * numpy.ones_like(values)),
    }[weighting]
    raised = numpy.arctanh(clipped)
    line = numpy.polyfit(places, raised, 1, w=numpy.sqrt(on_line))
    curve = lambda x, a, b: numpy.tanh(a * x + b)
    found = optimize.least_squares(
        lambda p: numpy.sqrt(on_curve) * (values - curve(places, *p)), line, method="lm",
        xtol=1e-15, ftol=1e-15, gtol=1e-15,
    ).x
    straight = numpy.polyfit(places, values, 1)
    near = numpy.abs(found[0] * places + found[1]) < 0.8
    nearby = numpy.polyfit(places[near], values[near], 1)
    return {
        "weighting": weighting,
        "coefficients": places.tolist(),
        "values": values.tolist(),
        "counts": counts.tolist(),
        "linearized": [*line.tolist(), r_squared(raised, numpy.polyval(line, places), on_line)],
        "curve": [*found.tolist(), r_squared(values, curve(places, *found), on_curve)],
        "line": [*straight.tolist(), r_squared(values, numpy.polyval(straight, places))],
        "lineNearZero": nearby.tolist(),
    }


def helpfulness_fit(places, values, scale, bottom):
    bell = lambda x, a, c: scale / (1 + a + c * x**2) + bottom
    found = optimize.least_squares(
        lambda p: values - bell(places, *p), (1.0, 0.1), method="lm", xtol=1e-15, ftol=1e-15,
        gtol=1e-15,
    ).x
    h = 1e-3
    second = (bell(h, *found) - 2 * bell(0.0, *found) + bell(-h, *found)) / h**2
    return {
        "scale": scale,
        "floor": bottom,
        "coefficients": places.tolist(),
        "values": values.tolist(),
        "oddsAgainst": float(found[0]),
        "growth": float(found[1]),
        "peak": float(bell(0.0, *found)),
        "lossByDifferences": float(-second / 2),
        "rSquared": r_squared(values, bell(places, *found)),
    }


def published_fits():
    with open(here / "caa_llama2_7b_chat_layer13_ab_sweep.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    fits = []
    for name in dict.fromkeys((row["behaviour"], row["system_prompt"]) for row in rows):
        chosen = [row for row in rows if (row["behaviour"], row["system_prompt"]) == name]
        places = numpy.array([float(row["multiplier"]) for row in chosen])
        values = 2 * numpy.array([float(row["p_matching"]) for row in chosen]) - 1
        fit = alignment_fit(places, values, numpy.full(len(places), 50), "unweighted")
        fits.append({"name": " ".join(name), **fit})
    return fits


def made_up_fits(generator):
    places = numpy.linspace(-3, 3, 13)
    values = numpy.tanh(0.7 * places - 0.2) * 0.97 + 0.02 * generator.standard_normal(13)
    values = numpy.clip(values, -1, 1)
    counts = generator.integers(20, 200, 13)
    alignment = [
        alignment_fit(places, values, counts, weighting)
        for weighting in ("homoscedastic", "binomial", "unweighted", "count-scaled")
    ]
    helpful = []
    for scale, bottom in ((1.0, 0.0), (0.75, 0.25), (0.5, 0.25)):
        clean = scale / (1.6 + 0.2 * places**2) + bottom
        helpful.append(
            helpfulness_fit(places, clean + 0.01 * generator.standard_normal(13), scale, bottom)
        )
    prompts = (
        0.6 + 0.05 * generator.standard_normal(12)
        - 0.01 * places[:, None] * (1 + 0.5 * generator.standard_normal(12))
        - 0.02 * places[:, None] ** 2
    )
    prompts = numpy.clip(prompts, 0, 1)
    groups = numpy.repeat(numpy.arange(6), 2)
    design = numpy.vander(places, 3, increasing=True)
    own = numpy.linalg.lstsq(design, prompts, rcond=None)[0]
    means = own.mean(axis=1)
    sums = numpy.array([(own[1] - means[1])[groups == g].sum() for g in range(6)])
    error = numpy.sqrt(6 / 5 * (sums**2).sum()) / 12
    quadratic = {
        "coefficients": places.tolist(),
        "helpfulness": prompts.tolist(),
        "groups": groups.tolist(),
        "parameters": means.tolist(),
        "linearError": float(error),
        "pValue": float(2 * stats.t.sf(abs(means[1] / error), 5)),
        "rSquared": r_squared(prompts.mean(axis=1), design @ means),
    }
    return alignment, helpful, quadratic


def regime():
    peak, width, base, slope, weight, tolerance = 0.6, 0.8, -0.2, 0.9, 1.0, 0.05
    gain = (1 - base**2) * slope
    loss = peak * (1 - peak) * width**2 / 2
    net = lambda r: weight * gain * r - loss * r**2
    best = optimize.minimize_scalar(lambda r: -net(r), bracket=(0, 5, 20), tol=1e-14)
    return {
        "slope": slope,
        "offset": float(numpy.arctanh(base)),
        "loss": loss,
        "weight": weight,
        "tolerance": tolerance,
        "gain": gain,
        "optimumBySearch": float(best.x),
        "netGain": float(-best.fun),
        "breakEven": float(optimize.brentq(net, 1, 100, xtol=1e-14)),
        "budget": float(
            optimize.brentq(lambda r: loss * r**2 - tolerance, 0, 10, xtol=1e-15)
        ),
        "efficiency": gain**2 / loss,
        "saturation": float(
            optimize.brentq(
                lambda r: numpy.tanh(slope * r + numpy.arctanh(base)) - 0.95, 0, 10, xtol=1e-15
            )
        ),
    }


def main():
    generator = numpy.random.default_rng(20250301)
    cases = [softmax_case([0.5, 0.3, 0.2], [1, 0, -1], 0, [0], [1], 1)]
    weights = generator.dirichlet(numpy.full(9, 0.5))
    slopes = generator.standard_normal(9).round(6)
    for r in (0.8, -1.7):
        cases.append(softmax_case(weights.tolist(), slopes.tolist(), 4, [1, 4, 7], [0, 8], r))
    alignment, helpful, quadratic = made_up_fits(generator)
    contents = {
        "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__,
                     "mpmath": mpmath.__version__},
        "softmax": cases,
        "published": published_fits(),
        "alignment": alignment,
        "helpfulness": helpful,
        "quadratic": quadratic,
        "regime": regime(),
    }
    (here / "tradeoff.json").write_text(json.dumps(contents, indent=1) + "\n")


main()
