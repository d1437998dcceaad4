"""Normaliser, entropy, mean log-probability and margin of tokens by PyTorch's log-softmax: token_scores.py FOLDER"""
import json
import platform
import sys
import time

import numpy as np
import torch

torch.set_grad_enabled(False)
tokens_at_once = 64

logits = np.load(f"{sys.argv[1]}/logits.npy", mmap_mode="r")
sums = torch.zeros(4, dtype=torch.float64)
wall, cpu = time.perf_counter(), time.process_time()
for start in range(0, len(logits), tokens_at_once):
    part = torch.from_numpy(np.array(logits[start:start + tokens_at_once])).float()
    logs = torch.log_softmax(part, dim=1)
    normalizers = part[:, 0] - logs[:, 0]
    entropies = -(logs.exp() * logs).sum(dim=1)
    top = logs.topk(2, dim=1).values.exp()
    for place, found in enumerate((normalizers, entropies, logs.mean(dim=1), top[:, 0] - top[:, 1])):
        sums[place] += found.double().sum()
print(json.dumps({
    "seconds": time.perf_counter() - wall,
    "cpuSeconds": time.process_time() - cpu,
    "values": (sums / len(logits)).tolist(),
    "versions": {"PyTorch": torch.__version__, "Python": platform.python_version()},
}))
