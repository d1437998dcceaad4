"""Writes Plumbline dumps: a folder of NumPy arrays and the manifest that names them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import numpy as np

MANIFEST_NAME = "dump.json"
TEXTS_NAME = "texts.jsonl"
# Elements that are looked at together for values that are not finite.
FINITE_BLOCK = 1 << 22


@dataclass(frozen=True)
class Dump:
    """What a dump holds: ``arrays`` by role, and ``values`` that the manifest gives without a file.

    ``description`` holds the manifest's other entries besides ``format`` and ``version``.
    """

    description: dict[str, Any]
    arrays: dict[str, DumpArray]
    values: dict[str, Any]
    texts: list[dict[str, Any]] | None


@dataclass(frozen=True)
class DumpArray:
    """An array of a dump: its values, what its axes are, and further manifest entries."""

    values: np.ndarray
    axes: tuple[str, ...]
    details: dict[str, Any] = field(default_factory=dict)

    def manifest_entry(self, file: str) -> dict[str, Any]:
        return {"file": file, "axes": list(self.axes), **self.details}


def read_dump(folder: Path) -> Dump:
    """Reads a dump that was written here; its arrays are mapped, not loaded."""
    manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    arrays: dict[str, DumpArray] = {}
    values: dict[str, Any] = {}
    texts = None
    for role, entry in manifest.pop("arrays").items():
        if role == "texts":
            lines = (folder / entry["file"]).read_text(encoding="utf-8").splitlines()
            texts = [json.loads(line) for line in lines]
        elif isinstance(entry, dict) and "file" in entry:
            details = {key: value for key, value in entry.items() if key not in ("file", "axes")}
            mapped = np.load(folder / entry["file"], mmap_mode="r", allow_pickle=False)
            arrays[role] = DumpArray(mapped, tuple(entry["axes"]), details)
        else:
            values[role] = entry
    for key in ("format", "version"):
        del manifest[key]
    return Dump(manifest, arrays, values, texts)


def write_dump(
    folder: Path,
    description: dict[str, Any],
    arrays: dict[str, DumpArray],
    texts: list[dict[str, Any]] | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Writes a dump into ``folder``, leaving other files there alone.

    ``description`` holds the manifest's entries besides ``format``, ``version`` and ``arrays``, and
    ``values`` the roles that the manifest gives itself, without a file. A folder with a manifest is a whole dump: everything is written beside its final place first,
    an old manifest goes before the arrays are replaced, and the new one comes last.
    """
    check_consistency(arrays, description.get("layers"), texts)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dump-", dir=folder) as staging:
        manifest = manifest_of(description, arrays, texts, values)
        names = write_files(Path(staging), folder, arrays, texts, manifest)
        (folder / MANIFEST_NAME).unlink(missing_ok=True)
        move_files(Path(staging), folder, names)


def manifest_of(
    description: Mapping[str, Any],
    arrays: Mapping[str, DumpArray],
    texts: list[dict[str, Any]] | None,
    values: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Returns the manifest: ``values`` are the roles that it holds itself, without a file."""
    entries: dict[str, Any] = {
        role: array.manifest_entry(array_name(role)) for role, array in arrays.items()
    }
    if texts is not None:
        entries["texts"] = {"file": TEXTS_NAME}
    arrays_and_values = {**entries, **(values or {})}
    return {"format": "plumbline-dump", "version": 1, **description, "arrays": arrays_and_values}


def array_name(role: str) -> str:
    return f"{role}.npy"


def write_files(
    staging: Path,
    folder: Path,
    arrays: Mapping[str, DumpArray],
    texts: list[dict[str, Any]] | None,
    manifest: Mapping[str, Any],
) -> list[str]:
    """Writes arrays, texts and manifest into ``staging``, and returns their names in that order.

    ``folder`` is where they will go, for the message of an ``OSError``.
    """
    writers: dict[str, Callable[[IO[bytes]], None]] = {
        array_name(role): _array_writer(array.values) for role, array in arrays.items()
    }
    if texts is not None:
        writers[TEXTS_NAME] = _bytes_writer(
            "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
        )
    writers[MANIFEST_NAME] = _bytes_writer(
        json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    )
    for name, write in writers.items():
        try:
            with open(staging / name, "wb") as file:
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
    return list(writers)


def move_files(staging: Path, folder: Path, names: Iterable[str]) -> None:
    """Moves files to their places, in this order; the manifest is the last."""
    for name in names:
        os.replace(staging / name, folder / name)


def check_consistency(
    arrays: dict[str, DumpArray],
    layers: list[str] | None,
    texts: list[dict[str, Any]] | None,
) -> None:
    """Refuses arrays that disagree about the size of an axis, or that are not finite."""
    check_axes(arrays, layers, texts)
    for role, array in arrays.items():
        check_finite(role, array)


def check_axes(
    arrays: Mapping[str, DumpArray],
    layers: list[str] | None,
    texts: list[dict[str, Any]] | None,
) -> None:
    """Refuses arrays that disagree about the size of an axis."""
    sizes: dict[str, tuple[int, str]] = {}
    if layers is not None:
        sizes["layer"] = (len(layers), "layers")
    if texts is not None:
        sizes["sample"] = (len(texts), "texts")
    for role, array in arrays.items():
        if len(array.axes) != array.values.ndim:
            raise ValueError(f"{role}: shape {array.values.shape} does not fit axes {array.axes}")
        for axis, size in zip(array.axes, array.values.shape):
            # The contrasts of a feature may have samples of their own.
            is_own = axis == "sample" and role.startswith("contrasts.")
            scope = f"{role.rpartition('.')[0]} {axis}" if is_own else axis
            expected, first = sizes.setdefault(scope, (size, role))
            if size != expected:
                raise ValueError(f"{role}: axis {axis} is {size}, but {expected} in {first}")


def check_finite(
    role: str, array: DumpArray, after_block: Callable[[], None] = lambda: None
) -> None:
    """Refuses an array with a value that is not finite, looking at a block of it at a time."""
    flat = array.values.reshape(-1)
    for start in range(0, flat.size, FINITE_BLOCK):
        finite = np.isfinite(flat[start : start + FINITE_BLOCK])
        if not finite.all():
            position = start + int(np.argmin(finite))
            place = map(int, np.unravel_index(position, array.values.shape))
            raise ValueError(
                f"{role}: the value at {dict(zip(array.axes, place))} is not finite "
                f"(float16 overflows beyond 65504; export float32 then)"
            )
        after_block()


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
