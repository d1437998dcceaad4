"""Makes the additions to a dump: their passes, small arrays, and entries of the manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .addition_passes import BatchPlan, ScoresPass, SweepPass, UnembeddingPass
from .additions import AdditionPlan
from .dump import DumpArray
from .errors import ExportError
from .fingerprint import fingerprint_of_texts
from .head import Head, unembedding_weight
from .model import LanguageModel
from .passes import Pass
from .prompts import Prompt
from .reserved import ArrayForm
from .steering import Sweep
from .tokens import PromptTokenizer
from .vectors import named_layer, parse_coefficients, random_directions, read_vector

DEFAULT_SEED = 1
# Texts whose logits the exported head is compared with: the shortest ones.
CHECKED_TEXTS = 4


@dataclass
class Additions:
    """What the additions give an export: work, small arrays, entries, settings, and notes."""

    passes: list[Pass] = field(default_factory=list)
    columns: dict[str, DumpArray] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class AdditionBuilder:
    """Makes the additions of a plan for a model that is loaded."""

    def __init__(
        self,
        plan: AdditionPlan,
        model: LanguageModel,
        tokenizer: PromptTokenizer,
        stored_type: str,
        batch_size: int,
        padding_side: str,
    ):
        self._plan = plan
        self._options = plan.options
        self._model = model
        self._tokenizer = tokenizer
        self._type = np.dtype(stored_type)
        self._batching = (batch_size, padding_side)
        self._made = Additions(settings=plan.options.settings())

    def build(self) -> Additions:
        """Refuses what the model cannot give, before any work."""
        if self._options.unembedding:
            self._add_unembedding()
        if self._plan.answer_tokens is not None:
            self._add_answer_tokens(self._plan.answer_tokens)
        if self._options.aligned:
            self._add_token_sets()
        if self._options.vector is not None:
            self._add_sweep(self._options.vector)
        if self._options.scores_answers:
            self._add_scores()
        return self._made

    def _tokenized(self, prompts: list[Prompt]) -> BatchPlan:
        tokenized = self._tokenizer.tokenize(prompts).prompts
        self._model.check_ids(token for prompt in tokenized for token in prompt.ids)
        return BatchPlan(self._model, tokenized, *self._batching)

    def _add_unembedding(self) -> None:
        head = Head.of(self._model)
        plan = self._tokenized(self._plan.prompts)
        shortest = [sample for samples in plan.samples for sample in samples][-CHECKED_TEXTS:]
        head.check(self._model, plan.batch(tuple(shortest)), self._type)
        made = self._made
        made.passes.append(UnembeddingPass(head, self._model.width, self._type))
        if head.norm is not None:
            made.columns["finalNorm.weight"] = DumpArray(head.norm.weight, ("width",))
            if head.norm.bias is not None:
                made.columns["finalNorm.bias"] = DumpArray(head.norm.bias, ("width",))
            made.values["finalNorm.epsilon"] = head.norm.epsilon
            made.values["finalNorm.offset"] = head.norm.offset
            made.values["finalNorm.kind"] = head.norm.kind
        if head.bias is not None:
            made.columns["unembeddingBias"] = DumpArray(head.bias, ("vocabulary",))
        if head.soft_cap is not None:
            made.values["logitSoftCap"] = head.soft_cap

    def _add_answer_tokens(self, answers: list[str]) -> None:
        texts = [Prompt(prompt.text, answer) for prompt, answer in zip(self._plan.prompts, answers)]
        tokenized = self._tokenized(texts).prompts
        first = np.array([prompt.ids[prompt.answer_start] for prompt in tokenized], np.int64)
        self._made.columns["answerTokens"] = DumpArray(first, ("sample",))
        longer = sum(prompt.answer_end - prompt.answer_start > 1 for prompt in tokenized)
        if longer:
            self._made.notes.append(
                f"{longer} of {len(tokenized)} answers have more than one token; answerTokens "
                "holds the first"
            )

    def _add_token_sets(self) -> None:
        of_token: dict[int, str] = {}
        sets = (("aligned", self._options.aligned), ("misaligned", self._options.misaligned))
        for name, texts in sets:
            ids = [self._only_token(text) for text in texts]
            for text, token in zip(texts, ids):
                if token in of_token:
                    raise ExportError(
                        f"--aligned and --misaligned name one token twice: {of_token[token]!r} "
                        f"and {text!r} are both token {token} of {self._model.name}",
                        64,
                    )
                of_token[token] = text
            self._made.values[f"{name}Tokens"] = ids

    def _only_token(self, text: str) -> int:
        """The token that a text is after a prompt."""
        context = self._plan.prompts[0].text
        (prompt,) = self._tokenized([Prompt(context, text)]).prompts
        ids = prompt.ids[prompt.answer_start : prompt.answer_end]
        if len(ids) > 1:
            pieces = " ".join(map(repr, self._model.tokenizer.convert_ids_to_tokens(ids)))
            raise ExportError(
                f"{text!r} is {len(ids)} tokens of {self._model.name} ({pieces}); --aligned and "
                "--misaligned take single ones, so give the beginning that is one token",
                64,
            )
        if ids[0] == getattr(self._model.tokenizer, "unk_token_id", None):
            raise ExportError(f"{text!r} is no token of {self._model.name}", 64)
        return ids[0]

    def _add_sweep(self, source: str) -> None:
        options, model, made = self._options, self._model, self._made
        coefficients, zero_put_in = parse_coefficients(str(options.coefficients))
        if zero_put_in:
            made.notes.append("the sweep has coefficient 0, too: the unsteered states")
        layer = int(options.vector_layer or 0)
        if named_layer(source) not in (None, layer):
            made.notes.append(
                f"{source} is by its name a direction of layer {named_layer(source)}, and was "
                f"added at layer {layer}"
            )
        vector = read_vector(source, layer, model.blocks + 1, model.width)
        positions = options.vector_positions or "all"
        sweep = Sweep.at(model, layer, positions, coefficients)
        plan = self._tokenized(self._plan.prompts)
        shape = (len(coefficients), len(plan.prompts), model.width)
        axes = ("coefficient", "sample", "width")
        form = ArrayForm(shape, np.dtype("f4"), axes)
        made.passes.append(SweepPass(plan, sweep, vector, form))
        made.columns["sweep.coefficients"] = DumpArray(coefficients, ("coefficient",))
        made.columns["sweep.vector"] = DumpArray(vector, ("width",))
        made.values.update({"sweep.layer": layer, "sweep.positions": positions})
        made.settings |= {
            "vector": Path(source).name,
            "vector digest": fingerprint_of_texts([vector.tobytes().hex()]),
            "vector positions": positions,
        }
        count = options.random_directions or 0
        if count:
            seed = DEFAULT_SEED if options.seed is None else options.seed
            made.settings["seed"] = str(seed)
            controls = random_directions(vector, count, seed)
            form = ArrayForm((count, *shape), np.dtype("f4"), ("direction", *axes))
            made.passes.extend(
                SweepPass(plan, sweep, control, form, number)
                for number, control in enumerate(controls)
            )
            made.columns["sweep.controlVectors"] = DumpArray(controls, ("direction", "width"))

    def _add_scores(self) -> None:
        vocabulary = len(unembedding_weight(self._model))
        ranks = self._options.top_logits or 0
        if ranks > vocabulary:
            raise ExportError(
                f"--top-logits {ranks} is more than the {vocabulary} tokens that "
                f"{self._model.name} knows",
                64,
            )
        plan = self._tokenized(self._plan.answered)
        self._made.passes.append(ScoresPass(plan, self._options.log_probabilities, ranks))
