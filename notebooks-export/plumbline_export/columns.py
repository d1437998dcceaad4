"""What a file of texts says about each sample besides its text, as arrays of a dump."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .dump import DumpArray
from .errors import ExportError
from .prompts import TextTable
from .suggestions import suggestion

# The roles, and the columns that are taken for them unless an option names another.
ROLE_COLUMNS = {
    "labels": ("label", "labels"),
    "groups": ("group", "groups"),
    "opposites": ("opposite", "opposites"),
    "categories": ("category", "categories"),
    "split": ("split",),
}
# What the command's help says of them.
ROLE_PURPOSES = {
    "labels": "what probes learn to tell apart",
    "groups": "texts of one group stay together in every split",
    "opposites": "the row number, from 0, of the text that says the reverse",
    "categories": "axioms, topics or templates",
    "split": "train, validation or test",
}
PARTS = ("train", "validation", "test")
# Words whose number is known. Others are numbered in alphabetical order.
LABEL_WORDS = (
    {"false": 0, "true": 1},
    {"no": 0, "yes": 1},
    {"incorrect": 0, "correct": 1},
    {"negative": 0, "positive": 1},
)


def sample_columns(
    table: TextTable, chosen: Mapping[str, str | None], attributes: Sequence[str]
) -> dict[str, DumpArray]:
    """The arrays (sample,) of the roles that the table has a column for.

    ``chosen`` gives the column of a role where an option named it, and ``attributes`` the
    columns that become roles ``attributes.COLUMN``.
    """
    arrays = {}
    for role, names in ROLE_COLUMNS.items():
        column = chosen.get(role) or next((n for n in names if n in table.columns), None)
        if column is not None:
            arrays[role] = _column(table, role, column)
    for column in attributes:
        if not re.fullmatch(r"[\w -]+", column):
            raise ExportError(
                f'--attribute "{column}": an attribute\'s name becomes that of a file and may hold '
                "letters, digits, blanks, - and _; rename the column",
                64,
            )
        table.check_column(column)
        arrays[f"attributes.{column}"] = _column(table, "attributes", column)
    return arrays


def _column(table: TextTable, role: str, column: str) -> DumpArray:
    values = table.values(column)
    if role == "opposites":
        return _array(_opposites(table, column, [_opposite(value) for value in values]))
    if role == "split":
        return _array(_parts(table, column, values), {"values": list(PARTS)})
    numbers = [_whole(value) for value in values]
    details: dict[str, Any] = {} if role in ("labels", "groups") else {"name": column}
    if None not in numbers:
        if role == "labels":
            _check_labels(table, column, numbers)
        return _array(numbers, details)
    words = [_word(table, column, row, value) for row, value in enumerate(values)]
    order = _order(words, role)
    numbers = [order[word] for word in words]
    # Nobody asks for the name of a group, and there may be as many as samples.
    names = {} if role == "groups" else {"values": sorted(order, key=order.__getitem__)}
    return _array(numbers, {**details, **names})


def _array(numbers: Sequence[int | None], details: dict[str, Any] | None = None) -> DumpArray:
    return DumpArray(np.array(numbers, np.int64), ("sample",), details or {})


def _whole(value: Any) -> int | None:
    """The whole number that a value is, if it is one; true and false are words here."""
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", value) else None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return int(value) if is_number and value == int(value) and abs(value) < 2**63 else None


def _word(table: TextTable, column: str, row: int, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    word = str(value).strip()
    if isinstance(value, float) or not isinstance(value, (str, int)) or not word:
        raise ExportError(
            f'{_place(table, row)}: "{column}" is {word[:40] or "blank"}; a text or a whole '
            "number was expected"
        )
    return word


def _order(words: Sequence[str], role: str) -> dict[str, int]:
    known = sorted(set(words))
    if role == "labels":
        for order in LABEL_WORDS:
            if {word.lower() for word in known} <= order.keys() and len(known) <= len(order):
                return _spelt(order, known)
    return {word: number for number, word in enumerate(known)}


def _spelt(order: Mapping[str, int], known: Sequence[str]) -> dict[str, int]:
    """The order with its words as the file spells them."""
    spelling = {word.lower(): word for word in known}
    return {spelling.get(word, word): number for word, number in order.items()}


def _check_labels(table: TextTable, column: str, labels: Sequence[int | None]) -> None:
    for row, label in enumerate(labels):
        if label is not None and label < -1:
            raise ExportError(
                f'{_place(table, row)}: "{column}" is {label}; a label is a class from 0, or 1, 0 '
                "and -1 for a right answer, a wrong one and one that was not attempted"
            )


def _opposite(value: Any) -> int | None:
    return -1 if isinstance(value, str) and not value.strip() else _whole(value)


def _opposites(table: TextTable, column: str, numbers: Sequence[int | None]) -> list[int]:
    """Checks that opposites are mutual, before hours of work are spent on them."""
    last = len(numbers) - 1
    for row, opposite in enumerate(numbers):
        problem = None
        if opposite is None or not -1 <= opposite <= last:
            problem = f"must be the number of another row, 0 to {last}, or -1 or blank for none"
        elif opposite == row:
            problem = "is the row itself; leave it blank where there is no opposite"
        elif opposite >= 0 and numbers[opposite] != row:
            problem = f"is row {opposite}, whose own opposite is {numbers[opposite]}, not {row}"
        if problem:
            raise ExportError(f'{_place(table, row)} (row {row}): "{column}" {problem}')
    return [number for number in numbers if number is not None]


def _parts(table: TextTable, column: str, values: Sequence[Any]) -> list[int]:
    numbers = []
    for row, value in enumerate(values):
        number = _whole(value)
        if number is None and isinstance(value, str) and value.strip().lower() in PARTS:
            number = PARTS.index(value.strip().lower())
        if number is None or not 0 <= number < len(PARTS):
            raise ExportError(
                f'{_place(table, row)}: "{column}" is {str(value)[:40]!r}; '
                f"{suggestion(str(value), PARTS)}"
            )
        numbers.append(number)
    return numbers


def _place(table: TextTable, row: int) -> str:
    return f"{table.path}, line {table.lines[row]}"
