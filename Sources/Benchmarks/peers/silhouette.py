"""The mean silhouette by scikit-learn: silhouette.py FOLDER"""
import json
import platform
import sys
import time

import numpy as np
import sklearn
from sklearn.metrics import silhouette_score

activations, labels = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("activations", "labels"))

wall, cpu = time.perf_counter(), time.process_time()
value = silhouette_score(activations, labels)
print(json.dumps({
    "seconds": time.perf_counter() - wall,
    "cpuSeconds": time.process_time() - cpu,
    "values": [float(value)],
    "versions": {
        "scikit-learn": sklearn.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
}))
