"""All distances by scikit-learn, and the Dunn index of them: pairwise_distances.py FOLDER

Only the distances are timed; the index is for comparison.
"""
import json
import platform
import sys
import time

import numpy as np
import sklearn
from sklearn.metrics import pairwise_distances

activations, labels = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("activations", "labels"))

wall, cpu = time.perf_counter(), time.process_time()
distances = pairwise_distances(activations)
seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
first, second = (np.flatnonzero(labels == label) for label in (0, 1))
diameter = max(distances[np.ix_(rows, rows)].max() for rows in (first, second))
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "values": [float(distances[np.ix_(first, second)].min()) / float(diameter)],
    "versions": {
        "scikit-learn": sklearn.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
}))
