"""The journal of an export: its settings, and which of its batches are on the disk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOT_SET = "nothing"
# Characters of a setting that are shown where two runs differ.
SHOWN_CHARACTERS = 60


class Journal:
    """A file of JSON lines: the first holds the settings, each further one a batch or the end.

    A line counts once its line break is written, so a half-written last line is no line.
    """

    def __init__(self, path: Path):
        self._path = path
        self.settings: dict[str, Any] = {}
        self.done: set[str] = set()
        self.complete: list[str] | None = None

    @classmethod
    def create(cls, path: Path, settings: dict[str, Any]) -> Journal:
        """Writes a new journal; it appears whole or not at all."""
        journal = cls(path)
        journal.settings = as_stored(settings)
        beside = path.with_suffix(".new")
        _append(beside, {"settings": settings})
        os.replace(beside, path)
        return journal

    @classmethod
    def read(cls, path: Path) -> Journal:
        """Reads a journal, and cuts off a last line that was not finished.

        Errors: ``ValueError`` where it is no journal.
        """
        journal = cls(path)
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(path, whole)
        lines = [json.loads(line) for line in content[:whole].decode("utf-8").splitlines()]
        if not lines or "settings" not in lines[0]:
            raise ValueError("it does not begin with settings")
        journal.settings = lines[0]["settings"]
        for line in lines[1:]:
            journal.done.update(line.get("done", ()))
            journal.complete = line.get("complete", journal.complete)
        return journal

    def add_done(self, batches: list[str]) -> None:
        """Notes batches whose values are on the disk."""
        _append(self._path, {"done": batches})
        self.done.update(batches)

    def add_complete(self, names: list[str]) -> None:
        """Notes that all files are whole, and only have to be moved to their places."""
        _append(self._path, {"complete": names})
        self.complete = names


def differences(before: dict[str, Any], now: dict[str, Any], path: str = "") -> Iterator[str]:
    """Names every setting in which two runs differ: ``token: last before, mean now``."""
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        place = f"{path}.{name}" if path else name
        if isinstance(old, dict) and isinstance(new, dict):
            yield from differences(old, new, place)
        elif old != new:
            yield f"{place}: {_shown(old)} before, {_shown(new)} now"


def as_stored(settings: dict[str, Any]) -> dict[str, Any]:
    """Returns settings as they come back from the journal: tuples as lists, for instance."""
    return json.loads(json.dumps(settings, allow_nan=False))


def _shown(value: Any) -> str:
    if value is None:
        return NOT_SET
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def _append(path: Path, line: dict[str, Any]) -> None:
    with open(path, "ab") as file:
        file.write((json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
