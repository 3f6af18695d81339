"""Zip files among what a class handed in, from the command line to the gradebook."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from autograder.grading.results import read_result
from autograder.paths import Course
from autograder.tests.commands.conftest import QUIZ, Autograder, hand_in

Zipped = tuple[Path, str]


def zip_up(folder: Path, *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Put a zip file in the place of a folder's files."""
    path = folder / "hand_in.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for notebook in sorted(folder.glob("*.ipynb")):
            archive.write(notebook, f"quiz-8/{notebook.name}")
            notebook.unlink()
    return path


def points(course: Course) -> dict[str, float]:
    """Every student's points in the gradebook's table of grades."""
    with sqlite3.connect(course.gradebook_file) as gradebook:
        rows = gradebook.execute(
            "select assignment.student_id, sum(grade.auto_score) from grade "
            "join submitted_notebook on grade.notebook_id = submitted_notebook.id "
            "join submitted_assignment as assignment "
            "on submitted_notebook.assignment_id = assignment.id group by assignment.student_id"
        )
        return dict(rows.fetchall())


@pytest.mark.parametrize("place", ["file", "folder"])
def test_one_is_graded_as_what_is_in_it(course: Course, autograder: Autograder, place: str) -> None:
    path = zip_up(hand_in(course, "ada"))
    result = autograder("run", path if place == "file" else path.parent, "-a", QUIZ, "--json", "-")
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["score"] == found["max_score"]
    assert found["problems"] == []


def test_one_that_cannot_be_read_is_worth_nothing_and_says_why(
    course: Course, autograder: Autograder
) -> None:
    (course.root / "quiz.zip").write_bytes(b"PK\x03\x04")
    result = autograder("run", "quiz.zip", "-a", QUIZ, "--json", "-")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["score"] == 0
    assert "note quiz.zip is no zip file or is damaged; zip the folder again" in result.stderr


def test_a_class_goes_on_past_a_broken_one_and_knows_all_of_them_again(
    course: Course, autograder: Autograder
) -> None:
    hand_in(course, "ada")
    zipped = zip_up(hand_in(course, "bo"))
    broken = zip_up(hand_in(course, "eve"))
    broken.write_bytes(broken.read_bytes()[:-30])

    result = autograder("grade", QUIZ, "--jobs", "1")
    assert result.returncode == 0, result.stderr
    assert points(course) == {"ada": 8, "bo": 8, "eve": 0}
    assert "hand_in.zip is no zip file" in read_result(course.result_file(QUIZ, "eve")).problems[0]
    assert (course.autograded(QUIZ, "bo") / "Quiz8.ipynb").is_file()

    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(zipped.parent)
    shutil.move(zipped.parent / "quiz-8" / "Quiz8.ipynb", zipped.parent)
    zip_up(zipped.parent, compression=zipfile.ZIP_STORED)
    assert "3 unchanged, 0 graded" in autograder("grade", QUIZ, "--jobs", "1").stdout

    hand_in(course, "fay")
    shutil.move(course.submission(QUIZ, "fay") / "Quiz8.ipynb", broken.parent)
    result = autograder("grade", QUIZ, "--jobs", "1", "-s", "eve")
    assert "0 unchanged, 1 graded" in result.stdout
    assert points(course)["eve"] == 8


def test_written_answers_in_one_are_collected(course: Course, autograder: Autograder) -> None:
    zip_up(hand_in(course, "ada"))
    result = autograder("manual", "collect", QUIZ)
    assert result.returncode == 0, result.stderr
    answers = json.loads((course.manual(QUIZ) / "answers.json").read_text())
    assert all(question["answers"] for question in answers["questions"])
