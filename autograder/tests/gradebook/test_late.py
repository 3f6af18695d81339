"""Late penalties are those of stock `nbgrader autograde`, whatever plugin the course configured."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.errors import SettingsError
from autograder.gradebook.connection import course_directory
from autograder.gradebook.writer import Writer
from autograder.manifest import load_assignment
from autograder.paths import MARKER, Course
from autograder.tests.gradebook.courses import (
    QUIZ,
    configure,
    hand_in,
    nbgrader,
    read,
    verdict,
    write,
)

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


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ("c.AssignLatePenalties.plugin_class = 'nosuch.Plugin'", "nosuch.Plugin"),
        ("c.LateSubmissionPlugin.penalty_method = 'half'", "'penalty_method'.* 'half'"),
        (
            PLUGIN.replace("BasePlugin):", "BasePlugin):\n    def __init__(self, **kw): kw['ada']"),
            r":\d+: KeyError: 'ada'",
        ),
    ],
    ids=["no_such_plugin", "no_such_method", "fails_at_once"],
)
def test_a_plugin_that_cannot_be_made_is_one_sentence_before_anybody_is_graded(
    course: Course, settings: str, complaint: str
) -> None:
    configure(course, settings)
    with pytest.raises(SettingsError, match=f"{MARKER}.*{complaint}.*; mend the plugin"):
        Writer(course, load_assignment(course, QUIZ))


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("1 / (score - score)", "ZeroDivisionError: float division by zero"),
        ("'2'", "TypeError: '2' is no number of points"),
        ("float('nan')", "TypeError: nan is no number of points"),
    ],
    ids=["fails", "text", "nan"],
)
@pytest.mark.parametrize("inside", [True, False], ids=["configuration", "module"])
def test_a_plugin_that_fails_is_one_sentence(
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    complaint: str,
    inside: bool,
) -> None:
    text = PLUGIN.replace("min(score, total_seconds_late // 86400 + 1)", answer)
    if inside:
        configure(course, text)
    else:
        monkeypatch.syspath_prepend(course.root)
        monkeypatch.delitem(sys.modules, "late_module", raising=False)
        (course.root / "late_module.py").write_text(text.partition("module =")[0])
        configure(course, "c.AssignLatePenalties.plugin_class = 'late_module.PointADay'")
    (hand_in(course, QUIZ, "ada") / "timestamp.txt").write_text("2027-03-09 12:00:00 UTC")
    place = MARKER if inside else "late_module.py"
    with pytest.raises(SettingsError, match=rf"{place}.*: {complaint}; mend the plugin"):
        write(course, read(course, QUIZ, "ada"), verdict(load_assignment(course, QUIZ), "ada"))


def test_a_penalty_takes_no_more_than_the_score(course: Course) -> None:
    configure(course, PLUGIN.replace("min(score, total_seconds_late // 86400 + 1)", "1e999"))
    (hand_in(course, QUIZ, "ada") / "timestamp.txt").write_text("2027-03-09 12:00:00 UTC")
    write(course, read(course, QUIZ, "ada"), verdict(load_assignment(course, QUIZ), "ada"))
    assert penalties(course)["ada"][2] == 8.0
