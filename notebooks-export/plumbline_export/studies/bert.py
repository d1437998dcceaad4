"""The forward pass of BERT in NumPy, returning the hidden states of every layer.

Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for Language
Understanding" (2019). Each block normalises its own output (post-norm), so there is no
separate final norm and the last hidden state is the output of the last block as it stands.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file


@dataclass(frozen=True)
class BertConfiguration:
    """The sizes of a BERT model, named as in its ``config.json``."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    max_position_embeddings: int
    layer_norm_eps: float = 1e-12

    @classmethod
    def from_json(cls, path: Path) -> BertConfiguration:
        """Reads ``config.json`` and refuses models that this forward pass does not describe."""
        values = json.loads(path.read_text(encoding="utf-8"))
        for key, expected in {
            "model_type": "bert",
            "hidden_act": "gelu",
            "position_embedding_type": "absolute",
        }.items():
            if (actual := values.get(key, expected)) != expected:
                raise ValueError(
                    f"{path}: {key} is {actual!r}; only BERT models with {expected!r} are supported"
                )
        return cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})


class BertModel:
    """A BERT encoder in float32."""

    def __init__(self, configuration: BertConfiguration, weights: dict[str, np.ndarray]):
        """Takes weights named as Hugging Face names them, with or without the ``bert.`` prefix."""
        self.configuration = configuration
        self._weights = {
            name.removeprefix("bert."): array.astype(np.float32)
            for name, array in weights.items()
            if np.issubdtype(array.dtype, np.floating)
        }

    @classmethod
    def from_folder(cls, folder: Path) -> BertModel:
        """Loads ``config.json`` and ``model.safetensors``."""
        configuration = BertConfiguration.from_json(folder / "config.json")
        return cls(configuration, load_file(folder / "model.safetensors"))

    def hidden_states(self, token_ids: np.ndarray, attention_mask: np.ndarray) -> np.ndarray:
        """Returns the embeddings and the output of each block.

        ``token_ids`` and ``attention_mask`` are (batch, token), the mask 1 for tokens and 0 for
        padding. The result is (layer, batch, token, width) with ``num_hidden_layers + 1`` layers;
        its rows at padding have no meaning.
        """
        if token_ids.shape != attention_mask.shape or token_ids.ndim != 2:
            raise ValueError(
                "token_ids and attention_mask must both be (batch, token), "
                f"got {token_ids.shape} and {attention_mask.shape}"
            )
        if token_ids.shape[1] > self.configuration.max_position_embeddings:
            raise ValueError(
                f"the text has {token_ids.shape[1]} tokens; the model takes at most "
                f"{self.configuration.max_position_embeddings}"
            )
        # Padding is scored as low as float32 allows, so that its attention weight is exactly 0.
        attention_bias = np.where(attention_mask, 0, np.finfo(np.float32).min)
        attention_bias = attention_bias.astype(np.float32)[:, None, None, :]
        states = [self._embeddings(token_ids)]
        for block in range(self.configuration.num_hidden_layers):
            states.append(self._block(f"encoder.layer.{block}", states[-1], attention_bias))
        return np.stack(states)

    def _embeddings(self, token_ids: np.ndarray) -> np.ndarray:
        tokens = self._weight("embeddings.word_embeddings.weight")[token_ids]
        positions = self._weight("embeddings.position_embeddings.weight")[: token_ids.shape[1]]
        segment = self._weight("embeddings.token_type_embeddings.weight")[0]
        return self._layer_norm("embeddings.LayerNorm", tokens + positions + segment)

    def _block(self, name: str, states: np.ndarray, attention_bias: np.ndarray) -> np.ndarray:
        attended = self._attention(f"{name}.attention.self", states, attention_bias)
        attended = self._linear(f"{name}.attention.output.dense", attended)
        states = self._layer_norm(f"{name}.attention.output.LayerNorm", states + attended)
        expanded = gelu(self._linear(f"{name}.intermediate.dense", states))
        contracted = self._linear(f"{name}.output.dense", expanded)
        return self._layer_norm(f"{name}.output.LayerNorm", states + contracted)

    def _attention(self, name: str, states: np.ndarray, attention_bias: np.ndarray) -> np.ndarray:
        batch, tokens, width = states.shape
        heads = self.configuration.num_attention_heads

        def split(projection: str) -> np.ndarray:  # (batch, head, token, width / heads)
            projected = self._linear(f"{name}.{projection}", states)
            return projected.reshape(batch, tokens, heads, -1).transpose(0, 2, 1, 3)

        query, key, value = split("query"), split("key"), split("value")
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(math.sqrt(width // heads))
        scores += attention_bias
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ value).transpose(0, 2, 1, 3).reshape(batch, tokens, width)

    def _linear(self, name: str, states: np.ndarray) -> np.ndarray:
        return states @ self._weight(f"{name}.weight").T + self._weight(f"{name}.bias")

    def _layer_norm(self, name: str, states: np.ndarray) -> np.ndarray:
        centred = states - states.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        normed = centred / np.sqrt(variance + np.float32(self.configuration.layer_norm_eps))
        return normed * self._weight(f"{name}.weight") + self._weight(f"{name}.bias")

    def _weight(self, name: str) -> np.ndarray:
        try:
            return self._weights[name]
        except KeyError:
            raise ValueError(f"the model has no weight named {name!r}") from None


def gelu(x: np.ndarray) -> np.ndarray:
    """The Gaussian error linear unit x Φ(x), in its exact form (not the tanh approximation)."""
    return x * (0.5 + 0.5 * erf(x * np.float32(math.sqrt(0.5))))


# erf is tabulated, because NumPy has none. Interpolating linearly between points h apart is off
# by at most h²/8 · max|erf''| = (1/4096)²/8 · 0.97 < 1e-8, below the rounding of float32; beyond
# ±6 erf is ±1 to 2e-17.
_ERF_LIMIT = 6
_ERF_POINTS_PER_UNIT = 4096
_ERF_TABLE = np.array(
    [
        math.erf(point / _ERF_POINTS_PER_UNIT - _ERF_LIMIT)
        for point in range(2 * _ERF_LIMIT * _ERF_POINTS_PER_UNIT + 2)
    ]
)


def erf(x: np.ndarray) -> np.ndarray:
    """The error function, within 1e-8 before rounding to the type of ``x``."""
    position = (np.clip(x.astype(np.float64), -_ERF_LIMIT, _ERF_LIMIT) + _ERF_LIMIT) * (
        _ERF_POINTS_PER_UNIT
    )
    below = position.astype(np.intp)
    left = _ERF_TABLE[below]
    return (left + (position - below) * (_ERF_TABLE[below + 1] - left)).astype(x.dtype)
