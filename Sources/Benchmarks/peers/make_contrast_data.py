"""Writes the contrast pairs and the initial weights that both sides of the CCS row read.

make_contrast_data.py FOLDER
"""
import sys

import numpy as np

pair_count, width, try_count, seed = 1000, 4096, 10, 20230501

generator = np.random.default_rng(seed)
labels = generator.integers(0, 2, pair_count)
truth = generator.standard_normal(width)
truth /= np.linalg.norm(truth)
# What the two sides of a pair share, what each has of its own, and the truth with opposite signs.
shared = generator.standard_normal((pair_count, width))
sign = np.where(labels == 1, 1.0, -1.0)[:, None]
for name, side in (("positive", 1), ("negative", -1)):
    noise = generator.standard_normal((pair_count, width))
    activations = shared + 0.5 * noise + side * 3 * sign * truth + 0.2 * side
    np.save(f"{sys.argv[1]}/{name}.npy", activations.astype(np.float32))
# nn.Linear's start: weights and bias uniform in one over the root of the width; the bias comes last.
weights = generator.uniform(-1, 1, (try_count, width + 1)) / np.sqrt(width)
np.save(f"{sys.argv[1]}/initial_weights.npy", weights.astype(np.float32))
