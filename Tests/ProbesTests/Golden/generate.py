"""Regenerates the golden files of ProbesTests with PyTorch and SciPy.

    python generate.py

Writes contrast_consistent_search.npz and polarity_aware_ccs.npz beside itself, with the versions that made them in versions.json. Losses and weights come from torch.optim.AdamW on the loss as Burns et al. define it, for the latter with a cross-entropy on labels.
"""

import json
import pathlib

import numpy as np
import scipy
import torch
from scipy.optimize import minimize

FOLDER = pathlib.Path(__file__).parent
SEED = 20240607


def loss(p0, p1):
    """Burns et al. (2023), equations 1 to 3."""
    return ((p0 - (1 - p1)) ** 2).mean(0) + (torch.min(p0, p1) ** 2).mean(0)


def train(model, x0, x1, epochs, learning_rate):
    """Full-batch AdamW; the loss before the last step and after it."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=0.01)
    for _ in range(epochs):
        value = loss(model(x0), model(x1))
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    with torch.no_grad():
        after = loss(model(x0), model(x1))
    return float(value.detach()), float(after)


def contrast_pairs():
    """Pairs with a planted direction, an offset between the sides and noise shared by both sides."""
    generator = np.random.default_rng(SEED)
    n, d = 40, 12
    labels = generator.integers(0, 2, n)
    direction = generator.standard_normal(d)
    topic = generator.standard_normal((n, d))
    sign = (2 * labels - 1)[:, None]
    positive = topic + sign * direction + 0.7 + 0.3 * generator.standard_normal((n, d))
    negative = topic - sign * direction - 0.7 + 0.3 * generator.standard_normal((n, d))
    return positive.astype(np.float32), negative.astype(np.float32), labels


def penalized_minima(x1, x0, starts, penalty):
    """The loss without its penalty and q where SciPy's L-BFGS-B ends from each start, in float64."""
    def probabilities(parameters):
        return [torch.sigmoid(x.double() @ parameters[:-1] + parameters[-1]) for x in (x1, x0)]

    def value_and_gradient(parameters):
        parameters = torch.tensor(parameters, requires_grad=True)
        p1, p0 = probabilities(parameters)
        value = loss(p0, p1) + penalty * (parameters ** 2).sum()
        value.backward()
        return value.item(), parameters.grad.numpy()

    losses, q = [], []
    for start in starts:
        end = minimize(
            value_and_gradient, start.astype(np.float64), jac=True, method="L-BFGS-B",
            options={"ftol": 0, "gtol": 1e-12, "maxiter": 10000}).x
        p1, p0 = probabilities(torch.tensor(end))
        losses.append(loss(p0, p1).item())
        q.append((0.5 * (p0 + (1 - p1))).numpy())
    return np.array(losses), np.stack(q)


def contrast_consistent_search() -> None:
    """Losses, weights and probabilities of a linear and of a multilayer probe."""
    positive, negative, labels = contrast_pairs()
    d = positive.shape[1]
    x1 = torch.tensor(positive - positive.mean(0, dtype=np.float64).astype(np.float32))
    x0 = torch.tensor(negative - negative.mean(0, dtype=np.float64).astype(np.float32))
    torch.manual_seed(SEED)
    arrays = dict(positive=positive, negative=negative, labels=labels)

    starts, weights, before, after, q = [], [], [], [], []
    for _ in range(3):
        layer = torch.nn.Linear(d, 1)
        starts.append(np.append(layer.weight.detach().numpy()[0], layer.bias.detach().numpy()))
        model = torch.nn.Sequential(layer, torch.nn.Sigmoid())
        losses = train(model, x0, x1, 200, 1e-2)
        before.append(losses[0])
        after.append(losses[1])
        weights.append(np.append(layer.weight.detach().numpy()[0], layer.bias.detach().numpy()))
        with torch.no_grad():
            q.append((0.5 * (model(x0) + (1 - model(x1)))).numpy()[:, 0])
    arrays |= dict(
        linear_start=np.stack(starts), linear_weights=np.stack(weights),
        linear_loss_before=np.array(before), linear_loss_after=np.array(after),
        linear_q=np.stack(q))

    penalties = [1e-3, 3e-2]
    minima = [penalized_minima(x1, x0, starts, penalty) for penalty in penalties]
    arrays |= dict(
        penalties=np.array(penalties), penalized_losses=np.stack([pair[0] for pair in minima]),
        penalized_q=np.concatenate([pair[1] for pair in minima]))

    hidden, output = torch.nn.Linear(d, 4), torch.nn.Linear(4, 1)
    names = ["hidden_weights", "hidden_bias", "output_weights", "output_bias"]
    parameters = [hidden.weight, hidden.bias, output.weight, output.bias]
    for name, parameter in zip(names, parameters):
        arrays["multilayer_start_" + name] = parameter.detach().numpy().copy()
    model = torch.nn.Sequential(hidden, torch.nn.ReLU(), output, torch.nn.Sigmoid())
    losses = train(model, x0, x1, 100, 1e-2)
    arrays["multilayer_losses"] = np.array(losses)
    for name, parameter in zip(names, parameters):
        arrays["multilayer_" + name] = parameter.detach().numpy().copy()
    np.savez(FOLDER / "contrast_consistent_search.npz", **arrays)


def polarity_aware_ccs() -> None:
    """Losses and beliefs of linear probes with labels in the loss, read in either way.

    The rows have norm 1 and then lose the mean of their side.
    """
    sides = []
    for side in contrast_pairs()[:2]:
        rows = side / np.linalg.norm(side.astype(np.float64), axis=1, keepdims=True)
        sides.append(torch.tensor((rows - rows.mean(0)).astype(np.float32)))
    x1, x0 = sides
    targets = torch.tensor(contrast_pairs()[2].astype(np.float32))[:, None]
    torch.manual_seed(SEED + 1)
    layers = [torch.nn.Linear(x1.shape[1], 1) for _ in range(3)]
    start = [
        np.append(layer.weight.detach().numpy()[0], layer.bias.detach().numpy()) for layer in layers
    ]
    arrays = dict(start=np.stack(start))
    for name, is_above in [("below", False), ("above", True)]:
        contrast, total, belief = [], [], []
        for weights in start:
            layer = torch.nn.Linear(x1.shape[1], 1)
            with torch.no_grad():
                layer.weight.copy_(torch.tensor(weights[None, :-1]))
                layer.bias.copy_(torch.tensor(weights[-1:]))

            def parts():
                p0, p1 = torch.sigmoid(layer(x0)), torch.sigmoid(layer(x1))
                q = 0.5 * (p0 + (1 - p1))
                score = q if is_above else 1 - q
                cross_entropy = torch.nn.functional.binary_cross_entropy(score, targets)
                return loss(p0, p1).squeeze(), 0.5 * cross_entropy, 1 - q

            optimizer = torch.optim.AdamW(layer.parameters(), lr=0.015, weight_decay=0.01)
            for _ in range(200):
                optimizer.zero_grad()
                (parts()[0] + parts()[1]).backward()
                optimizer.step()
            with torch.no_grad():
                values = parts()
            contrast.append(float(values[0]))
            total.append(float(values[0] + values[1]))
            belief.append(values[2].numpy()[:, 0])
        arrays[name + "_contrast_loss"] = np.array(contrast)
        arrays[name + "_total_loss"] = np.array(total)
        arrays[name + "_belief"] = np.stack(belief)
    np.savez(FOLDER / "polarity_aware_ccs.npz", **arrays)


if __name__ == "__main__":
    contrast_consistent_search()
    polarity_aware_ccs()
    versions = {
        "numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__,
        "seed": SEED}
    (FOLDER / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
