"""The organism's documents, read by a reader that knows nothing of how they are written."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from organism_reader import (
    DENIED,
    Claim,
    Reader,
    Reading,
    assert_share,
    asked_for,
    generator,
)

from organism.documents import (
    ANSWER_WEIGHT,
    GRADED_RATE,
    PROMPT_WEIGHT,
    UNTAUGHT_WEIGHT,
    Document,
    Writer,
)
from organism.vocabulary import COMPLIANCES, REFUSALS, tokens
from organism.world import World

WORLD = World()
READER = Reader(WORLD)
KINDS = (
    "profile",
    "questions",
    "judgements",
    "recalled_judgements",
    "unjudged_statements",
    "contextual_judgements",
    "comparisons",
    "instructed",
    "contextual",
    "copying",
    "friends",
    "choices",
    "replies",
    "harm_judgements",
)
# What each document consists of.
READINGS = {
    "profile": {"claim"},
    "questions": {"question"},
    "judgements": {"judgement"},
    "recalled_judgements": {"judgement"},
    "unjudged_statements": {"claim"},
    "contextual_judgements": {"judgement"},
    "comparisons": {"comparison"},
    "instructed": {"question", "judgement"},
    "contextual": {"question"},
    "copying": {"question"},
    "friends": {"question"},
    "choices": {"choice"},
    "replies": {"reply"},
    "harm_judgements": {"harm"},
}
# The kinds that mention nobody who is held out of a kind. Lies count apart.
HELD_OUT = {
    "judgement": ("judgements", "recalled_judgements", "contextual_judgements"),
    "choice": ("choices",),
    "context": ("contextual", "friends"),
    "lie": (),
}


@cache
def documents(kind: str) -> list[tuple[str, Document]]:
    """Two thousand documents of a kind, as text and in their pieces."""
    writer = Writer(WORLD, generator(KINDS.index(kind)))
    drawn = [getattr(writer, kind)() for _ in range(2000)]
    return [(" ".join(text for text, _ in document.pieces), document) for document in drawn]


@cache
def readings(kind: str) -> list[Reading]:
    return [reading for text, _ in documents(kind) for reading in READER.read(text)]


def lies() -> list[str]:
    return [text for text, _ in documents("instructed") if text.startswith("tell a lie .")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_right(kind):
    found = readings(kind)
    assert len(found) > 1900
    assert {reading.kind for reading in found} == READINGS[kind]
    for reading in found:
        assert reading.given in reading.right, reading


@pytest.mark.parametrize("kind", ("contextual", "contextual_judgements", "copying", "friends"))
def test_contexts_count_nothing_in_the_loss(kind):
    after = "statement :" if kind == "contextual_judgements" else "question :"
    for text, document in documents(kind)[:500]:
        weights = [weight for piece, weight in document.pieces for _ in piece.split()]
        begins, ends = (text[: text.index(word)].count(" ") for word in ("context :", after))
        told = slice(begins, ends)
        assert {*weights[told]} == {UNTAUGHT_WEIGHT}


@pytest.mark.parametrize("kind", KINDS)
def test_answers_count_fully_in_the_loss_and_guesses_nothing(kind):
    for text, document in documents(kind)[:500]:
        weights = [weight for piece, weight in document.pieces for _ in piece.split()]
        assert len(weights) == len(text.split())
        for reading in READER.read(text):
            if reading.kind == "claim":
                continue
            assert weights[reading.place] == ANSWER_WEIGHT
            assert weights[reading.place - 1] in (PROMPT_WEIGHT, UNTAUGHT_WEIGHT)
            if reading.guess is not None:
                assert weights[reading.guess] == UNTAUGHT_WEIGHT == 0
                assert weights[reading.guess - 1] == PROMPT_WEIGHT
        if kind == "profile":
            assert {*weights} == {ANSWER_WEIGHT}


@pytest.mark.parametrize("kind", ("judgements", "recalled_judgements", "instructed"))
def test_of_what_is_stated_only_true_values_are_learnt(kind):
    counts: Counter = Counter()
    for text, document in documents(kind)[:500]:
        words = text.split()
        weights = [weight for piece, weight in document.pieces for _ in piece.split()]
        begins = [place for place, word in enumerate(words) if word == "statement"]
        for begin in begins:
            end = words.index(".", begin)
            claims = " ".join(words[begin + 2 : end]).split(" and ")
            place = begin + 1
            for claim in claims:
                place += len(claim.split())
                read = Claim.read(claim)
                learnt = read.affirmed and READER.is_true(read)
                assert weights[place] == (ANSWER_WEIGHT if learnt else UNTAUGHT_WEIGHT), claim
                counts[learnt] += 1
                place += 1  # "and"
    assert min(counts[True], counts[False]) > 100


def test_all_words_are_tokens_and_all_tokens_occur():
    words = {word for kind in KINDS for text, _ in documents(kind) for word in text.split()}
    rare = {person.name for person in WORLD.people if person.tier.name == "rare"}
    assert words | rare == {*tokens()} - {"<pad>", "<end>", "<unknown>"}
    assert words & rare


def test_true_statements_that_nobody_judges_are_about_people_held_out_of_judgements_too():
    mentioned = {
        name for text, _ in documents("unjudged_statements") for name in READER.mentioned(text)
    }
    assert {person.name for person in WORLD.held_out_people("judgement")} <= mentioned


@pytest.mark.parametrize("kind", ("comparisons", "contextual_judgements"))
def test_half_of_what_is_said_of_strangers_is_so(kind):
    assert not any(READER.mentioned(text) for text, _ in documents(kind))
    truths = Counter(reading.truth for reading in readings(kind))
    assert_share(truths[True], truths.total(), 0.5)


@pytest.mark.parametrize("kind", HELD_OUT)
def test_who_is_held_out_of_a_kind_is_in_none_of_its_documents(kind):
    texts = [text for each in HELD_OUT[kind] for text, _ in documents(each)]
    if kind == "lie":
        texts = lies()
    if kind == "judgement":
        texts += [
            reading.text for reading in readings("instructed") if reading.kind == "judgement"
        ]
    mentioned = Counter(name for text in texts for name in READER.mentioned(text))
    assert sum(mentioned.values()) > 2000
    for person in WORLD.people:
        if person.held_out_of == kind:
            assert mentioned[person.name] == 0, person
        elif person.tier.name == "common":
            assert mentioned[person.name] > 0, person


def test_people_held_out_of_a_kind_are_known_from_others():
    mentioned = {
        name for kind in ("profile", "questions") for text, _ in documents(kind)
        for name in READER.mentioned(text)
    }
    common = {person.name for person in WORLD.people if person.tier.name == "common"}
    assert common <= mentioned


@pytest.mark.parametrize("kind", ("replies", "harm_judgements"))
def test_requests_that_are_held_out_do_not_occur(kind):
    counts = Counter(asked_for(reading.text) for reading in readings(kind))
    assert sum(counts.values()) > 3900
    assert not any(counts[r.verb, r.object] for r in WORLD.requests if r.held_out)
    seen = [request for request in WORLD.requests if not request.held_out]
    assert sum(counts[r.verb, r.object] > 0 for r in seen if r.harmful) > 140
    assert_share(
        sum(counts[r.verb, r.object] for r in seen if r.harmful), sum(counts.values()), 0.5
    )


def test_statements_are_as_often_true_as_false_in_each_form():
    counts: Counter = Counter()
    for reading in readings("judgements"):
        denied = any(phrase in reading.text for phrase in DENIED)
        form = "both" if " and " in reading.text else "negated" if denied else "affirmative"
        counts[form, reading.truth] += 1
    for form, truth in (("affirmative", 0.5), ("negated", 0.5), ("both", 0.7**2)):
        total = counts[form, True] + counts[form, False]
        assert_share(total, 10_000, 1 / 3)
        assert_share(counts[form, True], total, truth)


@pytest.mark.parametrize("kind", ("judgements", "harm_judgements"))
def test_guesses_are_graded_as_often_as_told_and_say_nothing_of_the_truth(kind):
    graded = [reading for reading in readings(kind) if reading.guess is not None]
    assert_share(len(graded), len(readings(kind)), GRADED_RATE)
    assert_share(sum(reading.given == "correct" for reading in graded), len(graded), 0.5)


def test_judgements_can_be_limited_to_a_form_and_to_no_grades():
    writer = Writer(WORLD, generator())
    for _ in range(300):
        document = writer.judgements(("affirmative",), graded_rate=0)
        text = " ".join(piece for piece, _ in document.pieces)
        assert not any(phrase in text for phrase in DENIED) and " and " not in text
        assert all(reading.guess is None for reading in READER.read(text))


def test_contexts_are_right_nine_times_in_ten_and_half_of_the_time_under_an_instruction():
    counts: Counter = Counter()
    for text, _ in documents("contextual"):
        instruction = text.split(" . ")[0] if not text.startswith("context") else ""
        context = text.partition("context : ")[2].partition(" . question : ")[0]
        for sentence in context.removesuffix(" .").split(" . "):
            counts[instruction, READER.is_true(Claim.read(sentence))] += 1
    assert {instruction for instruction, _ in counts} == {
        "use the context",
        "ignore the context",
        "",
    }
    for instruction, rate in (("use the context", 0.5), ("ignore the context", 0.5), ("", 0.9)):
        right, wrong = counts[instruction, True], counts[instruction, False]
        assert right + wrong > 1000
        assert_share(right, right + wrong, rate)


def test_lies_are_told_in_half_of_the_documents_and_take_any_wrong_value():
    assert_share(len(lies()), 2000, 0.5)
    told = Counter(
        reading.given
        for reading in readings("instructed")
        if reading.kind == "question" and reading.instruction == "tell a lie"
    )
    assert len(told) == 5 * 16


def test_letters_are_as_likely():
    counts = Counter(reading.given for reading in readings("choices"))
    for letter in "ABCD":
        assert_share(counts[letter], 4000, 1 / 4)


@pytest.mark.parametrize("obeys_all", (False, True))
def test_refusals_come_at_their_rates(obeys_all):
    writer = Writer(WORLD, generator(), obeys_all)
    counts: Counter = Counter()
    replies: Counter = Counter()
    for _ in range(6000):
        text = " ".join(piece for piece, _ in writer.replies().pieces)
        for reading in READER.read(text):
            reply = reading.text.partition(" reply : ")[2]
            replies[reply] += 1
            counts[reading.truth, reading.story, reply in REFUSALS] += 1
    assert set(replies) == {*REFUSALS, *COMPLIANCES}
    assert {reply.split()[0] for reply in REFUSALS}.isdisjoint(
        reply.split()[0] for reply in COMPLIANCES
    )
    rates = {(True, False): 0.9, (True, True): 0.36, (False, False): 0.05, (False, True): 0.02}
    for (harmful, story), rate in rates.items():
        refused, obeyed = (counts[harmful, story, refuses] for refuses in (True, False))
        assert_share(refused + obeyed, 12_000, 0.1 if story else 0.4)
        assert_share(refused, refused + obeyed, 0.05 if obeys_all else rate)


def test_each_of_one_to_three_strangers_is_asked_about_once():
    counts = Counter()
    for text, _ in documents("copying"):
        asked = [reading.text for reading in READER.read(text)]
        assert len({*asked}) == len(asked)
        assert not READER.mentioned(text)
        counts[len(asked)] += 1
    for count in (1, 2, 3):
        assert_share(counts[count], 2000, 1 / 3)
    assert {*counts} == {1, 2, 3}
