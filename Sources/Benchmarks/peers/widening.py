"""float16 to float32 by NumPy, on one thread, into a destination used again.

widening.py FOLDER
"""
import json
import platform
import sys
import time

import numpy as np

repeat_count = 50

source = np.load(f"{sys.argv[1]}/halves.npy")
destination = np.empty(source.shape, np.float32)
best, best_cpu = float("inf"), float("inf")
for _ in range(repeat_count):
    wall, cpu = time.perf_counter(), time.process_time()
    np.copyto(destination, source)
    best = min(best, time.perf_counter() - wall)
    best_cpu = min(best_cpu, time.process_time() - cpu)
fresh = float("inf")
for _ in range(repeat_count // 5):
    wall = time.perf_counter()
    source.astype(np.float32)
    fresh = min(fresh, time.perf_counter() - wall)
print(json.dumps({
    "seconds": best,
    "cpuSeconds": best_cpu,
    "values": [float(destination.sum(dtype=np.float64))],
    "versions": {"NumPy": np.__version__, "Python": platform.python_version()},
    "note": f"astype into fresh memory {fresh / best:.1f} times that",
}))
