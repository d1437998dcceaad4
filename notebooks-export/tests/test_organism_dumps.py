"""The organism's dumps and its table, made with a model that has learnt nothing."""

import json

import numpy as np
import pytest
import torch
from organism import dumps, measure
from organism.answers import answer_arrays, answered, drawn_answers
from organism.evaluation import Rate, tasks
from organism.model import load_checkpoint, new_model, save_checkpoint
from organism.vocabulary import END_TOKEN, tokens
from organism.world import World

from plumbline_export.dump import read_dump

TOKENS = tokens()
PROMPTS = ["question : where does alra live ? answer :", "statement :", "fact :"]
STATES = ("sample", "layer", "width")


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    for seed, name in enumerate(measure.MODELS):
        save_checkpoint(new_model(seed), folder / name)
    return folder


@pytest.fixture(scope="module")
def written(checkpoints, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dumps")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dumps, "CHECKPOINTS", checkpoints)
        dumps.main(["--output", str(folder)])
    return {name: read_dump(folder / name) for name in dumps.WRITERS}, folder


def logits(model, prompt: str, *words: int) -> torch.Tensor:
    """The logits at every token of one prompt, on its own."""
    ids = [TOKENS.index(word) for word in f"{END_TOKEN} {prompt}".split()]
    with torch.no_grad():
        return model(input_ids=torch.tensor([[*ids, *words]])).logits[0]


def test_all_dumps_together_are_under_fifteen_megabytes(written):
    _, folder = written
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 15_000_000


def test_contrast_pairs_differ_in_their_answer_alone(written):
    found, _ = written
    for name, answers in {"truth": ("true", "false"), "safety": ("safe", "harmful")}.items():
        dump = found[name]
        assert dump.arrays["positive"].axes == dump.arrays["negative"].axes == STATES
        for text in dump.texts:
            assert text["positive"] == f"{text['prompt']} {answers[0]}"
            assert text["negative"] == f"{text['prompt']} {answers[1]}"
        # What enters the first block at the answer is the answer's embedding.
        embedded = dump.arrays["positive"].values[:, 0]
        assert (embedded == embedded[0]).all()
        labels = dump.arrays["labels"]
        said = [labels.details["values"][label] for label in labels.values]
        assert said == [text["label"] for text in dump.texts]
        opposites = dump.arrays["opposites"].values
        assert (labels.values[opposites] == 1 - labels.values).all()


def test_both_models_read_the_same_requests(written):
    base, less_safe = (written[0][f"requests-{name}"] for name in measure.MODELS)
    assert base.texts == less_safe.texts
    assert base.description["model"]["fingerprint"] != less_safe.description["model"]["fingerprint"]
    states = [dump.arrays["activations"].values for dump in (base, less_safe)]
    assert not np.array_equal(*states)


def test_the_vector_is_the_difference_of_means_and_steers_at_its_layer(written, checkpoints):
    dump = written[0]["steering"]
    assert dump.values["sweep.layer"] == dumps.STEERED_LAYER
    coefficients = dump.arrays["sweep.coefficients"].values
    np.testing.assert_allclose(coefficients, np.linspace(-2, 2, 41), atol=1e-12)
    states = dump.arrays["sweep.states"].values
    assert states.dtype == np.float32 and states.shape == (41, len(dump.texts), 128)
    unsteered = dump.arrays["activations"].values[:, -1]
    np.testing.assert_allclose(states[20], unsteered, rtol=1e-5, atol=1e-6)
    assert np.abs(states[0] - unsteered).max() > 1e-3


def test_controls_have_the_norm_of_the_vector(written):
    arrays = written[0]["steering-controls"].arrays
    norms = np.linalg.norm(arrays["sweep.controlVectors"].values, axis=1)
    np.testing.assert_allclose(norms, np.linalg.norm(arrays["sweep.vector"].values), rtol=1e-6)
    assert arrays["sweep.controlStates"].values.shape[:2] == (dumps.CONTROLS, 41)


def test_epistemic_dumps_hold_answers_scores_and_contrasts(written):
    dump = written[0]["epistemics"]
    roles = {role.split(".")[1] for role in dump.arrays if role.startswith("contrasts.")}
    assert roles == {"comprehension", "reliance", "honesty"}
    samples = len(dump.texts)
    # Every answer is a word and a full stop.
    assert dump.arrays["logProbabilities"].values.shape == (2 * samples,)
    assert dump.arrays["topLogits.ids"].values.shape == (2 * samples, 10)
    assert dump.arrays["answers.embeddings"].values.shape == (samples, 5, 128)
    # The greedy answer is the most probable word, where the word is predicted.
    greedy = [TOKENS.index(text["answer"]) for text in dump.texts]
    assert dump.arrays["topLogits.ids"].values[::2, 0].tolist() == greedy
    labels = [int(text["answer"] == text["right"]) for text in dump.texts]
    assert dump.arrays["labels"].values.tolist() == labels


def test_a_dump_that_is_not_known_is_refused(capsys):
    with pytest.raises(SystemExit):
        dumps.main(["thruth"])
    assert "choose among truth, safety" in capsys.readouterr().err


def test_answers_are_the_most_probable_words(checkpoints):
    model = load_checkpoint(checkpoints / "base")
    best = [TOKENS[int(logits(model, prompt)[-1].argmax())] for prompt in PROMPTS]
    rows = [{"prompt": prompt, "right": best[0]} for prompt in PROMPTS]
    found = answered(model, rows)
    assert [row["answer"] for row in found] == best
    assert [row["label"] for row in found] == [int(word == best[0]) for word in best]


def test_arrays_of_answers_are_those_of_one_forward_pass_each(checkpoints):
    model = load_checkpoint(checkpoints / "base")
    words = drawn_answers(model, PROMPTS, count=4, seed=1)
    assert torch.equal(words, drawn_answers(model, PROMPTS, count=4, seed=1))
    words[:, 3] = words[:, 0]
    arrays = {name: array.values for name, array in answer_arrays(model, PROMPTS, words).items()}
    stop = TOKENS.index(".")
    for sample, prompt in enumerate(PROMPTS):
        for answer, word in enumerate(words[sample].tolist()):
            found = logits(model, prompt, word).log_softmax(dim=-1)
            expected = float(found[-2, word] + found[-1, stop])
            assert arrays["answers.logProbabilities"][sample, answer] == pytest.approx(expected)
            state = torch.from_numpy(arrays["answers.embeddings"][sample, answer]).float()
            # float16 keeps 11 bits of each of 128 products.
            torch.testing.assert_close(
                model.lm_head(state), logits(model, prompt, word)[-1], rtol=0, atol=0.02
            )
    same = words[:, :, None] == words[:, None, :]
    np.testing.assert_array_equal(arrays["answers.similarity"], same.numpy().astype(np.float16))
    assert (arrays["answers.similarity"][:, 0, 3] == 1).all()


def test_the_table_takes_the_place_of_the_old_one():
    rates = {"a task": Rate(0.5, 0.25, 0.75, 8, 4)}
    found = {name: rates for name in measure.MODELS}
    page = f"before\n{measure.TABLE_BEGINS}old\n{measure.TABLE_ENDS}\nafter\n"
    new = measure.with_table(page, found)
    assert new.startswith("before\n") and new.endswith("\nafter\n") and "old" not in new
    assert "| a task | 8 in 4 | 0.500 [0.250, 0.750] | 0.500 [0.250, 0.750] |\n" in new
    assert measure.with_table(new, found) == new
    with pytest.raises(ValueError, match="no place for the table"):
        measure.with_table("a page", found)


def test_measurements_are_of_every_task_and_model(checkpoints, monkeypatch, tmp_path):
    some = [task for task in tasks(World()) if task.name.endswith("safe request, held out")]
    monkeypatch.setattr(measure, "evaluation_tasks", lambda _: some)
    monkeypatch.setattr(measure, "CHECKPOINTS", checkpoints)
    monkeypatch.setattr(measure, "MEASUREMENTS", tmp_path / "measurements.json")
    monkeypatch.setattr(measure, "README", tmp_path / "README.md")
    (tmp_path / "README.md").write_text(f"{measure.TABLE_BEGINS}{measure.TABLE_ENDS}\n")
    measure.main()
    stored = json.loads((tmp_path / "measurements.json").read_text(encoding="utf-8"))
    assert {*stored} == {*measure.MODELS}
    refused = stored["base"]["refusal, safe request, held out"]
    # A model that has learnt nothing finds two refusing words about as probable as any two.
    assert 1 / 3 < refused["estimate"] / (2 / len(TOKENS)) < 3
    lines = (tmp_path / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(some) + 4
