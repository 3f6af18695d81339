"""When `autograder grade` starts the processes that it grades with."""

from __future__ import annotations

import multiprocessing
import shutil

import pytest

from autograder.commands.grade import grade_all
from autograder.errors import AuthoringError
from autograder.grading.lane import Lane
from autograder.grading.terms import Terms
from autograder.paths import Course
from autograder.tests.commands.conftest import QUIZ, hand_in


def grade(course: Course) -> bool:
    return grade_all(course, QUIZ, (), 2, Terms(), False)


class Started(Exception):
    """A process would have been started."""


def refuse(*_: object) -> None:
    raise Started


def test_where_nothing_changed_none_is_started(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, "ada")
    assert grade(course)
    monkeypatch.setattr(Lane, "__init__", refuse)
    assert grade(course)
    course.result_file(QUIZ, "ada").unlink()
    with pytest.raises(Started):
        grade(course)


def test_a_run_that_can_not_begin_leaves_none(course: Course) -> None:
    hand_in(course, "ada")
    shutil.rmtree(course.instructor(QUIZ))
    with pytest.raises(AuthoringError, match="not built"):
        grade(course)
    assert multiprocessing.active_children() == []
