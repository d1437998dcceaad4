"""Draws aqi-growth.svg beside itself, and prints the table of the article WhatAQIMeasures.

Two normal classes of width 384 and variance 1 in every direction, with means at a distance of 6, so that
the separation of the distributions is F = ¼ · 36/384. Everything is measured on draws from them.
Needs NumPy, SciPy and scikit-learn. Run: python draw_aqi_growth.py
"""

from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics import davies_bouldin_score, silhouette_score

SEED = 2025
WIDTH, DISTANCE = 384, 6.0
POPULATION = 0.25 * DISTANCE**2 / WIDTH
SIZES = [100, 200, 500, 1000, 2000, 5000, 10000]
TABLE_SIZES = [100, 1000, 4000]
DRAWS = 20
REFERENCE = 100.0
AQI, RATIO, DEBIASED, GREY, INK = "#c2410c", "#6d5fb0", "#0f766e", "#64748b", "#1e293b"


def draw(count, seed):
    random = np.random.default_rng([SEED, count, seed])
    labels = np.arange(count) % 2
    points = random.standard_normal((count, WIDTH))
    points[:, 0] += DISTANCE * labels
    return points, labels


def scatter(points, labels):
    """trW, d² and SS_k/(n_k(n_k − 1)), summed over the classes."""
    classes = [points[labels == k] for k in (0, 1)]
    sums = [((c - c.mean(axis=0)) ** 2).sum() for c in classes]
    squared = ((classes[0].mean(axis=0) - classes[1].mean(axis=0)) ** 2).sum()
    return sum(sums), squared, sum(s / (len(c) * (len(c) - 1)) for s, c in zip(sums, classes))


def measure(points, labels):
    count = len(points)
    within, squared, bias = scatter(points, labels)
    ratio = count / 4 * squared / within
    xb, ch = 0.25 / ratio, ratio * (count - 2)
    return {
        "trace-ratio": ratio,
        "F_u": 0.25 * (squared - bias) / (within / (count - 2)),
        "paper-linear": 0.5 / xb + 0.5 * ch,
        "paper-geometric": np.sqrt(ch / REFERENCE) * np.exp(-xb / 2),
        "linear-log": 0.5 / xb + 0.5 * np.log1p(ch),
        "xb": xb,
        "ch": ch,
    }


def add_pairs(values, points, labels):
    first, second = points[labels == 0], points[labels == 1]
    dunn = cdist(first, second).min() / max(cdist(first, first).max(), cdist(second, second).max())
    half = (silhouette_score(points, labels) + 1) / 2
    values["db-dunn"] = 0.5 / (1 + davies_bouldin_score(points, labels)) + 0.5 * dunn / (1 + dunn)
    values["silhouette-ch"] = 0.3 * half + 0.7 * values["ch"] / (1 + values["ch"])
    values["silhouette-xb"] = 0.5 * half + 0.5 / (1 + values["xb"])


def table():
    names = ["paper-linear", "linear-log", "paper-geometric", "silhouette-ch", "silhouette-xb", "db-dunn",
             "trace-ratio", "F_u"]
    columns = []
    for count in TABLE_SIZES:
        draws = []
        for seed in range(5):
            points, labels = draw(count, seed)
            values = measure(points, labels)
            add_pairs(values, points, labels)
            draws.append(values)
        columns.append({name: np.mean([values[name] for values in draws]) for name in names})
    for name in names:
        print(f"| {name} | " + " | ".join(f"{column[name]:.4g}" for column in columns) + " |")


class Panel:
    """Axes of a chart: sizes on a logarithmic scale to the right, values up."""

    def __init__(self, left, top, width, height, low, high, logarithmic):
        self.left, self.top, self.width, self.height = left, top, width, height
        self.low, self.high, self.logarithmic = low, high, logarithmic

    def x(self, count):
        return self.left + self.width * np.log(count / SIZES[0]) / np.log(SIZES[-1] / SIZES[0])

    def y(self, value):
        scale = np.log if self.logarithmic else float
        share = (scale(value) - scale(self.low)) / (scale(self.high) - scale(self.low))
        return self.top + self.height * (1 - share)

    def axes(self, title, ticks):
        base = self.top + self.height
        parts = [text(self.left, self.top - 16, title, INK, weight=600, size=14)]
        for value in ticks:
            y = self.y(value)
            parts.append(line([(self.left, y), (self.left + self.width, y)], "#e2e8f0", 1))
            parts.append(text(self.left - 8, y + 4, f"{value:g}", GREY, anchor="end"))
        for count in (100, 1000, 10000):
            label = f"{count:,}".replace(",", " ")
            parts.append(text(self.x(count), base + 20, label, GREY, anchor="middle"))
        parts.append(text(self.left + self.width / 2, base + 40, "n, points", GREY, anchor="middle"))
        return parts

    def series(self, draws, color):
        """The mean of the draws, over the band from the lowest to the highest."""
        xs = [self.x(count) for count in SIZES]
        upper = [(x, self.y(max(d))) for x, d in zip(xs, draws)]
        lower = [(x, self.y(min(d))) for x, d in zip(xs, draws)]
        band = " ".join(f"{x:.1f},{y:.1f}" for x, y in upper + lower[::-1])
        means = [(x, self.y(np.mean(d))) for x, d in zip(xs, draws)]
        dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{color}"/>' for x, y in means]
        return [f'<polygon points="{band}" fill="{color}" opacity="0.15"/>', line(means, color, 2), *dots]


def line(points, color, width, dashes=""):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"{style}/>'


def text(x, y, words, color, anchor="start", weight=400, size=12):
    return (f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}" font-weight="{weight}" '
            f'font-size="{size}">{words}</text>')


def figure():
    draws = {count: [measure(*draw(count, seed)) for seed in range(DRAWS)] for count in SIZES}

    def series(name):
        return [[values[name] for values in draws[count]] for count in SIZES]

    growth = Panel(64, 70, 288, 210, 1, 200, logarithmic=True)
    parts = growth.axes("AQI, paper-linear", [1, 3, 10, 30, 100])
    parts += growth.series(series("paper-linear"), AQI)
    ratios = Panel(440, 70, 288, 210, 0, 0.04, logarithmic=False)
    parts += ratios.axes("Separation", [0, 0.01, 0.02, 0.03, 0.04])
    ends = [(ratios.x(SIZES[0]), ratios.y(POPULATION)), (ratios.x(SIZES[-1]), ratios.y(POPULATION))]
    parts += ratios.series(series("trace-ratio"), RATIO)
    parts += ratios.series(series("F_u"), DEBIASED)
    parts.append(line(ends, INK, 1.2, "5 4"))
    subscript = 'F<tspan dy="3" font-size="9">u</tspan><tspan dy="-3">, debiased</tspan>'
    parts.append(text(ratios.x(230), ratios.y(0.0322), "F = trB/trW", RATIO, weight=600))
    parts.append(text(ratios.x(230), ratios.y(0.0178), subscript, DEBIASED, weight=600))
    parts.append(text(ratios.x(10000), ratios.y(0.0268), "dashed: the distributions", INK, anchor="end"))
    parts.append(text(24, 26, "The same two distributions, measured on more and more points", INK, weight=600, size=15))
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 340" width="760" height="340" '
           'font-family="-apple-system, Helvetica, Arial, sans-serif">\n'
           '<rect width="760" height="340" rx="8" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n")
    (Path(__file__).parent / "aqi-growth.svg").write_text(svg)
    for count in SIZES:
        means = {name: np.mean([v[name] for v in draws[count]]) for name in draws[count][0]}
        print(count, {name: float(f"{value:.4g}") for name, value in means.items()})


if __name__ == "__main__":
    figure()
    table()
