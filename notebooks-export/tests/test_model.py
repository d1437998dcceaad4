"""Models load as what they are, and whatever cannot be exported is refused before it is run.

Oracles: the weights that were saved, and the configuration's own words.
"""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from language_models import (
    CAUSAL,
    ENCODERS,
    language_model,
    needs_torch,
    save_model,
    tiny_model,
    tiny_tokenizer,
)

from plumbline_export.errors import ExportError

pytestmark = needs_torch


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    return save_model(tmp_path_factory.mktemp("models") / "llama")


def copy(folder, target, **changes):
    """A copy of a model's folder with other entries in its configuration."""
    shutil.copytree(folder, target)
    path = target / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return target


def load(folder, **options):
    from plumbline_export.model import LanguageModel

    return LanguageModel.load(str(folder), **options)


@pytest.mark.parametrize("name", ["Llama", "GPT2", "Gemma3Text", "Bert"])
def test_a_folder_loads_with_its_weights(name, tmp_path):
    import torch

    model = load(save_model(tmp_path / "model", name))
    assert (model.name, model.revision) == ("model", None)
    assert model.kind == ("encoder" if name in ENCODERS else "causal")
    assert (model.width, model.blocks, model.context_length) == (32, 3, 64)
    assert model.layer_names == ["embeddings", "block 1", "block 2", "block 3"]
    assert (model.layout.unembedding is not None) == (name in CAUSAL)
    for key, weight in tiny_model(name).state_dict().items():
        torch.testing.assert_close(model.model.state_dict()[key], weight, rtol=0, atol=0)
    assert not model.model.training


def test_robertas_positions_begin_after_its_padding_token():
    """RoBERTa numbers positions from padding_idx + 1, so of 64 positions it takes 64 - 4."""
    import torch

    model = language_model("Roberta")
    assert model.context_length == 60
    longest = torch.full((1, 60), 5)
    model.layout.base(longest)
    with pytest.raises(Exception):
        model.layout.base(torch.full((1, 61), 5))


@pytest.mark.parametrize("changes, kind", [
    ({}, "causal"),
    ({"architectures": ["LlamaModel"]}, "causal"),
    ({"architectures": None}, "causal"),
])
def test_a_causal_model_stays_causal_without_its_head(llama, tmp_path, changes, kind):
    model = load(copy(llama, tmp_path / "copy", **changes))
    assert model.kind == kind
    assert (model.layout.unembedding is None) == bool(changes)
    assert load(llama, kind="encoder").kind == "encoder"


def test_bert_is_an_encoder_unless_it_was_trained_as_a_decoder(tmp_path):
    bert = save_model(tmp_path / "bert", "Bert")
    masked = copy(bert, tmp_path / "masked", architectures=["BertForMaskedLM"])
    assert load(masked).kind == "encoder"
    decoder = {"architectures": ["BertLMHeadModel"], "is_decoder": True}
    with pytest.raises(ExportError, match="lacks the weights of cls"):
        load(copy(bert, tmp_path / "decoder", **decoder))


def test_missing_weights_are_not_made_up(llama, tmp_path):
    with pytest.raises(ExportError, match="lacks the weights of model.layers.3.*would be random"):
        load(copy(llama, tmp_path / "deeper", num_hidden_layers=4))


@pytest.mark.parametrize("changes, problem, exit_code", [
    ({"model_type": "t5", "is_encoder_decoder": True}, "is an encoder–decoder", 65),
    ({"model_type": "vit", "architectures": ["ViTModel"]}, "--kind causal or --kind encoder", 65),
    (
        {"model_type": "mine", "auto_map": {"AutoConfig": "mine.Mine"}},
        "Python code that comes with the model.*never run",
        66,
    ),
    ({"model_type": "unheard-of"}, "the configuration of .* cannot be read", 66),
])
def test_other_models_are_refused(llama, tmp_path, changes, problem, exit_code):
    folder = copy(llama, tmp_path / "other", **changes)
    (folder / "mine.py").write_text("raise SystemExit('this must not run')")
    with pytest.raises(ExportError, match=problem) as error:
        load(folder)
    assert error.value.exit_code == exit_code


@pytest.mark.parametrize("missing, what", [
    ("config.json", "configuration"),
    ("model.safetensors", "weights"),
    ("tokenizer.json", "tokenizer"),
])
def test_an_incomplete_folder_is_refused(llama, tmp_path, missing, what):
    folder = copy(llama, tmp_path / "incomplete")
    (folder / missing).unlink()
    with pytest.raises(ExportError, match=f"the {what} of .*incomplete cannot be read") as error:
        load(folder)
    assert error.value.exit_code == 66


def test_damaged_weights_are_refused(llama, tmp_path):
    folder = copy(llama, tmp_path / "damaged")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ExportError, match="the weights of .* cannot be read"):
        load(folder)


def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(tmp_path):
    with pytest.raises(ExportError, match="there is no folder"):
        load(tmp_path / "nowhere")


def test_an_unknown_layout_says_what_was_looked_for_and_found():
    """ALBERT runs one block over and over, so that it has no list of its blocks."""
    import transformers

    from plumbline_export.layout import ModelLayout

    configuration = transformers.AlbertConfig(
        hidden_size=32, num_hidden_layers=3, num_attention_heads=4, vocab_size=64
    )
    problem = (
        "AlbertModel has an unknown layout: a list of 3 blocks .* was looked for at layers, h, .*"
        "which has encoder.albert_layer_groups"
    )
    with pytest.raises(ExportError, match=problem):
        ModelLayout.find(transformers.AlbertModel(configuration))


class TestFingerprint:
    def fingerprint(self, change=lambda model: model, tokenizer=None, **changes):
        from plumbline_export.fingerprint import fingerprint_of_model

        model = change(tiny_model("Llama"))
        configuration = model.config.to_diff_dict() | changes
        return fingerprint_of_model(model, tokenizer or tiny_tokenizer(), configuration)

    def test_it_is_of_what_the_model_is_and_not_of_how_it_is_held(self):
        expected = self.fingerprint()
        assert expected.startswith("sha256:") and len(expected) == 71
        assert self.fingerprint(dtype="float64", transformers_version="1") == expected
        assert self.fingerprint(lambda model: model.double()) == expected

    def test_it_changes_with_weights_configuration_and_vocabulary(self):
        import torch

        def trained(model):
            with torch.no_grad():  # as one small step of training changes it: a little, everywhere
                model.model.layers[1].mlp.up_proj.weight *= 1.001
            return model

        marks = {
            self.fingerprint(),
            self.fingerprint(trained),
            self.fingerprint(rms_norm_eps=0.5),
            self.fingerprint(tokenizer=with_another_word()),
        }
        assert len(marks) == 4

    def test_a_saved_model_has_one_mark_wherever_it_stands(self, llama, tmp_path):
        assert load(copy(llama, tmp_path / "copy")).fingerprint == load(llama).fingerprint

    def test_texts_are_told_apart_by_where_they_end(self):
        from plumbline_export.fingerprint import fingerprint_of_texts

        assert fingerprint_of_texts(["ab", "c"]) != fingerprint_of_texts(["a", "bc"])


def with_another_word():
    tokenizer = tiny_tokenizer()
    tokenizer.add_tokens(["Vienna"])
    return tokenizer


def test_blocks_pass_on_tensors_or_tuples():
    import torch

    from plumbline_export.layout import block_state, with_block_state

    state, other = torch.zeros(1, 2, 3), torch.ones(1, 2, 3)
    assert block_state(state) is state and with_block_state(state, other) is other
    assert block_state((state, "attention")) is state
    assert with_block_state((state, "attention"), other) == (other, "attention")
    assert np.shape(state) == (1, 2, 3)
