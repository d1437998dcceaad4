"""From texts to one vector per text and layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .bert import BertModel


class Encoder:
    """A BERT model with its tokenizer."""

    def __init__(self, model: BertModel, tokenizer: Tokenizer):
        self.model = model
        self.tokenizer = tokenizer
        # Saved tokenizers may pad or cut every text to one length; neither is wanted here.
        tokenizer.no_padding()
        tokenizer.no_truncation()

    @classmethod
    def from_folder(cls, folder: Path) -> Encoder:
        """Loads ``config.json``, ``model.safetensors`` and ``tokenizer.json``."""
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(BertModel.from_folder(folder), tokenizer)

    def mean_states(self, texts: list[str], batch_size: int = 32) -> np.ndarray:
        """Returns the hidden states averaged over all tokens of a text, [CLS] and [SEP] included.

        The result is (text, layer, width) in float32.
        """
        token_ids = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        configuration = self.model.configuration
        means = np.empty(
            (len(texts), configuration.num_hidden_layers + 1, configuration.hidden_size),
            dtype=np.float32,
        )
        # Texts of one length share a batch, so that little is padded.
        by_length = sorted(range(len(texts)), key=lambda text: len(token_ids[text]))
        for start in range(0, len(texts), batch_size):
            batch = by_length[start : start + batch_size]
            padded, mask = pad([token_ids[text] for text in batch])
            states = self.model.hidden_states(padded, mask)
            weights = (mask / mask.sum(axis=1, keepdims=True)).astype(np.float32)
            means[batch] = np.einsum("lbtw,bt->blw", states, weights)
        return means


def pad(token_ids: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Fills texts up to the longest with token 0, and returns them with their attention mask."""
    longest = max(len(tokens) for tokens in token_ids)
    padded = np.zeros((len(token_ids), longest), dtype=np.int64)
    mask = np.zeros_like(padded)
    for row, tokens in enumerate(token_ids):
        padded[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return padded, mask
