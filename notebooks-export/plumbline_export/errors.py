"""The errors that an export ends with."""

from __future__ import annotations


PROGRAM = "plumbline-export"


class ExportError(Exception):
    """What is wrong, where, what was expected, and what to do, in one paragraph.

    ``exit_code`` follows sysexits, as the ``plumbline`` tool does: 64 usage, 65 bad data, 66 no
    such input, 69 a needed package is missing, 73 the output cannot be made, 74 writing failed.
    """

    def __init__(self, message: str, exit_code: int = 65):
        super().__init__(message)
        self.exit_code = exit_code


def usage_error(problem: str) -> ExportError:
    """What ends a command line that makes no sense."""
    return ExportError(f"{problem}; see {PROGRAM} --help", 64)
