"""Answers are scored by the model's own logits one token before each of their tokens.

Oracle: ``log_softmax`` of the logits of an ordinary forward pass over one text without padding.
"""

import numpy as np
import pytest
from language_models import language_model, needs_torch
from test_head import own_logits

pytestmark = needs_torch

PROMPTS = [
    ("Paris lies in", " France ."),
    ("is it true that Rome lies in Italy ?", " Yes"),
    ("the capital of Norway :", " Oslo not Bern . No"),
]
MODELS = ["Llama", "GPT2", "Gemma2"]


def batch_of(model, side: str = "right"):
    from plumbline_export.batches import make_batch
    from plumbline_export.prompts import Prompt
    from plumbline_export.tokens import PromptTokenizer

    texts = [Prompt(text, answer) for text, answer in PROMPTS]
    prompts = PromptTokenizer(model.tokenizer).tokenize(texts).prompts
    return make_batch(range(len(prompts)), prompts, side, model.padding_id)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("at_once", [64, 2])
def test_log_probabilities_and_top_logits(name, side, at_once, monkeypatch):
    import torch

    from plumbline_export import scores

    monkeypatch.setattr(scores, "ROWS_AT_ONCE", at_once)
    model = language_model(name)
    batch = batch_of(model, side)
    found = scores.TokenScores.of(model, batch, ranks=5)
    expected, ids, values = [], [], []
    for prompt in batch.prompts:
        logits = own_logits(model, prompt)
        shares = torch.log_softmax(torch.from_numpy(logits).double(), -1).numpy()
        for place in range(prompt.answer_start, prompt.answer_end):
            expected.append(shares[place - 1, prompt.ids[place]])
            ids.append(np.argsort(-logits[place - 1])[:5])
            values.append(logits[place - 1][ids[-1]])
    assert len(expected) == 2 + 1 + 5
    np.testing.assert_allclose(found.log_probabilities, expected, atol=1e-4)
    np.testing.assert_array_equal(found.top_ids, ids)
    np.testing.assert_allclose(found.top_logits, values, atol=1e-4)
    assert found.log_probabilities.dtype == found.top_logits.dtype == np.float32


def test_equal_logits_come_with_the_lower_token_first():
    import torch

    from plumbline_export.scores import TokenScores

    model = language_model("Llama")
    with torch.no_grad():
        model.layout.unembedding.weight.zero_()
    found = TokenScores.of(model, batch_of(model), ranks=64)
    np.testing.assert_array_equal(found.top_ids, np.tile(np.arange(64), (8, 1)))
    np.testing.assert_allclose(found.log_probabilities, -np.log(64), rtol=1e-6)


def test_without_ranks_there_are_none():
    from plumbline_export.scores import TokenScores

    model = language_model("Llama")
    found = TokenScores.of(model, batch_of(model))
    assert found.top_ids.shape == found.top_logits.shape == (8, 0)
