"""Writes the uncertainty and the correctness of 2000 answers, float64: make_answers.py FOLDER"""
import sys

import numpy as np

count, seed = 2000, 20261122

generator = np.random.default_rng(seed)
merit = generator.standard_normal(count)
np.save(f"{sys.argv[1]}/correct.npy", (merit > 0).astype(np.float64))
np.save(f"{sys.argv[1]}/uncertainty.npy", generator.standard_normal(count) - merit)
