"""A class in several processes: one submission's trouble stays its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import AuthoringError, SettingsError
from autograder.grading.executor import Job, grade_class
from autograder.paths import Course

HandIn = Callable[..., Path]


def test_everybody_is_graded_whatever_the_others_do(course: Course, hand_in: HandIn) -> None:
    folders = {
        "ada": hand_in("ada"),
        "bob": hand_in("bob", double="import os\n\ndef double(x):\n    os._exit(1)\n"),
        "carl": hand_in("carl", double="def double(x:\n"),
        "gone": course.submission("mini", "gone"),
    }
    job = Job(course, "mini")
    graded = {g.student: g for g in grade_class(job, [*folders.items()], processes=2)}
    assert set(graded) == set(folders)
    scores = {name: g.result.score for name, g in graded.items() if g.result}
    assert scores == {"ada": 10, "bob": 6, "carl": 6}
    assert "gone" in graded["gone"].error


def test_a_mistake_in_the_suite_is_raised_once(course: Course, hand_in: HandIn) -> None:
    (course.suite("mini") / "test_mini.py").write_text("import no_such_module\n")
    with pytest.raises(SettingsError, match=r"test_mini.py:1: .*no_such_module"):
        list(grade_class(Job(course, "mini"), [("ada", hand_in("ada")), ("bob", hand_in("bob"))]))


def test_what_keeps_every_submission_from_being_graded_is_raised_once(
    course: Course, hand_in: HandIn
) -> None:
    # By the path, line and message of the error in the grading process, which is another one.
    (course.release("mini") / "Mini.ipynb").unlink()
    with pytest.raises(AuthoringError, match=r"Mini.ipynb: not built; run `autograder build mini`"):
        list(grade_class(Job(course, "mini"), [("ada", hand_in("ada")), ("bob", hand_in("bob"))]))
