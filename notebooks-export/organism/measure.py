"""Measures what the checkpoints can do: ``python -m organism.measure``.

Writes ``measurements.json``, and the same as a table into the README.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from .evaluation import Rate, measured
from .evaluation import tasks as evaluation_tasks
from .model import load_checkpoint
from .train import CHECKPOINTS
from .world import World

FOLDER = Path(__file__).parent
MEASUREMENTS = FOLDER / "measurements.json"
README = FOLDER / "README.md"
# What the table stands between in the README.
TABLE_BEGINS, TABLE_ENDS = "<!-- measurements -->\n", "<!-- end of measurements -->"
MODELS = ("base", "less-safe")


def measurements() -> dict[str, dict[str, Rate]]:
    """The rate of every task for every checkpoint; refusals are probabilities."""
    every_task = evaluation_tasks(World())
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


def with_table(page: str, found: dict[str, dict[str, Rate]]) -> str:
    """The page with the table in its place, which it must have."""
    if TABLE_BEGINS not in page or TABLE_ENDS not in page:
        raise ValueError(f"{README} has no place for the table: {TABLE_BEGINS}{TABLE_ENDS}")
    before, _, rest = page.partition(TABLE_BEGINS)
    _, ends, after = rest.partition(TABLE_ENDS)
    return f"{before}{TABLE_BEGINS}{table(found)}\n{ends}{after}"


def main() -> None:
    found = measurements()
    rates = {
        model: {task: asdict(rate) for task, rate in tasks.items()}
        for model, tasks in found.items()
    }
    lines = json.dumps(rates, ensure_ascii=False, indent=1)
    MEASUREMENTS.write_text(f"{lines}\n", encoding="utf-8")
    README.write_text(with_table(README.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main()
