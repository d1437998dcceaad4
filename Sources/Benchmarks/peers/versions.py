"""Prints the versions of the peers, in words."""
import platform

import numpy
import sklearn
import torch

print(f"Python {platform.python_version()}, NumPy {numpy.__version__}, "
      f"scikit-learn {sklearn.__version__}, PyTorch {torch.__version__}"
      f" ({torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()})")
