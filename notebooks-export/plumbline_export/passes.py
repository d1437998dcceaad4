"""Work of an export that fills arrays of the dump batch by batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from .batches import make_batch, plan_batches
from .dump import DumpArray
from .model import LanguageModel
from .reserved import ArrayForm
from .states import StateReader, stored_states
from .tokens import TokenChoice, TokenizedPrompt

STATE_AXES = ("sample", "layer", "width")


class Pass(Protocol):
    """Arrays of a dump that one run over the texts fills.

    ``name`` tells it from the other passes of an export, ``forms`` are its arrays by role,
    ``columns`` its small arrays, which are known before it runs, and ``batches`` the samples of
    every batch, each of which it reads ``runs`` times. It is entered while it runs.
    """

    name: str
    forms: dict[str, ArrayForm]
    columns: dict[str, DumpArray]
    batches: list[tuple[int, ...]]
    runs: int

    def __enter__(self) -> Pass: ...
    def __exit__(self, *error: object) -> None: ...
    def write(self, samples: tuple[int, ...], arrays: Mapping[str, np.ndarray]) -> None:
        """Computes a batch and writes its rows into ``arrays``, which are by role."""


def token_rows(first_rows: np.ndarray, samples: Sequence[int]) -> np.ndarray:
    """The rows of some samples, one after another, where sample s has those from first_rows[s]."""
    return np.concatenate([np.arange(*first_rows[sample : sample + 2]) for sample in samples])


class StatePass:
    """Reads the states of all layers at the chosen tokens into one role.

    Where every token is kept, the role is ``tokenStates`` (token, layer, width), with
    ``tokenCounts`` (sample) beside it. The activations of a model with a final norm come with
    ``finalNormed`` (sample, width).
    """

    def __init__(
        self,
        role: str,
        model: LanguageModel,
        prompts: list[TokenizedPrompt],
        choice: TokenChoice,
        stored_type: str = "float32",
        final_layer: str = "pre-norm",
        batch_size: int = 8,
        padding_side: str = "right",
    ):
        self.name = role
        self.batches = plan_batches(prompts, batch_size)
        self.runs = 1
        self._model = model
        self._prompts = prompts
        self._padding_side = padding_side
        self._role = "tokenStates" if choice.ragged else role
        self._type = np.dtype(stored_type)
        counts = [len(choice.positions(prompt)) if choice.ragged else 1 for prompt in prompts]
        self._first_rows = np.cumsum([0, *counts])
        self._has_normed = role == "activations" and not choice.ragged and model.has_final_norm
        self._reader = StateReader(model, choice, final_layer, self._has_normed)
        self.columns = (
            {"tokenCounts": DumpArray(np.array(counts, np.int64), ("sample",))}
            if choice.ragged
            else {}
        )
        self.forms = self._array_forms(int(self._first_rows[-1]), choice)

    def __enter__(self) -> StatePass:
        self._reader.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._reader.__exit__(*error)

    def write(self, samples: tuple[int, ...], arrays: Mapping[str, np.ndarray]) -> None:
        """Reads a batch and writes its rows."""
        batch = make_batch(samples, self._prompts, self._padding_side, self._model.padding_id)
        read = self._reader.read(batch)
        row_samples = np.repeat(samples, read.counts)
        rows = token_rows(self._first_rows, samples)
        names = self._model.layer_names
        arrays[self._role][rows] = stored_states(read.states, self._type, row_samples, names)
        if read.final_normed is not None:
            arrays["finalNormed"][rows] = stored_states(
                read.final_normed[:, None], self._type, row_samples, ["final norm"]
            )[:, 0]

    def _array_forms(self, rows: int, choice: TokenChoice) -> dict[str, ArrayForm]:
        layers, width = self._model.blocks + 1, self._model.width
        axes = ("token", *STATE_AXES[1:]) if choice.ragged else STATE_AXES
        forms = {self._role: ArrayForm((rows, layers, width), self._type, axes)}
        if self._has_normed:
            forms["finalNormed"] = ArrayForm((rows, width), self._type, ("sample", "width"))
        return forms
