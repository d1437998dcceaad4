"""Writes one side of 2000 activations of width 4096 in float16: make_halves.py FOLDER"""
import sys

import numpy as np

halves = np.random.default_rng(20230502).standard_normal((2000, 4096)).astype(np.float16)
np.save(f"{sys.argv[1]}/halves.npy", halves)
