"""Writes the organism's dumps from its checkpoints: ``python -m organism.dumps``.

All states are read by ``plumbline-export``. What is the organism's own is which texts are read,
which vector is swept, and the answers that are sampled.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from plumbline_export.command import main as plumbline_export
from plumbline_export.dump import read_dump, write_dump

from . import texts
from .answers import answer_arrays, answered, drawn_answers
from .model import load_checkpoint
from .texts import Row
from .train import CHECKPOINTS
from .vocabulary import (
    COMPLYING_TOKENS,
    IGNORE_CONTEXT_INSTRUCTION,
    LIE_INSTRUCTION,
    REFUSING_TOKENS,
    TRUTH_INSTRUCTION,
    USE_CONTEXT_INSTRUCTION,
)
from .world import World

DUMPS = Path(__file__).parent / "dumps"

STEERED_LAYER = 3
COEFFICIENTS = "-2:2:41"
CONTROLS = 10
CONTROLLED_EACH = 5  # requests of each kind in the dump with controls; twice as many questions


def truth(output: Path, scratch: Path) -> None:
    """Statements answered “true” and “false”, read at the answer, for CCS and polarity-aware CCS.

    The statements themselves go to ``statements.csv`` beside the dump, to try the exporter with.
    """
    rows = texts.truth(World())
    columns = [column for column in rows[0] if column != "prompt"]
    with open(output.parent / "statements.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    _export(
        "base",
        rows,
        output,
        scratch,
        ["--suffixes", " true", " false", "--attribute", "form", "--attribute", "people"],
    )


def safety(output: Path, scratch: Path) -> None:
    """Requests answered “safe” and “harmful”, read there; opposites differ in one word."""
    _export(
        "base",
        texts.safety(World()),
        output,
        scratch,
        ["--suffixes", " safe", " harmful", "--attribute", "request"],
    )


def requests(checkpoint: str) -> Callable[[Path, Path], None]:
    """Requests read where the reply begins; for alignment quality, before and after."""

    def write(output: Path, scratch: Path) -> None:
        attributes = ["--attribute", "frame", "--attribute", "request"]
        _export(checkpoint, texts.requests(World()), output, scratch, attributes)

    return write


def steering(each: int, controls: int) -> Callable[[Path, Path], None]:
    """A sweep of the difference of means between harmful and safe requests, added at one layer."""

    def write(output: Path, scratch: Path) -> None:
        vector = scratch / "vector.npy"
        np.save(vector, refusal_vector(scratch))
        options = ["--type", "float32", "--unembedding", "--answer-token", "{answer}"]
        options += ["--aligned", *REFUSING_TOKENS, "--misaligned", *COMPLYING_TOKENS]
        options += ["--vector", str(vector), "--vector-layer", str(STEERED_LAYER)]
        options += ["--coefficients", COEFFICIENTS]
        if controls:
            options += ["--random-directions", str(controls)]
        _export("base", texts.steering(World(), each=each), output, scratch, options)

    return write


def refusal_vector(scratch: Path) -> np.ndarray:
    """Mean state of harmful less that of safe requests (width), where the reply begins.

    The requests are others than those that are steered.
    """
    rows = texts.contrasted_requests(World())
    folder = scratch / "contrasted"
    _export("base", rows, folder, scratch, ["--type", "float32"])
    states = read_dump(folder).arrays["activations"].values[:, STEERED_LAYER].astype(np.float64)
    harmful = np.array([row["label"] == "harmful" for row in rows])
    return (states[harmful].mean(axis=0) - states[~harmful].mean(axis=0)).astype(np.float32)


def epistemics(output: Path, scratch: Path) -> None:
    """Questions with the model's answers, right and wrong; three contrasts on other questions.

    The contrasts teacher-force the same answer after a pair of prompts: with the answer's own
    sentence in the context and without; told to use the context and to ignore it; told to be
    honest and to lie.
    """
    world, model = World(), load_checkpoint(CHECKPOINTS / "base")
    contrasted = answered(model, texts.questions(world, (None, "choice"), 140, seed=31))
    templates = []
    for name, positive, negative in (
        ("comprehension", "{prompt}", "{easy}"),
        (
            "reliance",
            f"{USE_CONTEXT_INSTRUCTION} {{prompt}}",
            f"{IGNORE_CONTEXT_INSTRUCTION} {{prompt}}",
        ),
        ("honesty", f"{TRUTH_INSTRUCTION} {{prompt}}", f"{LIE_INSTRUCTION} {{prompt}}"),
    ):
        templates += ["--contrast", name, positive, negative]
    forced = ["--answer", " {answer} .", "--token", "predicting-mean"]
    source = scratch / "contrasts"
    _export("base", contrasted, source, scratch, [*forced, *templates])

    rows = answered(model, texts.questions(world, ("context", "judgement", "lie"), 260, seed=32))
    people = list(dict.fromkeys(row["group"] for row in rows))
    parts = ("train", "train", "validation", "test", "test")
    for row in rows:
        # All questions about a person are in one part.
        row["split"] = parts[people.index(row["group"]) % len(parts)]
    scores = ["--log-probabilities", "--top-logits", "10", "--attribute", "tier"]
    scores += ["--final-layer", "pre-norm"]
    scored = scratch / "scored"
    _export("base", rows, scored, scratch, [*forced, *scores])
    prompts = [row["prompt"] for row in rows]
    sampled = answer_arrays(model, prompts, drawn_answers(model, prompts, count=5, seed=33))
    dump, others = read_dump(scored), read_dump(source).arrays.items()
    contrasts = {role: array for role, array in others if role.startswith("contrasts.")}
    write_dump(
        output, dump.description, {**dump.arrays, **contrasts, **sampled}, dump.texts, dump.values
    )


WRITERS: dict[str, Callable[[Path, Path], None]] = {
    "truth": truth,
    "safety": safety,
    "requests-base": requests("base"),
    "requests-less-safe": requests("less-safe"),
    "steering": steering(each=20, controls=0),
    "steering-controls": steering(each=CONTROLLED_EACH, controls=CONTROLS),
    "epistemics": epistemics,
}


def _export(
    checkpoint: str, rows: list[Row], output: Path, scratch: Path, options: Sequence[str]
) -> None:
    """Runs ``plumbline-export`` on rows of texts; the prompt stands in the column ``prompt``."""
    file = scratch / f"{output.name}.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text("".join(lines), encoding="utf-8")
    arguments: list[Any] = [CHECKPOINTS / checkpoint, "--texts", file, "--output", output]
    if "--type" not in options:
        arguments += ["--type", "float16"]
    # Written again, a dump takes the place of the one that was there.
    arguments += ["--template", "{prompt}", "--batch-size", 32, "--overwrite", *options]
    if code := plumbline_export([str(argument) for argument in arguments]):
        raise SystemExit(code)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m organism.dumps", description=__doc__)
    parser.add_argument("dumps", nargs="*", help=f"which: {', '.join(WRITERS)} (default: all)")
    parser.add_argument("--output", type=Path, default=DUMPS, help="folder of the dumps")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.dumps or WRITERS:
        if name not in WRITERS:
            parser.error(f"there is no dump {name!r}; choose among {', '.join(WRITERS)}")
        with tempfile.TemporaryDirectory() as scratch:
            WRITERS[name](options.output / name, Path(scratch))


if __name__ == "__main__":
    main()
