"""The models that the tests of the command run, and the command itself."""

from __future__ import annotations

import os

import pytest
from plumbline_export import stream as stream_module
from plumbline_export.command import main

import streams
from exports import write_texts
from language_models import save_model

# The models are so small that threads would mostly wait for each other. PyTorch, which tests import
# after this, reads it once.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
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


@pytest.fixture
def whole(tmp_path) :
    """The files of an uninterrupted export."""
    streams.export(tmp_path / "whole")
    return streams.files(tmp_path / "whole")


@pytest.fixture
def eager(monkeypatch):
    """Every finished batch is put on the disk at once."""
    monkeypatch.setattr(stream_module, "SECONDS_BETWEEN_SYNCS", 0.0)
    monkeypatch.setattr(stream_module, "SHARE_OF_SYNCS", float("inf"))
