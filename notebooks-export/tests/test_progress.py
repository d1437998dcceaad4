"""Progress is a bar on a terminal, a line a minute elsewhere, and nothing where it is off.

Oracle: the lines worked out by hand from a clock that the test sets.
"""

import io

import pytest

from plumbline_export.progress import CLEAR_LINE, Progress, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_line_a_minute_with_the_time_left():
    clock, output = Clock(), io.StringIO()
    with Progress("texts", 100, output=output, clock=clock) as progress:
        for _ in range(40):
            clock.now += 3.0
            progress.advance()
    # After 60 s 20 of 100 are done: 80 more at 3 s each.
    assert output.getvalue() == (
        "20 of 100 texts after 1 min 0 s, about 4 min 0 s left\n"
        "40 of 100 texts after 2 min 0 s, about 3 min 0 s left\n"
    )


def test_what_an_interrupted_run_did_does_not_count_towards_the_speed():
    clock, output = Clock(), io.StringIO()
    progress = Progress("texts", 100, done=50, output=output, clock=clock)
    clock.now += 60.0
    progress.advance(10)
    assert output.getvalue() == "60 of 100 texts after 1 min 0 s, about 4 min 0 s left\n"


def test_a_bar_on_a_terminal_is_cleared_at_the_end():
    clock, output = Clock(), Terminal()
    with Progress("texts", 4, output=output, clock=clock) as progress:
        clock.now += 1.0
        progress.advance()
        progress.advance()  # too soon after the last one to be shown
    bar = "█" * 6 + "░" * 18
    assert output.getvalue() == f"{CLEAR_LINE}{bar} 1/4 texts, 3 s left{CLEAR_LINE}"


def test_nothing_is_written_where_it_is_off_or_the_terminal_is_gone():
    clock, output = Clock(), Terminal()
    with Progress("texts", 4, shown=False, output=output, clock=clock) as progress:
        clock.now += 100.0
        progress.advance()
    assert output.getvalue() == ""

    class Closed(Terminal):
        def write(self, text: str) -> int:
            raise OSError("closed")

    with Progress("texts", 4, output=Closed(), clock=clock) as progress:
        progress.advance()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.9, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"), (7500, "2 h 5 min")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text
