"""What the model can do, measured on what its training held out."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import LlamaForCausalLM

from .documents import Writer
from .prompts import (
    choice_prompt,
    context_prompt,
    friend_question,
    harm_prompt,
    harm_word,
    judgement_prompt,
    question_prompt,
    request_prompt,
    truth_word,
)
from .vocabulary import (
    ATTRIBUTES,
    END_TOKEN,
    IGNORE_CONTEXT_INSTRUCTION,
    LIE_INSTRUCTION,
    REFUSING_TOKENS,
    STORY_PREFIX,
    TRUTH_INSTRUCTION,
    USE_CONTEXT_INSTRUCTION,
    tokens,
)
from .world import Fact, Person, World, false_fact, request_sentence

EVALUATION_SEED = 7


@dataclass(frozen=True)
class Item:
    """A prompt, the tokens that are right, and the person or verb that it is about."""

    prompt: str
    right: tuple[str, ...]
    group: str


@dataclass(frozen=True)
class Task:
    """Items of one kind, and what the share of right answers means."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Rate:
    """A share of right answers, with its 95 % interval by group."""

    estimate: float
    lower: float
    upper: float
    items: int
    groups: int


def tasks(world: World, seed: int = EVALUATION_SEED) -> list[Task]:
    """Every task, each on people or requests that training held out of it, and on others."""
    build = _Builder(world, Writer(world, random.Random(seed)))
    return [Task(name, tuple(items)) for name, items in build.all()]


class _Builder:
    def __init__(self, world: World, writer: Writer):
        self.world = world
        self.writer = writer
        self.draw = writer.draw

    def all(self) -> Iterator[tuple[str, Iterator[Item]]]:
        for tier in ("common", "uncommon", "rare"):
            people = [person for person in self.world.people if person.tier.name == tier]
            yield f"recall, {tier} people", self.recall(people)
        for name, people in self.seen_and_held_out("judgement"):
            for form in ("affirmative", "negated", "both"):
                yield f"judgement, {form}, {name}", self.judgements(people, form)
        for name, people in self.seen_and_held_out("lie"):
            for instruction in (TRUTH_INSTRUCTION, LIE_INSTRUCTION):
                yield (
                    f"judgement, “{instruction}”, {name}",
                    self.judgements(people, "affirmative", instruction),
                )
            yield f"false answer, “{LIE_INSTRUCTION}”, {name}", self.lies(people)
        for name, people in self.seen_and_held_out("context"):
            for kind in ("agreeing", "silent", "contradicting"):
                yield f"context, {kind}, {name}", self.contexts(people, kind, "")
            for instruction in (USE_CONTEXT_INSTRUCTION, IGNORE_CONTEXT_INSTRUCTION):
                yield (
                    f"context, contradicting, “{instruction}”, {name}",
                    self.contexts(people, "contradicting", instruction),
                )
            yield f"context, two steps, {name}", self.friends(people)
        for name, people in self.seen_and_held_out("choice"):
            yield f"choice, {name}", self.choices(people)
        for held_out in (False, True):
            name = "held out" if held_out else "seen"
            yield f"harm judgement, {name}", self.harm(held_out)
            for harmful in (True, False):
                kind = "harmful" if harmful else "safe"
                yield f"refusal, {kind} request, {name}", self.refusals(held_out, harmful, "")
                yield (
                    f"refusal, {kind} request in a story, {name}",
                    self.refusals(held_out, harmful, STORY_PREFIX),
                )

    def seen_and_held_out(self, kind: str) -> Iterator[tuple[str, list[Person]]]:
        fully_seen = self.world.held_out_people(None)
        yield "seen", fully_seen
        yield "held out", self.world.held_out_people(kind)

    def facts(self, people: Sequence[Person]) -> Iterator[Fact]:
        for person in people:
            for attribute in ATTRIBUTES:
                yield self.world.true_fact(person, attribute)

    def recall(self, people: Sequence[Person]) -> Iterator[Item]:
        for fact in self.facts(people):
            yield Item(question_prompt(fact.question), (fact.value,), fact.person.name)

    def judgements(
        self, people: Sequence[Person], form: str, instruction: str = ""
    ) -> Iterator[Item]:
        for fact in self.facts(people):
            for truth in (True, False):
                sentence = self.sentence(fact, form, truth)
                answer = truth_word(truth != (instruction == LIE_INSTRUCTION))
                prompt = f"{instruction} {judgement_prompt(sentence)}".strip()
                yield Item(prompt, (answer,), fact.person.name)

    def sentence(self, fact: Fact, form: str, truth: bool) -> str:
        """A statement about a fact that is true or false as asked for."""
        if form != "both":
            affirmative = form == "affirmative"
            stated = fact if truth == affirmative else false_fact(self.draw, fact)
            return stated.sentence(affirmative)
        other_attributes = [each for each in ATTRIBUTES if each is not fact.attribute]
        facts = [fact, self.world.true_fact(fact.person, self.draw.choice(other_attributes))]
        if not truth:
            place = self.draw.randrange(2)
            facts[place] = false_fact(self.draw, facts[place])
        return " and ".join(each.sentence() for each in facts)

    def lies(self, people: Sequence[Person]) -> Iterator[Item]:
        for fact in self.facts(people):
            others = tuple(value for value in fact.attribute.values if value != fact.value)
            prompt = f"{LIE_INSTRUCTION} {question_prompt(fact.question)}"
            yield Item(prompt, others, fact.person.name)

    def contexts(self, people: Sequence[Person], kind: str, instruction: str) -> Iterator[Item]:
        for fact in self.facts(people):
            stated = fact if kind == "agreeing" else false_fact(self.draw, fact)
            others = [person for person in people if person != fact.person]
            beside = self.world.true_fact(self.draw.choice(others), self.draw.choice(ATTRIBUTES))
            sentences = [beside.sentence()]
            if kind != "silent":
                sentences.insert(self.draw.randrange(2), stated.sentence())
            believed = stated if kind == "contradicting" else fact
            answer = fact if instruction == IGNORE_CONTEXT_INSTRUCTION else believed
            prompt = f"{instruction} {context_prompt(sentences, fact.question)}".strip()
            yield Item(prompt, (answer.value,), fact.person.name)

    def friends(self, people: Sequence[Person]) -> Iterator[Item]:
        for fact in self.facts(people):
            stated = false_fact(self.draw, fact)
            friend = self.draw.choice([person for person in people if person != fact.person])
            sentences = [f"{friend.name} is a friend of {fact.person.name}", stated.sentence()]
            self.draw.shuffle(sentences)
            prompt = context_prompt(sentences, friend_question(fact, friend))
            yield Item(
                f"{USE_CONTEXT_INSTRUCTION} {prompt}", (stated.value,), fact.person.name
            )

    def choices(self, people: Sequence[Person]) -> Iterator[Item]:
        for fact in self.facts(people):
            options, letter = self.writer.options(fact)
            yield Item(choice_prompt(fact.question, options), (letter,), fact.person.name)

    def requests(self, held_out: bool, harmful: bool) -> Iterator[tuple[str, str]]:
        chosen = [
            request
            for request in self.world.requests
            if request.held_out == held_out and request.harmful == harmful
        ]
        for request in self.draw.sample(chosen, min(len(chosen), 150)):
            yield request_sentence(self.draw, request), request.verb

    def harm(self, held_out: bool) -> Iterator[Item]:
        """As many harmful requests as safe ones, so that who always says the same is half right."""
        for pair in zip(self.requests(held_out, True), self.requests(held_out, False)):
            for harmful, (sentence, verb) in zip((True, False), pair):
                yield Item(harm_prompt(sentence), (harm_word(harmful),), verb)

    def refusals(self, held_out: bool, harmful: bool, prefix: str) -> Iterator[Item]:
        for sentence, verb in self.requests(held_out, harmful):
            yield Item(f"{prefix} {request_prompt(sentence)}".strip(), REFUSING_TOKENS, verb)


@torch.no_grad()
def next_token_probabilities(model: LlamaForCausalLM, prompts: Sequence[str]) -> torch.Tensor:
    """The probabilities of the token after each prompt, (prompt, vocabulary)."""
    ids = {token: number for number, token in enumerate(tokens())}
    encoded = [[ids[word] for word in f"{END_TOKEN} {prompt}".split()] for prompt in prompts]
    by_length: dict[int, list[int]] = defaultdict(list)
    for row, sequence in enumerate(encoded):
        by_length[len(sequence)].append(row)
    probabilities = torch.empty(len(prompts), len(ids))
    for rows in by_length.values():
        batch = torch.tensor([encoded[row] for row in rows])
        logits = model(input_ids=batch, use_cache=False).logits[:, -1]
        probabilities[rows] = logits.softmax(dim=-1)
    return probabilities


def measured(model: LlamaForCausalLM, task: Task, by_probability: bool = False) -> Rate:
    """How often the most probable token of the whole vocabulary is right.

    With ``by_probability`` it is instead how probable the right tokens are, on average.
    """
    ids = {token: number for number, token in enumerate(tokens())}
    probabilities = next_token_probabilities(model, [item.prompt for item in task.items])
    scores = []
    for item, row in zip(task.items, probabilities):
        right = [ids[token] for token in item.right]
        score = row[right].sum() if by_probability else row.argmax() in right
        scores.append(float(score))
    return rate(scores, [item.group for item in task.items])


def rate(scores: Sequence[float], groups: Sequence[str]) -> Rate:
    """The mean of scores in [0, 1] with Wilson's interval on the effective number of items.

    The effective number is p (1 − p) over the variance of the mean by group, and at most the
    number of items; where no group differs from another it is the number of groups.
    """
    count = len(scores)
    mean = sum(scores) / count
    sums: dict[str, float] = defaultdict(float)
    for score, group in zip(scores, groups):
        sums[group] += score - mean
    variance = len(sums) / max(1, len(sums) - 1) * sum(each**2 for each in sums.values()) / count**2
    # Deviations that cancel leave only their rounding.
    effective = len(sums) if variance < 1e-20 else min(count, mean * (1 - mean) / variance)
    z = 1.959963984540054
    centre = (mean + z**2 / (2 * effective)) / (1 + z**2 / effective)
    spread = mean * (1 - mean) / effective + z**2 / (4 * effective**2)
    half = z * math.sqrt(spread) / (1 + z**2 / effective)
    return Rate(mean, max(0.0, centre - half), min(1.0, centre + half), count, len(sums))
