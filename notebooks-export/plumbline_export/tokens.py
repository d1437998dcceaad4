"""Prompts as tokens, and which of their tokens the states are read at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import ExportError

TOO_LONG = ("refuse", "truncate-left", "truncate-right")
# An answer is tokenised as what follows a line's end, so that its tokens are those of a
# continuation: alone, tokenizers of the SentencePiece family put a space before the first word.
_ANCHOR = "\n"


class PromptText(Protocol):
    """A prompt, and the answer that is teacher-forced after it ("" for none)."""

    @property
    def text(self) -> str: ...
    @property
    def answer(self) -> str: ...


@dataclass(frozen=True)
class TokenizedPrompt:
    """The tokens that the model is given: the prompt's, then the answer's.

    The answer's tokens are ``ids[answer_start:answer_end]``. They are the last ones, except that
    an encoder's closing token ([SEP]) follows them. Without an answer both are ``len(ids)``.
    """

    ids: tuple[int, ...]
    answer_start: int
    answer_end: int


@dataclass(frozen=True)
class TokenizedTexts:
    """The tokens of all texts, in their order, and what was done to make them.

    ``truncated`` texts were cut to the model's context. In ``rejoined`` texts the tokenizer
    would have joined the end of the prompt and the beginning of the answer to other tokens, as
    it does when a prompt ends in a space; the model is given the prompt's own tokens, then the
    answer's own, as when it writes the answer itself.
    """

    prompts: list[TokenizedPrompt]
    truncated: int
    rejoined: int


@dataclass(frozen=True)
class TokenChoice:
    """Which tokens of a text the states are read at.

    ``positions`` gives the token numbers. Their states are averaged where ``averages`` is true;
    where ``ragged`` is true every one is kept, so that texts have different numbers of rows.
    """

    name: str
    summary: str
    span: Callable[[TokenizedPrompt], range]
    part: str

    @classmethod
    def named(cls, name: str) -> TokenChoice:
        """The choice called ``name``, one of ``TOKEN_CHOICES``."""
        try:
            return TOKEN_CHOICES[name]
        except KeyError:
            known = ", ".join(TOKEN_CHOICES)
            raise ExportError(f"{name!r} is no choice of tokens; they are {known}", 64) from None

    @property
    def averages(self) -> bool:
        return self.part == "mean"

    @property
    def ragged(self) -> bool:
        return self.part == "all"

    @property
    def needs_answer(self) -> bool:
        return self.span is not _text

    @property
    def predicts(self) -> bool:
        """Whether the positions are those that predict the answer, which encoders have not."""
        return self.span is _predicting

    def positions(self, prompt: TokenizedPrompt) -> range:
        """The numbers of the chosen tokens, at least one for a prompt of ``tokenize``."""
        span = self.span(prompt)
        return {"first": span[:1], "last": span[-1:]}.get(self.part, span)


def _text(prompt: TokenizedPrompt) -> range:
    return range(len(prompt.ids))


def _answer(prompt: TokenizedPrompt) -> range:
    return range(prompt.answer_start, prompt.answer_end)


def _predicting(prompt: TokenizedPrompt) -> range:
    """The state at a token predicts the next one, so these lie one token before the answer's."""
    return range(prompt.answer_start - 1, prompt.answer_end - 1)


TOKEN_CHOICES = {
    choice.name: choice
    for choice in (
        TokenChoice("last", "the last token of the text", _text, "last"),
        TokenChoice("mean", "the mean over all tokens of the text", _text, "mean"),
        TokenChoice("answer-first", "the first token of the answer", _answer, "first"),
        TokenChoice("answer-mean", "the mean over the answer's tokens", _answer, "mean"),
        TokenChoice("answer-all", "every token of the answer", _answer, "all"),
        TokenChoice(
            "predicting-first", "where the answer's first token is predicted", _predicting, "first"
        ),
        TokenChoice(
            "predicting-mean", "the mean over where its tokens are predicted", _predicting, "mean"
        ),
        TokenChoice("predicting-all", "every token that predicts one of it", _predicting, "all"),
    )
}


@dataclass(frozen=True)
class PromptTokenizer:
    """Makes tokens of prompts, as ``tokenizer`` (of transformers) does.

    ``context_length`` is the most tokens that the model takes (None: no bound), ``too_long``
    what is done to longer texts, one of ``TOO_LONG``; the answer and the tokens that the
    tokenizer adds are never cut. ``chat`` puts the prompt into the tokenizer's chat template as
    the user's message, with the beginning of the assistant's. ``closes`` says whether the
    tokenizer's closing tokens stay behind an answer, as encoders need them.
    """

    tokenizer: Any
    context_length: int | None = None
    too_long: str = "refuse"
    chat: bool = False
    closes: bool = False

    def tokenize(self, prompts: Sequence[PromptText]) -> TokenizedTexts:
        """Refuses texts and answers without a token, and texts too long for the model."""
        texts = [self._chat_text(prompt.text) if self.chat else prompt.text for prompt in prompts]
        encoded = self._encode(texts, not self.chat)
        answers = self._answer_ids([prompt.answer for prompt in prompts])
        joint = self._encode([t + p.answer for t, p in zip(texts, prompts)], not self.chat)
        tokenized, truncated, rejoined = [], 0, 0
        for number, (parts, answer) in enumerate(zip(encoded, answers)):
            place = f'sample {number} ("{_beginning(prompts[number].text)}")'
            if not parts.body:
                raise ExportError(
                    f"{place} has no token, so it has no state; leaving it out would part it from "
                    "its label and its partner, so take it out of the file of texts",
                )
            if prompts[number].answer and not answer:
                raise ExportError(f"the answer of {place} has no token; every answer needs one")
            rejoined += joint[number].body != parts.body + answer
            body = self._fitted(parts, answer, place)
            truncated += len(body) < len(parts.body)
            tokenized.append(self._assembled(parts, body, answer))
        return TokenizedTexts(tokenized, truncated, rejoined)

    def _chat_text(self, text: str) -> str:
        if not getattr(self.tokenizer, "chat_template", None):
            raise ExportError(
                "the model's tokenizer has no chat template; leave --chat out, and write the "
                "whole prompt in the texts or in --template",
                65,
            )
        message = [{"role": "user", "content": text}]
        return self.tokenizer.apply_chat_template(
            message, tokenize=False, add_generation_prompt=True
        )

    def _encode(self, texts: list[str], special_tokens: bool) -> list[_Parts]:
        encoded = self.tokenizer(
            texts,
            add_special_tokens=special_tokens,
            return_special_tokens_mask=True,
            return_attention_mask=False,
            truncation=False,
            verbose=False,
        )
        return [
            _Parts.of(ids, mask if special_tokens else [0] * len(ids))
            for ids, mask in zip(encoded["input_ids"], encoded["special_tokens_mask"])
        ]

    def _answer_ids(self, answers: list[str]) -> list[tuple[int, ...]]:
        if not any(answers):
            return [()] * len(answers)
        (anchor,) = self._encode([_ANCHOR], False)
        start = len(anchor.body)
        after_anchor = self._encode([_ANCHOR + answer for answer in answers], False)
        alone = self._encode(answers, False)
        return [
            parts.body[start:] if parts.body[:start] == anchor.body else lone.body
            for parts, lone in zip(after_anchor, alone)
        ]

    def _fitted(self, parts: _Parts, answer: tuple[int, ...], place: str) -> tuple[int, ...]:
        """The prompt's tokens, as many of them as the context has room for."""
        around = len(parts.before) + len(answer) + len(self._after(parts, answer))
        length = around + len(parts.body)
        if self.context_length is None or length <= self.context_length:
            return parts.body
        room = self.context_length - around
        problem = f"{place} has {length} tokens; the model takes at most {self.context_length}; "
        if self.too_long == "refuse":
            raise ExportError(
                problem + "shorten it, or choose --too-long truncate-left or truncate-right, "
                "which cut the prompt's beginning or end and say how many texts were cut"
            )
        if self.chat:
            raise ExportError(
                problem + "shorten it, because cutting it would break the chat template"
            )
        if room < 1:
            raise ExportError(problem + "its answer leaves no room for the prompt")
        return parts.body[-room:] if self.too_long == "truncate-left" else parts.body[:room]

    def _after(self, parts: _Parts, answer: tuple[int, ...]) -> tuple[int, ...]:
        """The closing tokens; between a causal model's prompt and answer they would be wrong."""
        return parts.after if self.closes or not answer else ()

    def _assembled(
        self, parts: _Parts, body: tuple[int, ...], answer: tuple[int, ...]
    ) -> TokenizedPrompt:
        start = len(parts.before) + len(body)
        ids = parts.before + body + answer + self._after(parts, answer)
        if not answer:
            return TokenizedPrompt(ids, len(ids), len(ids))
        return TokenizedPrompt(ids, start, start + len(answer))


@dataclass(frozen=True)
class _Parts:
    """A text's own tokens, and those that the tokenizer puts before and after them."""

    before: tuple[int, ...]
    body: tuple[int, ...]
    after: tuple[int, ...]

    @classmethod
    def of(cls, ids: list[int], special: list[int]) -> _Parts:
        start = next((place for place, flag in enumerate(special) if not flag), len(ids))
        stop = next((p + 1 for p in range(len(ids) - 1, start - 1, -1) if not special[p]), start)
        return cls(tuple(ids[:start]), tuple(ids[start:stop]), tuple(ids[stop:]))


def _beginning(text: str, length: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
