"""A ``.npy`` file of known shape whose space is taken before anything is written into it."""

from __future__ import annotations

import errno
import math
import mmap
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

# Zeros that are written at a time where the file system cannot reserve space.
ZERO_BLOCK = 1 << 20
# What a file system answers that has no call for reserving space.
CANNOT_RESERVE = (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS)


@dataclass(frozen=True)
class ArrayForm:
    """What is known of an array before its values: shape, type, axes, further manifest entries."""

    shape: tuple[int, ...]
    type: np.dtype
    axes: tuple[str, ...]
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", np.dtype(self.type))

    @property
    def bytes(self) -> int:
        """The bytes of the values, without the header of the file."""
        return self.type.itemsize * math.prod(self.shape)

    def description(self) -> dict[str, Any]:
        return {"shape": list(self.shape), "type": self.type.str, "axes": list(self.axes)}


class ReservedArray:
    """The memory map of such a file. ``values`` is the array; what is written there is the file.

    A file that had no space reserved would end the process by SIGBUS once the disk is full,
    wherever it is written to; one that has is safe.
    """

    def __init__(self, path: Path, form: ArrayForm):
        """Maps the file that is there; ``ValueError`` where it is another array's."""
        with open(path, "r+b") as file:
            offset = _check_header(file, form)
            self._map = mmap.mmap(file.fileno(), 0)
        self.values = np.ndarray(form.shape, form.type, buffer=self._map, offset=offset)

    @classmethod
    def create(cls, path: Path, form: ArrayForm) -> ReservedArray:
        """Makes a new file; ``OSError`` where there is no space for it."""
        _reserve(path, form)
        return cls(path, form)

    def sync(self) -> None:
        """Puts everything written so far on the disk, and gives its memory back."""
        self._map.flush()
        self.release()

    def release(self) -> None:
        """Gives back the memory of the pages that were touched; what they hold stays."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def _reserve(path: Path, form: ArrayForm) -> None:
    with open(path, "wb") as file:
        header = {"descr": form.type.str, "fortran_order": False, "shape": form.shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.flush()
        size = file.tell() + form.bytes
        try:
            os.posix_fallocate(file.fileno(), 0, size)
        except AttributeError:  # macOS has no such call
            _write_zeros(file, size)
        except OSError as error:
            if error.errno not in CANNOT_RESERVE:
                raise
            _write_zeros(file, size)


def _write_zeros(file: Any, size: int) -> None:
    remaining = size - file.tell()
    while remaining > 0:
        remaining -= file.write(b"\0" * min(ZERO_BLOCK, remaining))
    file.flush()
    os.fsync(file.fileno())


def _check_header(file: Any, form: ArrayForm) -> int:
    """Returns where the values begin; refuses a file that was made for another array."""
    np.lib.format.read_magic(file)
    found = np.lib.format.read_array_header_1_0(file)
    if found != (form.shape, False, form.type):
        raise ValueError(f"has shape {found[0]} and type {found[2]}")
    offset = file.tell()
    size = os.fstat(file.fileno()).st_size
    if size != offset + form.bytes:
        raise ValueError(f"has {size} bytes in place of {offset + form.bytes}")
    return offset
