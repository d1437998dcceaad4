"""The first principal component of pairs less their midpoints by scikit-learn: steering_component.py FOLDER

As repeng's pca_center has it: both sides of each pair less their midpoint, stacked.
"""
import json
import platform
import sys
import time

import numpy as np
import sklearn
from sklearn.decomposition import PCA

positive, negative = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("positive", "negative"))

wall, cpu = time.perf_counter(), time.process_time()
middle = (positive + negative) / 2
rows = np.concatenate([positive - middle, negative - middle])
component = PCA(n_components=1, whiten=False).fit(rows).components_[0]
seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
difference = (positive.astype(np.float64) - negative).mean(0)
cosine = abs(component @ difference) / np.linalg.norm(difference) / np.linalg.norm(component)
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "values": [float(cosine)],
    "versions": {
        "scikit-learn": sklearn.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
}))
