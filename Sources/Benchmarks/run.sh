#!/bin/sh
# Measures every claim against its peers and stores the table: run.sh [options of Benchmarks].
# The peers come from PyPI into a virtual environment under .build; PYTHON names another Python that
# has them already. On Linux PyPI's torch brings CUDA with it; a CPU build of the same version does.
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${PYTHON:-}" ]; then
  environment=.build/benchmark-peers
  PYTHON=$environment/bin/python
  if ! "$PYTHON" -c 'import numpy, permetrics, sklearn, torch' 2>/dev/null; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --upgrade pip
    "$environment/bin/pip" install --quiet 'numpy>=2' 'scikit-learn>=1.8' 'torch==2.13.*' 'permetrics==2.1.*'
  fi
fi
swift build -c release --product plumbline
swift build -c release --product Benchmarks
"$(swift build -c release --show-bin-path)/Benchmarks" --python "$PYTHON" \
  --output Sources/Benchmarks/RESULTS.md "$@"
