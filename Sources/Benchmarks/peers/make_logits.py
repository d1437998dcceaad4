"""Writes logits of 2000 tokens over 128,256 entries in float16: make_logits.py FOLDER

Most entries are near 0 and a few stand out, as in a language model.
"""
import sys

import numpy as np

generator = np.random.default_rng(20250925)
tokens, vocabulary = 2000, 128256
logits = np.lib.format.open_memmap(
    f"{sys.argv[1]}/logits.npy", mode="w+", dtype=np.float16, shape=(tokens, vocabulary))
for token in range(tokens):
    row = generator.standard_normal(vocabulary, dtype=np.float32) * 2.5
    row[generator.integers(vocabulary, size=4)] += generator.uniform(4, 16)
    logits[token] = row
logits.flush()
