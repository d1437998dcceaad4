"""What an export will read: the prompts of every array of states, and the rest of the dump."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .additions import AdditionPlan
from .columns import sample_columns
from .dump import DumpArray
from .errors import ExportError
from .fingerprint import fingerprint_of_texts
from .options import SUFFIXES, Options
from .prompts import TEXT_COLUMN, Prompt, TextTable, check_equal_length
from .tokens import TokenChoice


@dataclass(frozen=True)
class TextPass:
    """The prompts that the model reads for one role, one a sample."""

    role: str
    prompts: list[Prompt]


@dataclass(frozen=True)
class Plan:
    """What is known of a dump before the model is loaded.

    ``columns`` are the small arrays (sample,), ``texts`` the lines of ``texts.jsonl``,
    ``fingerprint`` a digest of the files of texts, and ``additions`` what there is besides states.
    """

    passes: list[TextPass]
    choice: TokenChoice
    columns: dict[str, DumpArray]
    texts: list[dict[str, Any]]
    fingerprint: str
    additions: AdditionPlan


def make_plan(options: Options) -> Plan:
    """Reads the texts and refuses whatever does not fit them, before the model is loaded."""
    table = TextTable.read(options.texts)
    tables = [table]
    if options.negative_texts is not None:
        tables.append(TextTable.read(options.negative_texts))
        check_equal_length(*tables)
    chosen = {
        "labels": options.labels,
        "groups": options.groups,
        "opposites": options.opposites,
        "categories": options.categories,
        "split": options.split,
    }
    columns = sample_columns(table, chosen, options.attribute)
    passes = _passes(options, tables)
    choice = TokenChoice.named(options.token)
    _check_choice(choice, passes)
    rows = [json.dumps(row, sort_keys=True) for each in tables for row in each.rows]
    sides = {each.role: each.prompts for each in passes if not each.role.startswith("contrasts.")}
    return Plan(
        passes,
        choice,
        columns,
        _texts(table, passes),
        fingerprint_of_texts(rows),
        AdditionPlan.make(options.additions, sides, table),
    )


def _passes(options: Options, tables: list[TextTable]) -> list[TextPass]:
    table = tables[0]
    template, answer = options.template, options.answer
    if options.positive_template is not None:
        passes = [
            TextPass("positive", table.prompts(options.positive_template, answer)),
            TextPass("negative", table.prompts(options.negative_template, answer)),
        ]
    elif options.negative_texts is not None:
        passes = [
            TextPass(role, each.prompts(template, answer))
            for role, each in zip(("positive", "negative"), tables)
        ]
    elif options.yes_no or options.suffixes is not None:
        texts = table.texts(template)
        passes = [
            TextPass(role, [Prompt(text, suffix) for text in texts])
            for role, suffix in zip(("positive", "negative"), options.suffixes or SUFFIXES)
        ]
    else:
        passes = [TextPass("activations", table.prompts(template, answer))]
    for name, positive, negative in options.contrast:
        for side, side_template in (("positive", positive), ("negative", negative)):
            role = f"contrasts.{name}.{side}"
            passes.append(TextPass(role, table.prompts(side_template, answer)))
    return passes


def _check_choice(choice: TokenChoice, passes: list[TextPass]) -> None:
    if choice.needs_answer and not passes[0].prompts[0].answer:
        raise ExportError(
            f"--token {choice.name} reads at the answer's tokens, and there is no answer; give "
            'one by --answer, usually --answer " {answer}", or choose --token last or mean',
            64,
        )
    if choice.ragged and len(passes) > 1:
        raise ExportError(
            f"--token {choice.name} keeps several states of a text, but the sides of a pair need "
            f"one each; choose --token {choice.name.replace('all', 'mean')}",
            64,
        )


def _texts(table: TextTable, passes: list[TextPass]) -> list[dict[str, Any]]:
    """A line a sample: its text, all its columns, and the prompt and answer of every pass."""
    lines = []
    for sample, row in enumerate(table.rows):
        first = passes[0].prompts[sample]
        read = {each.role: each.prompts[sample] for each in passes}
        prompts = {role: prompt.text + prompt.answer for role, prompt in read.items()}
        text = row.get(TEXT_COLUMN)
        shown = text if isinstance(text, str) and text.strip() else first.text
        # The text stands first, and is the one shown whatever the columns say.
        first_of_all = {TEXT_COLUMN: shown}
        lines.append(first_of_all | row | prompts | first_of_all)
    return lines
