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


def drawn_answers(
    model: LlamaForCausalLM, prompts: Sequence[str], count: int, seed: int
) -> torch.Tensor:
    """Words (sample, answer) drawn from what the model says comes next, at temperature 1."""
    probabilities = next_token_probabilities(model, prompts)
    generator = torch.Generator().manual_seed(seed)
    return torch.multinomial(probabilities, count, replacement=True, generator=generator)


@torch.no_grad()
def answer_arrays(
    model: LlamaForCausalLM, prompts: Sequence[str], words: torch.Tensor
) -> dict[str, DumpArray]:
    """What a dump holds of answers that are one of ``words`` (sample, answer) and a full stop.

    These are their log-probabilities (sample, answer), the states after the final norm at the word
    (sample, answer, width), and their similarity (sample, answer, answer), Jaccard's: of two
    words 1 where they are the same and 0 elsewhere.
    """
    ids = {token: number for number, token in enumerate(tokens())}
    states = torch.empty(*words.shape, model.config.hidden_size)
    log_probabilities = torch.empty(words.shape)
    for sample, (prompt, answers) in enumerate(zip(prompts, words)):
        start = [ids[word] for word in f"{END_TOKEN} {prompt}".split()]
        batch = torch.tensor([[*start, int(word)] for word in answers])
        normed = model.model(input_ids=batch, use_cache=False).last_hidden_state[:, -2:]
        before, after = model.lm_head(normed).log_softmax(dim=-1).unbind(dim=1)
        states[sample] = normed[:, -1]
        said = before.gather(1, answers[:, None])[:, 0]
        log_probabilities[sample] = said + after[:, ids[FULL_STOP]]
    similarity = (words[:, :, None] == words[:, None, :]).numpy()
    answer = ("sample", "answer")
    return {
        "answers.logProbabilities": DumpArray(log_probabilities.numpy(), answer),
        "answers.embeddings": DumpArray(states.numpy().astype(np.float16), (*answer, "width")),
        "answers.similarity": DumpArray(similarity.astype(np.float16), (*answer, "answer")),
    }
