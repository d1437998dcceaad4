"""Reads the states of every layer at chosen tokens while the model runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .batches import Batch
from .errors import ExportError
from .layout import block_state
from .model import LanguageModel
from .tokens import TokenChoice


@dataclass(frozen=True)
class BatchStates:
    """What was read of one batch, in float32.

    ``states`` is (row, layer, width): a row a text, or a row a chosen token for ragged choices,
    then text by text in the batch's order. ``counts`` says how many rows each text has.
    ``final_normed`` (row, width) is the last block's output after the final norm, where read.
    """

    samples: tuple[int, ...]
    counts: tuple[int, ...]
    states: np.ndarray
    final_normed: np.ndarray | None = None


class StateReader:
    """Reads states with hooks on a model's blocks, for as long as it is entered.

    Layer 0 is what enters the first block and layer l the output of block l, before the final
    norm. With ``final_layer`` "post-norm" the last layer is read after the final norm instead.
    ``final_normed`` reads the normed state beside the layers.

    A hook keeps only the chosen tokens, so that memory is what the model itself needs and the
    states of one batch. Hooks run in the order in which they were set: one that changes a
    block's output must be set before the reader is entered to be seen here.
    """

    def __init__(
        self,
        model: LanguageModel,
        choice: TokenChoice,
        final_layer: str = "pre-norm",
        final_normed: bool = False,
    ):
        if (final_layer == "post-norm" or final_normed) and not model.has_final_norm:
            raise ExportError(
                f"{model.name} has no final norm after its last block, so that no state after it "
                "can be read; leave --final-layer post-norm out",
                64,
            )
        self._model = model
        self._choice = choice
        self._final_layer = final_layer
        self._final_normed = final_normed
        self._hooks: list[Any] = []
        self._reading: _Reading | None = None

    def __enter__(self) -> StateReader:
        layout = self._model.layout
        last = len(layout.blocks)

        def read_embeddings(_module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> None:
            self._keep(0, inputs[0] if inputs else named["hidden_states"])

        self._hooks = [
            layout.blocks[0].register_forward_pre_hook(read_embeddings, with_kwargs=True)
        ]
        for layer, block in enumerate(layout.blocks, start=1):
            if layer < last or self._final_layer == "pre-norm":
                self._hooks.append(block.register_forward_hook(self._output_hook(layer)))
        if layout.final_norm is not None:
            if self._final_layer == "post-norm":
                self._hooks.append(
                    layout.final_norm.register_forward_hook(self._output_hook(last))
                )
            if self._final_normed:
                self._hooks.append(
                    layout.final_norm.register_forward_hook(self._output_hook(last + 1))
                )
        return self

    def __exit__(self, *_error: object) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

    def read(self, batch: Batch) -> BatchStates:
        """Runs the model without its head over a batch and returns the states it passed.

        Refuses models that do not run every block once, and states that are not finite.
        """
        layers = self._model.blocks + 1
        self._reading = _Reading(
            self._model, batch, self._choice, layers + int(self._final_normed)
        )
        try:
            self._model.run(batch)
            counts, states = self._reading.counts, self._reading.finish()
        finally:
            self._reading = None
        final_normed = states[:, layers] if self._final_normed else None
        return BatchStates(batch.samples, counts, states[:, :layers], final_normed)

    def _output_hook(self, slot: int) -> Any:
        def read_output(_module: Any, _arguments: Any, output: Any) -> None:
            self._keep(slot, block_state(output))

        return read_output

    def _keep(self, slot: int, state: torch.Tensor) -> None:
        # Outside of ``read`` the model runs for somebody else.
        if self._reading is not None:
            self._reading.keep(slot, state)


class _Reading:
    """The states of one batch while the model runs: (row, slot, width), on its device."""

    def __init__(self, model: LanguageModel, batch: Batch, choice: TokenChoice, slots: int):
        self._model = model
        self._batch = batch
        spans = [
            range(start + positions.start, start + positions.stop)
            for start, positions in zip(batch.starts, map(choice.positions, batch.prompts))
        ]
        self.counts = tuple(len(span) if choice.ragged else 1 for span in spans)
        # Columns to average over, or the rows and columns of single tokens.
        self._averaged = spans if choice.averages else []
        self._rows = torch.tensor(
            [row for row, span in enumerate(spans) for _ in span], device=model.device
        )
        self._columns = torch.tensor([c for span in spans for c in span], device=model.device)
        self._states = torch.empty(
            (sum(self.counts), slots, model.width), dtype=torch.float32, device=model.device
        )
        self._times_seen = [0] * slots

    def keep(self, slot: int, state: torch.Tensor) -> None:
        """Reduces a state (text, token, width) to the chosen tokens, averaging in float32."""
        expected = (*self._batch.ids.shape, self._model.width)
        if tuple(state.shape) != expected:
            raise ExportError(
                f"{self._model.layer_name(slot)} of {self._model.name} has states of shape "
                f"{tuple(state.shape)}; {expected} (text, token, width) was expected; models "
                "whose blocks pass on something else than one state a token cannot be exported"
            )
        if self._averaged:
            means = [
                state[row, span.start : span.stop].mean(0, dtype=torch.float32)
                for row, span in enumerate(self._averaged)
            ]
            chosen = torch.stack(means)
        else:
            chosen = state[self._rows.to(state.device), self._columns.to(state.device)]
        self._states[:, slot] = chosen.to(self._states.device)
        self._times_seen[slot] += 1

    def finish(self) -> np.ndarray:
        """The states on the CPU, (row, slot, width) in float32."""
        for slot, times in enumerate(self._times_seen):
            if times != 1:
                raise ExportError(
                    f"{self._model.layer_name(slot)} of {self._model.name} ran {times} times for "
                    "one batch; only models that run every block exactly once can be exported, "
                    "since the state of a layer is otherwise not one state"
                )
        return self._states.cpu().numpy()


def stored_states(
    states: np.ndarray,
    dtype: np.dtype,
    samples: Sequence[int],
    layer_names: Sequence[str],
) -> np.ndarray:
    """Narrows states to the type that the dump stores, refusing what is lost by it.

    ``states`` is (row, layer, width), ``samples`` names the text of every row. Refuses infinity
    and NaN, which would spoil every result, naming the text and the layer.
    """
    with np.errstate(over="ignore"):
        stored = states.astype(dtype)
    if np.isfinite(stored).all():
        return stored
    row, layer = np.argwhere(~np.isfinite(stored))[0][:2]
    place = f"the state of sample {samples[row]} at layer {layer} ({layer_names[layer]})"
    if np.isfinite(states[row, layer]).all():
        largest = np.abs(states[row, layer]).max()
        raise ExportError(
            f"{place} reaches {largest:.6g}, which float16 cannot hold (it ends at 65504); "
            "export with --type float32"
        )
    raise ExportError(
        f"{place} is not finite: the model itself overflows there; run it in a wider type "
        "(--precision float32), and see whether its weights are whole"
    )
