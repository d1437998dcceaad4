"""Where a Hugging Face model keeps its blocks, its final norm and its unembedding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from .errors import ExportError

# Where the models of transformers keep their list of blocks, seen from the base model.
BLOCK_PATHS = (
    "layers",
    "h",
    "blocks",
    "decoder.layers",
    "decoder.block",
    "encoder.layer",
    "encoder.layers",
    "transformer.layer",
    "transformer.h",
    "language_model.layers",
)
# What they call the norm that follows the last block; it stands beside the list of blocks.
FINAL_NORM_NAMES = (
    "norm",
    "ln_f",
    "norm_f",
    "final_norm",
    "final_layer_norm",
    "final_layernorm",
)


@dataclass(frozen=True)
class ModelLayout:
    """The parts of a model that states are read from.

    ``base`` is the model without its head, ``blocks`` its transformer blocks in order,
    ``final_norm`` what normalises the last block's output (None where the blocks normalise
    themselves, as BERT's do), and ``unembedding`` the map from the normed state to the logits
    (None without a head).
    """

    base: nn.Module
    blocks: nn.ModuleList
    final_norm: nn.Module | None
    unembedding: nn.Module | None

    @classmethod
    def find(cls, model: Any) -> ModelLayout:
        """Finds the parts of a model of transformers, or refuses a layout that is not known."""
        base = model.base_model
        expected = getattr(model.config.get_text_config(), "num_hidden_layers", None)
        for path in BLOCK_PATHS:
            blocks = _module_at(base, path)
            if isinstance(blocks, nn.ModuleList) and len(blocks) == expected:
                parent = _module_at(base, path.rpartition(".")[0])
                return cls(base, blocks, _final_norm(parent), model.get_output_embeddings())
        raise ExportError(_unknown_layout(type(model).__name__, base, expected), 65)


def block_state(output: Any) -> torch.Tensor:
    """The state (text, token, width) in what a block returns: a tensor, or a tuple led by one."""
    return output[0] if isinstance(output, tuple) else output


def with_block_state(output: Any, state: torch.Tensor) -> Any:
    """What a block returns, with another state (text, token, width) in its place."""
    return (state, *output[1:]) if isinstance(output, tuple) else state


def _module_at(module: nn.Module, path: str) -> nn.Module | None:
    for name in path.split(".") if path else ():
        module = getattr(module, name, None)
    return module


def _final_norm(parent: nn.Module | None) -> nn.Module | None:
    for name in FINAL_NORM_NAMES:
        if isinstance(norm := getattr(parent, name, None), nn.Module):
            return norm
    return None


def _unknown_layout(model_name: str, base: nn.Module, expected: int | None) -> str:
    lists = [
        f"{name} ({len(module)} of {type(module[0]).__name__})"
        for name, module in base.named_modules()
        if isinstance(module, nn.ModuleList) and len(module)
    ]
    found = ", ".join(lists[:4]) if lists else "no list of modules at all"
    count = "as many" if expected is None else str(expected)
    return (
        f"{model_name} has an unknown layout: a list of {count} blocks (the configuration's "
        f"num_hidden_layers) was looked for at {', '.join(BLOCK_PATHS)} of "
        f"{type(base).__name__}, which has {found}; only models whose every layer is a block of "
        "its own can be exported; write the arrays of others by plumbline_export.dump.write_dump"
    )
