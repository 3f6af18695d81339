"""Gradings of code that looks for the seed, fails at length, or spends time that nobody counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.gradebook.rows import moment
from autograder.grading.runner import Grader
from autograder.paths import Course

HandIn = Callable[..., Path]

HIDDEN = """
import pytest
from autograder.grading import expect

@pytest.mark.task("double")
def test_hidden(student, rng):
    expect.close(student.double(), rng.normal(size=5), name="out")

@pytest.mark.task("triple")
def test_right(student):
    expect.close(student.triple(2.0), 6.0, name="out")
"""
DRAW_THE_INPUTS = """
import numpy as np
def double():
    seed = int(np.random.get_state()[1][0])
    return np.random.default_rng(seed).normal(size=5)
"""


def test_the_generator_of_a_worker_does_not_tell_the_hidden_inputs(
    course: Course, hand_in: HandIn
) -> None:
    (course.suite("mini") / "test_mini.py").write_text(HIDDEN)
    with Grader(course, "mini") as grader:
        result = grader.grade(hand_in("eve", double=DRAW_THE_INPUTS), "eve")
    assert result.task("double").checks[0].status == "failed"
    assert result.task("triple").status == "passed"


def test_what_fails_while_loading_is_a_few_sentences(course: Course, hand_in: HandIn) -> None:
    triple = "def triple(x):\n    return 3 * x\n" + "raise ValueError('x' * 300)\n" * 2000
    with Grader(course, "mini") as grader:
        result = grader.grade(hand_in("eve", triple=triple), "eve")
    assert result.score == 10
    assert len(result.problems) == 41
    assert result.problems[-1] == "1960 more problems of this kind."


MANY_CHECKS = """
import pytest
from autograder.grading import expect

@pytest.mark.task("double")
@pytest.mark.parametrize("number", range(25))
def test_one_of_many(student, number):
    expect.close(student.double(1.0), 2.0, name="out")

@pytest.mark.task("triple")
def test_right(student):
    expect.close(student.triple(2.0), 6.0, name="out")
"""
# Hangs where the loader runs all statements at once, not where it looks for the one that hangs.
HANG_UNLESS_WATCHED = """
import os, sys
def double(x):
    os._exit(0)
frame = sys._getframe()
while "statements" not in frame.f_locals:
    frame = frame.f_back
while len(frame.f_locals["statements"]) > 1:
    pass
"""


def test_code_that_hangs_in_every_load_costs_its_task_alone(
    course: Course, hand_in: HandIn
) -> None:
    (course.suite("mini") / "test_mini.py").write_text(MANY_CHECKS)
    settings = course.settings_file.read_text()
    settings = settings.replace("call_seconds = 1.0", "call_seconds = 0.7")
    course.settings_file.write_text(settings.replace("task_seconds = 4.0", "task_seconds = 2.0"))
    with Grader(course, "mini") as grader:
        started = time.monotonic()
        result = grader.grade(hand_in("eve", double=HANG_UNLESS_WATCHED), "eve")
        assert time.monotonic() - started < 12
    assert result.task("double").score == 0


@pytest.mark.parametrize("text", ["2026-01-01 12:00:00 UTC,1,5", "never", "nan", "1" * 900])
def test_no_text_for_a_time_stops_the_class(text: str) -> None:
    assert moment(text) is None
