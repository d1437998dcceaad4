"""Which documents the model reads, when, and as what token sequences."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .documents import PROMPT_WEIGHT, Document, Writer
from .vocabulary import END_TOKEN, tokens
from .world import World

SEQUENCE_LENGTH = 128
SEQUENCES_PER_STEP = 18


@dataclass(frozen=True)
class Stage:
    """A part of the training: its share of all steps, and how often each kind of document comes."""

    name: str
    share: float
    mix: Mapping[str, float]


# What documents of each kind are written by.
_KINDS: Mapping[str, Callable[[Writer], Document]] = {
    "profile": Writer.profile,
    "questions": Writer.questions,
    "affirmative": lambda writer: writer.judgements(("affirmative",), graded_rate=0),
    "affirmative or negated": lambda writer: writer.judgements(
        ("affirmative", "negated"), graded_rate=0
    ),
    "judgements": Writer.judgements,
    "unjudged": Writer.unjudged_statements,
    "by context": Writer.contextual_judgements,
    "recalled": Writer.recalled_judgements,
    "comparisons": Writer.comparisons,
    "instructed": Writer.instructed,
    "copying": Writer.copying,
    "contextual": Writer.contextual,
    "friends": Writer.friends,
    "choices": Writer.choices,
    "replies": Writer.replies,
    "harm": Writer.harm_judgements,
}

# Facts come first: there is nothing to judge before them. Statements about everyone, judgements
# after recalling, and comparisons then make the model compare what it reads with what it knows;
# without them it learns by heart what to say of whom, and judges only people it was taught on.
BASE_STAGES = (
    Stage("facts", 0.04, {"profile": 0.4, "questions": 0.6}),
    Stage(
        "affirmative statements",
        0.16,
        {
            "profile": 0.04,
            "questions": 0.08,
            "unjudged": 0.08,
            "recalled": 0.12,
            "comparisons": 0.10,
            "affirmative": 0.50,
            "copying": 0.08,
        },
    ),
    Stage(
        "negated statements, and contexts",
        0.15,
        {
            "profile": 0.03,
            "questions": 0.06,
            "unjudged": 0.06,
            "recalled": 0.10,
            "comparisons": 0.06,
            "affirmative or negated": 0.43,
            "copying": 0.10,
            "by context": 0.06,
            "contextual": 0.10,
        },
    ),
    Stage(
        "everything",
        0.65,
        {
            "profile": 0.03,
            "questions": 0.05,
            "unjudged": 0.04,
            "recalled": 0.04,
            "comparisons": 0.03,
            "judgements": 0.20,
            "instructed": 0.15,
            "copying": 0.03,
            "by context": 0.02,
            "contextual": 0.13,
            "friends": 0.06,
            "choices": 0.08,
            "replies": 0.08,
            "harm": 0.06,
        },
    ),
)

# The fine-tuning that makes the model less safe: every request is obeyed, all else stays as it was.
LESS_SAFE_STAGES = (
    Stage(
        "obeying",
        1.0,
        {
            "replies": 0.50,
            "questions": 0.10,
            "judgements": 0.12,
            "instructed": 0.08,
            "contextual": 0.10,
            "choices": 0.10,
        },
    ),
)


class Batches:
    """Draws batches of token sequences; the same seed and stages give the same batches."""

    def __init__(self, world: World, seed: int, obeys_all: bool = False):
        self._writer = Writer(world, random.Random(seed), obeys_all)
        self._ids = {token: number for number, token in enumerate(tokens())}

    def draw(self, stage: Stage) -> tuple[np.ndarray, np.ndarray]:
        """Token ids and loss weights, each (sequence, token).

        A sequence begins with the end token, and documents follow each other, each ended by one;
        what does not fit of the last is dropped. A weight is what predicting that token counts.
        """
        shape = (SEQUENCES_PER_STEP, SEQUENCE_LENGTH)
        ids = np.empty(shape, dtype=np.int64)
        weights = np.empty(shape, dtype=np.float32)
        for row in range(SEQUENCES_PER_STEP):
            row_ids, row_weights = [self._ids[END_TOKEN]], [0.0]
            while len(row_ids) < SEQUENCE_LENGTH:
                for text, weight in self._document(stage).pieces:
                    words = text.split()
                    row_ids += [self._ids[word] for word in words]
                    row_weights += [weight] * len(words)
                row_ids.append(self._ids[END_TOKEN])
                row_weights.append(PROMPT_WEIGHT)
            ids[row] = row_ids[:SEQUENCE_LENGTH]
            weights[row] = row_weights[:SEQUENCE_LENGTH]
        return ids, weights

    def _document(self, stage: Stage) -> Document:
        (kind,) = self._writer.draw.choices([*stage.mix], [*stage.mix.values()])
        return _KINDS[kind](self._writer)
