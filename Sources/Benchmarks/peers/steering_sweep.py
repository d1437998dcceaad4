"""The loop over norms that a PyTorch user writes: steering_sweep.py FOLDER

One product with the unembedding for each norm, then a log-softmax in float32. Few of the 101 norms are run, and
their time is multiplied.
"""
import json
import platform
import sys
import time

import numpy as np
import torch

torch.set_grad_enabled(False)
folder = sys.argv[1]
norms, run = 101, (0, 25, 50, 75, 100)
states, vector, weight = (
    torch.from_numpy(np.load(f"{folder}/{name}.npy"))
    for name in ("activations", "vector", "weight"))
unembedding = torch.from_numpy(np.load(f"{folder}/unembedding.npy")).float()
answers = torch.from_numpy(np.load(f"{folder}/answers.npy"))
states = states[:, 0]
coefficients = torch.linspace(-2, 2, norms)

values = []
wall, cpu = time.perf_counter(), time.process_time()
for place in run:
    moved = states + coefficients[place] * vector
    moved = weight * moved * torch.rsqrt(moved.square().mean(-1, keepdim=True) + 1e-5)
    logs = torch.log_softmax(moved @ unembedding.T, dim=-1)
    values.append(float(logs.gather(1, answers[:, None]).mean()))
factor = norms / len(run)
print(json.dumps({
    "seconds": (time.perf_counter() - wall) * factor,
    "cpuSeconds": (time.process_time() - cpu) * factor,
    "values": values,
    "versions": {"PyTorch": torch.__version__, "Python": platform.python_version()},
    "note": f"{len(run)} of {norms} norms were run",
}))
