"""Passes for what a dump holds besides states: the unembedding, sweeps, scores of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .batches import Batch, make_batch, plan_batches
from .dump import DumpArray
from .head import Head
from .model import LanguageModel
from .passes import token_rows
from .reserved import ArrayForm
from .scores import TokenScores
from .steering import Sweep
from .tokens import TokenizedPrompt


@dataclass(frozen=True)
class BatchPlan:
    """Prompts as tokens, and how they are put into batches."""

    model: LanguageModel
    prompts: list[TokenizedPrompt]
    size: int
    padding_side: str

    @property
    def samples(self) -> list[tuple[int, ...]]:
        return plan_batches(self.prompts, self.size)

    def batch(self, samples: tuple[int, ...]) -> Batch:
        return make_batch(samples, self.prompts, self.padding_side, self.model.padding_id)


class _AdditionPass:
    """A pass that sets up and takes down nothing."""

    runs = 1
    columns: dict[str, DumpArray] = {}

    def __enter__(self) -> _AdditionPass:
        return self

    def __exit__(self, *_error: object) -> None:
        pass


class UnembeddingPass(_AdditionPass):
    """Copies the unembedding (vocabulary, width), and reads no text."""

    name = "unembedding"
    batches: list[tuple[int, ...]] = [()]

    def __init__(self, head: Head, width: int, stored_type: np.dtype):
        self._head = head
        self._type = stored_type
        self.forms = {
            "unembedding": ArrayForm(
                (head.vocabulary, width), stored_type, ("vocabulary", "width")
            )
        }

    def write(self, samples: tuple[int, ...], arrays: Mapping[str, np.ndarray]) -> None:
        for rows, values in self._head.unembedding(self._type):
            arrays["unembedding"][rows] = values


class SweepPass(_AdditionPass):
    """Sweeps along one vector: that of the user, or the random one numbered ``direction``."""

    def __init__(
        self,
        plan: BatchPlan,
        sweep: Sweep,
        vector: np.ndarray,
        form: ArrayForm,
        direction: int | None = None,
    ):
        self._plan = plan
        self._sweep = sweep
        self._vector = vector
        self._direction = direction
        self._role = "sweep.states" if direction is None else "sweep.controlStates"
        self.name = "sweep" if direction is None else f"sweep control {direction}"
        self.runs = len(sweep.coefficients)
        self.batches = plan.samples
        self.forms = {self._role: form}

    def write(self, samples: tuple[int, ...], arrays: Mapping[str, np.ndarray]) -> None:
        """Measures a batch under every coefficient."""
        batch = self._plan.batch(samples)
        states = self._sweep.states(self._plan.model, batch, self._vector)
        target = arrays[self._role]
        if self._direction is not None:
            target = target[self._direction]
        target[:, list(samples)] = states


class ScoresPass(_AdditionPass):
    """Scores the answers' tokens: ``logProbabilities`` (token), ``topLogits`` (token, rank)."""

    name = "scores"

    def __init__(self, plan: BatchPlan, log_probabilities: bool, ranks: int):
        self._plan = plan
        self._ranks = ranks
        counts = [prompt.answer_end - prompt.answer_start for prompt in plan.prompts]
        self._first_rows = np.cumsum([0, *counts])
        self.batches = plan.samples
        self.columns = {"tokenCounts": DumpArray(np.array(counts, np.int64), ("sample",))}
        tokens = int(self._first_rows[-1])
        self.forms: dict[str, ArrayForm] = {}
        if log_probabilities:
            self.forms["logProbabilities"] = ArrayForm((tokens,), np.dtype("f4"), ("token",))
        for name, kind in (("ids", "i4"), ("values", "f4")) if ranks else ():
            form = ArrayForm((tokens, ranks), np.dtype(kind), ("token", "rank"))
            self.forms[f"topLogits.{name}"] = form

    def write(self, samples: tuple[int, ...], arrays: Mapping[str, np.ndarray]) -> None:
        """Scores a batch and writes its rows."""
        scores = TokenScores.of(self._plan.model, self._plan.batch(samples), self._ranks)
        rows = token_rows(self._first_rows, samples)
        found = {
            "logProbabilities": scores.log_probabilities,
            "topLogits.ids": scores.top_ids,
            "topLogits.values": scores.top_logits,
        }
        for role in self.forms:
            arrays[role][rows] = found[role]
