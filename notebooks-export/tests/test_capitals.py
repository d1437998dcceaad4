"""The structure of the capitals statements, and the model that reads them."""

from collections import Counter, defaultdict

import numpy as np
from support import (
    STUDIES,
    NumberedEncoder,
    assert_same_but_for_states,
    assert_stored_states_are_those_of_the_model,
    assert_states_follow_the_order,
    needs_model,
)

from plumbline_export.studies.capitals import CAPITALS, TEMPLATES, export, opposites, statements
from plumbline_export.studies.encoding import Encoder
from plumbline_export.studies.study import installed_model

SAMPLES = statements()
PLACES = {place: city for capitals in CAPITALS.values() for place, city in capitals.items()}


def groups():
    members = defaultdict(list)
    for sample in SAMPLES:
        members[sample.group].append(sample)
    return members


def test_places_and_capitals_occur_once():
    assert len(PLACES) == sum(len(capitals) for capitals in CAPITALS.values())
    assert len(set(PLACES.values())) == len(PLACES)
    assert not set(PLACES) & set(PLACES.values())
    assert all(place.lower() not in city.lower() for place, city in PLACES.items())


def test_there_are_enough_groups_for_intervals_on_the_test_side():
    assert len(groups()) == len(PLACES) // 2
    assert int(0.4 * len(groups())) >= 20


def test_samples_are_distinct():
    texts = [text for sample in SAMPLES for text in (sample.positive, sample.negative)]
    assert len(set(texts)) == len(texts) == 16 * len(groups())


def test_labels_are_true():
    assert all(sample.is_true == (PLACES[sample.place] == sample.city) for sample in SAMPLES)


def test_within_a_group_no_single_name_tells_truth():
    for members in groups().values():
        assert len(members) == 8
        assert len({sample.place for sample in members}) == 2
        assert len({sample.kind for sample in members}) == 1
        for attribute in ("place", "city", "template"):
            counts = Counter((getattr(sample, attribute), sample.is_true) for sample in members)
            assert set(counts.values()) == {2}


def test_no_name_is_in_two_groups():
    for attribute in ("place", "city"):
        seen = {(getattr(sample, attribute), sample.group) for sample in SAMPLES}
        assert len(seen) == len(PLACES)


def test_opposites_are_mutual_and_differ_only_in_the_capital():
    rows = opposites(SAMPLES)
    for row, opposite in enumerate(rows):
        one, other = SAMPLES[row], SAMPLES[opposite]
        assert rows[opposite] == row != opposite
        assert one.is_true != other.is_true
        assert one.city != other.city
        assert (one.group, one.place, one.template) == (other.group, other.place, other.template)


def test_sides_differ_only_in_the_negation():
    for sample in SAMPLES:
        assert sample.negative.replace(" is not ", " is ") == sample.positive
        assert " not " not in sample.positive
        assert sample.positive.endswith(".") and sample.positive[0].isupper()


def test_order_is_fixed_and_not_sorted_by_anything():
    assert statements() == SAMPLES
    assert statements(seed=2) != SAMPLES
    for attribute in ("is_true", "template", "kind"):
        values = [getattr(sample, attribute) for sample in SAMPLES]
        first = Counter(values[: len(values) // 2])
        for value, count in Counter(values).items():
            # Hypergeometric: 4 standard deviations of about sqrt(n) / 4.
            assert abs(first[value] - count / 2) < len(values) ** 0.5


@needs_model
def test_all_texts_of_a_side_are_of_one_length():
    tokenizer = Encoder.from_folder(installed_model()).tokenizer
    for side in ("positive", "negative"):
        encoded = tokenizer.encode_batch([getattr(sample, side) for sample in SAMPLES])
        assert len({len(text.ids) for text in encoded}) == 1


@needs_model
def test_similarities_are_those_of_the_published_model():
    # Printed in the Sentence Transformers quickstart for all-MiniLM-L6-v2.
    encoder = Encoder.from_folder(installed_model())
    last = encoder.mean_states(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )[:, -1]
    unit = last / np.linalg.norm(last, axis=1, keepdims=True)
    expected = [[1, 0.6660, 0.1046], [0.6660, 1, 0.1411], [0.1046, 0.1411, 1]]
    np.testing.assert_allclose(unit @ unit.T, expected, rtol=0, atol=1e-4)


STUDY = STUDIES / "capitals"


def test_the_dump_holds_every_statement_in_order(tmp_path):
    encoder = NumberedEncoder(SAMPLES)
    export(tmp_path, encoder, "sentence-transformers/all-MiniLM-L6-v2")
    assert_states_follow_the_order(tmp_path, SAMPLES, encoder)
    np.testing.assert_array_equal(np.load(tmp_path / "labels.npy"), [s.is_true for s in SAMPLES])
    names = [TEMPLATES[category].name for category in np.load(tmp_path / "categories.npy")]
    assert names == [TEMPLATES[sample.template].name for sample in SAMPLES]
    assert_same_but_for_states(tmp_path, STUDY)


@needs_model
def test_the_checked_in_states_are_those_of_the_model():
    assert_stored_states_are_those_of_the_model(STUDY, SAMPLES)
