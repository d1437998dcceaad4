"""Writes Plumbline dumps: a folder of NumPy arrays and the manifest that names them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import numpy as np

MANIFEST_NAME = "dump.json"


@dataclass(frozen=True)
class DumpArray:
    """An array of a dump: its values, what its axes are, and further manifest entries."""

    values: np.ndarray
    axes: tuple[str, ...]
    details: dict[str, Any] = field(default_factory=dict)

    def manifest_entry(self, file: str) -> dict[str, Any]:
        return {"file": file, "axes": list(self.axes), **self.details}


def write_dump(
    folder: Path,
    description: dict[str, Any],
    arrays: dict[str, DumpArray],
    texts: list[dict[str, Any]] | None = None,
) -> None:
    """Writes a dump into ``folder``, leaving other files there alone.

    ``description`` holds the manifest's entries besides ``format``, ``version`` and ``arrays``.
    A folder with a manifest is a whole dump: everything is written beside its final place first,
    an old manifest goes before the arrays are replaced, and the new one comes last.
    """
    check_consistency(arrays, description.get("layers"), texts)
    entries = {role: array.manifest_entry(f"{role}.npy") for role, array in arrays.items()}
    writers: dict[str, Callable[[IO[bytes]], None]] = {
        f"{role}.npy": _array_writer(array.values) for role, array in arrays.items()
    }
    if texts is not None:
        entries["texts"] = {"file": "texts.jsonl"}
        writers["texts.jsonl"] = _bytes_writer(
            "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
        )
    manifest = {"format": "plumbline-dump", "version": 1, **description, "arrays": entries}
    writers[MANIFEST_NAME] = _bytes_writer(
        json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    )

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dump-", dir=folder) as staging:
        for name, write in writers.items():
            try:
                with open(Path(staging, name), "wb") as file:
                    write(file)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise OSError(
                    error.errno,
                    f"{error.strerror or error}; nothing was changed, so a dump that was there "
                    "before is whole",
                    str(folder / name),
                ) from error
        (folder / MANIFEST_NAME).unlink(missing_ok=True)
        for name in writers:  # the manifest is the last
            os.replace(Path(staging, name), folder / name)


def check_consistency(
    arrays: dict[str, DumpArray],
    layers: list[str] | None,
    texts: list[dict[str, Any]] | None,
) -> None:
    """Refuses arrays that disagree about the size of an axis, or that are not finite."""
    sizes: dict[str, tuple[int, str]] = {}
    if layers is not None:
        sizes["layer"] = (len(layers), "layers")
    if texts is not None:
        sizes["sample"] = (len(texts), "texts")
    for role, array in arrays.items():
        if len(array.axes) != array.values.ndim:
            raise ValueError(f"{role}: shape {array.values.shape} does not fit axes {array.axes}")
        for axis, size in zip(array.axes, array.values.shape):
            expected, first = sizes.setdefault(axis, (size, role))
            if size != expected:
                raise ValueError(f"{role}: axis {axis} is {size}, but {expected} in {first}")
        if not np.isfinite(array.values).all():
            place = np.argwhere(~np.isfinite(array.values))[0].tolist()
            raise ValueError(
                f"{role}: the value at {dict(zip(array.axes, place))} is not finite "
                f"(float16 overflows beyond 65504; export float32 then)"
            )


def _array_writer(values: np.ndarray) -> Callable[[IO[bytes]], None]:
    def write(file: IO[bytes]) -> None:
        # NumPy writes to real files past Python and loses why a write fails; this hides the file.
        sink = SimpleNamespace(write=file.write)
        np.save(sink, np.ascontiguousarray(values), allow_pickle=False)

    return write


def _bytes_writer(text: str) -> Callable[[IO[bytes]], None]:
    def write(file: IO[bytes]) -> None:
        file.write(text.encode("utf-8"))

    return write
