"""The same cross-validation by scikit-learn: ten penalties, five folds, the held-out log loss.

logistic_regression.py FOLDER

MAXIMUM_ITERATIONS sets max_iter; without it scikit-learn's default of 100 stays.
"""
import json
import os
import platform
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import PredefinedSplit

maximum = int(os.environ.get("MAXIMUM_ITERATIONS", "100"))

activations, labels, folds = (
    np.load(f"{sys.argv[1]}/{name}.npy") for name in ("activations", "labels", "folds"))

wall, cpu = time.perf_counter(), time.process_time()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    fitted = LogisticRegressionCV(
        Cs=10, cv=PredefinedSplit(folds), scoring="neg_log_loss", max_iter=maximum,
        use_legacy_attributes=False).fit(activations, labels)
seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
scores = np.asarray(fitted.scores_)
unfinished = sum("lbfgs failed to converge" in str(warning.message) for warning in caught)
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "values": (-scores.reshape(-1, scores.shape[-1]).mean(0)).tolist() + [float(fitted.C_)],
    "versions": {
        "scikit-learn": sklearn.__version__, "NumPy": np.__version__,
        "Python": platform.python_version()},
    "note": f"{unfinished} of its 51 fits end at max_iter = {maximum}",
}))
