"""Prompts become the tokens that the model is meant to read.

Oracle: the words themselves, since the tokenizer of the tests makes one token a word.
"""

from __future__ import annotations

import pytest
from language_models import needs_torch, tiny_tokenizer

from plumbline_export.errors import ExportError
from plumbline_export.prompts import Prompt
from plumbline_export.tokens import TOKEN_CHOICES, PromptTokenizer, TokenChoice

pytestmark = needs_torch

TEXT = "Paris lies in France"


def words(tokenizer, prompt):
    return tokenizer.convert_ids_to_tokens(list(prompt.ids))


def tokenized(text, answer="", **options):
    """The words of one prompt with <s> before every text, and which of them are the answer's."""
    after = options.pop("after", None)
    tokenizer = tiny_tokenizer(before="<s>", after=after, chat=True)
    (prompt,) = PromptTokenizer(tokenizer, **options).tokenize([Prompt(text, answer)]).prompts
    found = words(tokenizer, prompt)
    return found, found[prompt.answer_start : prompt.answer_end]


def test_a_text_has_the_tokenizers_own_tokens():
    assert tokenized(TEXT) == (["<s>", *TEXT.split()], [])
    assert tokenized(TEXT, after="</s>", closes=True) == (["<s>", *TEXT.split(), "</s>"], [])


def test_an_answer_follows_the_prompts_own_tokens():
    found = ["<s>", *TEXT.split(), "Yes", "."]
    assert tokenized(TEXT, " Yes .") == (found, ["Yes", "."])
    # What closes a text never stands between prompt and answer: an encoder has it at the end, and
    # a causal model, which would read it as the end of the prompt, not at all.
    assert tokenized(TEXT, " Yes .", after="</s>") == (found, ["Yes", "."])
    closed = ([*found, "</s>"], ["Yes", "."])
    assert tokenized(TEXT, " Yes .", after="</s>", closes=True) == closed


def test_an_answer_has_the_same_tokens_after_every_prompt():
    """Byte pairs join across the boundary, which would give one answer two spellings."""
    tokenizer = byte_tokenizer()
    texts = [Prompt("x", "bc"), Prompt("a", "bc"), Prompt("a ", "bc")]
    made = PromptTokenizer(tokenizer).tokenize(texts)
    answers = [list(p.ids[p.answer_start : p.answer_end]) for p in made.prompts]
    assert answers[0] == answers[1] == answers[2]
    alone = [tokenizer(text.text)["input_ids"] for text in texts]
    assert [list(p.ids[: p.answer_start]) for p in made.prompts] == alone
    # "a" + "bc" alone would have been read as "ab" + "c".
    assert len(tokenizer("abc")["input_ids"]) == 2 and made.rejoined == 1


def byte_tokenizer():
    """Characters, and "ab" as one token."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    vocabulary = {token: number for number, token in enumerate(["a", "b", "c", "x", " ", "ab"])}
    backend = Tokenizer(models.BPE(vocabulary, [("a", "b")]))
    return PreTrainedTokenizerFast(tokenizer_object=backend)


def test_sentencepiece_answers_are_continuations():
    """Alone, such a tokenizer begins every text with a space, which no continuation has."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    tokens = ["▁", "Y", "▁Y", "\n", "▁\n", "?", "▁?"]
    merges = [("▁", "Y"), ("▁", "\n"), ("▁", "?")]
    backend = Tokenizer(models.BPE({t: n for n, t in enumerate(tokens)}, merges))
    backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend)
    assert words(tokenizer, PromptTokenizer(tokenizer).tokenize([Prompt("Y")]).prompts[0]) == ["▁Y"]
    made = PromptTokenizer(tokenizer).tokenize([Prompt("?", "Y"), Prompt("?", " Y")])
    assert [words(tokenizer, prompt) for prompt in made.prompts] == [["▁?", "Y"], ["▁?", "▁Y"]]


def test_chat_has_the_templates_tokens_and_no_others():
    found, answer = tokenized(TEXT, " Yes", chat=True)
    assert found == "<s> user Paris lies in France </s> <s> assistant : Yes".split()
    assert answer == ["Yes"]


def test_chat_without_a_template_is_refused():
    with pytest.raises(ExportError, match="no chat template"):
        PromptTokenizer(tiny_tokenizer(), chat=True).tokenize([Prompt(TEXT)])


@pytest.mark.parametrize("too_long, kept", [
    ("truncate-left", "lies in France"), ("truncate-right", "Paris lies in"),
])
def test_long_texts_are_cut_where_asked_and_counted(too_long, kept):
    tokenizer = tiny_tokenizer(before="<s>", after="</s>")
    cutter = PromptTokenizer(tokenizer, 6, too_long, closes=True)
    made = cutter.tokenize([Prompt(TEXT, " Yes"), Prompt("Paris lies", " Yes")])
    assert [words(tokenizer, prompt) for prompt in made.prompts] == [
        ["<s>", *kept.split(), "Yes", "</s>"],
        ["<s>", "Paris", "lies", "Yes", "</s>"],
    ]
    assert made.truncated == 1
    assert [list(p.ids[p.answer_start : p.answer_end]) for p in made.prompts] == [
        tokenizer("Yes", add_special_tokens=False)["input_ids"]
    ] * 2


def test_a_text_that_just_fits_is_not_too_long():
    assert tokenized(TEXT, " Yes", context_length=6)[0] == ["<s>", *TEXT.split(), "Yes"]
    problem = r'sample 0 \("Paris lies in France"\) has 6 tokens; the model takes at most 5'
    with pytest.raises(ExportError, match=problem):
        tokenized(TEXT, " Yes", context_length=5)


@pytest.mark.parametrize("options, problem", [
    ({"context_length": 5, "too_long": "truncate-left", "chat": True}, "break the chat template"),
    ({"context_length": 2, "too_long": "truncate-left"}, "leaves no room for the prompt"),
])
def test_what_cannot_be_cut_is_refused(options, problem):
    with pytest.raises(ExportError, match=problem):
        tokenized(TEXT, " Yes", **options)


@pytest.mark.parametrize("text, answer, problem", [
    (" ", "", 'sample 0 .* has no token'),
    (TEXT, "  ", "the answer of sample 0 .* has no token"),
])
def test_texts_without_a_token_are_refused(text, answer, problem):
    with pytest.raises(ExportError, match=problem):
        tokenized(text, answer)


def test_an_unknown_choice_of_tokens_is_refused():
    with pytest.raises(ExportError, match="answer-mean") as error:
        TokenChoice.named("middle")
    assert error.value.exit_code == 64
    assert all(TokenChoice.named(name).name == name for name in TOKEN_CHOICES)
