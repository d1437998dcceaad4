"""Steering vectors from files, the coefficients of a sweep, and random directions beside it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from .errors import ExportError
from .suggestions import suggestion

MOST_COEFFICIENTS = 10_000
# How control vectors name their arrays: the block counts from 0, so block N makes layer N + 1.
_DIRECTION = re.compile(r"direction\.(\d+)")
_MEMBER = re.compile(r"(?P<file>.+\.(?:npz|safetensors)):(?P<member>.+)", re.IGNORECASE)


def read_vector(source: str, layer: int, layers: int, width: int) -> np.ndarray:
    """Reads a steering vector (width,) in float32.

    ``source`` is a ``.npy`` file, or a ``.npz`` or ``.safetensors`` file, with ``:NAME`` where it
    holds several arrays. The array is (width,), or (layer, width) with a row for every layer from
    the embeddings on, ``layers`` in all, of which ``layer`` is taken.
    """
    array = read_array(source)
    if array.ndim == 2 and array.shape[0] == layers:
        array = array[layer]
    if array.shape != (width,):
        raise ExportError(
            f"{source}: has shape {array.shape}; a vector of this model is ({width},), or "
            f"({layers}, {width}) with one row for every layer from the embeddings on"
        )
    with np.errstate(over="ignore"):
        vector = array.astype(np.float32)
    if not np.isfinite(vector).all() or not vector.any():
        raise ExportError(
            f"{source}: the vector is zero or not finite, so that it has no direction"
        )
    return vector


def read_array(source: str) -> np.ndarray:
    """Reads an array of numbers from ``FILE`` or ``FILE:NAME``."""
    match = _MEMBER.fullmatch(source)
    path = Path(match["file"] if match else source)
    reader = {".npy": _read_npy, ".npz": _read_npz, ".safetensors": _read_safetensors}.get(
        path.suffix.lower()
    )
    if reader is None:
        raise ExportError(
            f"{source}: a vector is read from a .npy, .npz or .safetensors file (.npz and "
            ".safetensors with :NAME where they hold several arrays)",
            64,
        )
    try:
        array = reader(path, match["member"] if match else None)
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror or error}", 66) from error
    except (ValueError, EOFError) as error:
        raise ExportError(f"{path}: cannot be read: {error}") from error
    if array.dtype.kind not in "fiu":
        raise ExportError(f"{source}: holds {array.dtype}, and no numbers")
    return array


def named_layer(source: str) -> int | None:
    """The layer that an array called ``direction.N`` belongs to, by its name."""
    match = _MEMBER.fullmatch(source)
    direction = _DIRECTION.fullmatch(match["member"]) if match else None
    return int(direction[1]) + 1 if direction else None


def parse_coefficients(text: str) -> tuple[np.ndarray, bool]:
    """Reads ``A:B:N`` (N numbers from A to B) or a list ``A,B,C``, ascending, in float64.

    The unsteered state belongs to every sweep: where 0 is not among the coefficients it is put
    in, and the second value is true.
    """
    try:
        values = _grid(*text.split(":")) if ":" in text else _numbers(text.split(","))
    except (ValueError, TypeError) as error:
        raise ExportError(
            f"the coefficients {text!r} are neither FIRST:LAST:COUNT, such as -2:2:41, nor a list "
            "such as -1,0,1",
            64,
        ) from error
    if not 0 < values.size <= MOST_COEFFICIENTS or not np.isfinite(values).all():
        raise ExportError(
            f"the coefficients {text!r} must be 1 to {MOST_COEFFICIENTS} finite numbers", 64
        )
    values = np.sort(values) + 0.0  # -0 becomes 0
    if (np.diff(values) == 0).any():
        raise ExportError(f"the coefficients {text!r} hold the same number twice", 64)
    lacks_zero = not (values == 0).any()
    return np.sort(np.append(values, 0.0)) if lacks_zero else values, lacks_zero


def _grid(first: str, last: str, count: str) -> np.ndarray:
    ends = _numbers([first, last])
    if not np.isfinite(ends).all() or not 0 < int(count) <= MOST_COEFFICIENTS:
        return np.empty(0)
    values = np.linspace(*ends, int(count))
    # 0 is meant where rounding has missed it.
    values[np.abs(values) < 1e-12 * np.abs(values).max()] = 0.0
    return values


def _numbers(parts: list[str]) -> np.ndarray:
    return np.array([float(part) for part in parts])


def random_directions(vector: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Draws directions (direction, width) evenly from the sphere of the vector's norm."""
    generator = np.random.Generator(np.random.PCG64(seed))
    drawn = generator.standard_normal((count, len(vector)))
    norm = np.linalg.norm(vector.astype(np.float64))
    return (drawn * (norm / np.linalg.norm(drawn, axis=1, keepdims=True))).astype(np.float32)


def _read_npy(path: Path, _member: str | None) -> np.ndarray:
    return np.load(path, allow_pickle=False)


def _read_npz(path: Path, member: str | None) -> np.ndarray:
    with np.load(path, allow_pickle=False) as file:
        return file[_member(path, member, file.files)]


def _read_safetensors(path: Path, member: str | None) -> np.ndarray:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:  # NumPy has no bfloat16
            return file.get_tensor(_member(path, member, list(file.keys()))).float().numpy()
    except SafetensorError as error:
        raise ValueError(str(error)) from error


def _member(path: Path, member: str | None, names: list[str]) -> str:
    if member is None and len(names) == 1:
        return names[0]
    if member in names:
        return member
    if member is None:
        raise ValueError(f"it holds {len(names)} arrays; name one, as {path.name}:{names[0]}")
    raise ValueError(f'it has no array "{member}"; {suggestion(member, names)}')
