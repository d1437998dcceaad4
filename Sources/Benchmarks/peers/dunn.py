"""The Dunn index of permetrics: dunn.py FOLDER"""
import json
import platform
import sys
import time

import numpy as np
import permetrics
from permetrics import ClusteringMetric

activations, labels = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("activations", "labels"))

wall, cpu = time.perf_counter(), time.process_time()
value = ClusteringMetric(X=activations, y_pred=labels).dunn_index(use_modified=False)
print(json.dumps({
    "seconds": time.perf_counter() - wall,
    "cpuSeconds": time.process_time() - cpu,
    "values": [float(value)],
    "versions": {
        "permetrics": permetrics.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
}))
