"""Is the bar drawn where a line can be drawn over, and nowhere else?"""

from __future__ import annotations

import io
from contextlib import redirect_stdout

from nnkit.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_a_bar_that_is_wiped_at_the_end():
    with redirect_stdout(Terminal()) as terminal:
        bar = ProgressBar(10, "epoch 1/2")
        bar.update(5, "loss 2.3")
        bar.clear()
    drawn, wiped, rest = terminal.getvalue().split("\r")[1:]
    assert drawn == "epoch 1/2 [############............] 5/10  loss 2.3"
    assert wiped == " " * len(drawn)
    assert rest == ""


def test_updates_in_quick_succession_are_drawn_once():
    with redirect_stdout(Terminal()) as terminal:
        bar = ProgressBar(10)
        for done in range(10):
            bar.update(done)
    assert terminal.getvalue().count("\r") == 1


def test_a_file_gets_nothing():
    with redirect_stdout(io.StringIO()) as file:
        bar = ProgressBar(10)
        bar.update(5)
        bar.clear()
    assert file.getvalue() == ""


def test_disabled_is_silent_in_a_terminal():
    with redirect_stdout(Terminal()) as terminal:
        ProgressBar(10, enabled=False).update(5)
    assert terminal.getvalue() == ""
