"""The command goes on where it stopped, and says what is wrong in one paragraph.

Oracle: the bytes of an uninterrupted export.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from exports import ROWS, write_texts
from language_models import needs_torch

from plumbline_export.command import main


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
