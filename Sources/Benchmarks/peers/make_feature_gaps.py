"""Writes a dump with the contrasts of three features and labelled answers: make_feature_gaps.py FOLDER

33 layers of 256 samples each, width 4096, float16. Coordinates have scales that fall as 1/sqrt(j); contrasts vary along a
planted direction by more than along any other, and answers are correct by how far they lie along the three.
"""
import json
import sys

import numpy as np

layer_count, sample_count, width, seed = 33, 256, 4096, 20251002
features = ["comprehension", "honesty", "reliance"]

folder = sys.argv[1]
generator = np.random.default_rng(seed)
scales = (1 + np.arange(width, dtype=np.float32)) ** -0.5
directions = np.linalg.qr(generator.standard_normal((width, len(features))))[0].T.astype(np.float32)
gaps = generator.standard_normal((sample_count, len(features)), dtype=np.float32)
labels = (gaps.sum(1) + generator.standard_normal(sample_count) > 0).astype(np.int64)
np.save(f"{folder}/labels.npy", labels)


def noise():
    return generator.standard_normal((sample_count, width), dtype=np.float32) * scales


def create(name):
    return np.lib.format.open_memmap(
        f"{folder}/{name}.npy", mode="w+", dtype=np.float16, shape=(layer_count, sample_count, width))


axes = ["layer", "sample", "width"]
arrays = {
    "activations": {"file": "activations.npy", "axes": axes},
    "labels": {"file": "labels.npy", "axes": ["sample"]}, "contrasts": {}}
states = create("activations")
for layer in range(layer_count):
    strength = 2 / (1 + abs(layer - 16))
    states[layer] = noise() + strength * gaps @ directions
for feature, direction in zip(features, directions):
    positive, negative = create(f"{feature}-positive"), create(f"{feature}-negative")
    for layer in range(layer_count):
        middle, shift = noise(), noise() / 2
        shift += 3 * generator.standard_normal((sample_count, 1), dtype=np.float32) * direction
        positive[layer], negative[layer] = middle + shift / 2, middle - shift / 2
    arrays["contrasts"][feature] = {
        side: {"file": f"{feature}-{side}.npy", "axes": axes} for side in ("positive", "negative")}
with open(f"{folder}/dump.json", "w", encoding="utf-8") as file:
    json.dump({
        "format": "plumbline-dump", "version": 1, "model": {"name": "drawn"}, "arrays": arrays}, file)
