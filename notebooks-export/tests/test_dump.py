"""Dumps appear whole or not at all, and say what they hold."""

import errno
import json
import resource

import numpy as np
import pytest

from plumbline_export.dump import DumpArray, read_dump, write_dump

AXES = ("sample", "layer", "width")


def arrays(**changes: DumpArray) -> dict[str, DumpArray]:
    states = np.arange(24, dtype=np.float16).reshape(3, 2, 4)
    return {
        "positive": DumpArray(states, AXES),
        "negative": DumpArray(-states, AXES),
        "labels": DumpArray(np.array([0, 1, 1], np.uint8), ("sample",)),
        **changes,
    }


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_arrays_and_manifest_read_back(tmp_path):
    texts = [{"text": text} for text in ("one", "zwölf", "three")]
    category = DumpArray(np.array([1, 0, 1]), ("sample",), {"name": "template"})
    written = arrays(categories=category)
    write_dump(tmp_path, {"model": {"name": "m"}, "layers": ["a", "b"]}, written, texts)

    manifest = json.loads((tmp_path / "dump.json").read_text(encoding="utf-8"))
    assert (manifest["format"], manifest["version"]) == ("plumbline-dump", 1)
    assert manifest["model"] == {"name": "m"}
    assert manifest["arrays"]["categories"] == {
        "file": "categories.npy",
        "axes": ["sample"],
        "name": "template",
    }
    for role, array in written.items():
        read = np.load(tmp_path / manifest["arrays"][role]["file"], allow_pickle=False)
        assert read.dtype == array.values.dtype
        np.testing.assert_array_equal(read, array.values)
    lines = (tmp_path / manifest["arrays"]["texts"]["file"]).read_text(encoding="utf-8")
    assert [json.loads(line) for line in lines.splitlines()] == texts


def test_what_was_written_reads_back_equal(tmp_path):
    texts = [{"text": text} for text in ("one", "zwölf", "three")]
    description = {"model": {"name": "m"}, "layers": ["a", "b"], "token": "last"}
    category = DumpArray(np.array([1, 0, 1]), ("sample",), {"name": "template"})
    values = {"sweep.layer": 1, "sweep.positions": "all", "alignedTokens": [3, 1]}
    written = arrays(categories=category)
    write_dump(tmp_path, description, written, texts, values)

    dump = read_dump(tmp_path)
    assert (dump.description, dump.texts, dump.values) == (description, texts, values)
    assert dump.arrays.keys() == written.keys()
    for role, array in written.items():
        assert (dump.arrays[role].axes, dump.arrays[role].details) == (array.axes, array.details)
        np.testing.assert_array_equal(dump.arrays[role].values, array.values)


def test_contrasts_may_have_samples_of_their_own(tmp_path):
    def side(samples: int) -> DumpArray:
        return DumpArray(np.zeros((samples, 2, 4), np.float32), AXES)

    roles = {"contrasts.honesty.positive": side(5), "contrasts.honesty.negative": side(5)}
    write_dump(tmp_path, {}, arrays(**roles, **{"contrasts.b.positive": side(2)}))
    assert read_dump(tmp_path).arrays["contrasts.honesty.positive"].values.shape[0] == 5
    roles["contrasts.honesty.negative"] = side(4)
    with pytest.raises(ValueError, match="contrasts.honesty.negative: axis sample is 4, but 5"):
        write_dump(tmp_path, {}, arrays(**roles))


def test_fortran_order_is_written_as_c_order(tmp_path):
    states = np.asfortranarray(arrays()["positive"].values)
    write_dump(tmp_path, {}, arrays(positive=DumpArray(states, AXES)))
    assert np.load(tmp_path / "positive.npy").flags.c_contiguous
    np.testing.assert_array_equal(np.load(tmp_path / "positive.npy"), states)


def test_rewriting_leaves_other_files_alone(tmp_path):
    (tmp_path / "study.json5").write_text("mine")
    for _ in range(2):
        write_dump(tmp_path, {}, arrays())
    assert (tmp_path / "study.json5").read_text() == "mine"
    arrays_written = ["labels.npy", "negative.npy", "positive.npy"]
    assert files(tmp_path) == ["dump.json", *arrays_written, "study.json5"]


def test_a_failure_leaves_the_old_dump(tmp_path, monkeypatch):
    write_dump(tmp_path, {"site": "old"}, arrays())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    saved = []

    def failing_save(file, values, **_):
        if saved:
            raise OSError("no space left")
        saved.append(values)

    monkeypatch.setattr("plumbline_export.dump.np.save", failing_save)
    with pytest.raises(OSError, match="no space"):
        write_dump(tmp_path, {"site": "new"}, arrays())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_full_disk_is_named_and_leaves_the_old_dump(tmp_path):
    write_dump(tmp_path, {"site": "old"}, arrays())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    states = DumpArray(np.zeros((3, 2, 1000), np.float32), AXES)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(OSError, match="too large; nothing was changed.*positive.npy") as caught:
            write_dump(tmp_path, {"site": "new"}, arrays(positive=states, negative=states))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.errno == errno.EFBIG
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_interrupted_replacement_is_no_dump(tmp_path, monkeypatch):
    write_dump(tmp_path, {"site": "old"}, arrays())

    def failing_replace(source, destination):
        raise OSError("interrupted")

    monkeypatch.setattr("plumbline_export.dump.os.replace", failing_replace)
    with pytest.raises(OSError, match="interrupted"):
        write_dump(tmp_path, {"site": "new"}, arrays())
    assert "dump.json" not in files(tmp_path)


@pytest.mark.parametrize(
    ("changes", "description", "texts", "message"),
    [
        ({"labels": DumpArray(np.zeros(4), ("sample",))}, {}, None, "labels: axis sample is 4"),
        ({"labels": DumpArray(np.zeros(3), ("sample", "layer"))}, {}, None, "does not fit axes"),
        ({}, {"layers": ["one"]}, None, "axis layer is 2, but 1 in layers"),
        ({}, {}, [{"text": "one"}], "axis sample is 3, but 1 in texts"),
        (
            {"labels": DumpArray(np.array([0, np.nan, 1]), ("sample",))},
            {},
            None,
            r"labels: the value at \{'sample': 1\} is not finite",
        ),
    ],
)
def test_inconsistent_arrays_are_refused(tmp_path, changes, description, texts, message):
    with pytest.raises(ValueError, match=message):
        write_dump(tmp_path, description, arrays(**changes), texts)
    assert files(tmp_path) == []
