"""Checks that ask for more than their script does: what others asked does not decide them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.tests.grading.test_memory import RAN, apart, fresh, grader_of, without_times

HandIn = Callable[..., Path]
ASKS_MORE = """
from pathlib import Path

@pytest.mark.task("double")
def test_more(student, rng):
    with open(Path(__file__).parent / "ran", "a") as file:
        print("more", file=file)
    x = rng.normal(size=3)
    if isinstance(student.double(x), list):
        expect.that(isinstance(student.double(x[1:]), list), "what is it?")
"""


@pytest.mark.parametrize(("noise", "times"), [("", 2), (" + np.random.default_rng().random()", 3)])
def test_a_check_that_asks_for_more_than_was_rehearsed_is_run_again(
    course: Course, hand_in: HandIn, noise: str, times: int
) -> None:
    suite = course.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text() + ASKS_MORE)
    source = f"import numpy as np\n\ndef double(x):\n    return [*(2 * x{noise})]\n"
    with grader_of(course) as grader:
        for _ in range(2):
            apart(grader, hand_in("ada"))
        folder = hand_in("bob", double=source)
        first, ran = apart(grader, folder)
        assert ran.count("more") == times  # on its answers, one by one, and once more if in doubt
        assert without_times(fresh(grader, folder)) == first


def test_of_a_task_only_checks_in_doubt_are_asked_again(course: Course, hand_in: HandIn) -> None:
    suite = course.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text() + RAN + ASKS_MORE.replace('), list), "', '), dict), "'))
    with grader_of(course) as grader:
        folder = hand_in("bob", double="def double(x):\n    return [*(2 * x)]\n")
        first, _ = apart(grader, folder)
        again, ran = apart(grader, folder)
        assert ran == ["derived", "more", "more", "derived", "more"]  # both failed behind scripts
        assert again == first
        assert without_times(fresh(grader, folder)) == first


BREAKS_WHERE_IT_IS_ASKED_FOR_MORE = """
import numpy as np
broken = False
def double(x):
    global broken
    broken = broken or len(x) == 2
    y = x if broken else 2 * x
    return [*y] if len(y) < 4 and y.any() else y
"""


def test_what_a_check_in_doubt_does_is_not_held_against_others(
    course: Course, hand_in: HandIn
) -> None:
    suite = course.suite("mini") / "test_mini.py"
    suite.write_text(suite.read_text() + ASKS_MORE.replace('), list), "', '), dict), "'))
    with grader_of(course) as grader:
        folder = hand_in("bob", double=BREAKS_WHERE_IT_IS_ASKED_FOR_MORE)
        for _ in range(2):
            result, _ = apart(grader, folder)
            statuses = {c.name: c.status for c in result.task("double").checks}
            assert statuses == {"values": "passed", "zero": "passed", "more": "failed"}
            assert without_times(fresh(grader, folder)) == result
