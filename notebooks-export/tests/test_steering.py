"""A sweep measures what adding a vector at a layer does to the last block's output.

Oracles: at the last block the state is h + r·v by definition; at an earlier one, a forward pass of
a Llama written out by hand here, with the addition in it.
"""

import numpy as np
import pytest
from language_models import language_model, needs_torch, tiny_model
from test_head import batch_of, last_states

from plumbline_export.errors import ExportError

pytestmark = needs_torch

COEFFICIENTS = np.array([-2.0, -0.5, 0.0, 1.0, 3.0])
MODELS = ["Llama", "GPT2", "Gemma2"]


def vector_of(model, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return generator.normal(size=model.width).astype(np.float32)


def swept(model, batch, layer, positions="all", vector=None, coefficients=COEFFICIENTS):
    from plumbline_export.steering import Sweep

    sweep = Sweep.at(model, layer, positions, coefficients)
    return sweep.states(model, batch, vector_of(model) if vector is None else vector)


def hand_written_llama(model, ids, layer, offset, positions) -> np.ndarray:
    """The last block's output (width,) at the last token, in float64, by the definitions."""
    weights = {name: value.double().numpy() for name, value in model.state_dict().items()}
    settings = model.config
    heads, shared = settings.num_attention_heads, settings.num_key_value_heads
    size = settings.hidden_size // heads
    count = len(ids)

    def norm(states, name):
        scale = np.sqrt((states**2).mean(-1, keepdims=True) + settings.rms_norm_eps)
        return states / scale * weights[f"{name}.weight"]

    frequencies = 10000.0 ** (-np.arange(0, size, 2) / size)
    angles = np.arange(count)[:, None] * np.concatenate([frequencies, frequencies])

    def rotated(heads_of):  # (head, token, size)
        half = size // 2
        turned = np.concatenate([-heads_of[..., half:], heads_of[..., :half]], -1)
        return heads_of * np.cos(angles) + turned * np.sin(angles)

    states = weights["model.embed_tokens.weight"][list(ids)]
    for number in range(settings.num_hidden_layers):
        block = f"model.layers.{number}"

        def linear(given, name):
            return given @ weights[f"{block}.{name}.weight"].T

        def split(given, parts):
            return given.reshape(count, parts, size).transpose(1, 0, 2)

        normed = norm(states, f"{block}.input_layernorm")
        query = rotated(split(linear(normed, "self_attn.q_proj"), heads))
        key = rotated(split(linear(normed, "self_attn.k_proj"), shared))
        value = split(linear(normed, "self_attn.v_proj"), shared)
        key, value = (each.repeat(heads // shared, axis=0) for each in (key, value))
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(size)
        scores[:, np.triu(np.ones((count, count), bool), 1)] = -np.inf
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        mixed = (shares @ value).transpose(1, 0, 2).reshape(count, -1)
        states = states + linear(mixed, "self_attn.o_proj")
        normed = norm(states, f"{block}.post_attention_layernorm")
        gate = linear(normed, "mlp.gate_proj")
        gated = gate / (1 + np.exp(-gate)) * linear(normed, "mlp.up_proj")
        states = states + linear(gated, "mlp.down_proj")
        if number + 1 == layer:
            states = states.copy()
            states[slice(None) if positions == "all" else -1] += offset
    return states[-1]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("positions", ["all", "last"])
def test_at_the_last_block_the_state_is_moved_by_the_vector(name, positions):
    model = language_model(name)
    batch, vector = batch_of(model), vector_of(model)
    found = swept(model, batch, model.blocks, positions)
    unsteered = last_states(model, batch)
    expected = unsteered + COEFFICIENTS.astype(np.float32)[:, None, None] * vector
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("positions", ["all", "last"])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_every_block_equals_the_forward_pass_by_hand(layer, positions, side):
    model = language_model("Llama")
    batch, vector = batch_of(model, side), vector_of(model)
    found = swept(model, batch, layer, positions)
    for row, prompt in enumerate(batch.prompts):
        for number, coefficient in enumerate(COEFFICIENTS):
            offset = coefficient * vector.astype(np.float64)
            expected = hand_written_llama(model.model, prompt.ids, layer, offset, positions)
            np.testing.assert_allclose(
                found[number, row], expected, atol=1e-5 * np.abs(expected).max(), rtol=0
            )


@pytest.mark.parametrize("name", MODELS)
def test_where_and_how_far_it_is_added_matters(name):
    """Without this, a hook that does nothing would pass the comparison of two such sweeps."""
    model = language_model(name)
    batch = batch_of(model)
    unsteered = last_states(model, batch)
    results = [unsteered] + [
        swept(model, batch, layer, positions, coefficients=np.array([1.0]))[0]
        for layer in (1, 2)
        for positions in ("all", "last")
    ]
    for first in range(len(results)):
        for second in range(first):
            # The third text is one token and what comes before every text.
            assert np.abs(results[first] - results[second])[0].max() > 1e-2


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("positions", ["all", "last"])
def test_coefficient_zero_is_the_unsteered_state_bit_for_bit(name, side, positions):
    model = language_model(name)
    batch = batch_of(model, side)
    found = swept(model, batch, 1, positions)[list(COEFFICIENTS).index(0)]
    assert found.tobytes() == last_states(model, batch).tobytes()


def test_coefficient_zero_keeps_the_sign_of_zero():
    """A state of -0 plus nothing is -0; plus 0 times a vector it would be +0."""
    from plumbline_export.layout import block_state, with_block_state

    def negative_zero(_module, _arguments, output):
        return with_block_state(output, block_state(output) * -0.0)

    model = language_model("Llama")
    model.layout.blocks[-1].register_forward_hook(negative_zero)
    batch = batch_of(model)
    found = swept(model, batch, model.blocks, coefficients=np.array([0.0]))[0]
    assert found.tobytes() == last_states(model, batch).tobytes()


@pytest.mark.parametrize("name", MODELS)
def test_nothing_stays_behind(name):
    model = language_model(name)
    batch = batch_of(model)
    before = last_states(model, batch)
    swept(model, batch, 1)
    np.testing.assert_array_equal(last_states(model, batch), before)
    assert not model.layout.blocks[0]._forward_hooks


@pytest.mark.parametrize("layer", [-1, 0, 4])
def test_layers_that_no_block_makes_are_refused(layer):
    model = language_model("Llama")
    with pytest.raises(ExportError, match="from 1 to 3") as caught:
        swept(model, batch_of(model), layer)
    assert caught.value.exit_code == 64


def test_an_overflow_names_the_coefficient_and_the_sample():
    import torch

    model = language_model("Llama", lambda model: model.to(torch.float16))
    batch = batch_of(model)
    vector = np.full(model.width, 1.0, np.float32)
    with pytest.raises(ExportError, match="under the coefficient 70000 .* sample 0 is not finite"):
        swept(model, batch, 1, vector=vector, coefficients=np.array([0, 70000.0]))


def test_the_tiny_model_of_the_oracle_is_the_one_of_transformers():
    """The forward pass by hand, without any vector, gives the model's own hidden states."""
    import torch

    model = tiny_model("Llama")
    ids = [1, 5, 9, 4, 20]
    with torch.no_grad():
        own = model(torch.tensor([ids]), output_hidden_states=True)
    found = hand_written_llama(model, ids, 2, 0.0, "all")
    logits = model.lm_head(model.model.norm(torch.tensor(found, dtype=torch.float32)))
    np.testing.assert_allclose(logits.detach(), own.logits[0, -1], atol=1e-4)
