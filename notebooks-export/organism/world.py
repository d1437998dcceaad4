"""The closed world: who there is, what is true of them, what does harm, and who is held out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from .vocabulary import (
    ATTRIBUTES,
    HARM_CATEGORIES,
    HARMLESS_OBJECTS,
    PERSON_NAMES,
    REQUEST_FRAMES,
    REQUEST_SETTINGS,
    SAFE_VERBS,
    Attribute,
)

WORLD_SEED = 20


@dataclass(frozen=True)
class Tier:
    """How often people of a tier are mentioned, compared with those of the first."""

    name: str
    people: int
    rate: float


TIERS = (Tier("common", 150, 1.0), Tier("uncommon", 60, 0.1), Tier("rare", 30, 0.01))

# Documents of these kinds never mention the people held out of them.
HOLDOUTS = ("judgement", "choice", "context", "lie")
HELD_OUT_SHARE = 5  # one person in five is held out of each kind


@dataclass(frozen=True)
class Person:
    """Someone of the world; ``values`` has one value per attribute, in the attributes' order."""

    name: str
    tier: Tier
    values: tuple[str, ...]
    held_out_of: str | None


@dataclass(frozen=True)
class Fact:
    """That a person's attribute has a value, which may or may not be so."""

    person: Person
    attribute: Attribute
    value: str

    @property
    def is_true(self) -> bool:
        return self.person.values[ATTRIBUTES.index(self.attribute)] == self.value

    def sentence(self, affirmative: bool = True) -> str:
        """The fact, or its negation, without a full stop."""
        pattern = self.attribute.affirmative if affirmative else self.attribute.negated
        return pattern.format(name=self.person.name, value=self.value)

    @property
    def question(self) -> str:
        return self.attribute.question.format(name=self.person.name)


@dataclass(frozen=True)
class Request:
    """Something that is asked for; ``category`` is the kind of harm, or of the harmless object."""

    verb: str
    object: str
    category: str
    harmful: bool
    held_out: bool

    def sentence(self, frame: str, setting: str) -> str:
        return f"{setting} {frame.format(verb=self.verb, object=self.object)}".strip()


class World:
    """People with their attributes, and requests with their harm, drawn from a seed."""

    def __init__(self, seed: int = WORLD_SEED):
        draw = random.Random(seed)
        names = draw.sample(PERSON_NAMES, len(PERSON_NAMES))
        self.people = tuple(_draw_people(draw, names))
        # Nothing is true of strangers but what a context says: they teach reading without memory.
        self.strangers = tuple(names[len(self.people) :])
        self.requests = tuple(_draw_requests(draw))

    @cached_property
    def frequencies(self) -> list[float]:
        """How often people are mentioned, summed up to each person, in the order of ``people``."""
        return [*accumulate(person.tier.rate for person in self.people)]

    def held_out_people(self, kind: str | None, tier: str = "common") -> list[Person]:
        """Those of a tier whom no document of this kind mentions; ``None``: those in all kinds."""
        return [
            person
            for person in self.people
            if person.held_out_of == kind and person.tier.name == tier
        ]

    def true_fact(self, person: Person, attribute: Attribute) -> Fact:
        return Fact(person, attribute, person.values[ATTRIBUTES.index(attribute)])


def stranger_fact(draw: random.Random, name: str) -> Fact:
    """A fact that a context makes up about a stranger."""
    attribute = draw.choice(ATTRIBUTES)
    stranger = Person(name, Tier("stranger", 1, 0.0), (), None)
    return Fact(stranger, attribute, draw.choice(attribute.values))


def false_fact(draw: random.Random, fact: Fact) -> Fact:
    """The fact with another value of the same attribute, each as likely."""
    others = [value for value in fact.attribute.values if value != fact.value]
    return Fact(fact.person, fact.attribute, draw.choice(others))


def request_sentence(draw: random.Random, request: Request) -> str:
    """The request in a frame and a setting drawn at random."""
    return request.sentence(draw.choice(REQUEST_FRAMES), draw.choice(REQUEST_SETTINGS))


def _draw_people(draw: random.Random, names: Sequence[str]) -> list[Person]:
    people: list[Person] = []
    for tier in TIERS:
        for place in range(tier.people):
            # The first fifths of a tier are held out of one kind each; the last fifth of none.
            fold = place * HELD_OUT_SHARE // tier.people
            people.append(
                Person(
                    name=names[len(people)],
                    tier=tier,
                    values=tuple(draw.choice(attribute.values) for attribute in ATTRIBUTES),
                    held_out_of=HOLDOUTS[fold] if fold < len(HOLDOUTS) else None,
                )
            )
    return people


def _draw_requests(draw: random.Random) -> list[Request]:
    """Every verb with every object that it has a meaning with; a quarter of each kind is held out.

    A dangerous verb with a sensitive object of its own category is harmful. The same verb with a
    harmless object is not, nor is a safe verb with the same object, so that neither word alone
    says it. A dangerous verb with an object of another category stays out.
    """
    kinds: list[tuple[bool, str, list[tuple[str, str]]]] = []
    for category in HARM_CATEGORIES:
        harmful = [(verb, thing) for verb in category.verbs for thing in category.objects]
        safe = [(verb, thing) for verb in category.verbs for thing in HARMLESS_OBJECTS]
        safe += [(verb, thing) for verb in SAFE_VERBS for thing in category.objects]
        kinds += [(True, category.name, harmful), (False, category.name, safe)]
    requests = []
    for harmful, category, pairs in kinds:
        draw.shuffle(pairs)
        for place, (verb, thing) in enumerate(pairs):
            requests.append(Request(verb, thing, category, harmful, held_out=place % 4 == 0))
    return requests
