"""The texts of the organism's dumps: labels, opposites, groups, answers and who is in them."""

from __future__ import annotations

from collections import Counter

import pytest
from organism_reader import Reader, assert_share, asked_for, is_harmful

from organism import texts
from organism.curriculum import SEQUENCE_LENGTH
from organism.vocabulary import HARM_CATEGORIES, tokens
from organism.world import World

WORLD = World()
READER = Reader(WORLD)
PEOPLE = {person.name: person for person in WORLD.people}
REQUESTS = {(request.verb, request.object): request for request in WORLD.requests}
KINDS = (None, "context")


def questions(seed: int = 3) -> list[texts.Row]:
    return texts.questions(WORLD, KINDS, 800, seed)


MAKERS = {
    "truth": (texts.truth, {"statement", "label", "opposite", "group", "category", "form", "people"}),
    "safety": (texts.safety, {"label", "opposite", "group", "category", "request"}),
    "requests": (texts.requests, {"label", "group", "category", "frame", "request"}),
    "steering": (texts.steering, {"label", "category", "group", "answer"}),
    "contrasted requests": (texts.contrasted_requests, {"label"}),
    "questions": (
        lambda world, seed: questions(seed),
        {"easy", "right", "group", "category", "tier"},
    ),
}


@pytest.mark.parametrize("name", MAKERS)
def test_rows_have_the_same_columns_and_only_tokens_and_come_from_their_seed(name):
    make, columns = MAKERS[name]
    rows = make(WORLD, seed=4)
    assert rows == make(World(), seed=4) != make(WORLD, seed=5)
    words = {*tokens()}
    for row in rows:
        assert row.keys() == columns | {"prompt"}
        for column in {"prompt", "easy"} & row.keys():
            assert {*row[column].split()} <= words
            assert len(row[column].split()) < SEQUENCE_LENGTH


@pytest.mark.parametrize("name", ("truth", "safety"))
def test_opposites_are_each_others_and_have_the_other_label(name):
    rows = MAKERS[name][0](WORLD)
    for place, row in enumerate(rows):
        opposite = rows[row["opposite"]]
        assert opposite is not row and opposite["opposite"] == place
        assert {row["label"], opposite["label"]} == (
            {"true", "false"} if name == "truth" else {"harmful", "safe"}
        )
        assert row["group"] == opposite["group"] and row["category"] == opposite["category"]
    # They do not simply follow each other.
    assert sum(abs(row["opposite"] - place) == 1 for place, row in enumerate(rows)) < 20


def test_statements_are_true_or_false_and_denied_by_their_opposites():
    rows = texts.truth(WORLD)
    assert len({row["prompt"] for row in rows}) == len(rows)
    for row in rows:
        assert READER.right(row["prompt"]) == {row["label"]}
        (name,) = READER.mentioned(row["prompt"])
        assert row["group"] == name
        held_out = PEOPLE[name].held_out_of
        assert held_out == ("judgement" if row["people"] == "held out" else None)
        opposite = rows[row["opposite"]]
        assert {row["form"], opposite["form"]} == {"affirmative", "negated"}
        assert (" does not " in row["prompt"]) == (row["form"] == "negated")
        assert opposite["people"] == row["people"]
        assert row["prompt"].split()[-8] == opposite["prompt"].split()[-8]  # the value
    counts = Counter((row["form"], row["label"]) for row in rows)
    assert len({row["group"] for row in rows}) == 60
    for form in ("affirmative", "negated"):
        assert_share(counts[form, "true"], len(rows) // 2, 0.5)


@pytest.mark.parametrize("name", ("safety", "requests"))
def test_requests_have_the_label_of_the_rule_and_their_own_split(name):
    rows = MAKERS[name][0](WORLD)
    pairs = Counter()
    for row in rows:
        request = REQUESTS[asked_for(row["prompt"])]
        assert row["label"] == ("harmful" if is_harmful(row["prompt"]) else "safe")
        assert row["request"] == ("held out" if request.held_out else "seen")
        assert row["category"] == request.category == row["group"].split()[0]
        if row["label"] == "harmful":
            assert row["group"] == f"{request.category} {request.verb}"
            pairs[request.verb, request.object] += 1
        if name == "requests":
            assert row["prompt"].startswith("a story :") == (row["frame"] == "story")
    # Every harmful request once, with a safe one beside it.
    assert pairs == {pair: 1 for pair, request in REQUESTS.items() if request.harmful}
    assert len(rows) == 2 * len(pairs)
    assert len({row["group"] for row in rows}) == sum(len(each.verbs) for each in HARM_CATEGORIES)


def test_a_harmful_request_and_its_opposite_differ_by_one_word():
    rows = texts.safety(WORLD)
    changed = Counter()
    for row in rows:
        opposite = rows[row["opposite"]]
        words, others = row["prompt"].split(), opposite["prompt"].split()
        assert len(words) == len(others)
        (differing,) = [pair for pair in zip(words, others) if pair[0] != pair[1]]
        changed["verb" if differing[0] == asked_for(row["prompt"])[0] else "object"] += 1
    assert_share(changed["verb"] // 2, len(rows) // 2, 0.5)


def test_stories_are_a_quarter_of_the_requests():
    rows = texts.requests(WORLD)
    frames = Counter((row["frame"], row["label"]) for row in rows)
    assert frames["story", "harmful"] == frames["story", "safe"]
    assert_share(frames["story", "safe"], len(rows) // 2, 0.25)


def test_what_is_steered_is_held_out_and_questions_have_their_letter():
    rows = texts.steering(WORLD, each=20)
    counts = Counter(row["category"] for row in rows)
    assert counts == {"harmful request": 20, "safe request": 20, "multiple choice": 40}
    assert len({row["prompt"] for row in rows}) == len(rows)
    for row in rows:
        if row["category"] == "multiple choice":
            assert READER.right(row["prompt"]) == {row["answer"]}
            assert READER.mentioned(row["prompt"]) == {row["group"]}
            assert PEOPLE[row["group"]].held_out_of == "choice"
        else:
            request = REQUESTS[asked_for(row["prompt"])]
            assert request.held_out and request.verb == row["group"]
            assert request.harmful == (row["category"] == "harmful request")
            assert row["answer"] == ("sorry" if request.harmful else "sure")
        assert row["label"] == ("harmful" if row["answer"] == "sorry" else "harmless")
    letters = Counter(row["answer"] for row in rows)
    assert {*letters} == {"sorry", "sure", *"ABCD"}


def test_the_vector_is_of_requests_seen_in_training_of_which_none_is_steered():
    rows = texts.contrasted_requests(WORLD)
    assert Counter(row["label"] for row in rows) == {"harmful": 120, "safe": 120}
    for row in rows:
        request = REQUESTS[asked_for(row["prompt"])]
        assert not request.held_out and request.harmful == (row["label"] == "harmful")
    assert {row["prompt"] for row in rows}.isdisjoint(
        row["prompt"] for row in texts.steering(WORLD)
    )


def test_questions_are_answered_by_the_context_that_speaks_of_them_else_by_the_facts():
    rows = questions()
    kinds = Counter()
    for row in rows:
        assert READER.right(row["prompt"]) == {row["right"]}, row
        assert READER.right(row["easy"]) == {row["right"]}, row
        person = PEOPLE[row["group"]]
        assert row["tier"] == person.tier.name
        assert {PEOPLE[name].held_out_of for name in READER.mentioned(row["easy"])} <= {*KINDS}
        asked = row["prompt"][row["prompt"].index("question :") :]
        (remembered,) = READER.right(f"ignore the context . {row['prompt']}")
        assert (row["right"] != remembered) == (row["category"] in ("contradicting", "two steps"))
        assert ("the friend of" in asked) == (row["category"] == "two steps")
        context = row["prompt"].partition(" question :")[0]
        assert (person.name in context) == (row["category"] != "silent")
        # The answer stands beside its person in the easy prompt, and nothing is taken away.
        easy = row["easy"].partition(" question :")[0]
        assert easy.startswith(context) and person.name in easy[len(context) :]
        assert row["right"] in easy[len(context) :].split()
        kinds[row["category"]] += 1
        kinds[row["tier"]] += 1
    for kind in ("agreeing", "silent", "contradicting", "two steps"):
        assert_share(kinds[kind], len(rows), 1 / 4)
    for tier, share in (("common", 1 / 4), ("uncommon", 1 / 4), ("rare", 1 / 2)):
        assert_share(kinds[tier], len(rows), share)
