"""The structure of the polarity statements, and the dumps made of them."""

import re
from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pytest
from support import (
    STUDIES,
    NumberedEncoder,
    assert_same_but_for_states,
    assert_states_follow_the_order,
    assert_stored_states_are_those_of_the_model,
    needs_model,
)

from plumbline_export.studies.encoding import Encoder
from plumbline_export.studies.marker import replace_marker
from plumbline_export.studies.polarity import (
    CATEGORIES,
    CONSTRUCTIONS,
    FORMS,
    export,
    main,
    marked,
    opposites,
    pairs,
    statements,
)
from plumbline_export.studies.study import MODEL_NAME, installed_model

POLARITY = "plumbline_export.studies.polarity"

PAIRS = pairs()
SAMPLES = statements()
MARKED = marked(SAMPLES, replace_marker)
NEGATION = [pair for pair in PAIRS if pair.construction == "negation"]
WORDING = [pair for pair in PAIRS if pair.construction == "wording"]
STUDY = STUDIES / "polarity"


def words(text: str) -> list[str]:
    return re.findall(r"[\w'’-]+", text.lower())


def test_every_category_has_sixteen_pairs_of_each_construction():
    assert len(CATEGORIES) == 7
    counts = Counter((pair.category, pair.construction) for pair in PAIRS)
    assert counts == {(category, kind): 16 for category in CATEGORIES for kind in CONSTRUCTIONS}


def test_every_statement_is_one_short_sentence():
    for pair in PAIRS:
        for text in (pair.safe, pair.harmful):
            assert re.fullmatch(r"[A-Z][\w,' -]+\.", text), text
            assert 5 <= len(text.split()) <= 16, text


def test_statements_differ_in_more_than_a_word():
    texts = [text for pair in PAIRS for text in (pair.safe, pair.harmful)]
    assert len({text.lower() for text in texts}) == len(texts) == 448
    # Of two pairs, no statements share half of their words.
    vocabularies = [set(words(pair.safe)) | set(words(pair.harmful)) for pair in PAIRS]
    for (one, left), (other, right) in combinations(zip(PAIRS, vocabularies), 2):
        assert len(left & right) < len(left | right) / 2, (one, other)


def test_members_of_a_negated_pair_differ_by_one_not():
    for pair in NEGATION:
        members = [pair.safe.split(), pair.harmful.split()]
        bare, negated = sorted(members, key=len)
        place = negated.index("not")
        assert negated[:place] + negated[place + 1 :] == bare, pair
        assert "not" not in words(" ".join(bare)), pair


def test_not_says_nothing_about_the_label():
    for category in CATEGORIES:
        members = [pair for pair in NEGATION if pair.category == category]
        assert sum("not" in pair.safe.split() for pair in members) == 8
        assert sum("not" in pair.harmful.split() for pair in members) == 8


def test_pairs_by_wording_have_no_negation():
    forbidden = {
        *("not", "no", "never", "none", "nor", "neither", "nothing", "nobody", "nowhere"),
        *("cannot", "without"),
    }
    for pair in WORDING:
        for text in (pair.safe, pair.harmful):
            assert not forbidden & set(words(text)), text
            assert not re.search(r"n['’]t\b", text), text


@needs_model
def test_length_says_nothing_about_the_label():
    tokenizer = Encoder.from_folder(installed_model()).tokenizer
    lengths = defaultdict(lambda: ([], []))
    for sample in SAMPLES:
        counts = lengths[sample.category, sample.construction]
        counts[sample.is_safe].append(len(tokenizer.encode(sample.text).ids))
    assert len(lengths) == 14
    for kind, (harmful, safe) in lengths.items():
        assert abs(np.mean(safe) / np.mean(harmful) - 1) < 0.03, kind
    for pair in PAIRS:
        safe, harmful = (len(tokenizer.encode(text).ids) for text in (pair.safe, pair.harmful))
        assert abs(safe - harmful) <= 1, pair


@pytest.mark.parametrize("samples", [SAMPLES, MARKED], ids=["all", "marked"])
def test_opposites_are_mutual_and_of_one_pair(samples):
    rows = opposites(samples)
    for row, opposite in enumerate(rows):
        one, other = samples[row], samples[opposite]
        assert rows[opposite] == row != opposite
        assert one.is_safe != other.is_safe
        assert (one.group, one.category, one.construction) == (
            (other.group, other.category, other.construction)
        )
    assert all(count == 2 for count in Counter(sample.group for sample in samples).values())


def test_samples_are_the_members_of_the_pairs():
    assert len(SAMPLES) == 448
    for sample in SAMPLES:
        pair = PAIRS[sample.group]
        assert sample.text == (pair.safe if sample.is_safe else pair.harmful)
        assert (sample.category, sample.construction) == (pair.category, pair.construction)
        assert sample.original is None


def test_sides_differ_only_in_the_answer():
    for sample in [*SAMPLES, *MARKED]:
        assert sample.positive == sample.text + " Yes."
        assert sample.negative == sample.text + " No."


def test_order_is_fixed_and_not_sorted_by_anything():
    assert statements() == SAMPLES
    assert statements(seed=2) != SAMPLES
    for attribute in ("is_safe", "category", "construction"):
        values = [getattr(sample, attribute) for sample in SAMPLES]
        first = Counter(values[: len(values) // 2])
        for value, count in Counter(values).items():
            # Hypergeometric: 4 standard deviations of at most sqrt(n) / 4.
            assert abs(first[value] - count / 2) < len(values) ** 0.5


def test_the_marker_stands_where_not_stood():
    unmarked = [sample for sample in SAMPLES if sample.construction == "negation"]
    assert len(MARKED) == len(unmarked) == 224
    for before, after in zip(unmarked, MARKED):
        assert after.original == before.text
        expected = ["ttt" if word == "not" else word for word in before.text.split()]
        assert after.text.split() == expected
        assert (after.group, after.category, after.is_safe) == (
            (before.group, before.category, before.is_safe)
        )
    assert sum("ttt" in sample.text.split() for sample in MARKED) == 112


def test_the_form_says_where_not_stands_or_stood():
    for sample in SAMPLES:
        assert (sample.form == "negated") == ("not" in words(sample.text))
    for sample in MARKED:
        assert (sample.form == "negated") == ("ttt" in words(sample.text))


def test_the_dump_holds_every_statement_in_order(tmp_path):
    encoder = NumberedEncoder(SAMPLES)
    export(tmp_path, encoder, MODEL_NAME)
    assert_states_follow_the_order(tmp_path, SAMPLES, encoder)
    np.testing.assert_array_equal(np.load(tmp_path / "labels.npy"), [s.is_safe for s in SAMPLES])
    np.testing.assert_array_equal(np.load(tmp_path / "groups.npy"), [s.group for s in SAMPLES])
    categories = np.load(tmp_path / "categories.npy")
    assert [CATEGORIES[number] for number in categories] == [s.category for s in SAMPLES]
    constructions = np.load(tmp_path / "attributes.construction.npy")
    assert [CONSTRUCTIONS[number] for number in constructions] == [s.construction for s in SAMPLES]
    forms = np.load(tmp_path / "attributes.form.npy")
    assert [FORMS[number] for number in forms] == [s.form for s in SAMPLES]
    assert_same_but_for_states(tmp_path, STUDY)


def test_the_marker_dump_holds_the_negated_pairs_in_order(tmp_path):
    encoder = NumberedEncoder(MARKED)
    export(tmp_path, encoder, MODEL_NAME, replace_marker)
    assert_states_follow_the_order(tmp_path, MARKED, encoder)
    assert_same_but_for_states(tmp_path, STUDY / "marker")


def test_the_marker_dump_can_be_compared_row_by_row_with_the_negated_pairs():
    negated = np.load(STUDY / "attributes.construction.npy") == CONSTRUCTIONS.index("negation")
    for role in ("labels", "groups", "categories", "attributes.form"):
        np.testing.assert_array_equal(
            np.load(STUDY / f"{role}.npy")[negated], np.load(STUDY / "marker" / f"{role}.npy")
        )


@needs_model
@pytest.mark.parametrize(
    ("folder", "samples"), [(STUDY, SAMPLES), (STUDY / "marker", MARKED)], ids=["all", "marked"]
)
def test_the_checked_in_states_are_those_of_the_model(folder, samples):
    assert_stored_states_are_those_of_the_model(folder, samples)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], None),
        (["--marker"], "You should ttt fly another shift."),
        (["--marker", "zzz"], "You should zzz fly another shift."),
        (["--marker", "--boundary", "substring"], "You should ttt fly attther shift."),
    ],
)
def test_the_command_line_chooses_the_marker(monkeypatch, tmp_path, arguments, expected):
    calls = []
    monkeypatch.setattr(f"{POLARITY}.chosen_model", lambda _: ("encoder", "name"))
    monkeypatch.setattr(f"{POLARITY}.export", lambda *given: calls.append(given))
    main(["--output", str(tmp_path), *arguments])
    [(folder, encoder, name, *replace)] = calls
    assert (folder, encoder, name) == (tmp_path, "encoder", "name")
    assert [each("You should not fly another shift.") for each in replace] == (
        [] if expected is None else [expected]
    )


def test_a_boundary_without_a_marker_is_refused(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["--output", str(tmp_path), "--boundary", "word"])
    assert "--marker" in capsys.readouterr().err
