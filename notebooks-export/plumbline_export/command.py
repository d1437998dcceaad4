"""The command ``plumbline-export``."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence

from .errors import PROGRAM, ExportError
from .options import Options

NEEDED_PACKAGES = ("torch", "transformers")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code; results go to stdout, errors to stderr."""
    try:
        options = Options.parse(sys.argv[1:] if arguments is None else arguments)
        _require_packages()
        for line in _export(options):
            print(line)
    except ExportError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail("interrupted before the first batch; nothing was written", 130)
    return 0


def _require_packages() -> None:
    missing = [name for name in NEEDED_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise ExportError(
            f"running a model needs {' and '.join(missing)}: "
            "pip install 'plumbline-export[export]'",
            69,
        )


def _export(options: Options) -> list[str]:
    # These take seconds to import, which --help and a wrong option should not.
    import torch
    import transformers

    from .export import export

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    try:
        return export(options).lines
    except (RuntimeError, MemoryError) as error:
        is_memory = isinstance(error, (MemoryError, torch.OutOfMemoryError))
        # On the CPU, PyTorch has no type of its own for this.
        if not is_memory and "allocate memory" not in str(error):
            raise
        raise ExportError(
            f"the memory is too small for batches of {options.batch_size} texts; give a smaller "
            "--batch-size, or --precision bfloat16; what is finished is kept",
            69,
        ) from error


def _fail(message: str, exit_code: int) -> int:
    print(f"{PROGRAM}: {message}", file=sys.stderr)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
