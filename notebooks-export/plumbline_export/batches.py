"""Texts in batches of similar length, padded left or right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from .tokens import TokenizedPrompt


@dataclass(frozen=True)
class Batch:
    """Some texts as the model takes them.

    ``ids``, ``mask`` (1 for tokens, 0 for padding) and ``position_ids`` are (text, token).
    ``samples`` are the texts' numbers among all texts, ``prompts`` their tokens, and ``starts``
    the columns where they begin.
    """

    samples: tuple[int, ...]
    prompts: tuple[TokenizedPrompt, ...]
    ids: torch.Tensor
    mask: torch.Tensor
    position_ids: torch.Tensor
    starts: tuple[int, ...]


def plan_batches(prompts: Sequence[TokenizedPrompt], size: int) -> list[tuple[int, ...]]:
    """Sample numbers of each batch: ``size`` texts of similar length, the longest first.

    The longest come first so that a batch too large for the memory fails at once. The plan
    depends on the lengths alone, so an export that is resumed has the same batches.
    """
    order = sorted(range(len(prompts)), key=lambda sample: (-len(prompts[sample].ids), sample))
    return [tuple(order[start : start + size]) for start in range(0, len(order), size)]


def make_batch(
    samples: Sequence[int],
    prompts: Sequence[TokenizedPrompt],
    padding_side: str = "right",
    padding_id: int = 0,
) -> Batch:
    """Pads the texts numbered ``samples`` among ``prompts`` to the longest of them.

    Any ``padding_id`` will do, since padding is masked. Positions count from each text's first
    token; padding has position 0.
    """
    chosen = tuple(prompts[sample] for sample in samples)
    longest = max(len(prompt.ids) for prompt in chosen)
    starts = tuple(
        longest - len(prompt.ids) if padding_side == "left" else 0 for prompt in chosen
    )
    ids = torch.full((len(chosen), longest), padding_id, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, (prompt, start) in enumerate(zip(chosen, starts)):
        ids[row, start : start + len(prompt.ids)] = torch.tensor(prompt.ids)
        mask[row, start : start + len(prompt.ids)] = 1
    position_ids = ((mask.cumsum(1) - 1) * mask).clamp(min=0)
    return Batch(tuple(samples), chosen, ids, mask, position_ids, starts)
