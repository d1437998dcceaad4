"""What the tests of the command share: the texts, and the states of a model without its reader."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np

CITIES = ("Paris", "Rome", "Oslo", "Bern", "Berlin", "Cairo")
COUNTRIES = ("France", "Italy", "Norway", "Italy", "Germany", "Egypt")
ROWS = [
    {
        "text": f"{city} lies in {country}",
        "city": city,
        "answer": country,
        "label": number % 2 == 0,
        "group": city,
        "split": "train" if number < 4 else "test",
    }
    for number, (city, country) in enumerate(zip(CITIES, COUNTRIES))
]


def write_texts(path: Path, rows=ROWS) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def manifest(folder: Path) -> dict:
    return json.loads((folder / "dump.json").read_text(encoding="utf-8"))


def arrays(folder: Path) -> dict[str, np.ndarray]:
    return {path.stem: np.load(path) for path in folder.glob("*.npy")}


def texts_of(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "texts.jsonl").read_text().splitlines()]


@functools.cache
def loaded(folder: Path):
    from plumbline_export.model import LanguageModel

    return LanguageModel.load(str(folder))


def states_by_hooks(models: Path, name: str, texts: list[str], token=-1) -> np.ndarray:
    """(text, layer, width) of one token of each text, without the exporter's reader."""
    import torch

    model = loaded(models / name)
    rows = []
    for text in texts:
        seen = []
        first = model.layout.blocks[0].register_forward_pre_hook(
            lambda _module, inputs, named: seen.append(
                inputs[0] if inputs else named["hidden_states"]
            ),
            with_kwargs=True,
        )
        hooks = [first] + [
            block.register_forward_hook(
                lambda _module, _inputs, output: seen.append(
                    output if isinstance(output, torch.Tensor) else output[0]
                )
            )
            for block in model.layout.blocks
        ]
        with torch.inference_mode():
            model.model(**model.tokenizer([text], return_tensors="pt"))
        for hook in hooks:
            hook.remove()
        rows.append(torch.stack([state[0, token] for state in seen]))
    return torch.stack(rows).numpy()


def assert_close(actual, expected):
    # As in test_states: 3 blocks of at most 8 sums of at most 64 products in float32.
    atol = 3 * 8 * 64 * 2.0**-24 * np.abs(expected).max()
    np.testing.assert_allclose(actual, expected, rtol=0, atol=atol)
