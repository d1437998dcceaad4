"""An interrupted export goes on where it stopped, and no failure loses or half-writes anything.

Oracles: the bytes of an uninterrupted export, and of ``write_dump`` for the same values.
"""

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from plumbline_export import stream as stream_module
from plumbline_export.dump import DumpArray, write_dump
from plumbline_export.errors import ExportError
from plumbline_export.reserved import ArrayForm
from plumbline_export.stream import STAGING_NAME, DumpStream, refuse_finished_dump

AXES = ("sample", "layer", "width")
BATCHES = 5
ROWS = 3
SETTINGS = {"token": "last", "model": {"name": "m", "fingerprint": "sha256:1"}, "batch": 3}
DESCRIPTION = {"model": {"name": "m"}, "layers": ["embeddings", "block 1"]}
FORMS = {
    "positive": ArrayForm((BATCHES * ROWS, 2, 4), np.dtype(np.float16), AXES),
    "contrasts.a.negative": ArrayForm((BATCHES * ROWS, 2, 4), np.dtype(np.float32), AXES),
}
LABELS = {"labels": DumpArray(np.arange(BATCHES * ROWS) % 2, ("sample",), {"name": "truth"})}
TEXTS = [{"text": f"zwölf {row}"} for row in range(BATCHES * ROWS)]
VALUES = {"finalNorm.epsilon": 1e-5, "alignedTokens": [1, 2]}


def batch_rows(batch: int) -> slice:
    return slice(batch, None, BATCHES)  # not next to each other, as in batches by length


def batch_values(role: str, batch: int) -> np.ndarray:
    form = FORMS[role]
    generator = np.random.default_rng(batch + len(role))
    return generator.normal(size=(ROWS, *form.shape[1:])).astype(form.type)


def export(folder, settings=SETTINGS, before_batch=lambda batch: None, **options) -> list[int]:
    """Fills a dump; returns the batches that this run computed."""
    computed = []
    with DumpStream(Path(folder), settings, FORMS, **options) as stream:
        if stream.is_complete:
            return computed
        for batch in range(BATCHES):
            if str(batch) in stream.done:
                continue
            for role, values in stream.arrays.items():
                values[batch_rows(batch)] = batch_values(role, batch)
                before_batch(batch)
            stream.finish_batch(str(batch))
            computed.append(batch)
        stream.finish(DESCRIPTION, LABELS, TEXTS, VALUES)
    return computed


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def whole(tmp_path) -> dict[str, bytes]:
    """The files of an uninterrupted export."""
    export(tmp_path / "whole")
    return files(tmp_path / "whole")


@pytest.fixture
def eager(monkeypatch):
    """Every finished batch is put on the disk at once."""
    monkeypatch.setattr(stream_module, "SECONDS_BETWEEN_SYNCS", 0.0)
    monkeypatch.setattr(stream_module, "SHARE_OF_SYNCS", float("inf"))


def stopping_at(stop: int):
    def before_batch(batch: int) -> None:
        if batch == stop:
            raise KeyboardInterrupt

    return before_batch


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
