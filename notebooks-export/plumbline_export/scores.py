"""What a model thinks of answers: the log-probabilities of their tokens, and its top logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .batches import Batch
from .head import logits_at
from .model import LanguageModel

# Rows of logits that are normalised at a time.
ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class TokenScores:
    """Scores of the answers' tokens of a batch, text by text, in float32.

    ``log_probabilities`` is (token,). ``top_ids`` and ``top_logits`` are (token, rank), the
    largest first; of equal logits the lower token comes first.
    """

    log_probabilities: np.ndarray
    top_ids: np.ndarray
    top_logits: np.ndarray

    @classmethod
    def of(cls, model: LanguageModel, batch: Batch, ranks: int = 0) -> TokenScores:
        """Scores every token of the answers, each by the logits one token before it."""
        spans = [range(p.answer_start, p.answer_end) for p in batch.prompts]
        logits = logits_at(model, batch, [range(s.start - 1, s.stop - 1) for s in spans])
        tokens = torch.tensor(
            [p.ids[place] for p, span in zip(batch.prompts, spans) for place in span],
            device=logits.device,
        )
        parts = [
            _scored(part, answer, ranks)
            for part, answer in zip(logits.split(ROWS_AT_ONCE), tokens.split(ROWS_AT_ONCE))
        ]
        scored, ids, values = (torch.cat(part).cpu().numpy() for part in zip(*parts))
        return cls(scored, ids.astype(np.int32), values)


def _scored(
    logits: torch.Tensor, tokens: torch.Tensor, ranks: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    own = logits.gather(1, tokens[:, None])[:, 0]
    values, ids = logits.topk(ranks, dim=1)
    # Equal logits are in no order of their own.
    by_id = ids.argsort(dim=1)
    ids, values = ids.gather(1, by_id), values.gather(1, by_id)
    by_value = values.argsort(dim=1, descending=True, stable=True)
    return (
        own - logits.logsumexp(1),
        ids.gather(1, by_value),
        values.gather(1, by_value),
    )
