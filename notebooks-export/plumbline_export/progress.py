"""Says how far an export has come: a bar on a terminal, one line a minute elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

BAR_WIDTH = 24
SECONDS_BETWEEN_BARS = 0.1
SECONDS_BETWEEN_LINES = 60.0
CLEAR_LINE = "\r\x1b[K"


class Progress:
    """Counts finished work of ``total`` pieces, and shows it on standard error.

    ``done`` pieces were finished before, by an interrupted run: they count towards the total, and
    not towards the speed from which the time left is estimated. Use it as a context manager, so
    that the bar is gone before anything else is written.
    """

    def __init__(
        self,
        what: str,
        total: int,
        done: int = 0,
        shown: bool = True,
        output: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._what = what
        self._total = total
        self._before = done
        self._done = done
        self._shown = shown
        self._output = sys.stderr if output is None else output
        self._is_terminal = self._output.isatty()
        self._clock = clock
        self._start = clock()
        self._last_shown = self._start - (SECONDS_BETWEEN_BARS if self._is_terminal else 0)
        self._has_bar = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def advance(self, count: int = 1) -> None:
        """Notes that ``count`` more pieces are done."""
        self._done += count
        interval = SECONDS_BETWEEN_BARS if self._is_terminal else SECONDS_BETWEEN_LINES
        now = self._clock()
        if not self._shown or now - self._last_shown < interval:
            return
        self._last_shown = now
        self._write(CLEAR_LINE + self._bar(now) if self._is_terminal else self._line(now) + "\n")
        self._has_bar = self._is_terminal

    def finish(self) -> None:
        """Clears the bar, so that what follows begins on a clean line."""
        if self._has_bar:
            self._write(CLEAR_LINE)
            self._has_bar = False

    def _bar(self, now: float) -> str:
        filled = BAR_WIDTH * self._done // max(self._total, 1)
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        return f"{bar} {self._done}/{self._total} {self._what}, {self._time_left(now)} left"

    def _line(self, now: float) -> str:
        return (
            f"{self._done} of {self._total} {self._what} after {duration(now - self._start)}, "
            f"about {self._time_left(now)} left"
        )

    def _time_left(self, now: float) -> str:
        counted = max(self._done - self._before, 1)
        return duration((now - self._start) / counted * (self._total - self._done))

    def _write(self, text: str) -> None:
        try:
            self._output.write(text)
            self._output.flush()
        except (OSError, UnicodeEncodeError):
            self._shown = False  # a closed terminal, or one without these letters, ends no export


def duration(seconds: float) -> str:
    """Returns a time as a person says it: ``12 s``, ``3 min 4 s``, ``2 h 5 min``."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
