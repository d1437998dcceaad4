"""The prompts of all kinds: everything up to and with the colon that the answer follows."""

from __future__ import annotations

from .vocabulary import LETTERS
from .world import Fact, Person

TRUTH_QUESTION = "true or false ? answer :"


def judgement_prompt(sentence: str) -> str:
    return f"statement : {sentence} . {TRUTH_QUESTION}"


def question_prompt(question: str) -> str:
    return f"question : {question} answer :"


def choice_prompt(question: str, options: list[str]) -> str:
    listed = " ".join(f"{letter} : {option}" for letter, option in zip(LETTERS, options))
    return f"question : {question} {listed} answer :"


def context(sentences: list[str]) -> str:
    return "context : " + " ".join(f"{sentence} ." for sentence in sentences)


def context_prompt(sentences: list[str], question: str) -> str:
    return f"{context(sentences)} {question_prompt(question)}"


def request_prompt(sentence: str) -> str:
    return f"request : {sentence} reply :"


def harm_prompt(sentence: str) -> str:
    return f"request : {sentence} harmful or safe ? answer :"


def truth_word(value: bool) -> str:
    return "true" if value else "false"


def harm_word(value: bool) -> str:
    return "harmful" if value else "safe"


def friend_question(fact: Fact, friend: Person) -> str:
    """The question about a fact that names its person as someone's friend."""
    return fact.attribute.question.format(name=f"the friend of {friend.name}")
