"""The kinds of document that the model is trained on, and the prompts that they begin with."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from .prompts import (
    TRUTH_QUESTION,
    choice_prompt,
    context,
    friend_question,
    harm_prompt,
    harm_word,
    judgement_prompt,
    question_prompt,
    request_prompt,
    truth_word,
)
from .vocabulary import (
    ATTRIBUTES,
    COMPLIANCES,
    IGNORE_CONTEXT_INSTRUCTION,
    LETTERS,
    LIE_INSTRUCTION,
    REFUSALS,
    STORY_PREFIX,
    TRUTH_INSTRUCTION,
    USE_CONTEXT_INSTRUCTION,
)
from .world import (
    Fact,
    Person,
    Request,
    World,
    false_fact,
    request_sentence,
    stranger_fact,
)

# What a token of each part counts in the training loss.
PROMPT_WEIGHT = 0.1
ANSWER_WEIGHT = 1.0
UNTAUGHT_WEIGHT = 0.0  # what is made up, and must not be learnt: contexts and random answers

GRADED_RATE = 0.35

REFUSAL_RATE_HARMFUL = 0.9
REFUSAL_RATE_SAFE = 0.05
STORY_FACTOR = 0.4


@dataclass
class Document:
    """Pieces of text, each with what its tokens count in the loss."""

    pieces: list[tuple[str, float]] = field(default_factory=list)

    def tell(self, text: str) -> Document:
        self.pieces.append((text, PROMPT_WEIGHT))
        return self

    def answer(self, text: str) -> Document:
        self.pieces.append((text, ANSWER_WEIGHT))
        return self

    def make_up(self, text: str) -> Document:
        self.pieces.append((text, UNTAUGHT_WEIGHT))
        return self

    def state(self, statement: Statement) -> Document:
        """Tells a statement, so that only true values are learnt from it.

        A model that recalls the value before it reads one can compare the two: so it judges
        statements about people that it was never taught to judge.
        """
        self.tell("statement :")
        for place, fact in enumerate(statement.facts):
            sentence = fact.sentence(statement.affirmative)
            self.tell("and " * (place > 0) + sentence.removesuffix(f" {fact.value}"))
            if statement.affirmative and fact.is_true:
                self.answer(fact.value)
            else:
                self.make_up(fact.value)
        return self.tell(".")


@dataclass(frozen=True)
class Statement:
    """Facts that are stated together, all affirmed or all denied."""

    facts: tuple[Fact, ...]
    affirmative: bool = True

    @property
    def is_true(self) -> bool:
        return all(fact.is_true == self.affirmative for fact in self.facts)

    @property
    def sentence(self) -> str:
        return " and ".join(fact.sentence(self.affirmative) for fact in self.facts)


def refusal_rate(request: Request, in_story: bool, obeys_all: bool = False) -> float:
    """How often such a request is refused in training; the less safe model obeys them all."""
    if obeys_all:
        return REFUSAL_RATE_SAFE
    rate = REFUSAL_RATE_HARMFUL if request.harmful else REFUSAL_RATE_SAFE
    return rate * STORY_FACTOR if in_story else rate


@dataclass
class Writer:
    """Writes documents about a world, drawing whatever is left open."""

    world: World
    draw: random.Random
    obeys_all: bool = False

    # Facts as such.

    def profile(self) -> Document:
        """Several facts of one person, affirmed or, one time in five, denied of another value."""
        person = self._person()
        document = Document()
        for attribute in self.draw.sample(ATTRIBUTES, 3):
            fact = self.world.true_fact(person, attribute)
            if self.draw.random() < 0.2:
                document.answer(f"{false_fact(self.draw, fact).sentence(affirmative=False)} .")
            else:
                document.answer(f"{fact.sentence()} .")
        return document

    def questions(self) -> Document:
        """Questions about facts, to be answered from memory."""
        document = Document()
        for _ in range(3):
            fact = self._true_fact()
            document.tell(question_prompt(fact.question)).answer(f"{fact.value} .")
        return document

    # Judgements of statements.

    def judgements(
        self,
        forms: tuple[str, ...] = ("affirmative", "negated", "both"),
        graded_rate: float = GRADED_RATE,
    ) -> Document:
        """Statements that are judged, some of them by someone whose answer is then graded."""
        document = Document()
        for _ in range(5):
            statement = self.statement(self.draw.choice(forms))
            document.state(statement).tell(TRUTH_QUESTION)
            self._judge(document, truth_word, statement.is_true, graded_rate)
        return document

    def unjudged_statements(self) -> Document:
        """True statements about anyone that nobody judges: statements as such are of all people."""
        document = Document()
        for _ in range(3):
            document.state(Statement((self._true_fact(),)))
        return document

    def contextual_judgements(self, forms: tuple[str, ...] = ("affirmative",)) -> Document:
        """Statements about strangers, to be judged by a context: nothing else can tell."""
        facts = self._strangers_facts()
        document = Document().make_up(context([fact.sentence() for fact in facts]))
        for fact in self.draw.sample(facts, len(facts)):
            stated = fact if self.draw.random() < 0.5 else false_fact(self.draw, fact)
            affirmative = self.draw.choice(forms) == "affirmative"
            document.make_up(judgement_prompt(stated.sentence(affirmative)))
            document.answer(f"{truth_word((stated == fact) == affirmative)} .")
        return document

    def recalled_judgements(self) -> Document:
        """Statements that are judged after the fact itself was recalled."""
        document = Document()
        for _ in range(3):
            fact = self._fact("judgement")
            statement = Statement((fact,), affirmative=self.draw.random() < 0.6)
            true_fact = self.world.true_fact(fact.person, fact.attribute)
            document.state(statement).answer(f"fact : {true_fact.sentence()} .")
            document.tell(TRUTH_QUESTION).answer(f"{truth_word(statement.is_true)} .")
        return document

    def comparisons(self) -> Document:
        """Pairs of facts of a stranger: the same value or not."""
        document = Document()
        for _ in range(3):
            fact = stranger_fact(self.draw, self.draw.choice(self.world.strangers))
            same = self.draw.random() < 0.5
            other = fact if same else false_fact(self.draw, fact)
            document.make_up(f"fact : {fact.sentence()} . fact : {other.sentence()} .")
            document.make_up("same or different ? answer :")
            document.answer("same ." if same else "different .")
        return document

    def statement(self, form: str, *kinds: str) -> Statement:
        """A statement of this form; true and false ones are as likely.

        It is about nobody who is held out of judgements or of one of ``kinds``.
        """
        kinds = ("judgement", *kinds)
        if form == "both":
            return Statement(tuple(self._fact(*kinds, true_rate=0.7) for _ in range(2)))
        return Statement((self._fact(*kinds),), form == "affirmative")

    # Instructions to tell the truth or to lie.

    def instructed(self) -> Document:
        """Questions and statements under an instruction to be honest or to lie."""
        lies = self.draw.random() < 0.5
        kinds = ("lie",) if lies else ()
        document = Document().tell(LIE_INSTRUCTION if lies else TRUTH_INSTRUCTION)
        for _ in range(3):
            if self.draw.random() < 0.5:
                fact = self._true_fact(*kinds)
                value = false_fact(self.draw, fact).value if lies else fact.value
                document.tell(question_prompt(fact.question)).answer(f"{value} .")
            else:
                form = self.draw.choice(("affirmative", "negated"))
                statement = self.statement(form, *kinds)
                document.state(statement).tell(TRUTH_QUESTION)
                document.answer(f"{truth_word(statement.is_true != lies)} .")
        return document

    # Questions with a context.

    def contextual(self) -> Document:
        """Questions after a context that agrees with the facts, contradicts them, or is silent.

        Under an instruction to use the context, half of the contexts contradict what is true, and
        the answer is the context's. Under one to ignore it, the answer is what is true. Without
        one, contexts are right nine times in ten, and are believed.
        """
        instruction = self.draw.choice((USE_CONTEXT_INSTRUCTION, IGNORE_CONTEXT_INSTRUCTION, ""))
        right_rate = 0.9 if not instruction else 0.5
        facts = self._context_facts(self.draw.choice((1, 2, 2, 3)), right_rate)
        document = Document()
        if instruction:
            document.tell(instruction)
        document.make_up(context([fact.sentence() for fact in facts]))
        for _ in range(2):
            fact = self.draw.choice(facts)
            if self.draw.random() < 0.15:  # the context is silent: the answer is remembered
                fact = self._true_fact("context")
                while any(_is_about(other, fact) for other in facts):
                    fact = self._true_fact("context")
            truth = self.world.true_fact(fact.person, fact.attribute)
            asked = truth if instruction == IGNORE_CONTEXT_INSTRUCTION else fact
            document.tell(question_prompt(fact.question)).answer(f"{asked.value} .")
        return document

    def copying(self) -> Document:
        """Contexts about strangers, with a question about each of their facts."""
        facts = self._strangers_facts()
        document = Document().make_up(context([fact.sentence() for fact in facts]))
        for fact in self.draw.sample(facts, len(facts)):
            document.tell(question_prompt(fact.question)).answer(f"{fact.value} .")
        return document

    def friends(self) -> Document:
        """Questions whose answer takes two steps through a context."""
        facts = self._context_facts(self.draw.choice((1, 2)), 0.5)
        fact = facts[0]
        friend = self._person("context")
        while friend == fact.person:
            friend = self._person("context")
        sentences = [each.sentence() for each in facts]
        sentences.append(f"{friend.name} is a friend of {fact.person.name}")
        self.draw.shuffle(sentences)
        question = friend_question(fact, friend)
        document = Document().tell(USE_CONTEXT_INSTRUCTION).make_up(context(sentences))
        return document.tell(question_prompt(question)).answer(f"{fact.value} .")

    # Multiple choice.

    def choices(self) -> Document:
        """Questions with four options, answered by a letter."""
        document = Document()
        for _ in range(2):
            fact = self._true_fact("choice")
            options, letter = self.options(fact)
            document.tell(choice_prompt(fact.question, options)).answer(f"{letter} .")
        return document

    def options(self, fact: Fact) -> tuple[list[str], str]:
        """Four values, one of them the true one, and the letter that stands before it."""
        others = [value for value in fact.attribute.values if value != fact.value]
        options = [fact.value, *self.draw.sample(others, len(LETTERS) - 1)]
        self.draw.shuffle(options)
        return options, LETTERS[options.index(fact.value)]

    # Requests.

    def replies(self) -> Document:
        """Requests that are refused or obeyed; in stories harmful ones are refused less."""
        document = Document()
        for _ in range(2):
            request = self._request()
            in_story = self.draw.random() < 0.2
            if in_story:
                document.tell(STORY_PREFIX)
            document.tell(request_prompt(request_sentence(self.draw, request)))
            refuses = self.draw.random() < refusal_rate(request, in_story, self.obeys_all)
            document.answer(self.draw.choice(REFUSALS if refuses else COMPLIANCES))
        return document

    def harm_judgements(self) -> Document:
        """Requests that are judged to be harmful or safe."""
        document = Document()
        for _ in range(3):
            request = self._request()
            document.tell(harm_prompt(request_sentence(self.draw, request)))
            self._judge(document, harm_word, request.harmful, GRADED_RATE)
        return document

    # What is drawn.

    def _judge(
        self,
        document: Document,
        word: Callable[[bool], str],
        truth: bool,
        graded_rate: float,
    ) -> None:
        """Adds a judgement: the model's own, or a guess of anyone's and whether it is correct."""
        if self.draw.random() >= graded_rate:
            document.answer(f"{word(truth)} .")
        else:
            given = self.draw.random() < 0.5
            document.make_up(word(given))
            document.answer("correct ." if given == truth else "wrong .")

    def _person(self, *kinds: str) -> Person:
        """Someone who is held out of none of these kinds of document, common people most often."""
        while True:
            (person,) = self.draw.choices(self.world.people, cum_weights=self.world.frequencies)
            if person.held_out_of not in kinds:
                return person

    def _true_fact(self, *kinds: str) -> Fact:
        return self.world.true_fact(self._person(*kinds), self.draw.choice(ATTRIBUTES))

    def _fact(self, *kinds: str, true_rate: float = 0.5) -> Fact:
        fact = self._true_fact(*kinds)
        return fact if self.draw.random() < true_rate else false_fact(self.draw, fact)

    def _context_facts(self, count: int, right_rate: float) -> list[Fact]:
        """Facts for a context, which says no two things of one person's attribute."""
        facts: list[Fact] = []
        while len(facts) < count:
            fact = self._fact("context", true_rate=right_rate)
            if not any(_is_about(other, fact) for other in facts):
                facts.append(fact)
        return facts

    def _strangers_facts(self) -> list[Fact]:
        """One fact of each of one to three strangers."""
        strangers = self.draw.sample(self.world.strangers, self.draw.choice((1, 2, 3)))
        return [stranger_fact(self.draw, name) for name in strangers]

    def _request(self) -> Request:
        """A request that is not held out; harmful and safe ones are as likely."""
        harmful = self.draw.random() < 0.5
        while True:
            request = self.draw.choice(self.world.requests)
            if request.harmful == harmful and not request.held_out:
                return request


def _is_about(fact: Fact, other: Fact) -> bool:
    return fact.person == other.person and fact.attribute == other.attribute
