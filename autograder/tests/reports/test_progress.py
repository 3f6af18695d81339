"""What is said while a class is graded."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from autograder.grading.executor import Graded
from autograder.grading.results import Result
from autograder.reports.progress import ClassProgress, pace


def graded(student: str, score: float | None) -> Graded:
    result = None if score is None else Result("quiz", student, score, 8.0, ())
    return Graded(student, Path(student), result)


def said(*, terminal: bool, quiet: bool = False) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120, color_system=None)
    with ClassProgress(console, "quiz", 5, quiet=quiet) as progress:
        progress.unchanged(graded("ada", 8.0))
        for student, score in (("bo", 8.0), ("[red]cy\x1b", 2.5), ("di", 0.0), ("ed", None)):
            progress.graded(graded(student, score))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_into_a_pipe_goes_a_line_for_each_submission_that_was_graded() -> None:
    lines = [line.partition(" (")[0] for line in said(terminal=False).splitlines()]
    assert lines == [
        "2/5 bo: 8 / 8",
        "3/5 [red]cy\N{REPLACEMENT CHARACTER}: 2.5 / 8",
        "4/5 di: 0 / 8",
        "5/5 ed: not graded",
    ]


def test_a_terminal_shows_a_bar_with_counts_by_status() -> None:
    last = said(terminal=True)
    assert "5/5" in last
    assert "2 all points, 1 some points, 1 no points, 1 not graded" in last


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_is_quiet(terminal: bool) -> None:
    assert said(terminal=terminal, quiet=True) == ""


@pytest.mark.parametrize(
    ("done", "left", "seconds", "text"),
    [
        (1, 0, 0.0, "1e+03/s, 0:00 left"),
        (5, 10, 2.0, "2.5/s, 0:04 left"),
        (1, 100, 1.2, "0.833/s, 2:00 left"),
        (1, 1000, 4.0, "0.25/s, 1:06:40 left"),
    ],
)
def test_rate_and_time_left(done: int, left: int, seconds: float, text: str) -> None:
    assert pace(done, left, seconds) == text
