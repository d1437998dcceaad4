"""Runs an export: loads the model, reads all passes batch by batch, and finishes the dump."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
import transformers

from . import VERSION
from .addition_builder import AdditionBuilder, Additions
from .errors import ExportError
from .fingerprint import fingerprint_of_texts
from .model import LanguageModel
from .options import Options
from .passes import Pass, StatePass
from .plan import Plan, make_plan
from .progress import Progress
from .stream import DumpStream, refuse_finished_dump
from .tokens import PromptTokenizer, TokenizedTexts

SITE = "residual-post"


@dataclass(frozen=True)
class Summary:
    """What an export has written: what a person wants to know of it, line by line."""

    lines: list[str]


def export(options: Options) -> Summary:
    """Writes the dump that ``options`` ask for, or goes on with it."""
    refuse_finished_dump(options.output, options.overwrite)
    plan = make_plan(options)
    model = LanguageModel.load(
        options.model, options.revision, options.kind, _device(options), options.precision
    )
    if plan.choice.predicts and model.kind == "encoder":
        raise ExportError(
            f"--token {plan.choice.name} reads where the next token is predicted, but {model.name} "
            f"is an encoder, which predicts none; choose --token "
            f"{plan.choice.name.replace('predicting', 'answer')}",
            64,
        )
    tokenizer = PromptTokenizer(
        model.tokenizer,
        model.context_length,
        options.too_long,
        options.chat,
        closes=model.kind == "encoder",
    )
    texts = _tokenized(plan, model, tokenizer)
    additions = AdditionBuilder(
        plan.additions, model, tokenizer, options.type, options.batch_size, options.padding
    ).build()
    passes: list[Pass] = [
        StatePass(
            role,
            model,
            tokenized.prompts,
            plan.choice,
            options.type,
            options.final_layer,
            options.batch_size,
            options.padding,
        )
        for role, tokenized in texts.items()
    ]
    work = [*passes, *additions.passes]
    settings = {**_identity(model, plan, texts), **options.settings(), **additions.settings}
    description = _description(options, model, plan, settings)
    _run(options, work, settings, plan, description, additions)
    return Summary(_summary(options, model, passes, additions, texts))


def _device(options: Options) -> str:
    try:
        torch.zeros(1, device=options.device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise ExportError(
            f"--device {options.device} cannot be used: {reason}; choose --device cpu", 69
        ) from error
    return options.device


def _tokenized(
    plan: Plan, model: LanguageModel, tokenizer: PromptTokenizer
) -> dict[str, TokenizedTexts]:
    texts = {each.role: tokenizer.tokenize(each.prompts) for each in plan.passes}
    for tokenized in texts.values():
        model.check_ids(token for prompt in tokenized.prompts for token in prompt.ids)
    return texts


def _identity(
    model: LanguageModel, plan: Plan, texts: dict[str, TokenizedTexts]
) -> dict[str, Any]:
    """What tells a resumed export that it reads the same model and the same texts."""
    tokens = (
        " ".join(map(str, prompt.ids)) for each in texts.values() for prompt in each.prompts
    )
    return {
        "model": model.identity,
        "texts": plan.fingerprint,
        "tokens": fingerprint_of_texts(tokens),
    }


def _description(
    options: Options, model: LanguageModel, plan: Plan, settings: dict[str, Any]
) -> dict[str, Any]:
    """The manifest's entries besides the arrays."""
    facts = {
        "exporter": f"plumbline-export {VERSION}",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        **{_camel_case(name): fact for name, fact in settings.items() if fact and name != "model"},
    }
    return {
        "model": model.identity,
        "site": SITE,
        "token": plan.choice.name,
        "finalLayer": options.final_layer,
        "layers": model.layer_names,
        "provenance": {
            name: fact if isinstance(fact, str) else json.dumps(fact, ensure_ascii=False)
            for name, fact in facts.items()
        },
    }


def _camel_case(name: str) -> str:
    first, *others = name.split()
    return first + "".join(map(str.capitalize, others))


def _run(
    options: Options,
    passes: list[Pass],
    settings: dict[str, Any],
    plan: Plan,
    description: dict[str, Any],
    additions: Additions,
) -> None:
    forms = {role: form for each in passes for role, form in each.forms.items()}
    columns = {**plan.columns, **additions.columns}
    for each in passes:
        columns.update(each.columns)
    keys = {
        (each.name, number): f"{each.name} {number}"
        for each in passes
        for number in range(len(each.batches))
    }
    # A text counts as often as the model reads it.
    total = sum(each.runs * len(samples) for each in passes for samples in each.batches)
    with ExitStack() as stack:
        stream = stack.enter_context(
            DumpStream(options.output, settings, forms, options.overwrite)
        )
        if stream.is_complete:
            return
        done = sum(
            each.runs * len(each.batches[number])
            for each in passes
            for number in range(len(each.batches))
            if keys[each.name, number] in stream.done
        )
        progress = stack.enter_context(
            Progress("texts", total, done, shown=not options.quiet)
        )
        try:
            for each in passes:
                with each:
                    for number, samples in enumerate(each.batches):
                        if keys[each.name, number] in stream.done:
                            continue
                        each.write(samples, stream.arrays)
                        stream.finish_batch(keys[each.name, number])
                        done += each.runs * len(samples)
                        progress.advance(each.runs * len(samples))
        except KeyboardInterrupt:
            raise ExportError(
                f"interrupted after {done} of {total} texts, which are kept; the same command "
                "goes on from there",
                130,
            ) from None
        stream.finish(description, columns, plan.texts, additions.values)


def _summary(
    options: Options,
    model: LanguageModel,
    passes: list[Pass],
    additions: Additions,
    texts: dict[str, TokenizedTexts],
) -> list[str]:
    forms = {role: form for each in passes for role, form in each.forms.items()}
    added = {role: form for each in additions.passes for role, form in each.forms.items()}
    size = sum(form.bytes for form in (*forms.values(), *added.values()))
    samples = len(next(iter(texts.values())).prompts)
    lines = [
        f"wrote {options.output}: {samples} samples, layers 0 to {model.blocks} of {model.name}, "
        f"width {model.width}, {options.type}, {_size(size)}",
        f"states of {', '.join(forms)} at --token {options.token}",
    ]
    if added:
        lines.append(f"and {', '.join(added)}")
    truncated = sum(each.truncated for each in texts.values())
    if truncated:
        lines.append(
            f"{truncated} of {samples * len(texts)} texts were cut to {model.context_length} tokens"
        )
    rejoined = sum(each.rejoined for each in texts.values())
    if rejoined:
        lines.append(
            f"in {rejoined} texts the tokenizer would join the prompt's end and the answer's "
            "beginning; a prompt should not end in a space, an answer may begin with one"
        )
    return lines + additions.notes


def _size(count: int) -> str:
    for unit, factor in (("GB", 1e9), ("MB", 1e6)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count / 1e3:.1f} kB"
