"""Late penalties are those of stock `nbgrader autograde`, whatever plugin the course configured."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.connection import course_directory
from autograder.paths import Course
from autograder.tests.gradebook.courses import QUIZ, configure, hand_in, nbgrader

HANDED_IN = {
    "on_time": "2027-03-08 12:00:00 UTC",
    "late": "2027-03-09 12:00:00 UTC",
    "very_late": "2027-04-09 12:00:00 UTC",
    "unknown": None,
}
# A class of the instructor's, in nbgrader_config.py itself: a point a day, at most the score.
PLUGIN = """
import sys, types
from nbgrader.plugins import BasePlugin
class PointADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return min(score, total_seconds_late // 86400 + 1)
module = sys.modules["course_late"] = types.ModuleType("course_late")
module.PointADay = PointADay
c.AssignLatePenalties.plugin_class = "course_late.PointADay"
"""
ZERO = "c.LateSubmissionPlugin.penalty_method = 'zero'"


def penalties(course: Course) -> dict[str, tuple[object, ...]]:
    with Gradebook(course_directory(course).db_url) as gradebook:
        return {
            row.student_id: (row.total_seconds_late, row.score, row.late_submission_penalty)
            for row in gradebook.find_assignment(QUIZ).submissions
        }


def grade(course: Course) -> str:
    words = [sys.executable, "-m", "autograder", "grade", QUIZ, "--jobs", "1"]
    done = subprocess.run(words, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def hand_in_all(course: Course) -> None:
    for student, moment in HANDED_IN.items():
        folder = hand_in(course, QUIZ, student)
        if moment:
            (folder / "timestamp.txt").write_text(moment)


@pytest.mark.parametrize("settings", [ZERO, PLUGIN], ids=["zero", "plugin"])
def test_penalties_are_those_of_stock_autograde(
    new_course: Course, tmp_path: Path, settings: str
) -> None:
    configure(new_course, settings)
    hand_in_all(new_course)
    stock = Course(Path(shutil.copytree(new_course.root, tmp_path / "stock")))
    grade(new_course)
    nbgrader(stock, "autograde", QUIZ)
    found = penalties(new_course)
    assert found == penalties(stock)
    assert found["late"][2] == (8.0 if settings == ZERO else found["late"][2])
    assert [bool(found[student][2]) for student in HANDED_IN] == [False, True, True, False]


def test_a_penalty_that_is_configured_later_reaches_what_is_not_graded_again(
    new_course: Course,
) -> None:
    hand_in_all(new_course)
    grade(new_course)
    assert penalties(new_course)["late"][2] == 0.0
    configure(new_course, ZERO)
    assert "4 unchanged, 0 graded" in grade(new_course)
    found = penalties(new_course)
    assert {student: found[student][2] for student in HANDED_IN} == {
        "on_time": 0.0, "late": 8.0, "very_late": 8.0, "unknown": 0.0
    }  # fmt: skip
