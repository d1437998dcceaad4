"""Writes a dump batch by batch, so that an interrupted export goes on where it stopped.

Arrays are memory maps in a hidden folder inside the dump's own. They move to their places only
when all of them are whole, and the manifest comes last: a folder with a manifest is a whole dump,
and an older dump in the same folder stays whole until then.
"""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from .dump import (
    MANIFEST_NAME,
    DumpArray,
    array_name,
    check_axes,
    check_finite,
    manifest_of,
    move_files,
    write_files,
)
from .errors import ExportError
from .journal import Journal, as_stored, differences
from .reserved import ArrayForm, ReservedArray

STAGING_NAME = ".plumbline-export"
JOURNAL_NAME = "journal.jsonl"
LOCK_NAME = "lock"
# A killed process loses the batches of this time at most, unless the disk is so slow that waiting
# for it would take more than this share of the whole time.
SECONDS_BETWEEN_SYNCS = 5.0
SHARE_OF_SYNCS = 0.05


def refuse_finished_dump(folder: Path, overwrite: bool) -> None:
    """Refuses a folder with a dump in it, unless it may be overwritten."""
    if (folder / MANIFEST_NAME).exists() and not overwrite:
        raise ExportError(
            f"{folder} holds a dump already; name another folder, or replace that dump by "
            "--overwrite",
            73,
        )


class DumpStream:
    """The arrays of a dump while they are being filled. A context manager.

    For every batch that is not in ``done``: write the rows of ``arrays[role]``, then call
    ``finish_batch``. At the end call ``finish``. Leaving before that, for whatever reason, keeps
    what is done for the next run.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, Any],
        forms: Mapping[str, ArrayForm],
        overwrite: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ):
        """Begins an export into ``folder``, or goes on with the interrupted one that is there.

        ``settings`` holds all that the values depend on, as JSON; an interrupted export with
        other settings is refused. ``forms`` are the arrays by role. Their space is reserved
        here, so that a full disk is an error before any work.
        """
        self._folder = folder
        self._staging = folder / STAGING_NAME
        self._forms = dict(forms)
        self._pending: list[str] = []
        self._clock = clock
        self._next_sync = clock() + SECONDS_BETWEEN_SYNCS
        self._reserved: dict[str, ReservedArray] = {}
        self._lock: IO[bytes] | None = None
        try:
            self._open(dict(settings), overwrite)
        except OSError as error:
            self._release()
            needed = sum(form.bytes for form in self._forms.values())
            raise ExportError(
                f"{error.filename or folder}: cannot be written: {error.strerror or error}; the "
                f"arrays take {needed / 1e6:.1f} MB in all; nothing was changed",
                74,
            ) from error
        except BaseException:
            self._release()
            raise
        # The batches that an interrupted run has finished.
        self.done = frozenset(self._journal.done)
        self.arrays: dict[str, np.ndarray] = {
            role: reserved.values for role, reserved in self._reserved.items()
        }

    @property
    def is_complete(self) -> bool:
        """Whether an interrupted run had computed everything, so that nothing is left to do."""
        return self._journal.complete is not None

    def __enter__(self) -> DumpStream:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._staging.exists():
                self.sync()
        except OSError as error:
            raise self._writing_failed(error) from error
        finally:
            self._release()

    def finish_batch(self, batch: str) -> None:
        """Notes that all rows of a batch are written."""
        self._pending.append(batch)
        if self._clock() >= self._next_sync:
            try:
                self.sync()
            except OSError as error:
                raise self._writing_failed(error) from error

    def sync(self) -> None:
        """Puts all finished batches on the disk; the values first, then the journal."""
        start = self._clock()
        if self._pending:
            for reserved in self._reserved.values():
                reserved.sync()
            self._journal.add_done(self._pending)
            self._pending = []
        now = self._clock()
        self._next_sync = now + max(SECONDS_BETWEEN_SYNCS, (now - start) / SHARE_OF_SYNCS)

    def finish(
        self,
        description: Mapping[str, Any],
        arrays: Mapping[str, DumpArray] | None = None,
        texts: list[dict[str, Any]] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Writes the small arrays, texts and manifest, and moves everything to its place.

        ``description`` and ``values`` are as in ``plumbline_export.dump``.
        """
        small = dict(arrays or {})
        streamed = {
            role: DumpArray(self.arrays[role], form.axes, form.details)
            for role, form in self._forms.items()
        }
        everything = {**streamed, **small}
        try:
            check_axes(everything, description.get("layers"), texts)
            for role, array in small.items():
                check_finite(role, array)
            for role, array in streamed.items():
                check_finite(role, array, self._reserved[role].release)
        except ValueError as error:
            raise ExportError(f"{self._folder}: {error}") from error
        manifest = manifest_of(description, everything, texts, values)
        try:
            self.sync()
            written = write_files(self._staging, self._folder, small, texts, manifest)
            self._journal.add_complete([*map(array_name, streamed), *written])
            self._move()
        except OSError as error:
            raise self._writing_failed(error) from error

    def _open(self, settings: dict[str, Any], overwrite: bool) -> None:
        journal_path = self._staging / JOURNAL_NAME
        if not journal_path.exists():
            refuse_finished_dump(self._folder, overwrite)
        self._staging.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        forms = {role: form.description() for role, form in self._forms.items()}
        stored = as_stored({**settings, "arrays": forms})
        if journal_path.exists():
            self._journal = self._read_journal(journal_path)
            self._refuse_other_settings(stored)
            refuse_finished_dump(self._folder, overwrite)
            if self._journal.complete is not None:
                self._move()
            else:
                self._map()
        else:
            self._journal = self._reserve(stored)

    def _read_journal(self, path: Path) -> Journal:
        try:
            return Journal.read(path)
        except ValueError as error:
            raise self._damaged(path, error) from error

    def _take_lock(self) -> None:
        self._lock = open(self._staging / LOCK_NAME, "wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExportError(
                f"{self._folder}: another export is writing there; wait for it or name another "
                "folder",
                73,
            ) from error

    def _refuse_other_settings(self, stored: dict[str, Any]) -> None:
        found = list(differences(self._journal.settings, stored))
        if found:
            raise ExportError(
                f"{self._folder} holds an interrupted export with other settings "
                f"({'; '.join(found)}); run it again with the settings from before, name another "
                f"folder, or remove {self._staging} to begin afresh",
                73,
            )

    def _reserve(self, settings: dict[str, Any]) -> Journal:
        try:
            for role, form in self._forms.items():
                path = self._staging / array_name(role)
                self._reserved[role] = ReservedArray.create(path, form)
            return Journal.create(self._staging / JOURNAL_NAME, settings)
        except OSError:  # nothing is done yet, so the space is given back
            self._reserved.clear()
            shutil.rmtree(self._staging)
            raise

    def _map(self) -> None:
        for role, form in self._forms.items():
            path = self._staging / array_name(role)
            try:
                self._reserved[role] = ReservedArray(path, form)
            except (ValueError, FileNotFoundError) as error:
                self._reserved.clear()
                raise self._damaged(path, error) from error

    def _damaged(self, path: Path, error: Exception) -> ExportError:
        return ExportError(
            f"{path}: does not fit the interrupted export it is part of: {error}; remove "
            f"{self._staging} to begin afresh"
        )

    def _move(self) -> None:
        """Moves all files to their places; goes on with a move that was interrupted."""
        names = self._journal.complete or []
        left = [name for name in names if (self._staging / name).exists()]
        if left:
            (self._folder / MANIFEST_NAME).unlink(missing_ok=True)
            move_files(self._staging, self._folder, left)
        shutil.rmtree(self._staging)

    def _release(self) -> None:
        self._reserved.clear()
        self.arrays = {}
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _writing_failed(self, error: OSError) -> ExportError:
        place = error.filename or self._folder
        return ExportError(
            f"{place}: cannot be written: {error.strerror or error}; what was finished is kept, "
            "and the same command goes on from there once the cause is gone",
            74,
        )
