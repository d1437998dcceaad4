"""Writes a dump of two sides of (20000, 33, 4096) float16, 10.8 GB: make_large_dump.py FOLDER

Every byte is written, no part is a hole: neighbouring layers cost memory too, if they are touched. The
layer that is read has a planted truth; the others repeat one sample.
"""
import json
import sys

import numpy as np

sample_count, layer_count, width, layer, chunk = 20000, 33, 4096, 16, 50

folder = sys.argv[1]
generator = np.random.default_rng(20230503)
labels = generator.integers(0, 2, sample_count)
sign = np.where(labels == 1, 1, -1).astype(np.float32)
truth = generator.standard_normal(width, dtype=np.float32)
truth *= 4 / np.linalg.norm(truth)
shape = (sample_count, layer_count, width)
files = {name: open(f"{folder}/{name}.npy", "wb") for name in ("positive", "negative")}
for file in files.values():
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f2", "fortran_order": False, "shape": shape})
block = np.empty((chunk, layer_count, width), np.float16)
block[:] = generator.standard_normal((layer_count, width), dtype=np.float32)
for first in range(0, sample_count, chunk):
    shared = generator.standard_normal((chunk, width), dtype=np.float32)
    signed = sign[first:first + chunk, None] * truth
    for name, side in (("positive", 1), ("negative", -1)):
        noise = generator.standard_normal((chunk, width), dtype=np.float32)
        block[:, layer] = shared + noise + side * signed
        files[name].write(block.tobytes())
for file in files.values():
    file.close()
np.save(f"{folder}/labels.npy", labels.astype(np.uint8))
activations = ["sample", "layer", "width"]
manifest = {"format": "plumbline-dump", "version": 1, "arrays": {
    "positive": {"file": "positive.npy", "axes": activations},
    "negative": {"file": "negative.npy", "axes": activations},
    "labels": {"file": "labels.npy", "axes": ["sample"]},
}}
with open(f"{folder}/dump.json", "w") as file:
    json.dump(manifest, file)
