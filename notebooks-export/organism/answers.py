"""The model's own answers to questions: the most probable one, and sampled ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from transformers import LlamaForCausalLM

from plumbline_export.dump import DumpArray

from .evaluation import next_token_probabilities
from .texts import Row
from .vocabulary import END_TOKEN, tokens

FULL_STOP = "."


def answered(model: LlamaForCausalLM, rows: list[Row]) -> list[Row]:
    """The rows with the model's most probable answer, one word, and whether it is right."""
    words = tokens()
    best = next_token_probabilities(model, [row["prompt"] for row in rows]).argmax(dim=1)
    answers = [words[number] for number in best]
    return [
        {**row, "answer": answer, "label": int(answer == row["right"])}
        for row, answer in zip(rows, answers)
    ]


@torch.no_grad()
def sampled_answers(
    model: LlamaForCausalLM, prompts: Sequence[str], count: int, seed: int
) -> dict[str, DumpArray]:
    """Answers of one word and a full stop, the word drawn from the model at temperature 1.

    Returns their log-probabilities (sample, answer), the states after the final norm at the word
    (sample, answer, width), and their similarity (sample, answer, answer): of two words, Jaccard's
    is 1 where they are the same and 0 elsewhere.
    """
    ids = {token: number for number, token in enumerate(tokens())}
    probabilities = next_token_probabilities(model, prompts)
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.multinomial(probabilities, count, replacement=True, generator=generator)
    log_probabilities = probabilities.gather(1, drawn).log()
    embeddings = torch.empty(len(prompts), count, model.config.hidden_size)
    for sample, prompt in enumerate(prompts):
        start = [ids[word] for word in f"{END_TOKEN} {prompt}".split()]
        batch = torch.tensor([[*start, int(word)] for word in drawn[sample]])
        states = model.model(input_ids=batch, use_cache=False).last_hidden_state[:, -1]
        embeddings[sample] = states
        ended = model.lm_head(states).log_softmax(dim=-1)[:, ids[FULL_STOP]]
        log_probabilities[sample] += ended
    similarity = drawn[:, :, None] == drawn[:, None, :]
    return {
        "answers.logProbabilities": DumpArray(log_probabilities.numpy(), ("sample", "answer")),
        "answers.embeddings": DumpArray(
            embeddings.numpy().astype(np.float16), ("sample", "answer", "width")
        ),
        "answers.similarity": DumpArray(
            similarity.numpy().astype(np.float16), ("sample", "answer", "answer")
        ),
    }
