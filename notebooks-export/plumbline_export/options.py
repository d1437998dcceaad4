"""The command line of ``plumbline-export``: what it takes, and what its help says."""

from __future__ import annotations

import argparse
import dataclasses
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from . import VERSION
from .additions import AdditionOptions, add_arguments, with_joined_coefficients
from .columns import ROLE_PURPOSES
from .errors import PROGRAM, usage_error
from .suggestions import suggestion
from .tokens import TOKEN_CHOICES, TOO_LONG

SUFFIXES = (" Yes", " No")

DESCRIPTION = """\
Reads the hidden states of every layer of a Hugging Face language model, at the
tokens you choose, and writes them as a dump for plumbline.
"""

TOKENS = "tokens (--token):\n" + "".join(
    f"  {choice.name:24}  {choice.summary}\n" for choice in TOKEN_CHOICES.values()
)

EXAMPLES = """
examples:
  one state a text, and its labels from the column "label"
    plumbline-export gpt2 --texts facts.csv --output dump
  contrast pairs: "… Yes" against "… No", as CCS takes them
    plumbline-export gpt2 --texts facts.csv --output dump \\
      --template "Is it true that {claim}? Answer:" --yes-no
  feature gaps: the same answer after a prompt with and without the feature
    plumbline-export gpt2 --texts questions.jsonl --output dump \\
      --template "{context} {question} Answer:" --answer " {answer}" \\
      --token predicting-mean \\
      --contrast honesty "Be honest. {question} Answer:" \\
                         "Lie. {question} Answer:"

Texts stand in a .csv file with a header or in a .jsonl file, one a row. Columns
called label, group, opposite, category and split, or their plurals, need no
option. Everything else in the file is kept in texts.jsonl.

An interrupted export goes on where it stopped when the same command is run
again. Then look at the dump: plumbline inspect DUMP
"""


@dataclass(frozen=True)
class Options:
    """What a user asked for, one field an option."""

    model: str
    texts: Path
    output: Path
    template: str | None = None
    answer: str | None = None
    chat: bool = False
    too_long: str = "refuse"
    token: str = "last"
    final_layer: str = "pre-norm"
    positive_template: str | None = None
    negative_template: str | None = None
    negative_texts: Path | None = None
    yes_no: bool = False
    suffixes: tuple[str, str] | None = None
    contrast: tuple[tuple[str, str, str], ...] = ()
    labels: str | None = None
    groups: str | None = None
    opposites: str | None = None
    categories: str | None = None
    split: str | None = None
    attribute: tuple[str, ...] = ()
    revision: str | None = None
    kind: str | None = None
    device: str = "cpu"
    precision: str | None = None
    type: str = "float32"
    batch_size: int = 8
    padding: str = "right"
    overwrite: bool = False
    quiet: bool = False
    additions: AdditionOptions = AdditionOptions()

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Options:
        """Reads the command line; wrong usage is an ``ExportError`` with exit code 64."""
        values = vars(_parser().parse_args(with_joined_coefficients(arguments)))
        additions = AdditionOptions.taken_from(values)
        frozen = {name: _frozen(value) for name, value in values.items()}
        options = cls(**frozen, additions=additions)
        _check(options)
        return options

    def settings(self) -> dict[str, Any]:
        """The options that the values of the arrays depend on, for the journal of an export."""
        without = {"model", "texts", "negative_texts", "output", "overwrite", "quiet", "additions"}
        return {
            field.name.replace("_", " "): value
            for field in dataclasses.fields(self)
            if field.name not in without and (value := getattr(self, field.name)) is not None
        }


class _Parser(argparse.ArgumentParser):
    """Says in one paragraph what is wrong with a command line, and what was meant perhaps."""

    def error(self, message: str) -> NoReturn:
        raise usage_error(self._explained(message))

    def _explained(self, message: str) -> str:
        if unknown := re.match(r"unrecognized arguments: (\S+)", message):
            name = unknown[1].partition("=")[0]
            if not name.startswith("-"):
                return f'"{name}" is one argument too many; a text with blanks stands in quotes'
            known = [option for option in self._option_string_actions if option.startswith("--")]
            return f"there is no option {name}; {suggestion(name, known)}"
        if missing := re.match(r"the following arguments are required: (.*)", message):
            example = f"{PROGRAM} gpt2 --texts facts.csv --output dump"
            return f"{missing[1].replace(', ', ' and ')} must be given, as in: {example}"
        if choice := re.match(r"argument (\S+): invalid choice: '(.*?)' \(", message):
            known = self._option_string_actions[choice[1]].choices or ()
            return f'{choice[1]} "{choice[2]}" is not known; {suggestion(choice[2], known)}'
        return message.removeprefix("argument ")


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Options in one column and what they do in another, in at most 80 columns."""

    def __init__(self, prog: str):
        width = min(80, shutil.get_terminal_size((80, 24)).columns)
        super().__init__(prog, max_help_position=28, width=width)


def _parser() -> _Parser:
    parser = _Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} MODEL --texts FILE --output DUMP [OPTION…]",
        description=DESCRIPTION,
        epilog=TOKENS + EXAMPLES,
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    needed = parser.add_argument_group("needed")
    needed.add_argument(
        "model", metavar="MODEL", help="a folder with a model, or its name on the Hugging Face hub"
    )
    needed.add_argument("--texts", metavar="FILE", type=Path, required=True, help=".csv or .jsonl")
    needed.add_argument(
        "--output", metavar="DUMP", type=Path, required=True, help="the folder to write"
    )
    _add_prompts(parser)
    _add_pairs(parser)
    _add_columns(parser)
    add_arguments(parser)
    _add_running(parser)
    return parser


def _add_prompts(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("prompts")
    group.add_argument(
        "--template",
        metavar="TEXT",
        help='the prompt, with columns in braces: "{question} Answer:" (default: "{text}")',
    )
    group.add_argument(
        "--answer",
        metavar="TEXT",
        help='what the model is made to say after the prompt, usually " {answer}"',
    )
    group.add_argument(
        "--chat", action="store_true", help="put the prompt into the model's chat template"
    )
    group.add_argument(
        "--too-long",
        choices=TOO_LONG,
        default="refuse",
        metavar="WHAT",
        help="texts beyond the model's context: refuse (default), truncate-left or "
        "truncate-right, which are counted",
    )
    group.add_argument(
        "--token",
        choices=TOKEN_CHOICES,
        default="last",
        metavar="WHICH",
        help="the token whose state is read, see below (default: last)",
    )
    group.add_argument(
        "--final-layer",
        choices=("pre-norm", "post-norm"),
        default="pre-norm",
        metavar="WHICH",
        help="the last layer before (pre-norm, default) or after the final norm (post-norm)",
    )


def _add_pairs(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("contrast pairs")
    group.add_argument(
        "--positive-template", metavar="TEXT", help="the prompt of the positive side"
    )
    group.add_argument(
        "--negative-template", metavar="TEXT", help="the prompt of the negative side"
    )
    group.add_argument(
        "--negative-texts",
        metavar="FILE",
        type=Path,
        help="the negative sides, row by row; --texts holds the positive ones",
    )
    group.add_argument(
        "--yes-no",
        action="store_true",
        help='the prompt, answered by " Yes" and by " No"',
    )
    group.add_argument(
        "--suffixes",
        nargs=2,
        metavar=("POSITIVE", "NEGATIVE"),
        help="the two answers, in place of Yes and No",
    )
    group.add_argument(
        "--contrast",
        nargs=3,
        action="append",
        default=[],
        metavar=("NAME", "POSITIVE", "NEGATIVE"),
        help="a contrast for feature gaps: a name and two templates, both followed by --answer; "
        "may be repeated",
    )


def _add_columns(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("columns of the texts")
    for role, purpose in ROLE_PURPOSES.items():
        group.add_argument(f"--{role}", metavar="COLUMN", help=purpose)
    group.add_argument(
        "--attribute",
        action="append",
        default=[],
        metavar="COLUMN",
        help="something else to keep of each text; may be repeated",
    )


def _add_running(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the model and the output")
    group.add_argument("--revision", metavar="NAME", help="a branch, tag or commit on the hub")
    group.add_argument(
        "--kind",
        choices=("causal", "encoder"),
        metavar="KIND",
        help="causal or encoder (default: what the model's configuration says)",
    )
    group.add_argument(
        "--device", default="cpu", metavar="NAME", help="cpu (default), cuda, cuda:1 or mps"
    )
    group.add_argument(
        "--precision",
        choices=("float32", "float16", "bfloat16"),
        metavar="TYPE",
        help="what the model computes in: float32, float16 or bfloat16 (default: float32 on the "
        "CPU, else the type of its weights)",
    )
    group.add_argument(
        "--type",
        choices=("float32", "float16"),
        default="float32",
        metavar="TYPE",
        help="what the dump stores: float32 (default) or float16, half as large",
    )
    group.add_argument(
        "--batch-size", type=_count, default=8, metavar="N", help="texts at a time (default: 8)"
    )
    group.add_argument(
        "--padding",
        choices=("right", "left"),
        default="right",
        metavar="SIDE",
        help="right (default) or left; the states are the same to rounding",
    )
    group.add_argument(
        "--overwrite", action="store_true", help="replace a dump that is there already"
    )
    group.add_argument("--quiet", action="store_true", help="show no progress")
    group.add_argument(
        "--version", action="version", version=f"{PROGRAM} {VERSION}", help="show the version"
    )
    group.add_argument("--help", "-h", action="help", help="show this help")


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text):
        raise argparse.ArgumentTypeError(f"{text} is no number of texts from 1")
    return int(text)


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(element) for element in value)
    return value


def _check(options: Options) -> None:
    """Refuses options that contradict each other, before anything is read."""
    pairs = {
        "--positive-template and --negative-template": (
            options.positive_template is not None or options.negative_template is not None
        ),
        "--negative-texts": options.negative_texts is not None,
        "--yes-no or --suffixes": options.yes_no or options.suffixes is not None,
    }
    chosen = [name for name, is_chosen in pairs.items() if is_chosen]
    if len(chosen) > 1:
        raise usage_error(
            f"{' and '.join(chosen)} each say what the two sides of a pair are; choose one of them"
        )
    if (options.positive_template is None) != (options.negative_template is None):
        missing = "negative" if options.negative_template is None else "positive"
        raise usage_error(f"a pair has two sides: give --{missing}-template, too")
    if options.positive_template is not None and options.template is not None:
        raise usage_error(
            "--template has no use beside --positive-template and --negative-template"
        )
    if chosen[-1:] == ["--yes-no or --suffixes"] and options.answer is not None:
        raise usage_error(
            "--yes-no is the answer itself, so that --answer cannot be given; write it into "
            "--template"
        )
    if options.suffixes is not None and not all(map(str.strip, options.suffixes)):
        raise usage_error("--suffixes takes two answers, and neither may be blank")
    if options.chat and options.too_long != "refuse":
        raise usage_error(
            "texts in a chat template cannot be truncated without breaking it; leave --too-long "
            "out and shorten the texts"
        )
    names = [name for name, _, _ in options.contrast]
    for name in names:
        if not re.fullmatch(r"[\w-]+", name):
            raise usage_error(
                f'--contrast "{name}": the name becomes that of a file and may hold letters, '
                "digits, - and _"
            )
        if names.count(name) > 1:
            raise usage_error(
                f"--contrast {name} is given twice; every contrast needs its own name"
            )
    if options.contrast and options.answer is None:
        raise usage_error(
            "--contrast compares prompts followed by the same answer; give it by --answer, "
            'usually --answer " {answer}"'
        )
