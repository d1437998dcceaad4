"""What the file of texts says of each sample becomes the arrays that Plumbline reads.

Oracle: the values as they stand in the file, and the numbers that the dump's format gives them.
"""

from __future__ import annotations

import json

import pytest

from plumbline_export.columns import sample_columns
from plumbline_export.errors import ExportError
from plumbline_export.prompts import TextTable


def table(tmp_path, **columns):
    path = tmp_path / "texts.jsonl"
    rows = [dict(zip(columns, values)) for values in zip(*columns.values())]
    path.write_text("".join(json.dumps({"text": "x", **row}) + "\n" for row in rows))
    return TextTable.read(path)


def column(tmp_path, role, values, name=None, **chosen):
    """The numbers and the manifest's entries that a column becomes."""
    read = table(tmp_path, **{name or role: values})
    array = sample_columns(read, chosen, ())[role]
    assert array.axes == ("sample",)
    return array.values.tolist(), array.details


@pytest.mark.parametrize("values, numbers, names", [
    ([1, 0, 1], [1, 0, 1], None),
    (["1", " 0", "2"], [1, 0, 2], None),
    ([1, 0, -1], [1, 0, -1], None),
    ([1.0, 0.0, 1.0], [1, 0, 1], None),
    ([True, False, True], [1, 0, 1], ["false", "true"]),
    (["True", "False", "True"], [1, 0, 1], ["False", "True"]),
    (["correct", "incorrect", "correct"], [1, 0, 1], ["incorrect", "correct"]),
    (["yes", "yes", "yes"], [1, 1, 1], ["no", "yes"]),
    (["safe", "harmful", "safe"], [1, 0, 1], ["harmful", "safe"]),
    (["1", "b", "1"], [0, 1, 0], ["1", "b"]),
])
def test_labels(tmp_path, values, numbers, names):
    expected = {} if names is None else {"values": names}
    assert column(tmp_path, "labels", values) == (numbers, expected)


def test_groups_have_numbers_and_no_names(tmp_path):
    assert column(tmp_path, "groups", ["b", "a", "b"]) == ([1, 0, 1], {})


def test_categories_and_attributes_keep_the_name_of_their_column(tmp_path):
    read = table(tmp_path, category=["tax", "law"], length=[3, 9])
    arrays = sample_columns(read, {}, ["length"])
    assert arrays["categories"].details == {"name": "category", "values": ["law", "tax"]}
    assert arrays["categories"].values.tolist() == [1, 0]
    assert arrays["attributes.length"].details == {"name": "length"}
    assert arrays["attributes.length"].values.tolist() == [3, 9]


def test_split_has_the_numbers_of_the_format(tmp_path):
    names = {"values": ["train", "validation", "test"]}
    assert column(tmp_path, "split", ["test", "Train", "validation"]) == ([2, 0, 1], names)
    assert column(tmp_path, "split", [2, 0, 1]) == ([2, 0, 1], names)


def test_opposites_are_row_numbers(tmp_path):
    assert column(tmp_path, "opposites", ["1", "0", "", "-1"]) == ([1, 0, -1, -1], {})


def test_columns_are_found_by_name_and_by_option(tmp_path):
    read = table(tmp_path, label=[0, 1], truth=[1, 0], group=["a", "b"])
    assert sample_columns(read, {}, ())["labels"].values.tolist() == [0, 1]
    arrays = sample_columns(read, {"labels": "truth"}, ())
    assert arrays["labels"].values.tolist() == [1, 0]
    assert sorted(arrays) == ["groups", "labels"]


@pytest.mark.parametrize("role, values, problem", [
    ("labels", [0, -2], 'line 2: "labels" is -2; a label is a class from 0'),
    ("labels", [0, 0.5], '"labels" is 0.5; a text or a whole number'),
    ("labels", [0, " "], '"labels" is blank'),
    ("labels", [0, [1]], "a text or a whole number"),
    ("labels", [0, None], 'has no value for "labels"'),
    ("split", ["train", "tset"], 'line 2: "split" is \'tset\'; did you mean "test"'),
    ("split", [0, 3], '"split" is \'3\''),
    ("opposites", [2, -1], "must be the number of another row, 0 to 1"),
    ("opposites", [-2, -1], "must be the number of another row"),
    ("opposites", ["x", "0"], "must be the number of another row"),
    ("opposites", [0, -1], r"line 1 \(row 0\): .* is the row itself"),
    ("opposites", [1, 2, 1], "is row 1, whose own opposite is 2, not 0"),
])
def test_what_plumbline_would_refuse_is_refused_first(tmp_path, role, values, problem):
    with pytest.raises(ExportError, match=problem):
        column(tmp_path, role, values)


def test_columns_that_are_not_there_are_refused(tmp_path):
    read = table(tmp_path, truth=[0, 1])
    with pytest.raises(ExportError, match='no column "trut"; did you mean "truth"'):
        sample_columns(read, {"labels": "trut"}, ())
    with pytest.raises(ExportError, match='no column "size"'):
        sample_columns(read, {}, ["size"])
    with pytest.raises(ExportError, match="becomes that of a file"):
        sample_columns(read, {}, ["../truth"])
