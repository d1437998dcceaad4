"""From the state before the final norm to the logits: the final norm and the unembedding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from .batches import Batch
from .errors import ExportError
from .model import LanguageModel
from .states import StateReader
from .tokens import TokenChoice

EPSILON_NAMES = ("eps", "variance_epsilon", "epsilon", "layer_norm_epsilon")
# Factors between the unembedding and the logits, by the names that configurations give them.
LOGIT_FACTORS = ("logit_scale", "lm_head_multiplier")
LOGIT_DIVISORS = ("logits_scaling",)
# Rows of the unembedding that are held at a time.
ROWS_AT_ONCE = 4096
# The most that exported arrays may miss the model's own values by, as a share of the largest,
# by the coarsest type that one of them is stored or computed in. Sums over the width round
# several times; a wrong norm is wrong by far more.
TOLERANCES = {"float64": 1e-6, "float32": 1e-4, "float16": 1e-2, "bfloat16": 5e-2}


@dataclass(frozen=True)
class FinalNorm:
    """``(offset + weight) · x / √(mean x² + epsilon) + bias``; kind "layer" centres x first.

    ``weight`` and ``bias`` (None: no bias) are (width,) in float32.
    """

    kind: str
    weight: np.ndarray
    bias: np.ndarray | None
    epsilon: float
    offset: int

    @classmethod
    def of(cls, module: nn.Module, width: int) -> FinalNorm:
        """Finds which norm a module is by what it does to states of several sizes."""
        parameter = next(module.parameters(), torch.zeros(1))
        probe = _norm_probe(module, width).to(parameter.device, parameter.dtype)
        with torch.inference_mode():
            expected = _array(module(probe[None])[0])
        weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
        gain = np.ones(width, np.float32) if weight is None else _array(weight)
        shift = _array(bias) if isinstance(bias, torch.Tensor) else None
        epsilon = _epsilon(module, parameter.dtype)
        kinds = [(kind, offset) for kind in ("rms", "layer") for offset in (0, 1)]
        for kind, offset in kinds if gain.shape == (width,) else ():
            norm = cls(kind, gain, shift, epsilon, offset)
            if _misses_by(norm.apply(_array(probe)), expected) <= _tolerance(parameter.dtype):
                return norm
        raise ExportError(
            f"the final norm is a {type(module).__name__}, which does something else than an RMS "
            "norm or a layer norm with a gain, a bias and an epsilon, so that it cannot be "
            "exported; leave --unembedding out"
        )

    def apply(self, states: np.ndarray) -> np.ndarray:
        """Normalises states (…, width), in float64."""
        states = states.astype(np.float64)
        if self.kind == "layer":
            states = states - states.mean(-1, keepdims=True)
        scale = np.sqrt((states**2).mean(-1, keepdims=True) + self.epsilon)
        normed = (self.offset + self.weight) * (states / scale)
        return normed if self.bias is None else normed + self.bias


@dataclass(frozen=True)
class Head:
    """What makes logits of a state: ``soft_cap(norm(state) · unembeddingᵀ + bias)``.

    ``factor`` multiplies both the unembedding and the bias, so that the exported ones hold it.
    """

    norm: FinalNorm | None
    weight: torch.Tensor
    bias: np.ndarray | None
    factor: float
    soft_cap: float | None

    @classmethod
    def of(cls, model: LanguageModel) -> Head:
        """Finds the head of a causal model, or refuses a model without one."""
        weight = unembedding_weight(model)
        if weight.shape[1] != model.width:
            raise ExportError(
                f"the unembedding of {model.name} takes states of width {weight.shape[1]}, but its "
                f"blocks make states of width {model.width}; something in between is not known "
                "here; leave --unembedding out"
            )
        configuration = model.model.config.get_text_config()
        factor = 1.0
        for name in LOGIT_FACTORS:
            factor *= getattr(configuration, name, None) or 1.0
        for name in LOGIT_DIVISORS:
            factor /= getattr(configuration, name, None) or 1.0
        norm, bias = model.layout.final_norm, getattr(model.layout.unembedding, "bias", None)
        return cls(
            norm=None if norm is None else FinalNorm.of(norm, model.width),
            weight=weight,
            bias=None if bias is None else factor * _array(bias),
            factor=factor,
            soft_cap=getattr(configuration, "final_logit_softcapping", None),
        )

    @property
    def vocabulary(self) -> int:
        return self.weight.shape[0]

    def unembedding(self, dtype: np.dtype) -> Iterator[tuple[slice, np.ndarray]]:
        """Yields the unembedding as it is stored, (token, width) a few rows at a time."""
        for start in range(0, self.vocabulary, ROWS_AT_ONCE):
            rows = slice(start, min(start + ROWS_AT_ONCE, self.vocabulary))
            with np.errstate(over="ignore"):
                stored = (self.factor * _array(self.weight[rows])).astype(dtype)
            if not np.isfinite(stored).all():
                raise ExportError(
                    f"the unembedding of tokens {rows.start} to {rows.stop - 1} does not fit "
                    f"{dtype.name}, or is not finite; export with --type float32"
                )
            yield rows, stored

    def logits(self, states: np.ndarray, dtype: np.dtype) -> np.ndarray:
        """Makes logits (row, vocabulary) of states before the final norm, from stored arrays."""
        normed = states.astype(np.float64) if self.norm is None else self.norm.apply(states)
        logits = np.empty((len(states), self.vocabulary))
        for rows, stored in self.unembedding(dtype):
            logits[:, rows] = normed @ stored.T.astype(np.float64)
        if self.bias is not None:
            logits += self.bias
        return logits if self.soft_cap is None else self.soft_cap * np.tanh(logits / self.soft_cap)

    def check(self, model: LanguageModel, batch: Batch, dtype: np.dtype) -> None:
        """Refuses a head whose stored arrays do not give the model's own logits.

        They are compared at the last token of every text of ``batch``.
        """
        last = TokenChoice.named("last")
        with StateReader(model, last) as reader:
            states = reader.read(batch).states[:, -1].astype(dtype)
        own = _array(logits_at(model, batch, [last.positions(p) for p in batch.prompts]))
        found = self.logits(states, dtype)
        tolerance = max(TOLERANCES[dtype.name], _tolerance(model.model.dtype))
        difference = _misses_by(found, own)
        if not difference <= tolerance:
            row = int(np.abs(found - own).max(axis=1).argmax())
            raise ExportError(
                f"the final norm and the unembedding of {model.name}, applied to the state of "
                f"sample {batch.samples[row]} before the norm, miss the model's own logits by "
                f"{difference:.2g} of the largest (rounding explains {tolerance:.2g}): the model "
                "does something in between that is not known here, so that a dump with them "
                "would be wrong; leave --unembedding out"
            )


def unembedding_weight(model: LanguageModel) -> torch.Tensor:
    """The unembedding (vocabulary, width) of a causal model; other models are refused."""
    weight = getattr(model.layout.unembedding, "weight", None)
    if model.kind != "causal" or weight is None:
        raise ExportError(
            f"{model.name} has no unembedding that predicts the next token; logits need a causal "
            "model with its head",
            64,
        )
    return weight


def logits_at(
    model: LanguageModel, batch: Batch, positions: Sequence[Sequence[int]]
) -> torch.Tensor:
    """Returns the model's own logits (row, vocabulary), only at some tokens of each text.

    Rows are text by text. The unembedding is given the chosen states alone, so that logits of
    all tokens, the largest array by far, are never held.
    """
    rows = torch.tensor([row for row, span in enumerate(positions) for _ in span])
    columns = torch.tensor(
        [start + place for start, span in zip(batch.starts, positions) for place in span]
    )

    def choose(_module: nn.Module, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        states = arguments[0]
        chosen = states[rows.to(states.device), columns.to(states.device)]
        return (chosen[None], *arguments[1:])

    hook = model.layout.unembedding.register_forward_pre_hook(choose)
    try:
        logits = model.run(batch, with_head=True).logits
    finally:
        hook.remove()
    if logits.shape[:2] != (1, len(rows)):
        raise ExportError(
            f"{model.name} does not make its logits by its unembedding alone (they have shape "
            f"{tuple(logits.shape)}), so they cannot be read at single tokens"
        )
    return logits[0].float()


def _norm_probe(module: nn.Module, width: int) -> torch.Tensor:
    """States (row, width) around a mean, as small as the epsilon's root and as large as states."""
    generator = torch.Generator().manual_seed(1)
    states = 1 + torch.randn((3, width), generator=generator)
    small = _epsilon(module, torch.float32) ** 0.5
    return states * torch.tensor([small, 1.0, 30.0])[:, None]


def _epsilon(module: nn.Module, dtype: torch.dtype) -> float:
    for name in EPSILON_NAMES:
        if isinstance(value := getattr(module, name, None), float):
            return value
    return torch.finfo(dtype).eps  # what torch's own RMS norm takes where none is given


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().float().cpu().numpy()


def _tolerance(dtype: torch.dtype) -> float:
    return TOLERANCES[str(dtype).removeprefix("torch.")]


def _misses_by(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference as a share of the largest expected value."""
    return float(np.abs(found - expected).max() / max(np.abs(expected).max(), 1e-30))
