"""How much longer an export takes than the model's bare forward pass, and how much memory.

    python benchmarks/export_speed.py

Both run over the same batches in turn, in one process and one thread; the ratio is that of the
least CPU times over the repeats, which is what the machine takes when nothing disturbs it. An
export is everything that happens to a batch: padding, the forward pass, the hooks, and writing to
the memory map. The peak is that of the process's resident memory while it exports, above what it
was while the bare model ran over the same batches: the states of one batch, and no more.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from plumbline_export.batches import make_batch, plan_batches
from plumbline_export.model import LanguageModel
from plumbline_export.passes import StatePass
from plumbline_export.stream import DumpStream
from plumbline_export.tokens import TokenChoice, TokenizedPrompt

VOCABULARY = 8000
SECONDS_BETWEEN_LOOKS = 0.002


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = _model(options.blocks, options.width)
    prompts = _prompts(options.texts, options.tokens)
    print(
        f"Llama, {options.blocks} blocks of width {options.width}; {options.texts} texts of "
        f"{options.tokens // 2} to {options.tokens} tokens in batches of {options.batch_size}"
    )
    for name in options.token:
        _measure(model, prompts, TokenChoice.named(name), options.batch_size, options.repeats)


def _measure(
    model: LanguageModel,
    prompts: list[TokenizedPrompt],
    choice: TokenChoice,
    batch_size: int,
    repeats: int,
) -> None:
    plan = plan_batches(prompts, batch_size)

    def bare() -> None:
        for samples in plan:
            model.run(make_batch(samples, prompts))

    with tempfile.TemporaryDirectory() as folder:
        work = StatePass("activations", model, prompts, choice, batch_size=batch_size)
        with DumpStream(Path(folder), {}, work.forms) as stream, work:

            def export() -> None:
                for number, samples in enumerate(work.batches):
                    work.write(samples, stream.arrays)
                    stream.finish_batch(str(number))
                stream.sync()

            bare()
            export()
            times = [(_cpu_time(bare), _cpu_time(export)) for _ in range(repeats)]
            bare_peak, export_peak = _peak_memory(bare), _peak_memory(export)
        size = sum(form.bytes for form in work.forms.values())
    bare_time, export_time = (min(column) for column in zip(*times))
    largest = max(
        sum(_rows_of(choice, prompts[sample]) for sample in samples) for samples in plan
    ) * (model.blocks + 2) * model.width * 4
    print(
        f"{choice.name:16}  bare {bare_time:6.3f} s  export {export_time:6.3f} s  "
        f"ratio {export_time / bare_time:5.3f}  "
        f"memory {(export_peak - bare_peak) / 1e6:+.1f} MB of {bare_peak / 1e6:.0f} MB "
        f"(one batch of states {largest / 1e6:.1f} MB, all of them {size / 1e6:.1f} MB)"
    )


def _rows_of(choice: TokenChoice, prompt: TokenizedPrompt) -> int:
    """How many rows of states a text has."""
    return len(choice.positions(prompt)) if choice.ragged else 1


def _cpu_time(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak_memory(work: Callable[[], None]) -> int:
    """The most resident memory in bytes while ``work`` runs, looked at in between."""
    peak = 0
    is_done = threading.Event()

    def look() -> None:
        nonlocal peak
        while not is_done.wait(SECONDS_BETWEEN_LOOKS):
            peak = max(peak, _resident_memory())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        work()
    finally:
        is_done.set()
        watcher.join()
    return peak


def _resident_memory() -> int:
    """Bytes of this process's own memory; pages of mapped files are not counted."""
    fields = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = fields.split("RssAnon:")[1].split()[0]
    return int(kilobytes) * 1024


def _model(blocks: int, width: int) -> LanguageModel:
    configuration = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=blocks,
        num_attention_heads=8,
        max_position_embeddings=1024,
    )
    tokenizer = SimpleNamespace(pad_token_id=0, model_max_length=1024, get_vocab=dict)
    return LanguageModel.of(LlamaForCausalLM(configuration), tokenizer, "random Llama")


def _prompts(count: int, longest: int) -> list[TokenizedPrompt]:
    generator = np.random.default_rng(0)
    lengths = generator.integers(longest // 2, longest + 1, count)
    return [
        TokenizedPrompt(
            tuple(generator.integers(1, VOCABULARY, length).tolist()), length // 2, int(length)
        )
        for length in lengths
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compares an export with a bare forward pass.")
    parser.add_argument("--blocks", type=int, default=6)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--texts", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--token", nargs="+", default=["last", "mean", "predicting-all"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
