"""Texts are read as they were written, and what cannot be read is refused by file and line.

Oracles: texts written here by hand, and files written by Python's own ``csv`` and ``json``.
"""

import csv
import json

import pytest

from plumbline_export.errors import ExportError
from plumbline_export.prompts import Prompt, TextTable, check_equal_length

AWKWARD = [
    "plain",
    'quotes "inside", and a comma',
    "two\nlines",
    "carriage\r\nreturn",
    "  blanks around  ",
    "Zürich 🙂 \u2028 separator",
    "{braces} {{twice}}",
]


def table(folder, name: str, content: str | bytes) -> TextTable:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return TextTable.read(path)


def refusal(action) -> str:
    with pytest.raises(ExportError) as caught:
        action()
    return str(caught.value)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_reads_back_what_a_csv_writer_wrote(tmp_path, mark):
    path = tmp_path / "texts.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(mark)
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows([text, number] for number, text in enumerate(AWKWARD))
    read = TextTable.read(path)
    assert read.columns == ("text", "label")
    assert read.texts() == AWKWARD
    assert read.values("label") == [str(number) for number in range(len(AWKWARD))]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("plain", [True, False])
def test_jsonl_reads_back_what_json_wrote(tmp_path, plain, ascii_only):
    rows = [text if plain else {"text": text, "label": True} for text in AWKWARD]
    content = "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows)
    read = table(tmp_path, "texts.jsonl", content)
    assert read.texts() == AWKWARD
    if not plain:
        assert read.values("label") == [True] * len(AWKWARD)


def test_lines_are_those_of_the_file_where_texts_have_line_breaks(tmp_path):
    read = table(tmp_path, "texts.csv", 'text\n"one\ntwo"\nthree\n"four\n\nfive"\nsix\n')
    assert read.lines == (2, 4, 5, 8)


def test_templates_fill_columns_once_and_leave_braces_of_values_alone(tmp_path):
    read = table(tmp_path, "t.jsonl", '{"q": "{a}", "a": "{q}", "n": 3}\n')
    assert read.texts("{{{q}}} {a} {n}{q}") == ["{{a}} {q} 3{a}"]
    assert read.prompts("Q: {q}", " {a}") == [Prompt("Q: {a}", " {q}")]
    assert read.prompts("{q}") == [Prompt("{a}", "")]
    assert read.prompts("{q}", " Yes") == [Prompt("{a}", " Yes")]


@pytest.mark.parametrize("template", ["{", "}", "a {b", "a } b", "{a{b}}", "{}"])
def test_a_brace_that_names_no_column_is_refused(tmp_path, template):
    read = table(tmp_path, "t.csv", "a,b\n1,2\n")
    message = refusal(lambda: read.texts(template))
    assert "names no column" in message and "double a brace" in message


def test_an_unknown_column_suggests_the_nearest_or_lists_all(tmp_path):
    read = table(tmp_path, "t.csv", "question,answer\na,b\n")
    assert 't.csv: there is no column "Qestion"; did you mean "question"?' in refusal(
        lambda: read.texts("{Qestion}")
    )
    assert 'there are "question", "answer"' in refusal(lambda: read.values("xyz"))
    assert '--template "{question}"' in refusal(read.texts)


@pytest.mark.parametrize(
    ("template", "lines"),
    [(None, "lines 3, 4"), ("Q: {text}", "lines 3, 4"), ("{text}{more}", "line 4")],
)
def test_empty_texts_are_counted_and_refused(tmp_path, template, lines):
    read = table(tmp_path, "t.csv", 'text,more\na,b\n"",c\n"\t ",\n')
    message = refusal(lambda: read.texts(template))
    assert f"of 3 texts are empty ({lines})" in message


def test_many_empty_texts_are_not_all_listed(tmp_path):
    read = table(tmp_path, "t.csv", "text,x\n" + ",1\n" * 9)
    assert "9 of 9 texts are empty (lines 2, 3, 4, 5, 6 and 4 more)" in refusal(read.texts)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", "text\na\n\nb\n", "t.csv, line 3: is blank"),
        ("t.csv", "text,text\na,b\n", 't.csv, line 1: the header names "text" twice'),
        ("t.csv", 'text\na\n"b\n', "t.csv, line 3: is no CSV"),
        ("t.csv", 'text\n"a" b\n', "t.csv, line 2: is no CSV"),
        ("t.csv", "a,b\n1,2\n3\n", "t.csv, line 3: has 1 values, but the header names 2"),
        ("t.csv", "a,b\n1,2,3\n", "t.csv, line 2: has 3 values, but the header names 2"),
        ("t.csv", "", "t.csv: the first line must be a header"),
        ("t.csv", "text\n", "t.csv: there are no texts"),
        ("t.csv", b"text\n\xff\n", "t.csv: byte 6 is not UTF-8"),
        ("t.jsonl", '{"text": "a"}\n{"text": b}\n', "t.jsonl, line 2: is no JSON: .* character 10"),
        ("t.jsonl", '"a"\n\n"b"\n', "t.jsonl, line 2: is blank"),
        ("t.jsonl", '"a"\n[1]\n', "t.jsonl, line 2: must be an object"),
        ("t.jsonl", '{"a": 1, "a": 2}\n', "t.jsonl, line 1: .*same member twice"),
        ("t.jsonl", '{"a": NaN}\n', "t.jsonl, line 1: .*NaN is no number"),
        ("t.jsonl", '"a"\n"\\ud83d"\n', "t.jsonl, line 2: holds half of a surrogate pair"),
        ("t.jsonl", "[" * 100_000, "t.jsonl, line 1: is no JSON"),
        ("t.jsonl", "\n", "t.jsonl: there are no texts"),
        ("t.txt", "a", 't.txt: texts are read from files that end in ".csv"'),
    ],
)
def test_broken_files_are_refused_by_file_and_line(tmp_path, name, content, message):
    with pytest.raises(ExportError, match=message):
        table(tmp_path, name, content)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"other": "a"}', 'line 2: has no value for "text"'),
        ('{"text": null}', 'line 2: has no value for "text"'),
        ('{"text": true}', 'line 2: "text" is true; a template takes texts and numbers'),
        ('{"text": ["a"]}', r'line 2: "text" is \["a"\]; a template takes texts and numbers'),
    ],
)
def test_values_that_are_no_texts_are_refused(tmp_path, line, message):
    read = table(tmp_path, "t.jsonl", f'"first"\n{line}\n')
    with pytest.raises(ExportError, match=message):
        read.texts()


def test_a_long_text_is_no_error(tmp_path):
    text = "word " * 50_000
    assert table(tmp_path, "t.csv", f"text\n{text}\n").texts() == [text]


def test_missing_files_end_with_the_code_for_missing_input(tmp_path):
    with pytest.raises(ExportError, match="none.csv: cannot be read") as caught:
        TextTable.read(tmp_path / "none.csv")
    assert caught.value.exit_code == 66


def test_unequal_pair_files_are_refused_with_both_numbers(tmp_path):
    first = table(tmp_path, "yes.csv", "text\na\nb\n")
    check_equal_length(first, table(tmp_path, "no.csv", "text\nc\nd\n"))
    second = table(tmp_path, "no.jsonl", '"c"\n')
    message = refusal(lambda: check_equal_length(first, second))
    assert "yes.csv has 2 texts" in message and "no.jsonl has 1" in message
