"""Writes two classes of activations, (10000, 4096) float32, and their labels: make_cluster_data.py FOLDER

Features have scales that fall as 1/sqrt(j) and means of their own, as a model's have; the classes differ
along a planted direction.
"""
import sys

import numpy as np

sample_count, width, seed = 10000, 4096, 20230505

generator = np.random.default_rng(seed)
labels = generator.integers(0, 2, sample_count)
activations = generator.standard_normal((sample_count, width), dtype=np.float32)
activations *= (1 + np.arange(width, dtype=np.float32)) ** -0.5
activations += generator.standard_normal(width, dtype=np.float32)
direction = generator.standard_normal(width, dtype=np.float32)
direction /= np.linalg.norm(direction)
activations += 3 * labels[:, None].astype(np.float32) * direction
np.save(f"{sys.argv[1]}/activations.npy", activations)
np.save(f"{sys.argv[1]}/labels.npy", labels)
