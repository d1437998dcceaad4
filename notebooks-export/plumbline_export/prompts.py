"""Reads texts from CSV and JSONL files, and turns them into prompts by templates.

A text that is missing or empty is an error and is never left out: the rows of all arrays, and the
two sides of every pair, belong together by their number alone.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ExportError
from .suggestions import suggestion

TEXT_COLUMN = "text"
# Lines that an error lists before it says "and N more".
LISTED_LINES = 5


@dataclass(frozen=True)
class Prompt:
    """A text that a model reads, and the answer that follows it word for word, if there is one."""

    text: str
    answer: str = ""


class Template:
    """A text with columns in braces: ``"{question} Answer:"``. Doubled braces stand for one."""

    _PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

    def __init__(self, text: str):
        self.text = text
        self.columns: tuple[str, ...] = tuple(dict.fromkeys(self._column_names()))

    def fill(self, values: dict[str, str]) -> str:
        """Puts in the values of one row. Braces inside a value are left as they are."""

        def piece(match: re.Match[str]) -> str:
            return match[0][0] if match[1] is None else values[match[1]]

        return self._PIECE.sub(piece, self.text)

    def _column_names(self) -> Iterator[str]:
        for match in self._PIECE.finditer(self.text):
            if match[1]:
                yield match[1]
            elif match[0] not in ("{{", "}}"):
                raise ExportError(
                    f"the template {self.text!r} has a brace at place {match.start() + 1} that "
                    "names no column; write {column}, or double a brace that is part of the text",
                    64,
                )


@dataclass(frozen=True)
class TextTable:
    """The rows of a file of texts: for each the values by column, and the line it begins on."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    lines: tuple[int, ...]

    @classmethod
    def read(cls, path: Path | str) -> TextTable:
        """Reads a ``.csv`` file with a header, or a ``.jsonl`` file of objects or plain texts."""
        path = Path(path)
        reader = {".csv": _csv_rows, ".jsonl": _jsonl_rows}.get(path.suffix.lower())
        if reader is None:
            raise ExportError(
                f'{path}: texts are read from files that end in ".csv" (with a header) or '
                '".jsonl" (one object or one text a line)',
                64,
            )
        rows: list[dict[str, Any]] = []
        lines: list[int] = []
        for line, row in reader(path, _content(path)):
            _check_characters(path, line, row)
            rows.append(row)
            lines.append(line)
        if not rows:
            raise ExportError(f"{path}: there are no texts in it")
        columns = tuple(dict.fromkeys(name for row in rows for name in row))
        return cls(path, columns, tuple(rows), tuple(lines))

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, column: str) -> list[Any]:
        """Returns a column: texts from CSV; texts, numbers, true and false from JSONL."""
        self.check_column(column)
        for line, row in zip(self.lines, self.rows):
            if row.get(column) is None:
                raise ExportError(f'{self.path}, line {line}: has no value for "{column}"')
        return [row[column] for row in self.rows]

    def texts(self, template: str | None = None) -> list[str]:
        """Returns one text a row: the template filled in, or the column ``text``.

        A text is empty, and refused, if it is blank or if all columns of its template are.
        """
        filled = Template(template if template is not None else self._default_template())
        columns = {name: self._column_of_texts(name) for name in filled.columns}
        texts: list[str] = []
        empty: list[int] = []
        for row, line in enumerate(self.lines):
            values = {name: column[row] for name, column in columns.items()}
            texts.append(filled.fill(values))
            if not texts[-1].strip() or (values and not any(map(str.strip, values.values()))):
                empty.append(line)
        if empty:
            raise ExportError(
                f"{self.path}: {len(empty)} of {len(texts)} texts are empty ({_listed(empty)}) by "
                f"the template {filled.text!r}; empty texts are not left out, because that would "
                "part the rows of labels and pairs; fill them in or remove their rows"
            )
        return texts

    def prompts(self, template: str | None = None, answer: str | None = None) -> list[Prompt]:
        """Returns one prompt a row, with its answer by a template of its own."""
        texts = self.texts(template)
        answers = [""] * len(self) if answer is None else self.texts(answer)
        return [Prompt(text, answer) for text, answer in zip(texts, answers)]

    def check_column(self, column: str) -> None:
        """Refuses a column that no row has."""
        if column not in self.columns:
            hint = suggestion(column, self.columns)
            raise ExportError(f'{self.path}: there is no column "{column}"; {hint}')

    def _default_template(self) -> str:
        if TEXT_COLUMN in self.columns:
            return f"{{{TEXT_COLUMN}}}"
        raise ExportError(
            f'{self.path}: there is no column "{TEXT_COLUMN}", and no template says what to read '
            f'in its place, such as --template "{{{self.columns[0]}}}"; '
            + suggestion("", self.columns)
        )

    def _column_of_texts(self, column: str) -> list[str]:
        texts = []
        for line, value in zip(self.lines, self.values(column)):
            # True and false are numbers to Python alone.
            if isinstance(value, bool) or not isinstance(value, (str, int, float)):
                raise ExportError(
                    f'{self.path}, line {line}: "{column}" is {json.dumps(value)[:40]}; '
                    "a template takes texts and numbers"
                )
            texts.append(value if isinstance(value, str) else json.dumps(value))
        return texts


def check_equal_length(first: TextTable, second: TextTable) -> None:
    """Refuses two files whose rows cannot be the sides of the same pairs."""
    if len(first) != len(second):
        raise ExportError(
            f"{first.path} has {len(first)} texts, but {second.path} has {len(second)}; line by "
            "line they are the two sides of one pair, so they must be as many"
        )


def _content(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExportError(
            f"{path}: byte {error.start + 1} is not UTF-8; save the file in UTF-8"
        ) from error
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror}", 66) from error


def _csv_rows(path: Path, content: str) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(max(len(content), csv.field_size_limit()))  # no text is too long
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    records = _csv_records(path, reader)
    line, header = next(records, (1, []))
    if not header:
        raise ExportError(f"{path}: the first line must be a header that names the columns")
    for name in header:
        if header.count(name) > 1:
            raise ExportError(f'{path}, line {line}: the header names "{name}" twice')
    blank = 0
    for line, record in records:
        if not record:  # a blank line; at the end of the file it says nothing
            blank = blank or line
            continue
        if blank:
            raise ExportError(f"{path}, line {blank}: is blank; remove it or fill it in")
        if len(record) != len(header):
            raise ExportError(
                f"{path}, line {line}: has {len(record)} values, but the header names "
                f"{len(header)} columns; a value with a comma, a quote or a line break stands in "
                "double quotes"
            )
        yield line, dict(zip(header, record))


def _csv_records(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise ExportError(f"{path}, line {line}: is no CSV: {error}") from error
        if record is None:
            return
        yield line, record


def _jsonl_rows(path: Path, content: str) -> Iterator[tuple[int, dict[str, Any]]]:
    blank = 0
    # Only \n ends a line here; str.splitlines would also split at U+2028 inside a text.
    for line, written in enumerate(content.split("\n"), start=1):
        if not written.strip():
            blank = blank or line
            continue
        if blank:
            raise ExportError(f"{path}, line {blank}: is blank; remove it or fill it in")
        yield line, _json_row(path, line, written)


def _json_row(path: Path, line: int, written: str) -> dict[str, Any]:
    try:
        row = json.loads(written, object_pairs_hook=_members, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ExportError(
            f"{path}, line {line}: is no JSON: {error.msg} at character {error.pos + 1}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ExportError(f"{path}, line {line}: is no JSON: {error}") from error
    if isinstance(row, str):
        return {TEXT_COLUMN: row}
    if not isinstance(row, dict) or not row:
        raise ExportError(
            f'{path}, line {line}: must be an object such as {{"text": "…"}}, or a text in quotes'
        )
    return row


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("an object names the same member twice")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def _check_characters(path: Path, line: int, row: dict[str, Any]) -> None:
    """Refuses halves of surrogate pairs, which JSON can spell and UTF-8 cannot."""
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ExportError(
            f"{path}, line {line}: holds half of a surrogate pair, which is no character"
        ) from error


def _listed(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:LISTED_LINES]))
    more = len(lines) - LISTED_LINES
    more_text = f" and {more} more" if more > 0 else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more_text}"
