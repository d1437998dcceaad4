"""A sweep: what the last block makes of a vector that is added at some layer, norm by norm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .batches import Batch
from .errors import ExportError
from .layout import block_state, with_block_state
from .model import LanguageModel
from .states import StateReader
from .tokens import TokenChoice

class VectorHook:
    """Adds ``offset`` (width,) to the output of the block that makes layer ``layer``.

    It is added at all tokens of a text, or only at its last. A context manager; enter it before
    a ``StateReader`` that is to see what it changes. With ``offset`` None it changes nothing.
    """

    def __init__(self, model: LanguageModel, layer: int, positions: str):
        self._block = model.layout.blocks[layer - 1]
        self._positions = positions
        self._hook: Any = None
        self.batch: Batch | None = None
        self.offset: torch.Tensor | None = None

    def __enter__(self) -> VectorHook:
        self._hook = self._block.register_forward_hook(self._add)
        return self

    def __exit__(self, *_error: object) -> None:
        self._hook.remove()

    def _add(self, _module: Any, _arguments: Any, output: Any) -> Any:
        if self.offset is None or self.batch is None:
            return None
        state = block_state(output)
        offset = self.offset.to(state.device, state.dtype)
        if self._positions == "all":
            return with_block_state(output, state + offset)
        rows = torch.arange(len(self.batch.prompts), device=state.device)
        columns = torch.tensor(
            [start + len(p.ids) - 1 for start, p in zip(self.batch.starts, self.batch.prompts)],
            device=state.device,
        )
        steered = state.clone()
        steered[rows, columns] += offset
        return with_block_state(output, steered)


@dataclass(frozen=True)
class Sweep:
    """Where vectors are added, and the coefficients (coefficient,) they are multiplied by."""

    layer: int
    positions: str
    coefficients: np.ndarray

    @classmethod
    def at(
        cls, model: LanguageModel, layer: int, positions: str, coefficients: np.ndarray
    ) -> Sweep:
        """A sweep at a layer that the model has, "all" tokens of a text or its "last"."""
        if not 1 <= layer <= model.blocks:
            raise ExportError(
                f"a vector cannot be added at layer {layer} of {model.name}: layers are the "
                f"outputs of its blocks, from 1 to {model.blocks}",
                64,
            )
        return cls(layer, positions, coefficients)

    def states(self, model: LanguageModel, batch: Batch, vector: np.ndarray) -> np.ndarray:
        """The last block's output before the final norm at each text's last token.

        ``vector`` is (width,). Returns (coefficient, text, width) in float32. Coefficient 0 adds
        nothing at all.
        """
        states = np.empty((len(self.coefficients), len(batch.samples), model.width), np.float32)
        with (
            VectorHook(model, self.layer, self.positions) as hook,
            StateReader(model, TokenChoice.named("last")) as reader,
        ):
            hook.batch = batch
            for number, coefficient in enumerate(self.coefficients):
                added = torch.from_numpy((coefficient * vector.astype(np.float64)).astype("f4"))
                hook.offset = added if coefficient != 0 else None
                states[number] = reader.read(batch).states[:, -1]
                _refuse_overflow(states[number], coefficient, batch)
        return states


def _refuse_overflow(states: np.ndarray, coefficient: float, batch: Batch) -> None:
    finite = np.isfinite(states).all(axis=1)
    if not finite.all():
        raise ExportError(
            f"under the coefficient {coefficient:g} the state of sample "
            f"{batch.samples[int(np.argmin(finite))]} is not finite: the model overflows; take "
            "smaller coefficients, or run it in a wider type (--precision float32)"
        )
