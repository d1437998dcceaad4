"""An interrupted export goes on where it stopped, and no failure loses or half-writes anything.

Oracles: the bytes of an uninterrupted export, and of ``write_dump`` for the same values.
"""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from plumbline_export.dump import DumpArray, write_dump
from plumbline_export.errors import ExportError
from plumbline_export.reserved import ArrayForm
from plumbline_export.stream import STAGING_NAME, DumpStream, refuse_finished_dump

from streams import (
    AXES,
    BATCHES,
    DESCRIPTION,
    FORMS,
    LABELS,
    SETTINGS,
    TEXTS,
    VALUES,
    batch_rows,
    batch_values,
    export,
    files,
    stopping_at,
)


def test_a_stream_writes_what_write_dump_writes(tmp_path, whole):
    arrays = {}
    for role, form in FORMS.items():
        values = np.zeros(form.shape, form.type)
        for batch in range(BATCHES):
            values[batch_rows(batch)] = batch_values(role, batch)
        arrays[role] = DumpArray(values, form.axes)
    write_dump(tmp_path / "other", DESCRIPTION, {**arrays, **LABELS}, TEXTS)
    other = files(tmp_path / "other")
    assert whole.keys() == other.keys()
    manifests = [json.loads(found.pop("dump.json")) for found in (whole, other)]
    assert whole == other
    assert {role: manifests[0]["arrays"].pop(role) for role in VALUES} == VALUES
    assert manifests[0] == manifests[1]


@pytest.mark.parametrize("stop", range(BATCHES))
def test_an_interrupted_export_goes_on_to_the_same_bytes(tmp_path, whole, stop):
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "dump", before_batch=stopping_at(stop))
    assert not (tmp_path / "dump" / "dump.json").exists()
    assert export(tmp_path / "dump") == list(range(stop, BATCHES))
    assert files(tmp_path / "dump") == whole


KILLED = """
import os, signal, sys
import test_stream
from plumbline_export import stream
stop, eager = int(sys.argv[2]), sys.argv[3] == "eager"
if eager:
    stream.SECONDS_BETWEEN_SYNCS, stream.SHARE_OF_SYNCS = 0.0, float("inf")
def kill(batch):
    if batch == stop:
        os.kill(os.getpid(), signal.SIGKILL)
test_stream.export(sys.argv[1], before_batch=kill)
"""


@pytest.mark.parametrize("stop", range(BATCHES))
@pytest.mark.parametrize("mode", ["eager", "lazy"])
def test_a_killed_process_loses_at_most_what_was_not_put_on_the_disk(tmp_path, whole, stop, mode):
    """The process dies between the rows of two roles of one batch."""
    here = Path(__file__).parent
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "dump"), str(stop), mode],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "dump" / "dump.json").exists()
    first = stop if mode == "eager" else 0
    assert export(tmp_path / "dump") == list(range(first, BATCHES))
    assert files(tmp_path / "dump") == whole


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_interrupted_move_goes_on_and_computes_nothing(tmp_path, whole, monkeypatch, overwrite):
    folder = tmp_path / "dump"
    for moves in range(len(whole)):
        if overwrite:
            write_dump(folder, {"site": "old"}, {"labels": DumpArray(np.zeros(2), ("sample",))})
        real, count = os.replace, iter(range(100))

        def failing(source, destination):
            # The journal itself is put in its place by the first call.
            if next(count) > moves:
                raise OSError(errno.EIO, "failed", str(destination))
            real(source, destination)

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", failing)
            with pytest.raises(ExportError, match="failed"):
                export(folder, overwrite=overwrite)
        assert not (folder / "dump.json").exists()
        assert export(folder) == []
        assert files(folder) == whole
        (folder / "dump.json").unlink()


def test_other_settings_are_refused_and_named(tmp_path, whole):
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "dump", before_batch=stopping_at(2))
    before = files(tmp_path / "dump")
    other = {"token": "mean", "model": {"name": "m", "fingerprint": "sha256:2"}, "chat": True}
    with pytest.raises(ExportError) as caught:
        export(tmp_path / "dump", other)
    for difference in (
        "token: last before, mean now",
        "model.fingerprint: sha256:1 before, sha256:2 now",
        "batch: 3 before, nothing now",
        "chat: nothing before, true now",
    ):
        assert difference in str(caught.value)
    assert "model.name" not in str(caught.value)
    assert files(tmp_path / "dump") == before
    export(tmp_path / "dump")
    assert files(tmp_path / "dump") == whole


def test_other_shapes_are_other_settings(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path, before_batch=stopping_at(2))
    shorter = {"positive": ArrayForm((2, 2, 4), np.dtype(np.float16), AXES)}
    message = r"arrays.contrasts.*nothing now.*arrays.positive.shape: \[15, 2, 4\] before, \[2, 2"
    with pytest.raises(ExportError, match=message):
        DumpStream(tmp_path, SETTINGS, shorter)


def test_a_finished_dump_is_replaced_only_where_that_is_asked_for(tmp_path, whole):
    folder = tmp_path / "dump"
    old = {"positive": DumpArray(np.ones((1, 1, 1)), AXES)}
    write_dump(folder, {"site": "old"}, old)
    before = files(folder)
    for refused in (lambda: export(folder), lambda: refuse_finished_dump(folder, False)):
        with pytest.raises(ExportError, match="holds a dump already.*--overwrite") as caught:
            refused()
        assert caught.value.exit_code == 73
    assert files(folder) == before

    # The old dump is whole until the new one is, and going on asks for the option again.
    with pytest.raises(KeyboardInterrupt):
        export(folder, overwrite=True, before_batch=stopping_at(3))
    assert {name: files(folder)[name] for name in before} == before
    with pytest.raises(ExportError, match="holds a dump already"):
        export(folder)
    assert export(folder, overwrite=True) == [3, 4]
    assert files(folder) == whole


def test_two_exports_into_one_folder_are_refused(tmp_path):
    with DumpStream(tmp_path, SETTINGS, FORMS):
        with pytest.raises(ExportError, match="another export is writing there"):
            DumpStream(tmp_path, SETTINGS, FORMS)
    with DumpStream(tmp_path, SETTINGS, FORMS):
        pass


def test_a_half_written_line_of_the_journal_is_no_line(tmp_path, whole, eager):
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "dump", before_batch=stopping_at(3))
    journal = tmp_path / "dump" / STAGING_NAME / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-3])
    # What is written after it must not become part of it.
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "dump", before_batch=stopping_at(4))
    assert [json.loads(line) for line in journal.read_text().splitlines()][1:] == [
        {"done": [str(batch)]} for batch in (0, 1, 2, 3)
    ]
    assert export(tmp_path / "dump") == [4]
    assert files(tmp_path / "dump") == whole


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("journal.jsonl", b"{}\n"),
        ("journal.jsonl", b"\xff\n"),
        ("journal.jsonl", b""),
        ("positive.npy", b"short"),
        ("positive.npy", None),
    ],
)
def test_a_damaged_interrupted_export_is_refused(tmp_path, name, content):
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path, before_batch=stopping_at(3))
    path = tmp_path / STAGING_NAME / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ExportError, match=f"{name}: does not fit.*remove.*{STAGING_NAME}"):
        export(tmp_path)


def test_a_cut_array_of_an_interrupted_export_is_refused(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path, before_batch=stopping_at(3))
    path = tmp_path / STAGING_NAME / "positive.npy"
    os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(ExportError, match="bytes in place of"):
        export(tmp_path)


def test_values_that_are_not_finite_are_refused_by_place(tmp_path):
    forms = {"positive": FORMS["positive"]}
    with DumpStream(tmp_path, SETTINGS, forms) as stream:
        stream.arrays["positive"][...] = 0
        stream.arrays["positive"][7, 1, 2] = np.inf
        stream.finish_batch("0")
        with pytest.raises(ExportError, match="'sample': 7, 'layer': 1, 'width': 2.*not finite"):
            stream.finish(DESCRIPTION)
    assert not (tmp_path / "dump.json").exists()


def test_memory_does_not_grow_with_the_dump(tmp_path, eager):
    """256 MB in 64 batches: what is resident at the peak is far less."""
    # Not ru_maxrss, which begins at what the process that started this one had.
    script = """
import re, sys
import numpy as np
from pathlib import Path
from plumbline_export import stream
from plumbline_export.reserved import ArrayForm
stream.SECONDS_BETWEEN_SYNCS, stream.SHARE_OF_SYNCS = 0.0, float("inf")
form = ArrayForm((64, 1 << 20), np.dtype(np.float32), ("sample", "width"))
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
before = peak()
with stream.DumpStream(Path(sys.argv[1]), {}, {"activations": form}) as filled:
    for batch in range(64):
        filled.arrays["activations"][batch] = batch
        filled.finish_batch(str(batch))
    filled.finish({})
print((peak() - before) // 1024)
"""
    grown = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        check=True,
        capture_output=True,
        text=True,
    )
    # One block of 16 MB is looked at for values that are not finite, and its answer takes 4 MB.
    assert int(grown.stdout) < 64
