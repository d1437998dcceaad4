"""States are those of the model, at the layers and tokens that were asked for.

Oracles: the model's own ``output_hidden_states`` and plain hooks for single texts, its logits, and
a loop over positions written from the definitions.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from language_models import CAUSAL, ENCODERS, SIZES, language_model, needs_torch

pytestmark = needs_torch

LENGTHS = (5, 9, 3, 12, 7, 2, 8)
EVERY_MODEL = [*CAUSAL, *ENCODERS]
# A sum of k products in float32 is off by at most k 2^-24 of the sum of their sizes. A block has
# fewer than 8 such sums one after another, k is at most 64 here, and there are 3 blocks; norms
# keep the size of what they pass on. Errors in layer, norm, side or position are as large as the
# states themselves.
ROUNDING = 3 * 8 * 64 * 2.0**-24


def prompts(lengths=LENGTHS, seed=1):
    from plumbline_export.tokens import TokenizedPrompt

    generator = np.random.default_rng(seed)
    made = []
    for length in lengths:
        start = int(generator.integers(1, length))
        ids = tuple(generator.integers(4, SIZES["vocab_size"], length).tolist())
        made.append(TokenizedPrompt(ids, start, length))
    return made


def read_all(model, texts, token="last", size=7, side="right", **options):
    """The states of every text, and the final-normed ones where asked for."""
    from plumbline_export.batches import make_batch, plan_batches
    from plumbline_export.states import StateReader
    from plumbline_export.tokens import TokenChoice

    by_sample = {}
    with StateReader(model, TokenChoice.named(token), **options) as reader:
        for samples in plan_batches(texts, size):
            read = reader.read(make_batch(samples, texts, side, model.padding_id))
            ends = np.cumsum(read.counts)
            for sample, end, count in zip(samples, ends, read.counts):
                normed = None if read.final_normed is None else read.final_normed[end - count : end]
                by_sample[sample] = (read.states[end - count : end], normed)
    return [by_sample[sample] for sample in range(len(texts))]


def own_hidden_states(model, ids):
    """What transformers returns for one text without padding: (layer, token, width)."""
    import torch

    with torch.inference_mode():
        output = model.layout.base(torch.tensor([ids]), output_hidden_states=True)
    return torch.cat(output.hidden_states).numpy()


def block_outputs(model, ids):
    """What the blocks return for one text, by hooks of our own: (block, token, width)."""
    import torch

    seen = []

    def note(_module, _inputs, output):
        seen.append((output if isinstance(output, torch.Tensor) else output[0])[0].clone())

    hooks = [block.register_forward_hook(note) for block in model.layout.blocks]
    with torch.inference_mode():
        model.layout.base(torch.tensor([ids]))
    for hook in hooks:
        hook.remove()
    return torch.stack(seen).numpy()


def assert_equal_to_rounding(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=ROUNDING * np.abs(expected).max())


@pytest.mark.parametrize("name", EVERY_MODEL)
def test_single_texts_have_the_models_own_states(name):
    """Layer 0 is hidden_states[0], layer l is hidden_states[l] and the output of block l.

    The last of hidden_states comes after the final norm, and the last layer does not; without a
    final norm they are the same. The computation is the same one, so the numbers are, too.
    """
    model = language_model(name)
    texts = prompts()
    has_norm = model.has_final_norm
    assert has_norm == (name not in ("Bert", "Roberta"))
    read = read_all(model, texts, size=1, final_normed=has_norm)
    for text, (states, normed) in zip(texts, read):
        own = own_hidden_states(model, text.ids)[:, -1]
        np.testing.assert_array_equal(states[0, :-1], own[:-1])
        np.testing.assert_array_equal(states[0, 1:], block_outputs(model, text.ids)[:, -1])
        if has_norm:
            np.testing.assert_array_equal(normed[0], own[-1])
            assert np.abs(states[0, -1] - own[-1]).max() > 0.1 * np.abs(own[-1]).max()
        else:
            np.testing.assert_array_equal(states[0, -1], own[-1])


@pytest.mark.parametrize("name", EVERY_MODEL)
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("token", ["last", "mean", "answer-first"])
def test_padding_changes_nothing(name, side, size, token):
    model = language_model(name)
    texts = prompts()
    for text, (states, _) in zip(texts, read_all(model, texts, token, size, side)):
        outputs = block_outputs(model, text.ids)
        every_layer = np.concatenate([own_hidden_states(model, text.ids)[:1], outputs])
        expected = {
            "last": every_layer[:, -1],
            "mean": every_layer.mean(axis=1),
            "answer-first": every_layer[:, text.answer_start],
        }[token]
        for layer in range(len(expected)):
            assert_equal_to_rounding(states[0, layer], expected[layer])


def test_any_padding_token_will_do():
    """A causal model without a padding token is padded with a word that it knows."""
    model = language_model("GPT2", pads=False)
    assert model.padding_id == 0
    texts = prompts()
    from plumbline_export.batches import make_batch
    from plumbline_export.states import StateReader
    from plumbline_export.tokens import TokenChoice

    with StateReader(model, TokenChoice.named("mean")) as reader:
        for side in ("right", "left"):
            first, second = (
                reader.read(make_batch(range(len(texts)), texts, side, padding)).states
                for padding in (0, 37)
            )
            np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", CAUSAL)
def test_last_layer_through_norm_and_unembedding_gives_the_logits(name):
    import torch

    model = language_model(name)
    texts = prompts()
    for text, (states, _) in zip(texts, read_all(model, texts)):
        with torch.inference_mode():
            expected = model.model(torch.tensor([text.ids])).logits[0, -1]
            logits = model.layout.unembedding(model.layout.final_norm(torch.tensor(states[0, -1])))
            cap = getattr(model.model.config, "final_logit_softcapping", None)
            if cap:
                logits = cap * torch.tanh(logits / cap)
        assert_equal_to_rounding(logits.numpy(), expected.numpy())


# The positions by their definitions, for a prompt of p tokens in a text of n.
POSITIONS = {
    "last": lambda p, n: [n - 1],
    "mean": lambda p, n: list(range(n)),
    "answer-first": lambda p, n: [p],
    "answer-mean": lambda p, n: list(range(p, n)),
    "answer-all": lambda p, n: list(range(p, n)),
    "predicting-first": lambda p, n: [p - 1],
    "predicting-mean": lambda p, n: list(range(p - 1, n - 1)),
    "predicting-all": lambda p, n: list(range(p - 1, n - 1)),
}


@pytest.mark.parametrize("token", POSITIONS)
@pytest.mark.parametrize("side", ["right", "left"])
def test_chosen_tokens_are_those_of_a_loop(token, side):
    model = language_model("Llama")
    texts = prompts(seed=2)
    for text, (states, _) in zip(texts, read_all(model, texts, token, 3, side)):
        outputs = block_outputs(model, text.ids)
        rows = [outputs[:, p] for p in POSITIONS[token](text.answer_start, len(text.ids))]
        expected = rows if token.endswith("-all") else [sum(rows) / len(rows)]
        assert len(states) == len(expected)
        for row, layers in zip(states, expected):
            assert_equal_to_rounding(row[1:], layers)


def test_choices_of_an_answer_before_a_closing_token():
    from plumbline_export.tokens import TOKEN_CHOICES, TokenizedPrompt

    text = TokenizedPrompt(tuple(range(9)), 4, 8)  # the ninth token closes the text
    positions = {name: list(choice.positions(text)) for name, choice in TOKEN_CHOICES.items()}
    assert positions["answer-all"] == [4, 5, 6, 7] == positions["answer-mean"]
    assert positions["last"] == [8] and positions["mean"] == list(range(9))


def test_post_norm_replaces_the_last_layer_alone():
    model = language_model("Gemma2")
    texts = prompts()
    before = read_all(model, texts, final_normed=True)
    for (states, normed), (replaced, _) in zip(
        before, read_all(model, texts, final_layer="post-norm")
    ):
        np.testing.assert_array_equal(replaced[:, :-1], states[:, :-1])
        np.testing.assert_array_equal(replaced[:, -1], normed)


def test_a_model_without_a_final_norm_has_no_state_after_it():
    from plumbline_export.errors import ExportError

    with pytest.raises(ExportError, match="has no final norm"):
        read_all(language_model("Bert"), prompts(), final_layer="post-norm")


def test_means_are_taken_in_float32_whatever_the_model_computes_in():
    """Means of float16 states are exact to float32, where sums in float16 would lose digits."""
    import torch

    model = language_model("Llama", lambda made: made.to(torch.float16))
    texts = prompts((60,))
    ((states, _),) = read_all(model, texts, "mean")
    expected = block_outputs(model, texts[0].ids).astype(np.float64).mean(axis=1)
    # 60 additions, each off by at most 2^-24 of a sum that is at most 60 times the largest state.
    largest = np.abs(block_outputs(model, texts[0].ids)).max()
    np.testing.assert_allclose(states[0, 1:], expected, rtol=0, atol=60 * 2.0**-24 * largest)


def test_reading_leaves_no_hook_behind():
    model = language_model("Llama")
    read_all(model, prompts(), final_normed=True)
    for module in model.model.modules():
        assert not module._forward_hooks and not module._forward_pre_hooks


def test_a_block_that_runs_twice_is_refused():
    from plumbline_export.errors import ExportError

    model = language_model("Llama")
    blocks = model.layout.blocks
    run = blocks[2].forward
    blocks[2].forward = lambda *inputs, **named: blocks[1](run(*inputs, **named), **named)
    with pytest.raises(ExportError, match="block 2 of Llama ran 2 times"):
        read_all(model, prompts())


def test_states_that_are_no_numbers_name_the_sample_and_the_layer():
    from plumbline_export.errors import ExportError
    from plumbline_export.states import stored_states

    states = np.ones((3, 2, 4), np.float32)
    names = ["embeddings", "block 1"]
    np.testing.assert_array_equal(stored_states(states, np.dtype("f2"), [5, 7, 9], names), states)
    states[1, 1, 2] = -70000
    place = r"the state of sample 7 at layer 1 \(block 1\)"
    with pytest.raises(ExportError, match=f"{place} reaches 70000.*--type float32"):
        stored_states(states, np.dtype("f2"), [5, 7, 9], names)
    np.testing.assert_array_equal(stored_states(states, np.dtype("f4"), [5, 7, 9], names), states)
    states[1, 1, 2] = np.nan
    with pytest.raises(ExportError, match=f"{place} is not finite"):
        stored_states(states, np.dtype("f4"), [5, 7, 9], names)


def test_batches_hold_every_text_once_the_longest_first():
    from plumbline_export.batches import plan_batches

    texts = [SimpleNamespace(ids=range(length)) for length in LENGTHS]
    plan = plan_batches(texts, 3)
    assert sorted(sample for samples in plan for sample in samples) == list(range(len(LENGTHS)))
    assert [[LENGTHS[s] for s in samples] for samples in plan] == [[12, 9, 8], [7, 5, 3], [2]]


@pytest.mark.parametrize("side, ids, mask, position_ids, starts", [
    ("right", [[5, 6, 7], [8, 9, 9]], [[1, 1, 1], [1, 0, 0]], [[0, 1, 2], [0, 0, 0]], (0, 0)),
    ("left", [[5, 6, 7], [9, 9, 8]], [[1, 1, 1], [0, 0, 1]], [[0, 1, 2], [0, 0, 0]], (0, 2)),
])
def test_padding_stands_where_it_was_asked_for(side, ids, mask, position_ids, starts):
    from plumbline_export.batches import make_batch

    texts = [SimpleNamespace(ids=(8,)), SimpleNamespace(ids=(5, 6, 7))]
    batch = make_batch((1, 0), texts, side, padding_id=9)
    assert batch.ids.tolist() == ids and batch.mask.tolist() == mask
    assert batch.position_ids.tolist() == position_ids
    assert batch.starts == starts and batch.samples == (1, 0)
