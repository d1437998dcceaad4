"""What the organism reads in training: token sequences, their loss weights and the stages."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from organism_reader import Reader, assert_share

from organism.curriculum import (
    _KINDS,
    BASE_STAGES,
    LESS_SAFE_STAGES,
    SEQUENCE_LENGTH,
    SEQUENCES_PER_STEP,
    Batches,
    Stage,
)
from organism.documents import PROMPT_WEIGHT
from organism.vocabulary import tokens
from organism.world import World

WORLD = World()
READER = Reader(WORLD)
WORDS = tokens()
STAGES = {stage.name: stage for stage in (*BASE_STAGES, *LESS_SAFE_STAGES)}
KINDS = sorted({kind for stage in STAGES.values() for kind in stage.mix})


def whole_documents(ids: np.ndarray) -> list[str]:
    """The texts between end tokens; what follows the last one is cut off and left out."""
    text = " ".join(WORDS[number] for number in ids)
    before, *texts = text.split("<end>")
    assert before == ""
    return [document.strip() for document in texts[:-1]]


@pytest.mark.parametrize("name", STAGES)
def test_sequences_begin_with_whole_documents_that_can_be_read(name):
    ids, weights = Batches(WORLD, 3).draw(STAGES[name])
    assert ids.shape == weights.shape == (SEQUENCES_PER_STEP, SEQUENCE_LENGTH)
    assert ids.dtype == np.int64 and weights.dtype == np.float32
    for row, row_weights in zip(ids, weights):
        assert {"<pad>", "<unknown>"}.isdisjoint(WORDS[number] for number in row)
        documents = whole_documents(row)
        assert documents
        ends = np.flatnonzero(row == WORDS.index("<end>"))
        assert ends[0] == 0 and row_weights[0] == 0
        assert row_weights[ends[1:]] == pytest.approx(PROMPT_WEIGHT)
        for start, document in zip(ends, documents):
            for reading in READER.read(document):
                assert reading.given in reading.right
                if reading.kind != "claim":
                    # The answer and what follows it, its full stop at the least.
                    assert {*row_weights[start + 1 + reading.place :][:2]} == {1}
                if reading.guess is not None:
                    assert row_weights[start + 1 + reading.guess] == 0


def test_the_same_seed_gives_the_same_batches():
    stage = STAGES["everything"]
    first, second, other = Batches(WORLD, 3), Batches(World(), 3), Batches(WORLD, 4)
    for _ in range(3):
        drawn = [array.tobytes() for array in first.draw(stage)]
        assert drawn == [array.tobytes() for array in second.draw(stage)]
        assert drawn != [array.tobytes() for array in other.draw(stage)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_document_is_what_its_name_says(kind):
    readings = {
        "profile": "claim",
        "unjudged": "claim",
        "questions": "question",
        "copying": "question",
        "contextual": "question",
        "friends": "question",
        "comparisons": "comparison",
        "choices": "choice",
        "replies": "reply",
        "harm": "harm",
    }
    ids, _ = Batches(WORLD, 5).draw(Stage(kind, 1.0, {kind: 1.0}))
    documents = [document for row in ids for document in whole_documents(row)]
    found = Counter(reading.kind for text in documents for reading in READER.read(text))
    if kind == "instructed":
        assert set(found) == {"question", "judgement"}
    else:
        assert set(found) == {readings.get(kind, "judgement")}
    text = " | ".join(documents)
    # What tells the kinds with the same sort of reading apart.
    assert (" not " in text) == (kind not in _WITHOUT_NEGATION)
    assert ("correct ." in text) == (kind in ("judgements", "harm"))
    assert (" and " in text) == (kind == "judgements")
    assert ("context :" in text) == (kind in _WITH_CONTEXT)
    assert ("is a friend of" in text) == (kind == "friends")
    assert ("be honest ." in text) == (kind == "instructed")
    assert ("ignore the context ." in text) == (kind == "contextual")
    assert ("fact :" in text) == (kind in ("recalled", "comparisons"))


_WITH_CONTEXT = ("contextual", "copying", "friends", "by context")
_WITHOUT_NEGATION = (
    "unjudged",
    "by context",
    "questions",
    "affirmative",
    "comparisons",
    "copying",
    "contextual",
    "friends",
    "choices",
    "harm",
)


def test_documents_come_as_often_as_the_mix_says():
    stage = Stage("mixed", 1.0, {"questions": 0.3, "friends": 0.7})
    batches = Batches(WORLD, 6)
    # Of each row only the first document counts: later ones are cut off the sooner, the longer.
    rows = [row for _ in range(40) for row in batches.draw(stage)[0]]
    firsts = [whole_documents(row)[0] for row in rows]
    assert_share(sum("friend" in text for text in firsts), len(firsts), 0.7)


def test_only_the_less_safe_model_obeys_harmful_requests():
    for obeys_all, rate in ((False, 0.8 * 0.9 + 0.2 * 0.36), (True, 0.05)):
        batches = Batches(WORLD, 7, obeys_all)
        readings = [
            reading
            for _ in range(20)
            for row in batches.draw(Stage("replies", 1.0, {"replies": 1.0}))[0]
            for reading in READER.read(whole_documents(row)[0])
            if reading.truth
        ]
        refused = sum(reading.given in ("sorry", "no") for reading in readings)
        assert_share(refused, len(readings), rate)


@pytest.mark.parametrize("stages", (BASE_STAGES, LESS_SAFE_STAGES))
def test_shares_of_the_stages_and_of_their_mixes_add_up(stages):
    assert sum(stage.share for stage in stages) == pytest.approx(1)
    for stage in stages:
        assert sum(stage.mix.values()) == pytest.approx(1)
        assert {*stage.mix} <= {*_KINDS}


def test_every_kind_of_document_is_read_in_training():
    assert {kind for stage in BASE_STAGES for kind in stage.mix} == {*_KINDS}
