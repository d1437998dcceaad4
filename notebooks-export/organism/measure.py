"""Measures what the checkpoints can do: ``python -m organism.measure``.

Writes ``measurements.json`` and prints the same as a table in Markdown.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from .evaluation import Rate, measured, tasks
from .model import load_checkpoint
from .train import CHECKPOINTS
from .world import World

MEASUREMENTS = Path(__file__).parent / "measurements.json"
MODELS = ("base", "less-safe")


def measurements() -> dict[str, dict[str, Rate]]:
    """The rate of every task for every checkpoint; refusals are probabilities."""
    every_task = tasks(World())
    found = {}
    for name in MODELS:
        model = load_checkpoint(CHECKPOINTS / name)
        found[name] = {
            task.name: measured(model, task, by_probability=task.name.startswith("refusal"))
            for task in every_task
        }
    return found


def table(found: dict[str, dict[str, Rate]]) -> str:
    """A Markdown table: a row a task, a column a checkpoint."""
    lines = [f"| task | items | {' | '.join(MODELS)} |", "|---|---|" + "---|" * len(MODELS)]
    for task, first in found[MODELS[0]].items():
        cells = " | ".join(_cell(found[model][task]) for model in MODELS)
        lines.append(f"| {task} | {first.items} in {first.groups} | {cells} |")
    return "\n".join(lines)


def _cell(rate: Rate) -> str:
    return f"{rate.estimate:.3f} [{rate.lower:.3f}, {rate.upper:.3f}]"


def main() -> None:
    found = measurements()
    rates = {model: {task: asdict(rate) for task, rate in each.items()} for model, each in found.items()}
    MEASUREMENTS.write_text(json.dumps(rates, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
