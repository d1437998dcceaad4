"""Writes a dump with what a sweep at the last layer reads: make_sweep_dump.py FOLDER

256 states of width 4096 in float32, and an unembedding of 128,000 tokens in float16.
"""
import json
import sys

import numpy as np

prompt_count, width, vocabulary, seed = 256, 4096, 128_000, 20240116

folder = sys.argv[1]
generator = np.random.default_rng(seed)
states = generator.standard_normal((prompt_count, 1, width), dtype=np.float32) * 4
np.save(f"{folder}/activations.npy", states)
unembedding = np.lib.format.open_memmap(
    f"{folder}/unembedding.npy", mode="w+", dtype=np.float16, shape=(vocabulary, width))
for first in range(0, vocabulary, 4096):
    rows = min(4096, vocabulary - first)
    unembedding[first:first + rows] = generator.standard_normal((rows, width), dtype=np.float32) / 24
unembedding.flush()
np.save(f"{folder}/weight.npy", 1 + generator.standard_normal(width, dtype=np.float32) / 8)
np.save(f"{folder}/vector.npy", generator.standard_normal(width).astype(np.float32))
np.save(f"{folder}/answers.npy", generator.integers(0, vocabulary, prompt_count))
arrays = {
    "activations": {"file": "activations.npy", "axes": ["sample", "layer", "width"]},
    "unembedding": {"file": "unembedding.npy", "axes": ["vocabulary", "width"]},
    "finalNorm": {
        "weight": {"file": "weight.npy", "axes": ["width"]}, "epsilon": 1e-5, "kind": "rms"},
    "answerTokens": {"file": "answers.npy", "axes": ["sample"]},
    "alignedTokens": [7, 11], "misalignedTokens": [13],
}
with open(f"{folder}/dump.json", "w", encoding="utf-8") as file:
    json.dump({
        "format": "plumbline-dump", "version": 1, "model": {"name": "drawn"},
        "finalLayer": "pre-norm", "arrays": arrays}, file)
