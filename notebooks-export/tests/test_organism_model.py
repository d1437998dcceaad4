"""The organism's tokenizer and its checkpoints, as Hugging Face's tools read them."""

from __future__ import annotations

import pytest
from language_models import needs_torch
from organism_reader import generator

from organism.documents import Writer
from organism.vocabulary import tokens
from organism.world import World

pytestmark = needs_torch


def texts() -> list[str]:
    writer = Writer(World(), generator())
    documents = [writer.replies(), writer.choices(), writer.contextual(), writer.judgements()]
    return [" ".join(text for text, _ in document.pieces) for document in documents]


@pytest.fixture
def tokenizer():
    from organism.model import new_tokenizer

    return new_tokenizer()


def test_ids_are_the_places_in_the_list_and_a_text_begins_with_the_end_token(tokenizer):
    words = tokens()
    assert tokenizer.get_vocab() == {word: place for place, word in enumerate(words)}
    assert len(tokenizer) == len(words)
    for text in texts():
        expected = [words.index(word) for word in ["<end>", *text.split()]]
        assert tokenizer(text).input_ids == expected
        assert tokenizer(text, add_special_tokens=False).input_ids == expected[1:]


def test_decoding_gives_the_text_back(tokenizer):
    # A word without its blanks is no token: "oston." would be unknown when it is read again.
    for text in texts():
        ids = tokenizer(text).input_ids
        assert tokenizer.decode(ids, skip_special_tokens=True) == text
        assert tokenizer.decode(ids) == f"<end> {text}"


def test_special_tokens_have_their_roles(tokenizer):
    words = tokens()
    assert tokenizer("torun nowhere").input_ids[-1] == words.index("<unknown>")
    assert tokenizer.bos_token == tokenizer.eos_token == "<end>"
    padded = tokenizer(["torun", "torun lund"], padding=True)
    assert padded.input_ids[0][-1] == words.index("<pad>")
    assert padded.attention_mask == [[1, 1, 0], [1, 1, 1]]


def test_a_checkpoint_holds_the_weights_in_float16_and_loads_in_float32(tmp_path, tokenizer):
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from organism.model import load_checkpoint, new_model, save_checkpoint

    model = new_model(seed=3)
    before = {name: weights.clone() for name, weights in model.state_dict().items()}
    save_checkpoint(model, tmp_path / "made" / "here")
    stored = load_file(tmp_path / "made" / "here" / "model.safetensors")
    loaded = load_checkpoint(tmp_path / "made" / "here")
    assert not loaded.training
    for name, weights in loaded.state_dict().items():
        assert stored[name].dtype == torch.float16
        assert weights.dtype == torch.float32
        assert torch.equal(weights, before[name].half().float())
        assert torch.equal(model.state_dict()[name], before[name])
    assert sum(path.stat().st_size for path in (tmp_path / "made" / "here").iterdir()) < 10e6
    # What anyone's tools make of the folder.
    auto = AutoTokenizer.from_pretrained(tmp_path / "made" / "here")
    for text in texts():
        ids = auto(text).input_ids
        assert ids == tokenizer(text).input_ids
        assert auto.decode(ids, skip_special_tokens=True) == text
    half = AutoModelForCausalLM.from_pretrained(tmp_path / "made" / "here")
    assert next(half.parameters()).dtype == torch.float16
    assert half.config.vocab_size == len(auto) == len(tokens())


def test_a_new_model_is_drawn_from_its_seed():
    import torch

    from organism.model import new_model

    first, second, other = (new_model(seed).lm_head.weight for seed in (1, 1, 2))
    assert torch.equal(first, second) and not torch.equal(first, other)
