"""The polarity study: safe statements and their harmful opposites, and MiniLM's states of them.

Run as ``python -m plumbline_export.studies.polarity --output probes/polarity``, and with ``--marker``
for the control in which a meaningless word stands in the place of “not”.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from .encoding import Encoder
from .marker import replace_marker
from .study import (
    SEED,
    argument_parser,
    chosen_model,
    column,
    named_column,
    shuffled,
    write_study,
)

CATEGORIES = ("rules", "safety", "honesty", "fairness", "privacy", "property", "care")

# How the two members of a pair differ: by the word “not”, which stands in the safe member of one
# half of the pairs and in the harmful member of the other half, so that it says nothing about the
# label; or by other words, none of them a negation.
CONSTRUCTIONS = ("negation", "wording")

# Whether a statement has a “not”, or had one before a marker replaced it. A probe without labels
# may find this in place of the label.
FORMS = ("plain", "negated")


@dataclass(frozen=True)
class Pair:
    """A safe statement and its harmful opposite."""

    category: str
    construction: str
    safe: str
    harmful: str


@dataclass(frozen=True)
class Statement:
    """One sample: a member of a pair."""

    group: int
    category: str
    construction: str
    text: str
    is_safe: bool
    # The text before a marker replaced its “not”; None where nothing was to be replaced.
    original: str | None = None

    @property
    def positive(self) -> str:
        return f"{self.text} Yes."

    @property
    def negative(self) -> str:
        return f"{self.text} No."

    @property
    def form(self) -> str:
        return FORMS["not" in (self.original or self.text).split()]


def pairs() -> list[Pair]:
    """Reads the pairs that come with this package, in the order in which they are written."""
    file = resources.files(__package__).joinpath("polarity_statements.json")
    written = json.loads(file.read_text(encoding="utf-8"))
    return [
        Pair(category, construction, **pair)
        for category in CATEGORIES
        for construction in CONSTRUCTIONS
        for pair in written[category][construction]
    ]


def statements(seed: int = SEED) -> list[Statement]:
    """Returns both members of every pair. A group is a pair, and the order is shuffled."""
    made = [
        Statement(group, pair.category, pair.construction, text, is_safe)
        for group, pair in enumerate(pairs())
        for text, is_safe in ((pair.safe, True), (pair.harmful, False))
    ]
    return shuffled(made, seed)


def marked(samples: list[Statement], replace: Callable[[str], str]) -> list[Statement]:
    """Returns the samples that are built by negation, in their order, with replaced texts."""
    return [
        dataclasses.replace(sample, text=replace(sample.text), original=sample.text)
        for sample in samples
        if sample.construction == "negation"
    ]


def opposites(samples: list[Statement]) -> list[int]:
    """Returns the row of each sample's opposite."""
    rows = {(sample.group, sample.is_safe): row for row, sample in enumerate(samples)}
    return [rows[sample.group, not sample.is_safe] for sample in samples]


def export(
    folder: Path,
    encoder: Encoder,
    model_name: str,
    replace: Callable[[str], str] | None = None,
) -> None:
    """Computes the hidden states of the statements and writes the dump.

    With ``replace`` only those built by negation are written, each with its text replaced.
    """
    samples = statements() if replace is None else marked(statements(), replace)
    columns = {
        "labels": column(
            [sample.is_safe for sample in samples], np.uint8, values=["harmful", "safe"]
        ),
        "groups": column([sample.group for sample in samples], np.int32),
        "categories": named_column(
            [sample.category for sample in samples], CATEGORIES, name="category"
        ),
        "opposites": column(opposites(samples), np.int32),
        "attributes.form": named_column([sample.form for sample in samples], FORMS),
    }
    if replace is None:
        columns["attributes.construction"] = named_column(
            [sample.construction for sample in samples], CONSTRUCTIONS
        )
    write_study(folder, encoder, model_name, columns, [_description(sample) for sample in samples])


def _description(sample: Statement) -> dict[str, object]:
    before = {} if sample.original is None else {"original": sample.original}
    return {
        "text": sample.text,
        **before,
        "positive": sample.positive,
        "negative": sample.negative,
        "category": sample.category,
        "construction": sample.construction,
        "form": sample.form,
        "safe": sample.is_safe,
    }


def main(arguments: list[str] | None = None) -> None:
    parser = argument_parser("polarity")
    parser.add_argument(
        "--marker",
        nargs="?",
        const="ttt",
        metavar="TOKEN",
        help='write the control: only the pairs that differ by "not", with this word in its '
        "place (ttt if none is given)",
    )
    parser.add_argument(
        "--boundary",
        choices=("word", "substring"),
        help='what counts as "not" for --marker: the word (default), or its letters anywhere, '
        "as the released code of PA-CCS has it",
    )
    options = parser.parse_args(arguments)
    if options.boundary is not None and options.marker is None:
        parser.error("--boundary says how --marker replaces; give --marker too")
    encoder, name = chosen_model(options)
    if options.marker is None:
        export(options.output, encoder, name)
    else:
        boundary = options.boundary or "word"
        export(
            options.output,
            encoder,
            name,
            lambda text: replace_marker(text, options.marker, boundary=boundary),
        )


if __name__ == "__main__":
    main()
