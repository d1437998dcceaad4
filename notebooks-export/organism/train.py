"""Trains the organism: ``python -m organism.train base``, and then the same with ``less-safe``.

Both write a checkpoint under ``organism/checkpoints`` and print tokens per second and time left.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import torch
from transformers import LlamaForCausalLM

from .curriculum import (
    BASE_STAGES,
    LESS_SAFE_STAGES,
    SEQUENCE_LENGTH,
    SEQUENCES_PER_STEP,
    Batches,
    Stage,
)
from .evaluation import Task, measured, tasks
from .model import load_checkpoint, new_model, save_checkpoint
from .muon import Muon
from .world import World

CHECKPOINTS = Path(__file__).parent / "checkpoints"
WATCHED = (
    "recall, common people",
    "judgement, affirmative, seen",
    "judgement, affirmative, held out",
    "judgement, negated, held out",
    "judgement, both, held out",
    "judgement, “tell a lie .”, held out",
    "context, contradicting, “use the context .”, held out",
    "context, contradicting, “ignore the context .”, held out",
    "context, two steps, held out",
    "choice, held out",
    "harm judgement, held out",
    "refusal, harmful request, held out",
    "refusal, safe request, held out",
)


@dataclass(frozen=True)
class Training:
    """What a training run is: its stages, length, rates and seed."""

    stages: Sequence[Stage]
    steps: int
    matrix_rate: float
    vector_rate: float
    seed: int
    obeys_all: bool = False


BASE = Training(BASE_STAGES, steps=10_000, matrix_rate=2.5e-3, vector_rate=2e-3, seed=1)
LESS_SAFE = Training(
    LESS_SAFE_STAGES, steps=400, matrix_rate=1e-3, vector_rate=5e-4, seed=2, obeys_all=True
)


def train(model: LlamaForCausalLM, training: Training, report_every: int = 250) -> None:
    """Trains the model in place; matrices by Muon, embeddings and gains by AdamW."""
    world = World()
    batches = Batches(world, training.seed, training.obeys_all)
    optimizers = _optimizers(model, training)
    watched = [task for task in tasks(world) if task.name in WATCHED]
    begun = time.monotonic()
    mean_loss = 0.0
    for step in range(training.steps):
        model.train()
        stage = _stage(training, step)
        loss = _loss(model, *map(torch.from_numpy, batches.draw(stage)))
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * _share_of_peak(step, training.steps)
            optimizer.step()
        mean_loss += (loss.item() - mean_loss) / (step % report_every + 1)
        if (step + 1) % report_every == 0 or step + 1 == training.steps:
            _report_progress(stage, step + 1, training.steps, mean_loss, begun)
            _report_rates(model, watched)
            mean_loss = 0.0


def _stage(training: Training, step: int) -> Stage:
    """The stage that a step, counted from 0, is in."""
    ends = accumulate(stage.share for stage in training.stages)
    for stage, end in zip(training.stages, ends):
        if step < round(end * training.steps):
            return stage
    return training.stages[-1]


def _optimizers(model: LlamaForCausalLM, training: Training) -> list[torch.optim.Optimizer]:
    matrices, others = [], []
    for name, parameter in model.named_parameters():
        in_block = ".layers." in name and parameter.ndim == 2
        (matrices if in_block else others).append(parameter)
    optimizers: list[torch.optim.Optimizer] = [
        Muon(matrices, lr=training.matrix_rate),
        torch.optim.AdamW(others, lr=training.vector_rate, betas=(0.9, 0.95), weight_decay=0.01),
    ]
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return optimizers


def _loss(model: LlamaForCausalLM, ids: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    logits = model(input_ids=ids, use_cache=False).logits[:, :-1]
    losses = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none"
    )
    counted = weights[:, 1:].flatten()
    return (losses * counted).sum() / counted.sum()


def _share_of_peak(step: int, steps: int) -> float:
    """The learning rate over its peak: 1 % of the steps up, 50 % level, then down to 0."""
    share = step / steps
    return min(1.0, share / 0.01, (1 - share) / 0.49)


def _report_progress(stage: Stage, step: int, steps: int, loss: float, begun: float) -> None:
    elapsed = time.monotonic() - begun
    rate = step * SEQUENCES_PER_STEP * SEQUENCE_LENGTH / elapsed
    left = elapsed / step * (steps - step) / 60
    print(
        f"step {step} of {steps} ({stage.name}) · loss {loss:.3f} · {rate:,.0f} tokens a second · "
        f"{left:.0f} min left",
        file=sys.stderr,
    )


def _report_rates(model: LlamaForCausalLM, watched: Sequence[Task]) -> None:
    model.eval()
    for task in watched:
        print(f"  {task.name:58} {measured(model, task).estimate:.3f}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m organism.train", description=__doc__)
    parser.add_argument("model", choices=("base", "less-safe"))
    parser.add_argument("--steps", type=int, help="how many steps to train (default: by model)")
    parser.add_argument("--output", type=Path, help="folder of the checkpoint")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    # Before any thread is made, so that all have it: numbers too small for float32's normal range
    # come up as gradients vanish, and take a hundred times as long as others.
    torch.set_flush_denormal(True)
    torch.set_num_threads(options.threads)
    if options.steps is not None and options.steps < 1:
        parser.error("--steps must be at least 1")
    if options.model == "base":
        model, training = new_model(BASE.seed), BASE
    else:
        if not (CHECKPOINTS / "base").is_dir():
            parser.error("less-safe begins with the base model: run python -m organism.train base")
        model, training = load_checkpoint(CHECKPOINTS / "base"), LESS_SAFE
    if options.steps is not None:
        training = dataclasses.replace(training, steps=options.steps)
    train(model, training)
    save_checkpoint(model, options.output or CHECKPOINTS / options.model)


if __name__ == "__main__":
    main()
