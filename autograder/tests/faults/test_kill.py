"""`autograder grade` is killed and run again: all is as if nothing had happened.

The usual tests kill it at 10 points; `make faults` at 50, or as many as POINTS says.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from autograder.paths import Course
from autograder.tests.faults.conftest import GRADE, Undisturbed
from autograder.tests.faults.state import state
from autograder.tests.faults.victim import Victims

SEED = 20261121
COUNT = int(os.environ.get("AUTOGRADER_KILLS", "10"))
# How many of ten points lie in which run, and what is counted on the way there.
MIX = {
    ("again", "changes"): 4,
    ("forced", "changes"): 2,
    ("first", "changes"): 2,
    ("again", "seconds"): 1,
    ("first", "seconds"): 1,
}


@dataclass(frozen=True)
class Point:
    """Where a run is killed, as a share of its changes to files and tables or of its time."""

    run: str
    counted: str
    share: float

    def __str__(self) -> str:
        return f"{self.run}-{self.share:.4f}-of-{self.counted}"


def points(count: int) -> list[Point]:
    """Random points, the same each time, one in each of equal parts of a run."""
    rng = random.Random(SEED)  # noqa: S311  nothing is secret
    return [
        Point(run, counted, (i + rng.random()) / parts)
        for (run, counted), tenths in MIX.items()
        for parts in [count * tenths // 10]
        for i in range(parts)
    ]


@pytest.mark.parametrize("point", points(COUNT), ids=str)
def test_a_run_that_is_killed_and_run_again_is_as_one_that_was_not(
    point: Point,
    courses: dict[str, Course],
    undisturbed: Undisturbed,
    victims: Victims,
    copy_of: Callable[[Course], Course],
) -> None:
    whole, expected = undisturbed(point.run)
    course = copy_of(courses[point.run])
    words = (*GRADE, "--force") if point.run == "forced" else GRADE
    if point.counted == "changes":
        wanted = int(point.share * len(whole.events))
        killed = victims.run(course.root, words, event=wanted)
        # Batches are as large as they become in time, so there may be fewer changes this time.
        assert killed.code == -signal.SIGKILL or len(killed.events) <= wanted
    else:
        killed = victims.run(course.root, words, seconds=point.share * whole.seconds)
    assert killed.orphans == 0
    again = victims.run(course.root, words)
    assert (again.code, again.stderr, again.orphans) == (0, "", 0)
    assert state(course) == expected, f"killed before {killed.events[-1:]}"
