"""Names of folders that were chosen to reach into nbgrader's table of grades."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, Student
from nbgrader.plugins import CsvExportPlugin

from autograder.paths import Course
from autograder.submissions.find import find_submissions

FORMULAS = [
    "=HYPERLINK('evil.example','grade')",
    "=cmd|' -C calc'!A0",
    "+1+1",
    "-2-3",
    "@SUM(1)",
    "\uff1d1+1",  # full width
    " =1+1",
    "\t=1+1",
    "\r=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
]
COLUMNS = ["eve,Eve,Adams,e@x,10,0,10,10", 'eve"', "eve;=1+1", "eve\nada,,,,10,0,10,10"]
TERMINAL = ["\x1b]0;owned\x07", "eve\u202egnp", "eve\x7f", "\udcffeve"]


def hand_in(root: Path, *names: str) -> Course:
    course = Course(root)
    for name in names:
        course.submission("mini", name).mkdir(parents=True)
    return course


@pytest.mark.parametrize("name", [*FORMULAS, *COLUMNS, *TERMINAL], ids=ascii)
def test_a_name_that_is_more_than_a_name_is_not_graded(tmp_path: Path, name: str) -> None:
    found = find_submissions(hand_in(tmp_path, name, "ada"), "mini")
    assert [student for student, _ in found.submissions] == ["ada"]
    (sentence,) = found.skipped
    assert sentence.isprintable()


def test_a_name_that_the_gradebook_has_no_room_for_stops_nobody_else(tmp_path: Path) -> None:
    room = Student.__table__.c.id.type.length  # PostgreSQL refuses a batch with a longer one
    names = ["a" * room, "b" * (room + 1), "ä" * 100, "ä" * 101, "ada"]
    found = find_submissions(hand_in(tmp_path, *names), "mini")
    assert [student for student, _ in found.submissions] == ["a" * room, "ada", "ä" * 100]
    assert [sentence.partition(": ")[2] for sentence in found.skipped] == [
        "the name is longer than 128 characters; rename the folder",
        "the name is longer than 200 bytes; rename the folder",
    ]


def test_every_other_name_is_one_cell_of_the_exported_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # nbgrader marks a new database's version by a command that is installed beside Python.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    names = [
        "O'Brien",
        "Zoë",
        "李雷",
        "<b>ada",
        "a=1+1",
        "ada {0} {score} %s",
        "$(reboot)",
    ]
    found = find_submissions(hand_in(tmp_path, *names), "mini")
    assert sorted(names) == [student for student, _ in found.submissions]
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("mini")
        for student, _ in found.submissions:
            gradebook.add_student(student)
        CsvExportPlugin(to=str(tmp_path / "grades.csv")).export(gradebook)
    with open(tmp_path / "grades.csv", newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert sorted(row[header.index("student_id")] for row in rows) == sorted(names)
    assert {len(row) for row in rows} == {len(header)}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
