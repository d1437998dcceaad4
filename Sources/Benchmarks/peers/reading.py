"""Reads a mapped file of logits and does nothing but add up its words, on two threads: reading.py FOLDER"""
import json
import os
import platform
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

repeat_count = 5
words_at_once = 1 << 17

path = f"{sys.argv[1]}/logits.npy"
threads = len(os.sched_getaffinity(0))


def add_up(words):
    # NumPy releases its lock in here.
    return int(words.sum(dtype=np.uint64))


best, best_cpu = float("inf"), float("inf")
with ThreadPoolExecutor(threads) as pool:
    for _ in range(repeat_count):
        words = np.load(path, mmap_mode="r").view(np.uint64).reshape(-1)
        wall, cpu = time.perf_counter(), time.process_time()
        starts = range(0, len(words), words_at_once)
        total = sum(pool.map(lambda start: add_up(words[start:start + words_at_once]), starts))
        best = min(best, time.perf_counter() - wall)
        best_cpu = min(best_cpu, time.process_time() - cpu)
print(json.dumps({
    "seconds": best,
    "cpuSeconds": best_cpu,
    "values": [total % 2**64],
    "versions": {"NumPy": np.__version__, "Python": platform.python_version()},
}))
