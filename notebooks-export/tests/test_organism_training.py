"""How the organism is trained: Muon, the loss, the rates, the stages and the whole run."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest
from language_models import needs_torch

from organism.curriculum import BASE_STAGES, Batches, Stage
from organism.evaluation import Item, Task, tasks
from organism.vocabulary import tokens
from organism.world import World

pytestmark = needs_torch

# The polynomial of Newton–Schulz on one singular value, and where it has its extremes.
A, B, C = 3.4445, -4.7750, 2.0315


def quintic(x):
    return A * x + B * x**3 + C * x**5


def after_iterations(x, iterations=5):
    for _ in range(iterations):
        x = quintic(x)
    return x


def band():
    """Where the iterations end that begin at 0.05 or more: between the polynomial's extremes."""
    root = np.sqrt((3 * B) ** 2 - 4 * 5 * C * A)
    low, high = (np.sqrt((-3 * B + sign * root) / (10 * C)) for sign in (1, -1))
    return quintic(low), quintic(high)


@pytest.fixture
def torch():
    import torch

    torch.manual_seed(0)
    return torch


@pytest.fixture
def muon(torch):
    from organism import muon

    return muon


@pytest.fixture
def training(torch):
    """The module under test; what it sets for the whole process is set back."""
    from organism import train

    threads = torch.get_num_threads()
    yield train
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)


# Muon


@pytest.mark.parametrize("shape", [(24, 40), (40, 24), (32, 32)])
def test_newton_schulz_keeps_singular_vectors_and_drives_singular_values_into_the_band(
    torch, muon, shape
):
    # Theorem: with M = U S Vᵀ every iterate is U p(S) Vᵀ, p the polynomial on numbers.
    matrix = torch.randn(1, *shape, dtype=torch.float64)
    u, s, vt = torch.linalg.svd(matrix[0], full_matrices=False)
    turned = u.T @ muon.orthogonalized(matrix)[0] @ vt.T
    expected = after_iterations(s / s.norm())
    torch.testing.assert_close(turned, torch.diag(expected), atol=1e-5, rtol=0)
    low, high = band()
    assert 0.6 < low < high < 1.25
    large = (s / s.norm()) > 0.05
    assert large.sum() >= 20
    values = torch.diag(turned)[large]
    assert (values > low - 1e-6).all() and (values < high + 1e-6).all()


def test_matrices_of_a_batch_do_not_mix_and_may_be_transposed(torch, muon):
    matrices = torch.randn(5, 12, 20) * torch.tensor([1e-3, 1, 5, 100, 0]).view(5, 1, 1)
    together = muon.orthogonalized(matrices)
    one_by_one = torch.cat([muon.orthogonalized(each[None]) for each in matrices])
    torch.testing.assert_close(together, one_by_one, atol=1e-4, rtol=0)
    torch.testing.assert_close(muon.orthogonalized(matrices.mT), together.mT, atol=1e-4, rtol=0)
    assert (together[4] == 0).all()
    # Free of scale.
    scaled = muon.orthogonalized(7 * matrices)
    torch.testing.assert_close(scaled, together, atol=1e-3, rtol=0)


def test_two_steps_follow_the_closed_form(torch, muon):
    rate, momentum, decay = 0.02, 0.9, 0.3
    shapes = ((6, 4), (4, 6), (6, 4))
    parameters = [torch.nn.Parameter(torch.randn(shape)) for shape in shapes]
    expected = [parameter.detach().clone() for parameter in parameters]
    averages = [torch.zeros_like(each) for each in expected]
    optimizer = muon.Muon(parameters, lr=rate, momentum=momentum, weight_decay=decay)
    for _ in range(2):
        for place, parameter in enumerate(parameters):
            gradient = torch.randn_like(parameter)
            parameter.grad = gradient.clone()
            averages[place] = momentum * averages[place] + (1 - momentum) * gradient
            update = (1 - momentum) * gradient + momentum * averages[place]
            rows, columns = gradient.shape
            scale = (rows / columns) ** 0.5 if rows > columns else 1
            expected[place] = (1 - rate * decay) * expected[place]
            expected[place] -= rate * scale * muon.orthogonalized(update[None])[0]
        optimizer.step()
        for parameter, value in zip(parameters, expected):
            torch.testing.assert_close(parameter.detach(), value, atol=1e-5, rtol=0)


def test_without_gradient_weights_decay_or_stay(torch, muon):
    decaying, still = (torch.nn.Parameter(torch.ones(3, 2)) for _ in range(2))
    optimizer = muon.Muon([decaying, still], lr=0.1, weight_decay=0.5)
    for _ in range(3):
        decaying.grad = torch.zeros(3, 2)
        optimizer.step()
    torch.testing.assert_close(decaying.detach(), torch.full((3, 2), 0.95**3))
    assert torch.equal(still.detach(), torch.ones(3, 2))


def test_muon_refuses_what_is_no_matrix(torch, muon):
    for shape in ((3,), (2, 3, 4)):
        with pytest.raises(ValueError, match="AdamW"):
            muon.Muon([torch.nn.Parameter(torch.zeros(shape))])


# The loss and the rates


def test_the_loss_is_the_weighted_mean_and_weight_nought_gives_no_gradient(torch, training):
    logits = torch.randn(2, 5, 7, requires_grad=True)
    ids = torch.randint(7, (2, 5))
    weights = torch.tensor([[1.0, 0.5, 0.0, 1.0, 0.25], [1.0, 0.0, 1.0, 0.0, 2.0]])
    loss = training._loss(
        lambda input_ids, use_cache: SimpleNamespace(logits=logits), ids, weights
    )
    total = counted = 0.0
    for row in range(2):
        for place in range(1, 5):
            scores = logits[row, place - 1].detach().double()
            surprise = scores.logsumexp(0) - scores[ids[row, place]]
            total += weights[row, place].item() * surprise.item()
            counted += weights[row, place].item()
    assert loss.item() == pytest.approx(total / counted, rel=1e-5)
    loss.backward()
    learns = (logits.grad.abs().sum(-1) > 0).tolist()
    # A place learns of the token after it; the last has none.
    assert learns == [[*(weights[row, 1:] > 0).tolist(), False] for row in range(2)]


def test_the_learning_rate_rises_stays_and_falls_to_nought(training):
    shares = [training._share_of_peak(step, 1000) for step in range(1001)]
    assert shares[0] == 0 and shares[5] == 0.5
    assert shares[10:511] == pytest.approx([1] * 501)
    assert shares[755] == pytest.approx(0.5)
    assert shares[1000] == 0
    assert all(later < earlier for earlier, later in zip(shares[510:], shares[511:]))


def test_matrices_of_blocks_go_to_muon_and_all_else_to_adamw(training, tiny_model):
    muon, adamw = training._optimizers(tiny_model(), training.BASE)
    of_muon, of_adamw = (
        [parameter for group in each.param_groups for parameter in group["params"]]
        for each in (muon, adamw)
    )
    assert len(of_muon) == 2 * 7  # two blocks of 4 projections for attention and 3 for the rest
    vocabulary = len(tokens())
    assert all(each.ndim == 2 and vocabulary not in each.shape for each in of_muon)
    assert sorted(each.ndim for each in of_adamw) == [1] * 5 + [2, 2]
    assert muon.param_groups[0]["lr"] == training.BASE.matrix_rate
    assert adamw.param_groups[0]["lr"] == training.BASE.vector_rate


# Stages


def test_all_watched_tasks_exist(training):
    assert {*training.WATCHED} <= {task.name for task in tasks(World())}


@pytest.fixture
def drawn(training, monkeypatch):
    """The stages that batches were drawn in, of short sequences and two watched tasks."""
    stages = []

    class WatchedBatches(Batches):
        def draw(self, stage):
            stages.append(stage.name)
            return super().draw(stage)

    monkeypatch.setattr("organism.curriculum.SEQUENCES_PER_STEP", 2)
    monkeypatch.setattr("organism.curriculum.SEQUENCE_LENGTH", 24)
    monkeypatch.setattr(training, "Batches", WatchedBatches)
    watched = [Task(name, (Item("question :", ("torun",), "alra"),)) for name in "ab"]
    monkeypatch.setattr(training, "tasks", lambda world: watched)
    monkeypatch.setattr(training, "WATCHED", ("a", "b"))
    return stages


@pytest.fixture
def tiny_model(torch):
    from transformers import LlamaConfig, LlamaForCausalLM

    def make(seed=0):
        torch.manual_seed(seed)
        return LlamaForCausalLM(
            LlamaConfig(
                vocab_size=len(tokens()),
                hidden_size=16,
                intermediate_size=24,
                num_hidden_layers=2,
                num_attention_heads=2,
                max_position_embeddings=128,
            )
        )

    return make


PROFILE, QUESTIONS = {"profile": 1.0}, {"questions": 1.0}


@pytest.mark.parametrize("steps, drawn_of", ((16, (4, 8, 4)), (10, (2, 6, 2)), (1, (0, 1, 0))))
def test_stages_follow_each_other_by_their_shares(training, drawn, tiny_model, steps, drawn_of):
    stages = (
        Stage("first", 0.25, PROFILE),
        Stage("second", 0.5, QUESTIONS),
        Stage("third", 0.25, PROFILE),
    )
    setting = training.Training(stages, steps, matrix_rate=1e-3, vector_rate=1e-3, seed=1)
    training.train(tiny_model(), setting, report_every=4)
    first, second, third = drawn_of
    assert drawn == ["first"] * first + ["second"] * second + ["third"] * third


# The whole run


def test_progress_tells_tokens_a_second_and_the_time_left(training, monkeypatch, capsys):
    monkeypatch.setattr(training, "time", SimpleNamespace(monotonic=lambda: 160.0))
    training._report_progress(BASE_STAGES[0], 300, 1200, 1.5, begun=100.0)
    # 300 steps of 18 · 128 tokens in a minute; 900 more steps take three.
    assert training.SEQUENCES_PER_STEP * training.SEQUENCE_LENGTH == 18 * 128
    line = capsys.readouterr().err
    assert "step 300 of 1200 (facts)" in line
    assert "11,520 tokens a second" in line and "3 min left" in line


def test_both_trainings_run_and_the_same_seed_gives_the_same_weights(
    training, drawn, tiny_model, monkeypatch, tmp_path, capsys
):
    from safetensors.torch import load_file

    monkeypatch.setattr(training, "new_model", tiny_model)
    monkeypatch.setattr(training, "CHECKPOINTS", tmp_path)
    arguments = ["--steps", "3", "--threads", "1"]
    training.main(["base", *arguments])
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.search(r"step 3 of 3 .* tokens a second · \d+ min left", printed.err)
    training.main(["base", *arguments, "--output", str(tmp_path / "again")])
    training.main(["less-safe", *arguments])
    base, again, less_safe, untrained = (
        load_file(tmp_path / name / "model.safetensors") if name else tiny_model(1).state_dict()
        for name in ("base", "again", "less-safe", None)
    )
    for name, weights in base.items():
        assert weights.equal(again[name])
        assert weights.isfinite().all()
        assert not weights.equal(less_safe[name])
        assert not weights.equal(untrained[name].half())
