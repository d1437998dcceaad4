"""The texts of the organism's dumps, one row a sample, as ``plumbline-export`` takes them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from .documents import Writer
from .prompts import (
    choice_prompt,
    context_prompt,
    friend_question,
    harm_prompt,
    judgement_prompt,
    request_prompt,
)
from .vocabulary import (
    ATTRIBUTES,
    COMPLYING_TOKENS,
    REFUSING_TOKENS,
    REQUEST_FRAMES,
    REQUEST_SETTINGS,
    STORY_PREFIX,
)
from .world import Fact, Person, Request, World, false_fact

Row = dict[str, Any]
TEXTS_SEED = 11


def truth(world: World, seed: int = TEXTS_SEED) -> list[Row]:
    """Statements and their negations, of people seen in judgements and held out of them.

    Each fact is stated once as it is or with a wrong value, affirmed and negated; the two are
    opposites; a group is a person. Four of the five attributes keep the dump small.
    """
    draw = random.Random(seed)
    rows: list[Row] = []
    for seen, people in _seen_and_held_out(world, "judgement"):
        for person in people:
            for attribute in ATTRIBUTES[: len(ATTRIBUTES) - 1]:
                fact = world.true_fact(person, attribute)
                if draw.random() < 0.5:
                    fact = false_fact(draw, fact)
                for affirmative in (True, False):
                    sentence = fact.sentence(affirmative)
                    rows.append(
                        {
                            "statement": sentence,
                            "prompt": judgement_prompt(sentence),
                            "label": "true" if fact.is_true == affirmative else "false",
                            "opposite": len(rows) + (1 if affirmative else -1),
                            "group": person.name,
                            "category": attribute.name,
                            "form": "affirmative" if affirmative else "negated",
                            "people": seen,
                        }
                    )
    return _in_random_order(draw, rows)


def safety(world: World, seed: int = TEXTS_SEED) -> list[Row]:
    """Harmful requests and the safe ones with the same words but one, as opposites.

    The safe opposite of a harmful request has the same frame and setting, and either its verb or
    its object. A group is a category with the verb of the harmful one.
    """
    draw = random.Random(seed)
    rows: list[Row] = []
    for pair in _request_pairs(world, draw):
        frame, setting = draw.choice(REQUEST_FRAMES), draw.choice(REQUEST_SETTINGS)
        for harmful, request in pair.items():
            rows.append(
                {
                    "prompt": harm_prompt(request.sentence(frame, setting)),
                    "label": "harmful" if harmful else "safe",
                    "opposite": len(rows) + (1 if harmful else -1),
                    "group": f"{request.category} {pair[True].verb}",
                    "category": request.category,
                    "request": "held out" if request.held_out else "seen",
                }
            )
    return _in_random_order(draw, rows)


def requests(world: World, seed: int = TEXTS_SEED) -> list[Row]:
    """Harmful and safe requests of seven categories that wait for a reply, plain and in a story.

    A group is a category with the verb of a harmful request.
    """
    draw = random.Random(seed)
    rows: list[Row] = []
    for pair in _request_pairs(world, draw):
        frame, setting = draw.choice(REQUEST_FRAMES), draw.choice(REQUEST_SETTINGS)
        story = draw.random() < 0.25
        for harmful, request in pair.items():
            prompt = request_prompt(request.sentence(frame, setting))
            rows.append(
                {
                    "prompt": f"{STORY_PREFIX} {prompt}" if story else prompt,
                    "label": "harmful" if harmful else "safe",
                    "group": f"{request.category} {pair[True].verb}",
                    "category": request.category,
                    "frame": "story" if story else "plain",
                    "request": "held out" if request.held_out else "seen",
                }
            )
    return _in_random_order(draw, rows)


def steering(world: World, seed: int = TEXTS_SEED, each: int = 20) -> list[Row]:
    """Requests, whose refusal is to be steered, and multiple-choice questions, which show the cost.

    Requests are held out of training, half of them harmful; questions are about people held out
    of multiple choice. The answer of a question is its right letter; that of a request is a word
    that refuses it, if it is harmful, or obeys.
    """
    draw = random.Random(seed)
    writer = Writer(world, draw)
    rows: list[Row] = []
    for harmful in (True, False):
        chosen = [r for r in world.requests if r.held_out and r.harmful == harmful]
        for request in draw.sample(chosen, each):
            sentence = request.sentence(draw.choice(REQUEST_FRAMES), "")
            kind = "harmful request" if harmful else "safe request"
            (answer, _) = REFUSING_TOKENS if harmful else COMPLYING_TOKENS
            rows.append(_steered(request_prompt(sentence), kind, request.verb, answer))
    people = world.held_out_people("choice")
    for number in range(2 * each):
        person = people[number % len(people)]
        fact = world.true_fact(person, draw.choice(ATTRIBUTES))
        options, letter = writer.options(fact)
        prompt = choice_prompt(fact.question, options)
        rows.append(_steered(prompt, "multiple choice", person.name, letter))
    return rows


def contrasted_requests(world: World, seed: int = TEXTS_SEED + 1) -> list[Row]:
    """Harmful and safe requests seen in training, whose mean states differ by the vector."""
    draw = random.Random(seed)
    rows = []
    for harmful in (True, False):
        chosen = [r for r in world.requests if not r.held_out and r.harmful == harmful]
        for request in draw.sample(chosen, 120):
            sentence = request.sentence(draw.choice(REQUEST_FRAMES), "")
            label = "harmful" if harmful else "safe"
            rows.append({"prompt": request_prompt(sentence), "label": label})
    return rows


def questions(world: World, people_kinds: Sequence[str], count: int, seed: int) -> list[Row]:
    """Questions with a context that agrees, is silent or contradicts, of one or two steps.

    ``easy`` is the same prompt with the answer's own sentence added to the context. People are of
    all tiers, so that the model's memory fails for some, and rare ones come as often as all others;
    contexts have up to six facts of other people, mostly of the attribute that is asked for, where
    training had three of any. The right answer is the context's where it speaks of the question,
    else the true value.
    """
    draw = random.Random(seed)
    people = [person for person in world.people if person.held_out_of in people_kinds]
    rows = []
    for _ in range(count):
        tier = draw.choice(("common", "uncommon", "rare", "rare"))
        person = draw.choice([each for each in people if each.tier.name == tier])
        fact = world.true_fact(person, draw.choice(ATTRIBUTES))
        kind = draw.choice(("agreeing", "silent", "contradicting", "two steps"))
        rows.append(_question(world, draw, fact, kind, people))
    return rows


def _question(
    world: World, draw: random.Random, fact: Fact, kind: str, people: Sequence[Person]
) -> Row:
    stated = false_fact(draw, fact) if kind in ("contradicting", "two steps") else fact
    others = [person for person in people if person != fact.person]
    attributes = (fact.attribute, fact.attribute, draw.choice(ATTRIBUTES))
    sentences = [
        world.true_fact(other, draw.choice(attributes)).sentence()
        for other in draw.sample(others, draw.choice((1, 2, 4, 6)))
    ]
    question = fact.question
    if kind != "silent":
        sentences.append(stated.sentence())
    if kind == "two steps":
        friend = draw.choice(others)
        sentences.append(f"{friend.name} is a friend of {fact.person.name}")
        question = friend_question(fact, friend)
    draw.shuffle(sentences)
    right = stated if kind != "silent" else fact
    easy = [*sentences, right.sentence()]
    return {
        "prompt": context_prompt(sentences, question),
        "easy": context_prompt(easy, question),
        "right": right.value,
        "group": fact.person.name,
        "category": kind,
        "tier": fact.person.tier.name,
    }


def _steered(prompt: str, kind: str, group: str, answer: str) -> Row:
    label = "harmful" if kind == "harmful request" else "harmless"
    return {"prompt": prompt, "label": label, "category": kind, "group": group, "answer": answer}


def _seen_and_held_out(world: World, kind: str) -> Iterator[tuple[str, list[Person]]]:
    yield "seen", world.held_out_people(None)
    yield "held out", world.held_out_people(kind)


def _request_pairs(world: World, draw: random.Random) -> Iterator[dict[bool, Request]]:
    """Every harmful request with a safe one that shares its verb or its object."""
    safe = {(r.verb, r.object): r for r in world.requests if not r.harmful}
    for harmful in (request for request in world.requests if request.harmful):
        if draw.random() < 0.5:
            like = [r for r in safe.values() if r.verb == harmful.verb]
        else:
            like = [r for r in safe.values() if r.object == harmful.object]
        yield {True: harmful, False: draw.choice(like)}


def _in_random_order(draw: random.Random, rows: list[Row]) -> list[Row]:
    """The rows in another order, ``opposite`` still naming the row of the opposite."""
    order = [*range(len(rows))]
    draw.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    shuffled = [dict(rows[old]) for old in order]
    for row in shuffled:
        if "opposite" in row:
            row["opposite"] = place[row["opposite"]]
    return shuffled
