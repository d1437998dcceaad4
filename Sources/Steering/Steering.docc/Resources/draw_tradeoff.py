"""Draws tradeoff.svg beside itself from the measured sweep of the model organism.

Needs the tool, built, and nothing else. Run in the root of the repository:
python3 Sources/Steering/Steering.docc/Resources/draw_tradeoff.py .build/release/plumbline
"""

import json
import math
import subprocess
import sys
from pathlib import Path

DUMP = "notebooks-export/organism/dumps/steering"
CHOICE = ["--behaviour", "category=harmful request", "--helpfulness", "category=multiple choice"]
BEHAVIOUR, HELPFULNESS, BOUND, GREY, INK = "#0f766e", "#c2410c", "#6d5fb0", "#64748b", "#1e293b"


def records(tool):
    command = [tool, "steer", "sweep", DUMP, *CHOICE, "--format", "json", "--quiet"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["records"]


class Panel:
    def __init__(self, left, low, high):
        self.left, self.low, self.high = left, low, high
        self.top, self.width, self.height = 84, 290, 230

    def x(self, coefficient):
        return self.left + self.width * (coefficient + 2) / 4

    def y(self, value):
        share = (value - self.low) / (self.high - self.low)
        return self.top + self.height * (1 - min(max(share, -0.02), 1.02))

    def points(self, pairs):
        return [(self.x(r), self.y(value)) for r, value in pairs]

    def axes(self, title, ticks):
        parts = [text(self.left, self.top - 16, title, INK, weight=600, size=14)]
        for value in ticks:
            y = self.y(value)
            parts.append(line([(self.left, y), (self.left + self.width, y)], "#e2e8f0", 1))
            parts.append(text(self.left - 8, y + 4, f"{value:g}", GREY, anchor="end"))
        base = self.top + self.height
        for r in (-2, -1, 0, 1, 2):
            parts.append(text(self.x(r), base + 20, f"{r}", GREY, anchor="middle"))
        parts.append(text(self.left + self.width / 2, base + 40, "r, multiples of the vector", GREY, anchor="middle"))
        return parts

    def regime(self, end):
        left, right = self.x(0), self.x(end)
        return (f'<rect x="{left:.1f}" y="{self.top}" width="{right - left:.1f}" height="{self.height}" '
                f'fill="{BEHAVIOUR}" opacity="0.12"/>')


def line(points, color, width, dashes=""):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"{style}/>'


def band(lower, upper, color, opacity):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in upper + lower[::-1])
    return f'<polygon points="{path}" fill="{color}" opacity="{opacity}"/>'


def text(x, y, words, color, anchor="start", weight=400, size=12):
    return (f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}" font-weight="{weight}" '
            f'font-size="{size}">{words}</text>')


def figure(found):
    def series(metric):
        chosen = [r for r in found if r["metric"] == metric and r["coefficient"] is not None and r["control"] is None]
        return sorted((r["coefficient"], r) for r in chosen)

    def curve(metric, column="estimate"):
        return [(r, record[column] if record[column] is not None else record["estimate"])
                for r, record in series(metric)]

    def number(metric):
        return next(r["estimate"] for r in found if r["metric"] == metric and r["coefficient"] is None)

    slope, offset = number("alignment-slope"), number("alignment-offset")
    end = number("measured-budget")
    grid = [place / 20 for place in range(-40, 41)]
    left = Panel(64, -1, 1)
    parts = left.axes("Behaviour: harmful requests refused", [-1, -0.5, 0, 0.5, 1])
    parts.append(left.regime(end))
    parts.append(band(left.points(curve("behaviour-lower-bound")), left.points(curve("behaviour-upper-bound")),
                      BOUND, 0.35))
    parts.append(line(left.points([(r, math.tanh(slope * r + offset)) for r in grid]), INK, 1.4, "5 4"))
    parts.append(line(left.points(curve("behaviour")), BEHAVIOUR, 2.2))
    right = Panel(440, 0, 1)
    parts += right.axes("Helpfulness: P of the right answer", [0, 0.25, 0.5, 0.75, 1])
    parts.append(right.regime(end))
    parts.append(line(right.points(curve("helpfulness-upper-bound")), BOUND, 1.6))
    peak = dict(curve("helpfulness"))[0]
    loss = (peak - dict(curve("helpfulness"))[1]) / 1
    parts.append(line(right.points([(r, peak - loss * r * r) for r in grid if abs(r) <= 1.8]), INK, 1.4, "5 4"))
    parts.append(band(right.points(curve("helpfulness", "lower")), right.points(curve("helpfulness", "upper")),
                      HELPFULNESS, 0.2))
    parts.append(line(right.points(curve("helpfulness")), HELPFULNESS, 2.2))
    parts += [
        text(24, 28, "One vector, 41 coefficients, measured by running the model", INK, weight=600, size=15),
        text(24, 48, "shaded: behaviour gains, and helpfulness has lost less than .05", GREY),
        text(left.x(-0.25), left.y(-0.48), "measured", BEHAVIOUR, weight=600),
        text(left.x(-0.25), left.y(-0.64), "dashed: tanh fitted to it", INK),
        text(left.x(-0.25), left.y(-0.80), "band: proved from the logits", BOUND),
        text(right.x(-0.85), right.y(0.30), "measured", HELPFULNESS, weight=600),
        text(right.x(-0.85), right.y(0.21), "dashed: a parabola", INK),
        text(right.x(-0.85), right.y(0.12), "violet: it can be no higher", BOUND),
    ]
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 380" width="760" height="380" '
           'font-family="-apple-system, Helvetica, Arial, sans-serif">\n'
           '<rect width="760" height="380" rx="8" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n")
    (Path(__file__).parent / "tradeoff.svg").write_text(svg)


if __name__ == "__main__":
    figure(records(sys.argv[1]))
