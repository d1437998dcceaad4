"""The command writes the dump that it was asked for.

Oracle: states read text by text by hooks of the tests.
"""

from __future__ import annotations

import numpy as np
import pytest
from exports import (
    CITIES,
    ROWS,
    arrays,
    assert_close,
    manifest,
    states_by_hooks,
    texts_of,
    write_texts,
)
from language_models import needs_torch

pytestmark = needs_torch


class TestDumps:
    @pytest.mark.parametrize("model", ["Llama", "GPT2", "Bert"])
    @pytest.mark.parametrize("padding", ["left", "right"])
    def test_activations_of_every_text(self, run, models, tmp_path, model, padding):
        code, out, err = run(
            "--padding", padding, "--batch-size", "4", "--template", "{text} ?", model=model
        )
        assert (code, err) == (0, "")
        assert "6 samples, layers 0 to 3 of " + model in out
        dump = tmp_path / "dump"
        read, said = arrays(dump), manifest(dump)
        expected = states_by_hooks(models, model, [row["text"] + " ?" for row in ROWS])
        assert_close(read["activations"], expected)
        assert read["activations"].dtype == np.float32
        assert ("finalNormed" in read) == (model != "Bert")
        assert said["model"]["name"] == model
        assert (said["site"], said["token"], said["finalLayer"]) == (
            "residual-post", "last", "pre-norm",
        )
        assert said["layers"] == ["embeddings", "block 1", "block 2", "block 3"]
        assert all(isinstance(fact, str) for fact in said["provenance"].values())
        assert said["provenance"]["template"] == "{text} ?"
        assert said["provenance"]["exporter"].startswith("plumbline-export ")
        assert said["arrays"]["activations"]["axes"] == ["sample", "layer", "width"]
        assert read["labels"].tolist() == [1, 0, 1, 0, 1, 0]
        assert read["split"].tolist() == [0, 0, 0, 0, 2, 2]
        assert len(set(read["groups"].tolist())) == 6
        assert texts_of(dump) == [
            {**row, "activations": row["text"] + " ?"} for row in ROWS
        ]

    def test_yes_and_no(self, run, models, tmp_path):
        template = "Is it true that {text} ?"
        assert run("--yes-no", "--type", "float16", "--template", template)[0] == 0
        read = arrays(tmp_path / "dump")
        assert "activations" not in read and read["positive"].dtype == np.float16
        prompts = [f"Is it true that {row['text']} ?" for row in ROWS]
        for role, suffix in (("positive", " Yes"), ("negative", " No")):
            expected = states_by_hooks(models, "Llama", [prompt + suffix for prompt in prompts])
            # float16 keeps 11 bits: half a unit in the last place is 2^-12 of the value.
            np.testing.assert_allclose(read[role], expected, rtol=2**-11, atol=1e-3)
        assert texts_of(tmp_path / "dump")[0]["positive"] == prompts[0] + " Yes"

    def test_suffixes_of_ones_own(self, run, tmp_path):
        assert run("--suffixes", " true", " not true")[0] == 0
        assert texts_of(tmp_path / "dump")[0]["negative"] == ROWS[0]["text"] + " not true"

    def test_two_templates(self, run, models, tmp_path):
        code, _, _ = run(
            "--positive-template", "{city} lies in {answer}",
            "--negative-template", "{city} lies not in {answer}",
        )
        assert code == 0
        expected = states_by_hooks(
            models, "Llama", [f"{row['city']} lies not in {row['answer']}" for row in ROWS]
        )
        assert_close(arrays(tmp_path / "dump")["negative"], expected)

    def test_two_files(self, run, models, tmp_path):
        other = write_texts(tmp_path / "no.jsonl", [f"{city} not" for city in CITIES])
        assert run("--negative-texts", str(other), output="a")[0] == 0
        expected = states_by_hooks(models, "Llama", [f"{city} not" for city in CITIES])
        assert_close(arrays(tmp_path / "a")["negative"], expected)
        write_texts(other, ["Paris not"])
        code, _, err = run("--negative-texts", str(other), output="b")
        assert code == 65 and "6 texts" in err and "1" in err and "\n" not in err.strip()
        assert not (tmp_path / "b").exists()

    def test_contrasts_hold_the_same_answer(self, run, models, tmp_path):
        code, _, _ = run(
            "--template", "{city} lies in", "--answer", " {answer} .",
            "--token", "predicting-first",
            "--contrast", "honest", "be honest {city} lies in", "lie {city} lies in",
        )
        assert code == 0
        read = arrays(tmp_path / "dump")
        prompts = {
            "activations": "{} lies in",
            "contrasts.honest.positive": "be honest {} lies in",
            "contrasts.honest.negative": "lie {} lies in",
        }
        for role, prompt in prompts.items():
            # A causal model's last token of the prompt does not see the answer after it.
            expected = states_by_hooks(models, "Llama", [prompt.format(city) for city in CITIES])
            assert_close(read[role], expected)
        line = texts_of(tmp_path / "dump")[1]
        assert line["contrasts.honest.negative"] == "lie Rome lies in Italy ."

    def test_every_token_of_an_answer(self, run, models, tmp_path):
        rows = [
            {**row, "answer": "France . " * (1 + number % 3)} for number, row in enumerate(ROWS)
        ]
        file = write_texts(tmp_path / "rows.jsonl", rows)
        code, _, _ = run(
            "--template", "{city} lies in", "--answer", " {answer}", "--token", "answer-all",
            "--batch-size", "2", file=file,
        )
        assert code == 0
        read, said = arrays(tmp_path / "dump"), manifest(tmp_path / "dump")
        assert read["tokenCounts"].tolist() == [2, 4, 6, 2, 4, 6]
        assert said["arrays"]["tokenStates"]["axes"] == ["token", "layer", "width"]
        texts = [f"{row['city']} lies in {row['answer']}" for row in rows]
        expected = [
            states_by_hooks(models, "Llama", [text], place - 2 * (1 + number % 3))
            for number, text in enumerate(texts)
            for place in range(2 * (1 + number % 3))
        ]
        assert_close(read["tokenStates"], np.concatenate(expected))

    def test_chat(self, run, models, tmp_path):
        assert run("--chat")[0] == 0
        chats = [f"user {row['text']} </s> <s> assistant :" for row in ROWS]
        assert_close(
            arrays(tmp_path / "dump")["activations"], states_by_hooks(models, "Llama", chats)
        )
        code, _, err = run("--chat", model="GPT2", output="other")
        assert code == 65 and "no chat template" in err

    def test_post_norm_is_said(self, run, tmp_path):
        assert run("--final-layer", "post-norm")[0] == 0
        read = arrays(tmp_path / "dump")
        np.testing.assert_array_equal(read["activations"][:, -1], read["finalNormed"])
        assert manifest(tmp_path / "dump")["finalLayer"] == "post-norm"

    def test_cut_texts_are_counted(self, run, tmp_path):
        rows = [{"text": "Paris " * 70}, {"text": "Rome"}]
        file = write_texts(tmp_path / "long.jsonl", rows)
        code, _, err = run(file=file)
        assert code == 65 and "sample 0" in err and "71 tokens; the model takes at most 64" in err
        code, out, _ = run("--too-long", "truncate-left", file=file)
        assert code == 0 and "1 of 2 texts were cut to 64 tokens" in out
