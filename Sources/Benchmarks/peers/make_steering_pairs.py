"""Writes the two sides of 2000 pairs, (2000, 4096) float32 each: make_steering_pairs.py FOLDER

Features have scales that fall as 1/sqrt(j); the sides differ along a planted direction, by more than along any
other, and by noise.
"""
import sys

import numpy as np

pair_count, width, seed = 2000, 4096, 20231002

generator = np.random.default_rng(seed)
scales = (1 + np.arange(width, dtype=np.float32)) ** -0.5
middle = generator.standard_normal((pair_count, width), dtype=np.float32) * scales
shift = generator.standard_normal((pair_count, width), dtype=np.float32) * scales / 2
direction = generator.standard_normal(width, dtype=np.float32)
shift += 3 * direction / np.linalg.norm(direction)
np.save(f"{sys.argv[1]}/positive.npy", middle + shift / 2)
np.save(f"{sys.argv[1]}/negative.npy", middle - shift / 2)
