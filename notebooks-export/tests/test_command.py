"""The command writes what it was asked for, goes on where it stopped, and says what is wrong.

Oracles: states read text by text by hooks of the tests, and the bytes of an uninterrupted export.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from language_models import needs_torch, save_model

from plumbline_export.command import main

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


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for name in ("Llama", "GPT2", "Bert"):
        save_model(folder / name, name, chat=name == "Llama", pads=name != "GPT2")
    return folder


@pytest.fixture
def run(models, tmp_path, capsys):
    """Runs the command on the texts; returns its exit code, stdout and stderr."""
    texts = write_texts(tmp_path / "texts.jsonl")

    def command(*arguments, model="Llama", file=texts, output="dump"):
        where = ["--texts", str(file), "--output", str(tmp_path / output)]
        code = main([str(models / model), *where, *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


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


@needs_torch
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
        assert run("--yes-no", "--type", "float16", "--template", "Is it true that {text} ?")[0] == 0
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
        rows = [{**row, "answer": "France . " * (1 + number % 3)} for number, row in enumerate(ROWS)]
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


@needs_torch
class TestInterruptions:
    def interrupt(self, monkeypatch, after: int):
        """Lets ``after`` batches be read and then presses Ctrl-C; returns those that are read."""
        from plumbline_export.states import StateReader

        read_batch, batches = StateReader.read, []

        def read(reader, batch):
            if len(batches) == after:
                raise KeyboardInterrupt
            batches.append(batch.samples)
            return read_batch(reader, batch)

        monkeypatch.setattr(StateReader, "read", read)
        return batches

    ARGUMENTS = ("--batch-size", "2", "--yes-no")

    def interrupted(self, run, monkeypatch):
        with monkeypatch.context() as patch:
            self.interrupt(patch, 4)
            code, out, err = run(*self.ARGUMENTS)
        assert (code, out) == (130, "")
        assert "interrupted after 8 of 12 texts" in err and "the same command" in err

    def test_the_same_command_goes_on(self, run, monkeypatch, tmp_path):
        self.interrupted(run, monkeypatch)
        assert not (tmp_path / "dump" / "dump.json").exists()
        batches = self.interrupt(monkeypatch, 100)
        assert run(*self.ARGUMENTS)[0] == 0
        assert len(batches) == 2
        assert run(*self.ARGUMENTS, output="whole")[0] == 0
        files = sorted(path.name for path in (tmp_path / "whole").iterdir())
        assert files == sorted(path.name for path in (tmp_path / "dump").iterdir())
        for name in files:
            whole = (tmp_path / "whole" / name).read_bytes()
            assert (tmp_path / "dump" / name).read_bytes() == whole, name

    @pytest.mark.parametrize("other, difference", [
        (("--token", "mean"), "token"),
        (("--batch-size", "3"), "batch size"),
        (("--template", "{text} ."), "template"),
    ])
    def test_other_settings_are_refused(self, run, monkeypatch, tmp_path, other, difference):
        self.interrupted(run, monkeypatch)
        code, _, err = run(*self.ARGUMENTS, *other)
        assert code == 73 and "other settings" in err and difference in err
        assert run(*self.ARGUMENTS)[0] == 0

    def test_other_texts_and_other_models_are_refused(self, run, models, monkeypatch, tmp_path):
        self.interrupted(run, monkeypatch)
        other = write_texts(tmp_path / "other.jsonl", ROWS[::-1])
        code, _, err = run(*self.ARGUMENTS, file=other)
        assert code == 73 and "texts" in err
        code, _, err = run(*self.ARGUMENTS, model="GPT2")
        assert code == 73 and "model" in err

    def test_ctrl_c_while_a_model_loads(self, run, monkeypatch, tmp_path):
        from plumbline_export.model import LanguageModel

        def load(*_arguments):
            raise KeyboardInterrupt

        monkeypatch.setattr(LanguageModel, "load", load)
        code, out, err = run()
        assert (code, out) == (130, "") and "nothing was written" in err
        assert not (tmp_path / "dump").exists()


@needs_torch
class TestRefusals:
    @pytest.mark.parametrize("rows, problem", [
        ([{"text": "Paris"}, {"text": " "}], "1 of 2 texts are empty"),
        ([{"text": "Paris"}, {"other": "Rome"}], "line 2"),
        ([], "no texts"),
    ])
    def test_empty_texts(self, run, tmp_path, rows, problem):
        code, out, err = run(file=write_texts(tmp_path / "bad.jsonl", rows))
        assert (code, out) == (65, "") and problem in err
        assert not (tmp_path / "dump").exists()

    def test_a_dump_is_not_overwritten_unasked(self, run, tmp_path):
        assert run()[0] == 0
        before = (tmp_path / "dump" / "activations.npy").read_bytes()
        code, _, err = run("--token", "mean")
        assert code == 73 and "--overwrite" in err
        assert (tmp_path / "dump" / "activations.npy").read_bytes() == before
        assert run("--token", "mean", "--overwrite")[0] == 0
        assert (tmp_path / "dump" / "activations.npy").read_bytes() != before

    def test_states_beyond_float16(self, run, models, tmp_path):
        from language_models import tiny_model, tiny_tokenizer
        import torch

        model = tiny_model("Llama")
        with torch.no_grad():
            model.model.layers[1].mlp.down_proj.weight *= 1e6
        model.save_pretrained(models / "Large")
        tiny_tokenizer().save_pretrained(models / "Large")
        code, _, err = run("--type", "float16", model="Large", output="large")
        assert code == 65 and "layer 2 (block 2)" in err and "--type float32" in err
        assert not (tmp_path / "large" / "dump.json").exists()
        assert run(model="Large", output="wide")[0] == 0

    def test_a_tokenizer_of_another_model(self, run, models, tmp_path):
        from language_models import tiny_model, tiny_tokenizer

        tiny_model("Llama", vocab_size=8).save_pretrained(models / "Small")
        tiny_tokenizer().save_pretrained(models / "Small")
        code, _, err = run(model="Small")
        assert code == 65 and "knows only tokens 0 to 7" in err

    def test_encoders_predict_no_token(self, run):
        arguments = ("--answer", " {answer}", "--token", "predicting-mean")
        code, _, err = run(*arguments, model="Bert")
        assert code == 64 and "choose --token answer-mean" in err

    @pytest.mark.parametrize("error", [
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ])
    def test_too_little_memory(self, run, monkeypatch, error):
        from plumbline_export.states import StateReader

        def read(*_arguments):
            raise error

        monkeypatch.setattr(StateReader, "read", read)
        code, _, err = run()
        assert code == 69 and "smaller --batch-size" in err

    def test_an_unusable_device(self, run):
        code, _, err = run("--device", "nonsense")
        assert code == 69 and "--device nonsense cannot be used" in err and "\n" not in err.strip()


NEEDED = ["model", "--texts", "a.csv", "--output", "d"]


@pytest.mark.parametrize("arguments, problem", [
    ([], "MODEL and --texts and --output must be given, as in: plumbline-export gpt2"),
    (["model", "--texts", "a.csv"], "--output must be given"),
    ([*NEEDED, "--temlate", "x"], 'no option --temlate; did you mean "--template"?'),
    ([*NEEDED, "--token", "lst"], 'did you mean "last"?'),
    ([*NEEDED, "--batch-size", "0"], "--batch-size: 0 is no number of texts"),
    ([*NEEDED, "--template"], "--template: expected one argument"),
    ([*NEEDED, "more"], '"more" is one argument too many'),
    ([*NEEDED, "--positive-template", "x"], "give --negative-template, too"),
    ([*NEEDED, "--yes-no", "--negative-texts", "b.csv"], "choose one of them"),
    ([*NEEDED, "--yes-no", "--answer", "x"], "--answer cannot be given"),
    ([*NEEDED, "--suffixes", "x", " "], "neither may be blank"),
    ([*NEEDED, "--chat", "--too-long", "truncate-left"], "chat template cannot be truncated"),
    ([*NEEDED, "--contrast", "a", "x", "y"], "give it by --answer"),
    ([*NEEDED, "--answer", "x", "--contrast", "a/b", "x", "y"], "the name becomes that of a file"),
    (
        [*NEEDED, "--answer", "z", "--contrast", "a", "x", "y", "--contrast", "a", "x", "y"],
        "given twice",
    ),
    (
        [*NEEDED, "--template", "x", "--positive-template", "x", "--negative-template", "y"],
        "--template has no use",
    ),
])
def test_wrong_usage_gets_one_helpful_paragraph(capsys, arguments, problem):
    assert main(arguments) == 64
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1
    assert printed.err.startswith("plumbline-export: ") and problem in printed.err


@pytest.mark.parametrize("arguments, problem", [
    (["--token", "answer-mean"], "there is no answer"),
    (["--answer", "{text}", "--token", "answer-all", "--contrast", "a", "x", "y"], "answer-mean"),
    (["--template", "{texxt}"], '"texxt"; did you mean "text"'),
    (["--labels", "labl"], 'no column "labl"'),
])
def test_options_that_do_not_fit_the_texts(tmp_path, capsys, arguments, problem):
    from plumbline_export.errors import ExportError
    from plumbline_export.options import Options
    from plumbline_export.plan import make_plan

    texts = write_texts(tmp_path / "texts.jsonl")
    where = ["model", "--texts", str(texts), "--output", "d"]
    with pytest.raises(ExportError, match=problem):
        make_plan(Options.parse([*where, *arguments]))


def test_help_fits_a_terminal_of_80_columns():
    """Neither the help nor a refusal needs PyTorch, which takes seconds to import."""
    blocked = (
        "import sys; sys.modules['torch'] = sys.modules['transformers'] = None\n"
        "import plumbline_export.command as command\n"
        "command.main(sys.argv[1:])"
    )
    run = subprocess.run(
        [sys.executable, "-c", blocked, "--help"],
        capture_output=True,
        text=True,
        env={"COLUMNS": "80", "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"},
    )
    assert run.returncode == 0 and run.stderr == ""
    assert max(map(len, run.stdout.splitlines())) <= 80
    for option in ("--texts", "--template", "--token", "--contrast", "predicting-mean"):
        assert option in run.stdout


def test_missing_packages_are_named(capsys, monkeypatch):
    monkeypatch.setattr("plumbline_export.command.importlib.util.find_spec", lambda name: None)
    assert main(NEEDED) == 69
    assert "pip install 'plumbline-export[export]'" in capsys.readouterr().err
