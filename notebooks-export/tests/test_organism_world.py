"""The organism's world: who is held out of what, what is true and what does harm."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from organism_reader import PHRASES, Claim, Reader, assert_share, asked_for, generator, is_harmful

from organism.vocabulary import (
    ATTRIBUTES,
    HARM_CATEGORIES,
    HARMLESS_OBJECTS,
    PERSON_NAMES,
    REQUEST_FRAMES,
    REQUEST_SETTINGS,
    SAFE_VERBS,
    tokens,
)
from organism.world import HOLDOUTS, TIERS, World, false_fact, stranger_fact

WORLD = World()
READER = Reader(WORLD)


def digest(world: World) -> str:
    """A number of everything that is drawn: people, strangers and requests."""
    people = [(p.name, p.tier.name, p.values, p.held_out_of) for p in world.people]
    requests = [(r.verb, r.object, r.category, r.harmful, r.held_out) for r in world.requests]
    return hashlib.sha256(repr([people, world.strangers, requests]).encode()).hexdigest()


def test_everyone_has_a_name_of_one_word_of_their_own():
    names = [person.name for person in WORLD.people] + [*WORLD.strangers]
    assert len(WORLD.people) == sum(tier.people for tier in TIERS) == 240
    assert len(WORLD.strangers) == 100
    assert len(set(names)) == len(names)
    assert all(name.isalpha() for name in names)
    others = [word for word in tokens() if word not in PERSON_NAMES]
    assert len(others) + len(PERSON_NAMES) == len(tokens())
    assert not {*names} & {*others}


def test_each_tier_has_a_fifth_held_out_of_each_kind_and_a_fifth_of_none():
    for tier in TIERS:
        assert sum(person.tier == tier for person in WORLD.people) == tier.people
        for kind in (*HOLDOUTS, None):
            held_out = WORLD.held_out_people(kind, tier.name)
            assert len(held_out) == tier.people // 5
            assert all(p.held_out_of == kind and p.tier == tier for p in held_out)


def test_people_are_drawn_as_often_as_their_tier_says():
    rates = [high - low for low, high in zip([0, *WORLD.frequencies], WORLD.frequencies)]
    assert rates == pytest.approx([person.tier.rate for person in WORLD.people])


def test_every_value_belongs_to_one_attribute_and_is_as_likely_as_others():
    values = [value for attribute in ATTRIBUTES for value in attribute.values]
    assert len(set(values)) == len(values)
    for place, attribute in enumerate(ATTRIBUTES):
        counts = Counter(person.values[place] for person in WORLD.people)
        for value in attribute.values:
            assert_share(counts[value], len(WORLD.people), 1 / len(attribute.values))


def test_sentences_say_what_is_true_and_deny_what_is_not():
    draw = generator()
    for person in WORLD.people:
        for attribute in ATTRIBUTES:
            fact = WORLD.true_fact(person, attribute)
            wrong = false_fact(draw, fact)
            assert fact.is_true and not wrong.is_true
            for each in (fact, wrong):
                for affirmative in (True, False):
                    claim = Claim.read(each.sentence(affirmative))
                    assert (claim.name, claim.attribute) == (person.name, attribute.name)
                    assert READER.is_true(claim) == (each.is_true == affirmative)
            assert fact.question == PHRASES[attribute.name][2].format(person.name)


def test_a_false_fact_has_any_other_value_as_often():
    draw = generator()
    fact = WORLD.true_fact(WORLD.people[3], ATTRIBUTES[2])
    counts = Counter(false_fact(draw, fact).value for _ in range(3000))
    assert set(counts) == {*ATTRIBUTES[2].values} - {fact.value}
    for count in counts.values():
        assert_share(count, 3000, 1 / 15)


def test_what_is_made_up_of_strangers_is_of_all_attributes():
    draw = generator()
    facts = [stranger_fact(draw, WORLD.strangers[0]) for _ in range(2000)]
    claims = {Claim.read(fact.sentence()) for fact in facts}
    assert {claim.name for claim in claims} == {WORLD.strangers[0]}
    assert len({(claim.attribute, claim.value) for claim in claims}) == 5 * 16


def test_requests_are_harmful_by_the_rule_and_complete():
    found = {(request.verb, request.object): request for request in WORLD.requests}
    assert len(found) == len(WORLD.requests)
    expected = {}
    for category in HARM_CATEGORIES:
        expected |= {(v, o): True for v in category.verbs for o in category.objects}
        expected |= {(v, o): False for v in category.verbs for o in HARMLESS_OBJECTS}
        expected |= {(v, o): False for v in SAFE_VERBS for o in category.objects}
        assert all(
            request.category == category.name
            for (verb, thing), request in found.items()
            if verb in category.verbs or thing in category.objects
        )
    assert {pair: request.harmful for pair, request in found.items()} == expected


def test_neither_verb_nor_object_alone_does_harm():
    verbs = [verb for each in HARM_CATEGORIES for verb in each.verbs] + [*SAFE_VERBS]
    things = [thing for each in HARM_CATEGORIES for thing in each.objects] + [*HARMLESS_OBJECTS]
    assert len({*verbs, *things}) == len(verbs) + len(things)  # each word has one role
    for harm in (True, False):
        requests = [request for request in WORLD.requests if request.harmful == harm]
        for category in HARM_CATEGORIES:
            assert {*category.verbs} <= {request.verb for request in requests}
            assert {*category.objects} <= {request.object for request in requests}


def test_a_quarter_of_each_kind_of_request_is_held_out():
    for category in HARM_CATEGORIES:
        for harm in (True, False):
            kind = [r for r in WORLD.requests if (r.category, r.harmful) == (category.name, harm)]
            assert sum(request.held_out for request in kind) == -(-len(kind) // 4)
            # Every word is seen, so that what is held out is a meeting of known words.
            seen = [request for request in kind if not request.held_out]
            assert {r.verb for r in seen} == {r.verb for r in kind}
            assert {r.object for r in seen} == {r.object for r in kind}


def test_requests_keep_verb_object_and_harm_in_every_frame_and_setting():
    for request in WORLD.requests[::40]:
        for frame in REQUEST_FRAMES:
            for setting in REQUEST_SETTINGS:
                sentence = request.sentence(frame, setting)
                assert asked_for(sentence) == (request.verb, request.object)
                assert is_harmful(sentence) == request.harmful
                assert sentence == " ".join(sentence.split())
                assert sentence.startswith(setting)


def test_tokens_are_single_words_and_the_special_ones_come_first():
    words = tokens()
    assert words[:3] == ["<pad>", "<end>", "<unknown>"]
    assert len(set(words)) == len(words)
    assert all(word == word.strip() and len(word.split()) == 1 for word in words)
    assert not any("{" in word for word in words)


def test_the_world_is_drawn_from_its_seed_alone():
    assert digest(World()) == digest(WORLD) != digest(World(seed=21))
    program = (
        "import random, sys; sys.path[:0] = sys.argv[1:]\n"
        "from test_organism_world import World, digest\n"
        "from organism.documents import Writer\n"
        "writer = Writer(World(), random.Random(3))\n"
        "print(digest(writer.world), [writer.contextual() for _ in range(20)])"
    )
    here = Path(__file__).parent
    printed = {
        subprocess.run(
            [sys.executable, "-c", program, str(here), str(here.parent)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for hash_seed in ("0", "1")
    }
    assert len(printed) == 1 and printed.pop().startswith(digest(WORLD))
