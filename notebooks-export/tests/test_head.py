"""The exported final norm and unembedding give the model's own logits, or are refused.

Oracle: the logits that transformers computes in an ordinary forward pass.
"""

from dataclasses import replace

import numpy as np
import pytest
from language_models import CAUSAL, SIZES, language_model, needs_torch

from plumbline_export.errors import ExportError

pytestmark = needs_torch

TEXTS = ["Paris lies in France .", "is it true that Rome", "Oslo", "the capital of Norway : Oslo ."]
FURTHER = {
    "Cohere": ("CohereForCausalLM", {**SIZES, "logit_scale": 0.25}),
    "Granite": ("GraniteForCausalLM", {**SIZES, "logits_scaling": 8.0}),
    "Phi": ("PhiForCausalLM", SIZES),
}
TYPES = (np.dtype(np.float32), np.dtype(np.float16))


@pytest.fixture(autouse=True)
def further_models(monkeypatch):
    for name, made in FURTHER.items():
        monkeypatch.setitem(CAUSAL, name, made)


def batch_of(model, side: str = "right"):
    from plumbline_export.batches import make_batch
    from plumbline_export.prompts import Prompt
    from plumbline_export.tokens import PromptTokenizer

    prompts = PromptTokenizer(model.tokenizer).tokenize([Prompt(text) for text in TEXTS]).prompts
    return make_batch(range(len(prompts)), prompts, side, model.padding_id)


def own_logits(model, prompt) -> np.ndarray:
    """All logits (token, vocabulary) of one text alone, without padding."""
    import torch

    with torch.no_grad():
        return model.model(torch.tensor([prompt.ids])).logits[0].float().numpy()


def last_states(model, batch) -> np.ndarray:
    from plumbline_export.states import StateReader
    from plumbline_export.tokens import TokenChoice

    with StateReader(model, TokenChoice.named("last")) as reader:
        return reader.read(batch).states[:, -1]


@pytest.mark.parametrize("name", [*CAUSAL, *FURTHER])
def test_norm_and_unembedding_give_the_logits(name):
    from plumbline_export.head import Head

    model = language_model(name)
    batch = batch_of(model)
    head = Head.of(model)
    own = np.stack([own_logits(model, prompt)[-1] for prompt in batch.prompts])
    assert np.ptp(own, axis=1).min() > 0.5  # logits that are all alike would be no test
    states = last_states(model, batch)
    found = head.logits(states, np.dtype(np.float32))
    np.testing.assert_allclose(found, own, atol=2e-5 * np.abs(own).max(), rtol=0)
    for stored in TYPES:
        head.check(model, batch, stored)


@pytest.mark.parametrize("name", ["Llama", "GPT2", "Gemma2"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_model_that_runs_in_half_precision_is_no_wrong_one(name, dtype):
    import torch

    from plumbline_export.head import Head

    model = language_model(name, lambda model: model.to(getattr(torch, dtype)))
    for stored in TYPES:
        Head.of(model).check(model, batch_of(model), stored)


def test_the_soft_cap_is_that_of_the_configuration():
    from plumbline_export.head import Head

    capped = language_model("Gemma2")
    assert Head.of(capped).soft_cap == 30.0
    assert Head.of(language_model("Gemma")).soft_cap is None
    # Large states reach the cap, so that leaving it out is seen.
    import torch

    with torch.no_grad():
        capped.layout.unembedding.weight.mul_(20)
    head, batch = Head.of(capped), batch_of(capped)
    head.check(capped, batch, np.dtype(np.float32))
    with pytest.raises(ExportError, match="miss the model's own logits"):
        replace(head, soft_cap=None).check(capped, batch, np.dtype(np.float32))
    with pytest.raises(ExportError, match="miss the model's own logits"):
        replace(head, soft_cap=25.0).check(capped, batch, np.dtype(np.float32))


@pytest.mark.parametrize("name", ["Llama", "GPT2", "Gemma2"])
@pytest.mark.parametrize("stored", TYPES)
def test_a_wrong_norm_or_unembedding_is_refused(name, stored):
    from plumbline_export.head import Head

    model = language_model(name)
    batch, head = batch_of(model), Head.of(model)
    norm = head.norm
    wrong = {
        "kind": replace(norm, kind="layer" if norm.kind == "rms" else "rms"),
        "offset": replace(norm, offset=1 - norm.offset),
        "weight": replace(norm, weight=np.roll(norm.weight, 1)),
        "bias": replace(norm, bias=np.ones(model.width) if norm.bias is None else None),
        "none": None,
    }
    for what, broken in wrong.items():
        with pytest.raises(ExportError, match="miss the model's own logits.*--unembedding"):
            replace(head, norm=broken).check(model, batch, stored)
            pytest.fail(f"{what} was not seen")
    with pytest.raises(ExportError, match="miss the model's own logits"):
        replace(head, factor=1.1).check(model, batch, stored)
    with pytest.raises(ExportError, match="miss the model's own logits"):
        replace(head, bias=np.ones(head.vocabulary)).check(model, batch, stored)
    with pytest.raises(ExportError, match="miss the model's own logits"):
        replace(head, weight=head.weight.roll(1, 0)).check(model, batch, stored)


def test_a_model_that_does_more_than_norm_and_unembedding_is_refused():
    from plumbline_export.head import Head

    model = language_model("Llama")
    model.layout.unembedding.register_forward_hook(lambda module, given, logits: logits.sin())
    with pytest.raises(ExportError, match="miss the model's own logits"):
        Head.of(model).check(model, batch_of(model), np.dtype(np.float32))


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_norms_are_told_apart_by_what_they_do(dtype):
    import torch
    from torch import nn
    from transformers.models.gemma.modeling_gemma import GemmaRMSNorm
    from transformers.models.llama.modeling_llama import LlamaRMSNorm

    from plumbline_export.head import FinalNorm

    torch.manual_seed(0)
    norms = [
        (nn.LayerNorm(32, eps=1e-3), "layer", 0, 1e-3),
        (nn.LayerNorm(32, bias=False), "layer", 0, 1e-5),
        (nn.LayerNorm(32, elementwise_affine=False), "layer", 0, 1e-5),
        (nn.RMSNorm(32, eps=1e-6), "rms", 0, 1e-6),
        (LlamaRMSNorm(32, 1e-4), "rms", 0, 1e-4),
        (GemmaRMSNorm(32, 1e-6), "rms", 1, 1e-6),
    ]
    for module, kind, offset, epsilon in norms:
        module = module.to(getattr(torch, dtype))
        for parameter in module.parameters():
            nn.init.normal_(parameter)
        found = FinalNorm.of(module, 32)
        assert (found.kind, found.offset, found.epsilon) == (kind, offset, epsilon)
        weight = getattr(module, "weight", None)
        expected = np.ones(32) if weight is None else weight.detach().float().numpy()
        np.testing.assert_array_equal(found.weight, expected)
        assert (found.bias is None) == (getattr(module, "bias", None) is None)


def test_a_wrong_epsilon_or_an_unknown_norm_is_refused():
    from torch import nn

    from plumbline_export.head import FinalNorm

    class Misnamed(nn.LayerNorm):
        def forward(self, states):
            return nn.functional.layer_norm(states, (32,), eps=10 * self.eps)

    for module in (Misnamed(32), nn.Identity(), nn.Softmax(-1), nn.Linear(32, 32)):
        with pytest.raises(ExportError, match=f"the final norm is a {type(module).__name__}"):
            FinalNorm.of(module, 32)


@pytest.mark.parametrize("name", list(CAUSAL))
@pytest.mark.parametrize("side", ["right", "left"])
def test_logits_at_single_tokens_are_those_of_the_whole_text(name, side):
    from plumbline_export.head import logits_at

    model = language_model(name)
    batch = batch_of(model, side)
    positions = [range(1, len(prompt.ids), 2) for prompt in batch.prompts]
    found = logits_at(model, batch, positions).numpy()
    own = np.concatenate(
        [own_logits(model, prompt)[1::2] for prompt in batch.prompts]
    )
    np.testing.assert_allclose(found, own, atol=2e-5 * np.abs(own).max(), rtol=0)
    # The hook is gone afterwards.
    assert own_logits(model, batch.prompts[0]).shape == (len(batch.prompts[0].ids), 64)


def test_models_without_a_head_are_refused():
    from plumbline_export.head import Head

    for model in (language_model("Bert"), replace(language_model("GPT2"), kind="encoder")):
        with pytest.raises(ExportError, match="no unembedding that predicts the next token"):
            Head.of(model)


def test_an_unembedding_beyond_float16_is_refused():
    import torch

    from plumbline_export.head import Head

    model = language_model("Llama")
    with torch.no_grad():
        model.layout.unembedding.weight[5, 3] = 1e6
    list(Head.of(model).unembedding(np.dtype(np.float32)))
    with pytest.raises(ExportError, match="tokens 0 to 63 does not fit float16"):
        list(Head.of(model).unembedding(np.dtype(np.float16)))


def test_the_unembedding_comes_in_blocks(monkeypatch):
    from plumbline_export import head

    model = language_model("Llama")
    monkeypatch.setattr(head, "ROWS_AT_ONCE", 10)
    blocks = list(head.Head.of(model).unembedding(np.dtype(np.float32)))
    assert [(rows.start, rows.stop) for rows, _ in blocks][-2:] == [(50, 60), (60, 64)]
    whole = np.concatenate([values for _, values in blocks])
    np.testing.assert_array_equal(whole, model.layout.unembedding.weight.detach().numpy())
