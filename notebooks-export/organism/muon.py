"""Muon, batched: momentum whose matrix updates are made orthogonal by Newton–Schulz iterations.

Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024). PyTorch's own takes
one matrix at a time, which on a CPU takes longer than the rest of a training step for matrices as
small as ours; here all matrices of one shape are iterated as one batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch

# The quintic a·x + b·x³ + c·x⁵ that drives singular values towards 1 fastest (Jordan et al.).
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5


def orthogonalized(matrices: torch.Tensor) -> torch.Tensor:
    """Returns matrices (batch, row, column) with their singular values moved close to 1."""
    transposed = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if transposed else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = _COEFFICIENTS
    for _ in range(_ITERATIONS):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if transposed else x


class Muon(torch.optim.Optimizer):
    """Muon with Nesterov momentum and decoupled weight decay, for matrices only.

    An update is scaled by √max(1, rows / columns), so that it moves outputs as far for tall
    matrices as for square ones.
    """

    def __init__(
        self,
        parameters: Iterable[torch.nn.Parameter],
        lr: float = 5e-3,
        momentum: float = 0.95,
        weight_decay: float = 0.1,
    ):
        parameters = list(parameters)
        if any(parameter.ndim != 2 for parameter in parameters):
            raise ValueError("Muon takes matrices; give embeddings, gains and biases to AdamW")
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[torch.nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape[parameter.shape].append(parameter)
            for (rows, columns), parameters in by_shape.items():
                updates = orthogonalized(
                    torch.stack([self._momentum(parameter, group) for parameter in parameters])
                )
                scale = -group["lr"] * max(1, rows / columns) ** 0.5
                torch._foreach_mul_(parameters, 1 - group["lr"] * group["weight_decay"])
                torch._foreach_add_(parameters, list(updates.unbind()), alpha=scale)

    def _momentum(self, parameter: torch.nn.Parameter, group: dict) -> torch.Tensor:
        buffer = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
        buffer.lerp_(parameter.grad, 1 - group["momentum"])
        return parameter.grad.lerp(buffer, group["momentum"])
