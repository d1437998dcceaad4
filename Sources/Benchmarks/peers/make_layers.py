"""Writes all layers of some samples, (10000, 33, 4096) float16, 2.7 GB, and labels: make_layers.py FOLDER

In blocks, so that it needs little memory; the file is in the page cache afterwards where that has room.
"""
import sys

import numpy as np

sample_count, layer_count, width, chunk, seed = 10000, 33, 4096, 100, 20230506

folder = sys.argv[1]
generator = np.random.default_rng(seed)
labels = generator.integers(0, 2, sample_count)
noise = generator.standard_normal((chunk, layer_count, width), dtype=np.float32)
shift = generator.standard_normal((layer_count, width), dtype=np.float32) * 0.05
with open(f"{folder}/activations.npy", "wb") as file:
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f2", "fortran_order": False, "shape": (sample_count, layer_count, width)})
    for first in range(0, sample_count, chunk):
        # One block of noise, rolled along the features, is enough for sums of squares.
        block = np.roll(noise, first * 31, axis=2)
        block = block + labels[first:first + chunk, None, None] * shift
        file.write(block.astype(np.float16).tobytes())
np.save(f"{folder}/labels.npy", labels)
