"""What a dump can hold besides states: the unembedding, answer tokens, a sweep, token scores."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import usage_error
from .prompts import Prompt, TextTable
from .vectors import parse_coefficients, read_array

POSITIONS = ("all", "last")


@dataclass(frozen=True)
class AdditionOptions:
    """What a user asked for beside the states, one field an option."""

    unembedding: bool = False
    answer_token: str | None = None
    aligned: tuple[str, ...] = ()
    misaligned: tuple[str, ...] = ()
    vector: str | None = None
    vector_layer: int | None = None
    vector_positions: str | None = None
    coefficients: str | None = None
    random_directions: int | None = None
    seed: int | None = None
    log_probabilities: bool = False
    top_logits: int | None = None

    @classmethod
    def taken_from(cls, values: dict[str, Any]) -> AdditionOptions:
        """Takes its own options out of all that were parsed; wrong ones are refused (code 64)."""
        own = {field.name: values.pop(field.name) for field in dataclasses.fields(cls)}
        options = cls(**{
            name: tuple(value) if isinstance(value, list) else value for name, value in own.items()
        })
        options._check()
        return options

    @property
    def scores_answers(self) -> bool:
        return self.log_probabilities or self.top_logits is not None

    def settings(self) -> dict[str, Any]:
        """The options that were given, for the journal of an export."""
        return {
            field.name.replace("_", " "): value
            for field in dataclasses.fields(self)
            if (value := getattr(self, field.name)) != field.default
        }

    def _check(self) -> None:
        """Refuses options that contradict each other, before anything is read."""
        sweep = {
            "--vector-layer": self.vector_layer,
            "--coefficients": self.coefficients,
            "--vector-positions": self.vector_positions,
            "--random-directions": self.random_directions,
        }
        if self.vector is None:
            for name, value in sweep.items():
                if value is not None:
                    raise usage_error(f"{name} is about a sweep; give its vector by --vector")
        else:
            for name in ("--vector-layer", "--coefficients"):
                if sweep[name] is None:
                    raise usage_error(
                        f"a sweep needs {name}: which layer the vector is added at, and what it "
                        "is multiplied by"
                    )
        if self.seed is not None and self.random_directions is None:
            raise usage_error("--seed draws random directions; say how many by --random-directions")
        if self.coefficients is not None:
            parse_coefficients(self.coefficients)
        if bool(self.aligned) != bool(self.misaligned):
            raise usage_error("--aligned and --misaligned compare two sets of tokens; give both")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options to the command line, in two groups of their own."""
    _add_steering(parser.add_argument_group("steering"))
    group = parser.add_argument_group("scores of answers")
    group.add_argument(
        "--log-probabilities",
        action="store_true",
        help="the log-probability of every token of --answer",
    )
    group.add_argument(
        "--top-logits",
        type=_whole_number,
        metavar="K",
        help="the K largest logits wherever a token of --answer is predicted",
    )


def _add_steering(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--unembedding",
        action="store_true",
        help="the final norm and the unembedding, checked against the model's own logits",
    )
    group.add_argument(
        "--answer-token",
        metavar="TEXT",
        help='the first token of this answer to each prompt, usually " {answer}"',
    )
    group.add_argument(
        "--aligned", nargs="+", default=(), metavar="TOKEN", help="how aligned answers begin"
    )
    group.add_argument(
        "--misaligned", nargs="+", default=(), metavar="TOKEN", help="how misaligned ones begin"
    )
    group.add_argument(
        "--vector",
        metavar="FILE",
        help="a sweep: add this vector while the model runs, and keep the last state; .npy, .npz "
        "or .safetensors (FILE:NAME where it holds several arrays), one vector or one a layer",
    )
    group.add_argument(
        "--vector-layer",
        type=_whole_number,
        metavar="L",
        help="the layer it is added at: L is the output of block L",
    )
    group.add_argument(
        "--coefficients",
        metavar="LIST",
        help="what it is multiplied by: FIRST:LAST:COUNT, such as -2:2:41, or -1,0,1",
    )
    group.add_argument(
        "--vector-positions",
        choices=POSITIONS,
        metavar="WHERE",
        help="all (default) tokens of the prompt, or its last",
    )
    group.add_argument(
        "--random-directions",
        type=_whole_number,
        metavar="K",
        help="sweep along K random vectors of the same norm, too, to compare with",
    )
    group.add_argument(
        "--seed", type=_seed, metavar="N", help="what they are drawn with (default: 1)"
    )


def with_joined_coefficients(arguments: Sequence[str]) -> list[str]:
    """Joins ``--coefficients -1:1:5`` by "=": the parser would take -1:1:5 for an option."""
    joined = list(arguments)
    for place in range(len(joined) - 2, -1, -1):
        if joined[place] == "--coefficients" and joined[place + 1][:1] == "-":
            joined[place : place + 2] = [f"--coefficients={joined[place + 1]}"]
    return joined


@dataclass(frozen=True)
class AdditionPlan:
    """What is known of the additions before the model is loaded.

    ``prompts`` are the texts without any answer, for what the model says next; ``answered`` are
    those with the answers that are scored. ``answer_tokens`` are the texts whose first token is
    kept (None: none are).
    """

    options: AdditionOptions
    prompts: list[Prompt]
    answered: list[Prompt]
    answer_tokens: list[str] | None

    @classmethod
    def make(
        cls, options: AdditionOptions, sides: Mapping[str, list[Prompt]], table: TextTable
    ) -> AdditionPlan:
        """Refuses whatever does not fit the texts or cannot be read.

        ``sides`` are the prompts by role: ``activations``, or ``positive`` and ``negative``.
        """
        prompts, *others = ([Prompt(prompt.text) for prompt in side] for side in sides.values())
        if options.vector is not None:
            read_array(options.vector)
        for option, is_given in (
            ("--vector", options.vector is not None),
            ("--answer-token", options.answer_token is not None),
        ):
            if is_given and any(other != prompts for other in others):
                raise usage_error(
                    f"{option} needs one prompt a sample, but the two sides of these pairs are "
                    "two; write the pairs and this into two dumps"
                )
        answered = sides.get("activations", [])
        if options.scores_answers and not (answered and answered[0].answer):
            raise usage_error(
                "--log-probabilities and --top-logits score one answer to each prompt; give it by "
                '--answer, usually --answer " {answer}", and leave pairs to another dump'
            )
        answer_tokens = None if options.answer_token is None else table.texts(options.answer_token)
        return cls(options, prompts, answered, answer_tokens)


def _whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1 to a million")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 0")
    return int(text)
