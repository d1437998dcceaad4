"""Streams on disks that are full, slow, or cannot reserve space.

Oracles: the bytes of an uninterrupted export, and the order of what is written.
"""

import errno
import os
import resource

import numpy as np
import pytest
from plumbline_export import stream as stream_module
from plumbline_export.dump import write_dump
from plumbline_export.errors import ExportError
from plumbline_export.reserved import ArrayForm
from plumbline_export.stream import STAGING_NAME, DumpStream

from streams import (
    AXES,
    BATCHES,
    FORMS,
    LABELS,
    SETTINGS,
    export,
    files,
)


@pytest.mark.parametrize("failing", list(FORMS))
def test_a_full_disk_is_an_error_before_any_work(tmp_path, monkeypatch, failing):
    write_dump(tmp_path, {"site": "old"}, LABELS)
    before = files(tmp_path)
    real = os.posix_fallocate

    def full(descriptor, start, size):
        if failing in os.readlink(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor, start, size)

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(ExportError, match="No space left on device; the arrays take") as caught:
        export(tmp_path, overwrite=True)
    assert caught.value.exit_code == 74
    assert files(tmp_path) == before
    assert not (tmp_path / STAGING_NAME).exists()


def test_a_limit_on_file_sizes_is_a_full_disk_too(tmp_path):
    """The kernel itself refuses here, where the arrays' space is reserved."""
    large = {"positive": ArrayForm((1000, 2, 4), np.dtype(np.float32), AXES)}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(ExportError, match="File too large") as caught:
            DumpStream(tmp_path, SETTINGS, large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.exit_code == 74
    assert files(tmp_path) == {}


def test_a_disk_that_fills_at_the_end_loses_nothing(tmp_path, whole):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Room for every array and the journal, and not for the manifest.
    size = len(whole["dump.json"]) - 1
    assert max(len(content) for name, content in whole.items() if name != "dump.json") <= size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        with pytest.raises(ExportError, match="dump.json: cannot be written.*is kept") as caught:
            export(tmp_path / "dump")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.exit_code == 74
    assert export(tmp_path / "dump") == []
    assert files(tmp_path / "dump") == whole


@pytest.mark.parametrize("error", [errno.EOPNOTSUPP, errno.EINVAL, None])
def test_file_systems_that_cannot_reserve_space_get_zeros(tmp_path, whole, monkeypatch, error):
    def unsupported(*_):
        raise OSError(error, "unsupported")

    if error is None:
        monkeypatch.delattr(os, "posix_fallocate")
    else:
        monkeypatch.setattr(os, "posix_fallocate", unsupported)
    export(tmp_path / "dump")
    assert files(tmp_path / "dump") == whole


@pytest.mark.parametrize("reserves", [True, False])
def test_space_is_taken_before_anything_is_written(tmp_path, monkeypatch, reserves):
    if not reserves:
        monkeypatch.delattr(os, "posix_fallocate")
    form = ArrayForm((1000, 100), np.dtype(np.float64), ("sample", "width"))
    with DumpStream(tmp_path, SETTINGS, {"activations": form}):
        found = os.stat(tmp_path / STAGING_NAME / "activations.npy")
        assert found.st_blocks * 512 >= found.st_size > form.bytes == 800_000


def test_values_are_on_the_disk_before_the_journal_says_so(tmp_path, eager, monkeypatch):
    events = []
    monkeypatch.setattr(
        stream_module.ReservedArray, "sync", lambda self: events.append("values"), raising=True
    )
    real = stream_module.Journal.add_done

    def add_done(journal, batches):
        events.append(batches)
        real(journal, batches)

    monkeypatch.setattr(stream_module.Journal, "add_done", add_done)
    export(tmp_path)
    each = [["values", "values", [str(batch)]] for batch in range(BATCHES)]
    assert events == [event for events in each for event in events]


def test_a_slow_disk_is_waited_for_a_twentieth_of_the_time(tmp_path, monkeypatch):
    now = [0.0]
    syncs = []

    def slow(self):
        syncs.append(now[0])
        now[0] += 1.0

    monkeypatch.setattr(stream_module.ReservedArray, "sync", slow)
    form = {"labels": ArrayForm((1,), np.dtype(np.uint8), ("sample",))}
    with DumpStream(tmp_path, SETTINGS, form, clock=lambda: now[0]) as stream:
        for batch in range(100):
            now[0] += 1.0
            stream.finish_batch(str(batch))
    # The first after 5 s; each takes 1 s, so the next is 20 s after its end.
    assert syncs[:4] == [5.0, 26.0, 47.0, 68.0]
