"""How far the grading of a class has come: a live bar, or plain lines where nobody watches."""

from __future__ import annotations

import time
from collections import Counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from autograder.grading.executor import Graded
from autograder.reports.tables import printable, score_text

STATUSES = ("all points", "some points", "no points", "not graded")


class ClassProgress:
    """A context manager that is told of each submission.

    Parameters
    ----------
    total : submissions, those included that need not be graded again.
    quiet : print nothing.
    """

    def __init__(self, console: Console, assignment: str, total: int, *, quiet: bool) -> None:
        self._console = console
        self._total = total
        self._plain = not console.is_terminal and not quiet
        self._counts: Counter[str] = Counter()
        self._done = self._graded = 0
        self._started = time.monotonic()
        self._bar = Progress(
            TextColumn(f"grading {assignment}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> ClassProgress:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def unchanged(self, item: Graded) -> None:
        """Count a submission whose verdict was known; the clock of grading starts after it."""
        self._count(item)
        self._started = time.monotonic()

    def graded(self, item: Graded) -> None:
        """Count a submission that was graded, or could not be."""
        self._graded += 1
        self._count(item)
        if self._plain:
            score = "not graded"
            if item.result is not None:
                score = score_text(item.result.score, item.result.max_score)
            self._console.print(
                f"{self._done}/{self._total} {printable(item.student)}: {score} ({self._pace()})",
                highlight=False,
                soft_wrap=True,
            )

    def _count(self, item: Graded) -> None:
        self._done += 1
        self._counts[_status(item)] += 1
        counts = [f"{self._counts[s]} {s}" for s in STATUSES if self._counts[s]]
        self._bar.update(
            self._task, advance=1, description=", ".join([self._pace(), *counts]).lstrip(", ")
        )

    def _pace(self) -> str:
        """Rate and time left, by what was graded in this run."""
        if not self._graded:
            return ""
        return pace(self._graded, self._total - self._done, time.monotonic() - self._started)


def pace(done: int, left: int, seconds: float) -> str:
    """Say the rate, and how long the rest takes at it: `2.5/s, 1:20 left`."""
    rate = done / max(seconds, 1e-3)
    minutes, rest = divmod(round(left / rate), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{rate:.3g}/s, {clock} left"


def _status(item: Graded) -> str:
    if item.result is None:
        return "not graded"
    if item.result.score >= item.result.max_score:
        return "all points"
    return "some points" if item.result.score > 0 else "no points"
