"""CCS as published code trains it: one try after another, the full batch, torch on the CPU.

contrast_training.py FOLDER
"""
import json
import platform
import sys
import time

import numpy as np
import torch

epoch_count = 1000


def probe_from(weights):
    probe = torch.nn.Sequential(torch.nn.Linear(weights.size - 1, 1), torch.nn.Sigmoid())
    with torch.no_grad():
        probe[0].weight.copy_(torch.from_numpy(weights[:-1])[None])
        probe[0].bias.copy_(torch.from_numpy(weights[-1:]))
    return probe


def loss_of(p0, p1):
    informative = (torch.min(p0, p1) ** 2).mean(0)
    consistent = ((p0 - (1 - p1)) ** 2).mean(0)
    return informative + consistent


def final_loss(probe, x0, x1):
    """The loss after the last step, summed in float64 as on the other side."""
    with torch.no_grad():
        return loss_of(probe(x0).double(), probe(x1).double()).item()


folder = sys.argv[1]
positive, negative, starts = (
    np.load(f"{folder}/{name}.npy") for name in ("positive", "negative", "initial_weights"))

wall, cpu = time.perf_counter(), time.process_time()
x0 = torch.from_numpy(positive - positive.mean(0))
x1 = torch.from_numpy(negative - negative.mean(0))
losses = []
for start in starts:
    probe = probe_from(start)
    optimizer = torch.optim.AdamW(probe.parameters(), lr=1e-2, weight_decay=0.01)
    for _ in range(epoch_count):
        p0, p1 = probe(x0), probe(x1)
        loss = loss_of(p0, p1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    losses.append(final_loss(probe, x0, x1))
print(json.dumps({
    "seconds": time.perf_counter() - wall,
    "cpuSeconds": time.process_time() - cpu,
    "values": losses,
    "versions": {
        "PyTorch": torch.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
    "note": f"{torch.get_num_threads()} threads",
}))
