"""Writes the activations, labels and folds that both sides of the logistic regression row read.

make_logistic_data.py FOLDER

Activations as a model has them: a covariance whose eigenvalues fall as 1/j, mixed over all features, with
a mean of its own for each feature. Labels are drawn from the logit of a planted direction.
"""
import sys

import numpy as np
from sklearn.model_selection import StratifiedKFold

sample_count, width, fold_count, reflection_count, deviation, seed = 2000, 4096, 5, 6, 3.0, 20230504

generator = np.random.default_rng(seed)
scales = (1 + np.arange(width)) ** -0.5
activations = generator.standard_normal((sample_count, width)) * scales
# Reflections at random planes, with the features shuffled between them, are a rotation that mixes all.
for _ in range(reflection_count):
    normal = generator.standard_normal(width)
    normal /= np.linalg.norm(normal)
    activations -= 2 * np.outer(activations @ normal, normal)
    activations = activations[:, generator.permutation(width)]
activations *= np.sqrt(width / (scales @ scales))
truth = generator.standard_normal(width)
logits = activations @ truth
logits *= deviation / logits.std()
labels = (generator.random(sample_count) < 1 / (1 + np.exp(-logits))).astype(np.int64)
activations += generator.standard_normal(width)
folds = np.empty(sample_count, np.int64)
splitter = StratifiedKFold(fold_count, shuffle=True, random_state=seed)
for fold, (_, test) in enumerate(splitter.split(activations, labels)):
    folds[test] = fold
np.save(f"{sys.argv[1]}/activations.npy", np.ascontiguousarray(activations, np.float32))
np.save(f"{sys.argv[1]}/labels.npy", labels)
np.save(f"{sys.argv[1]}/folds.npy", folds)
