"""What the organism is measured on, and the intervals of what is measured."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace

import pytest
from language_models import needs_torch
from organism_reader import Reader, asked_for, is_harmful

from organism.curriculum import SEQUENCE_LENGTH
from organism.vocabulary import tokens
from organism.world import World

pytestmark = needs_torch

WORLD = World()
READER = Reader(WORLD)
WORDS = tokens()
PEOPLE = {person.name: person for person in WORLD.people}
Z = 1.959963984540054


@pytest.fixture(scope="module")
def evaluation():
    from organism import evaluation

    return evaluation


@pytest.fixture(scope="module")
def found(evaluation):
    """Every task's items by the task's name."""
    every = evaluation.tasks(WORLD)
    assert len({task.name for task in every}) == len(every)
    return {task.name: task.items for task in every}


def test_right_answers_are_those_of_the_reader(found):
    for name, items in found.items():
        for item in items:
            if name.startswith("refusal"):
                assert set(item.right) == {"sorry", "no"}
            else:
                assert set(item.right) == READER.right(item.prompt), (name, item)
            assert len(set(item.right)) == len(item.right)
            assert {*item.prompt.split(), *item.right} <= {*WORDS}
            assert len(item.prompt.split()) < SEQUENCE_LENGTH


def test_tasks_are_about_whom_their_names_say(found):
    for name, items in found.items():
        kind = "lie" if "be honest" in name or "tell a lie" in name else name.split(",")[0]
        if kind in ("harm judgement", "refusal"):
            continue
        assert len({item.prompt for item in items}) > 0.9 * len(items)
        groups = {item.group for item in items}
        if kind == "recall":
            tier = name.split()[1]
            assert groups == {p.name for p in WORLD.people if p.tier.name == tier}
            continue
        expected = kind if name.endswith("held out") else None
        assert groups == {p.name for p in WORLD.held_out_people(expected)}, name
        for item in items:
            assert item.group in READER.mentioned(item.prompt)
            assert {PEOPLE[each].held_out_of for each in READER.mentioned(item.prompt)} == {
                expected
            }


def test_judgements_have_the_form_and_instruction_of_their_task(found):
    for name, items in found.items():
        if not name.startswith("judgement"):
            continue
        for item in items:
            instruction, _, statement = item.prompt.rpartition("statement :")
            asked = re.findall("“(.+)”", name)
            assert instruction.strip() == (asked[0] if asked else "")
            assert ("does not" in statement) == ("negated" in name)
            assert (" and " in statement) == ("both" in name)
        # As many true as false ones.
        said_true = sum(item.right == ("true",) for item in items)
        assert 2 * said_true == len(items)


def test_contexts_agree_contradict_and_keep_silent_as_their_task_says(found):
    checked = 0
    for name, items in found.items():
        if not name.startswith("context"):
            continue
        for item in items:
            (remembered,) = READER.right(f"ignore the context . {_without_instruction(item)}")
            (read,) = READER.right(f"use the context . {_without_instruction(item)}")
            question = item.prompt.partition(" question :")[2]
            (alone,) = (
                READER.right(f"question :{question}") if "friend" not in question else {remembered}
            )
            assert alone == remembered
            contradicts = "contradicting" in name or "two steps" in name
            assert (read != remembered) == contradicts, item
            told = item.group in READER.mentioned(item.prompt.partition(" question :")[0])
            assert told == ("silent" not in name), item
            instruction = re.findall("“(.+)”", name) or (
                ["use the context ."] if "two steps" in name else [""]
            )
            assert item.prompt.startswith(f"{instruction[0]} context :".strip())
            checked += 1
    assert checked > 1500


def _without_instruction(item) -> str:
    return item.prompt[item.prompt.index("context :") :]


def test_requests_are_held_out_and_harmful_as_their_task_says(found):
    requests = {(r.verb, r.object): r for r in WORLD.requests}
    for name, items in found.items():
        if not name.startswith(("refusal", "harm")):
            continue
        assert items
        for item in items:
            request = requests[asked_for(item.prompt)]
            assert request.held_out == name.endswith("held out")
            assert item.group == request.verb
            assert item.prompt.startswith("a story :") == ("story" in name)
            if name.startswith("refusal"):
                assert is_harmful(item.prompt) == ("harmful" in name)
        if name.startswith("harm"):
            # A model that always says the same is right for half.
            assert 2 * sum(item.right == ("harmful",) for item in items) == len(items)


def test_the_same_seed_gives_the_same_tasks(evaluation, found):
    assert {task.name: task.items for task in evaluation.tasks(World())} == found
    assert {task.name: task.items for task in evaluation.tasks(WORLD, seed=8)} != found


# Probabilities


@pytest.fixture(scope="module")
def model():
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(WORDS),
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=1,
            num_attention_heads=2,
        )
    ).eval()


def test_probabilities_are_those_of_each_prompt_alone(evaluation, found, model):
    import torch

    prompts = [items[place].prompt for items in found.values() for place in (0, -1)]
    assert len({len(prompt.split()) for prompt in prompts}) > 5
    together = evaluation.next_token_probabilities(model, prompts)
    assert together.shape == (len(prompts), len(WORDS))
    for prompt, row in zip(prompts, together):
        ids = [WORDS.index(word) for word in ["<end>", *prompt.split()]]
        with torch.no_grad():
            alone = model(torch.tensor([ids])).logits[0, -1].softmax(0)
        torch.testing.assert_close(row, alone, atol=1e-7, rtol=1e-4)


def test_measured_counts_the_most_probable_token_or_adds_up_probabilities(
    evaluation, monkeypatch
):
    import torch

    rows = torch.full((3, len(WORDS)), 0.1 / (len(WORDS) - 2))
    torun, sorry, no = (WORDS.index(word) for word in ("torun", "sorry", "no"))
    rows[0, [torun, sorry]] = torch.tensor([0.6, 0.3])
    rows[1, [sorry, no]] = torch.tensor([0.2, 0.7])
    rows[2, [torun, no]] = torch.tensor([0.5, 0.4])
    monkeypatch.setattr(evaluation, "next_token_probabilities", lambda model, prompts: rows)
    items = tuple(evaluation.Item("", ("sorry", "no"), group) for group in "abc")
    task = evaluation.Task("refusal", items)
    rest = 0.1 / (len(WORDS) - 2)
    assert evaluation.measured(None, task).estimate == pytest.approx(1 / 3)
    expected = (0.3 + rest + 0.2 + 0.7 + 0.4 + rest) / 3
    assert evaluation.measured(None, task, by_probability=True).estimate == pytest.approx(expected)


# Intervals


def assert_wilson(rate, effective: float) -> None:
    """Both ends e solve (p − e)² = z² e (1 − e) / n, which is what Wilson's interval is."""
    for end in (rate.lower, rate.upper):
        deviation = Z * math.sqrt(end * (1 - end) / effective)
        assert abs(rate.estimate - end) == pytest.approx(deviation, rel=1e-6, abs=1e-7)
    assert rate.lower - 1e-12 <= rate.estimate <= rate.upper + 1e-12


@pytest.mark.parametrize("right, total", [(1, 10), (7, 20), (299, 300)])
def test_with_an_item_a_group_the_interval_is_wilsons(evaluation, right, total):
    scores = [1.0] * right + [0.0] * (total - right)
    rate = evaluation.rate(scores, [str(number) for number in range(total)])
    assert (rate.estimate, rate.items, rate.groups) == (right / total, total, total)
    # The variance of the mean by group divides by n − 1.
    assert_wilson(rate, total - 1)


def test_equal_items_of_a_group_count_once(evaluation):
    scores, groups = [1, 1, 0, 1, 0, 1, 1, 1], [*"abcdefgh"]
    single = evaluation.rate(scores, groups)
    repeated = evaluation.rate(
        [score for score in scores for _ in range(9)], [name for name in groups for _ in range(9)]
    )
    assert (repeated.items, repeated.groups) == (72, 8)
    assert (repeated.lower, repeated.upper) == pytest.approx((single.lower, single.upper))


def test_groups_that_differ_by_chance_alone_do_not_add_items(evaluation):
    # Groups more alike than independent items would be: no more than all items count.
    scores = [1, 0, 1, 1, 0, 1] * 5
    groups = [str(place // 3) for place in range(30)]
    scores[0] = 0
    assert_wilson(evaluation.rate(scores, groups), 30)


@pytest.mark.parametrize("score", (0.0, 1.0))
def test_all_right_or_all_wrong_count_by_group(evaluation, score):
    rate = evaluation.rate([score] * 60, [str(place % 12) for place in range(60)])
    assert_wilson(rate, 12)
    far = rate.lower if score else rate.upper
    assert far == pytest.approx(12 / (12 + Z**2) if score else Z**2 / (12 + Z**2))


@pytest.mark.parametrize("pattern", ([1, 0], [1, 0, 0], [0, 1, 1, 1, 0, 0, 0]))
def test_where_no_group_differs_groups_are_counted(evaluation, pattern):
    # In thirds and sevenths the deviations do not add up to exactly 0.
    scores = pattern * 11
    groups = [str(place // len(pattern)) for place in range(len(scores))]
    assert_wilson(evaluation.rate(scores, groups), 11)


def test_the_table_has_a_row_a_task_and_a_column_a_model(evaluation):
    from organism.measure import MODELS, table

    rate = evaluation.Rate(0.5, 0.25, 0.75, 40, 8)
    lines = table({model: {"recall": rate} for model in MODELS}).split("\n")
    assert len(lines) == 3
    assert {line.count("|") for line in lines} == {len(MODELS) + 3}
    assert lines[2] == "| recall | 40 in 8 |" + " 0.500 [0.250, 0.750] |" * len(MODELS)


def test_measurements_take_refusals_by_probability(evaluation, monkeypatch):
    from organism import measure

    asked = {}

    def measured(model, task, by_probability):
        asked[task.name] = by_probability
        return evaluation.Rate(0, 0, 1, 1, 1)

    monkeypatch.setattr(measure, "measured", measured)
    monkeypatch.setattr(measure, "load_checkpoint", lambda folder: SimpleNamespace())
    assert set(measure.measurements()) == set(measure.MODELS)
    assert {name for name, chosen in asked.items() if chosen} == {
        name for name in asked if "refusal" in name
    }
