"""Reads one layer of both sides of the large dump as float32 and takes off its mean, by NumPy.

large_layer.py FOLDER
"""
import json
import platform
import sys
import time

import numpy as np

layer = 16

wall, cpu = time.perf_counter(), time.process_time()
sides = []
for name in ("positive", "negative"):
    side = np.load(f"{sys.argv[1]}/{name}.npy", mmap_mode="r")[:, layer].astype(np.float32)
    side -= side.mean(0)
    sides.append(side)
print(json.dumps({
    "seconds": time.perf_counter() - wall,
    "cpuSeconds": time.process_time() - cpu,
    "values": [float(np.abs(side).mean()) for side in sides],
    "versions": {"NumPy": np.__version__, "Python": platform.python_version()},
}))
