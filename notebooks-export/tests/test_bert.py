"""The forward pass against a slow float64 reference, and its invariants."""

import math

import numpy as np
import pytest

from plumbline_export.studies.bert import BertConfiguration, BertModel, erf, gelu
from plumbline_export.studies.encoding import pad

CONFIGURATION = BertConfiguration(
    hidden_size=12, num_hidden_layers=3, num_attention_heads=3, max_position_embeddings=16
)
VOCABULARY = 20
EXPANDED = 20


def random_weights(seed: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    width = CONFIGURATION.hidden_size

    def normal(*shape: int) -> np.ndarray:
        return generator.normal(scale=0.5, size=shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": normal(VOCABULARY, width),
        "embeddings.position_embeddings.weight": normal(16, width),
        "embeddings.token_type_embeddings.weight": normal(2, width),
        "embeddings.LayerNorm.weight": 1 + normal(width),
        "embeddings.LayerNorm.bias": normal(width),
        "embeddings.position_ids": np.arange(16)[None],
    }
    for block in range(CONFIGURATION.num_hidden_layers):
        for name, outputs, inputs in (
            ("attention.self.query", width, width),
            ("attention.self.key", width, width),
            ("attention.self.value", width, width),
            ("attention.output.dense", width, width),
            ("intermediate.dense", EXPANDED, width),
            ("output.dense", width, EXPANDED),
        ):
            weights[f"encoder.layer.{block}.{name}.weight"] = normal(outputs, inputs)
            weights[f"encoder.layer.{block}.{name}.bias"] = normal(outputs)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            weights[f"encoder.layer.{block}.{name}.weight"] = 1 + normal(width)
            weights[f"encoder.layer.{block}.{name}.bias"] = normal(width)
    return weights


def reference(weights: dict[str, np.ndarray], tokens: list[int]) -> list[np.ndarray]:
    """One text, one token and one head at a time, in float64, from the paper's equations."""
    exact = {name: array.astype(np.float64) for name, array in weights.items()}
    width, heads = CONFIGURATION.hidden_size, CONFIGURATION.num_attention_heads
    size = width // heads

    def norm(name, vector):
        mean = sum(vector) / len(vector)
        variance = sum((value - mean) ** 2 for value in vector) / len(vector)
        scaled = (vector - mean) / math.sqrt(variance + CONFIGURATION.layer_norm_eps)
        return exact[name + ".weight"] * scaled + exact[name + ".bias"]

    def linear(name, vector):
        return np.array([row @ vector for row in exact[name + ".weight"]]) + exact[name + ".bias"]

    states = [
        norm(
            "embeddings.LayerNorm",
            exact["embeddings.word_embeddings.weight"][token]
            + exact["embeddings.position_embeddings.weight"][position]
            + exact["embeddings.token_type_embeddings.weight"][0],
        )
        for position, token in enumerate(tokens)
    ]
    layers = [np.array(states)]
    for block in range(CONFIGURATION.num_hidden_layers):
        prefix = f"encoder.layer.{block}."
        queries, keys, values = (
            [linear(f"{prefix}attention.self.{name}", state) for state in states]
            for name in ("query", "key", "value")
        )
        updated = []
        for state, query in zip(states, queries):
            context = []
            for head in range(heads):
                part = slice(head * size, (head + 1) * size)
                scores = [math.exp(query[part] @ key[part] / math.sqrt(size)) for key in keys]
                context.append(
                    sum(score * value[part] for score, value in zip(scores, values)) / sum(scores)
                )
            attended = linear(prefix + "attention.output.dense", np.concatenate(context))
            state = norm(prefix + "attention.output.LayerNorm", state + attended)
            expanded = [
                value * 0.5 * (1 + math.erf(value / math.sqrt(2)))
                for value in linear(prefix + "intermediate.dense", state)
            ]
            contracted = linear(prefix + "output.dense", np.array(expanded))
            updated.append(norm(prefix + "output.LayerNorm", state + contracted))
        states = updated
        layers.append(np.array(states))
    return layers


TEXTS = [[3, 1, 4], [1, 5, 9, 2, 6, 5, 3, 5], [8], [9, 7, 9, 3, 2]]


@pytest.mark.parametrize("tokens", TEXTS)
def test_every_layer_equals_the_reference(tokens):
    weights = random_weights(1)
    actual = BertModel(CONFIGURATION, weights).hidden_states(*pad([tokens]))
    assert actual.dtype == np.float32
    # Values are of order 1 and pass 3 blocks; float32 rounds at 6e-8.
    np.testing.assert_allclose(actual[:, 0], reference(weights, tokens), rtol=0, atol=2e-5)


def test_there_is_one_layer_more_than_blocks():
    states = BertModel(CONFIGURATION, random_weights(2)).hidden_states(*pad(TEXTS))
    assert states.shape == (4, len(TEXTS), 8, CONFIGURATION.hidden_size)


def test_padding_does_not_change_a_text():
    model = BertModel(CONFIGURATION, random_weights(3))
    together = model.hidden_states(*pad(TEXTS))
    for row, tokens in enumerate(TEXTS):
        alone = model.hidden_states(*pad([tokens]))[:, 0]
        np.testing.assert_allclose(together[:, row, : len(tokens)], alone, rtol=0, atol=1e-5)


def test_names_may_carry_the_bert_prefix():
    weights = random_weights(4)
    prefixed = {f"bert.{name}": array for name, array in weights.items()}
    expected = BertModel(CONFIGURATION, weights).hidden_states(*pad(TEXTS))
    actual = BertModel(CONFIGURATION, prefixed).hidden_states(*pad(TEXTS))
    np.testing.assert_array_equal(actual, expected)


def test_erf_is_within_its_bound():
    points = np.linspace(-8, 8, 100_003)
    exact = np.array([math.erf(point) for point in points])
    assert np.abs(erf(points) - exact).max() < 1e-8


def test_gelu_is_the_exact_form():
    # The tanh approximation is off by up to 5e-4.
    points = np.linspace(-6, 6, 4001, dtype=np.float32)
    exact = [x * 0.5 * math.erfc(-x / math.sqrt(2)) for x in points.tolist()]
    np.testing.assert_allclose(gelu(points), exact, rtol=0, atol=1e-6)


def test_a_missing_weight_is_named():
    weights = random_weights(5)
    del weights["encoder.layer.2.output.dense.bias"]
    with pytest.raises(ValueError, match="encoder.layer.2.output.dense.bias"):
        BertModel(CONFIGURATION, weights).hidden_states(*pad(TEXTS))


def test_a_text_beyond_the_positions_is_refused():
    with pytest.raises(ValueError, match="17 tokens"):
        BertModel(CONFIGURATION, random_weights(6)).hidden_states(*pad([[1] * 17]))


@pytest.mark.parametrize("entry", ['"model_type": "roberta"', '"hidden_act": "gelu_new"'])
def test_other_architectures_are_refused(tmp_path, entry):
    (tmp_path / "config.json").write_text("{" + entry + "}")
    with pytest.raises(ValueError, match="only BERT models"):
        BertConfiguration.from_json(tmp_path / "config.json")
