"""The graded notebooks: what lies in autograded/, and what stock nbgrader makes of it."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.connection import course_directory
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.gradebook.courses import (
    NETS,
    QUIZ,
    hand_in,
    nbgrader,
    put_autograded,
    read,
    record,
    verdict,
)

HOSTILE_ANSWER = """<script>alert('answer')</script>
<img src=x onerror="alert('image')">

[a link](javascript:alert('link')) ![a picture](https://evil.example/pixel.png)
![pasted](attachment:nowhere.png)

```mermaid
</pre><script>alert('diagram')</script>
```
"""
HOSTILE_MESSAGE = "<script>alert('message')</script>"


def grade_again(course: Course, assignment: str, student: str, share: float = 1.0) -> Path:
    submission = read(course, assignment, student)
    result = verdict(load_assignment(course, assignment), student, share, HOSTILE_MESSAGE)
    put_autograded(course, submission, result)
    return course.autograded(assignment, student)


def test_every_notebook_is_there_even_if_it_was_not_handed_in(course: Course) -> None:
    (hand_in(course, NETS, "ada") / "Dropout.ipynb").unlink()
    folder = grade_again(course, NETS, "ada", 0.0)
    assert sorted(p.name for p in folder.iterdir()) == ["Dropout.ipynb", "FullyConnectedNets.ipynb"]


def test_timestamp_and_pictures_are_copied_and_nothing_else(course: Course) -> None:
    handed_in = hand_in(course, QUIZ, "ada")
    for name in ("timestamp.txt", "work.PNG", "best_model.npz", "notes.html", "drawing.svg"):
        (handed_in / name).write_bytes(b"2027-03-01 00:00:00 UTC")
    (handed_in / "link.png").symlink_to("/etc/passwd")
    folder = grade_again(course, QUIZ, "ada")
    assert sorted(p.name for p in folder.iterdir()) == ["Quiz8.ipynb", "timestamp.txt", "work.PNG"]


def test_grading_again_replaces_what_was_there(course: Course) -> None:
    stamp = hand_in(course, QUIZ, "ada") / "timestamp.txt"
    stamp.write_text("2027-03-01 00:00:00 UTC")
    grade_again(course, QUIZ, "ada")
    stamp.unlink()
    folder = grade_again(course, QUIZ, "ada", 0.5)
    (path,) = folder.iterdir()
    outputs = [
        cell.outputs
        for cell in nbformat.read(path, as_version=4).cells
        if cell.id == "conv_forward_naive_check"
    ]
    assert outputs[0][1].data["text/plain"] == "4.0"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.fixture
def graded_course(course: Course) -> Course:
    """One submission with a hostile answer, recorded, and one answer scored by hand."""
    hand_in(course, QUIZ, "ada", {"convolve_by_hand": HOSTILE_ANSWER})
    result = verdict(load_assignment(course, QUIZ), "ada", 0.5, HOSTILE_MESSAGE)
    record(course, read(course, QUIZ, "ada"), result)
    with Gradebook(course_directory(course).db_url) as gradebook:
        grade = gradebook.find_grade("convolve_by_hand", "Quiz8", QUIZ, "ada")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    return course


def test_export_adds_scores_given_by_hand_to_the_automatic_ones(graded_course: Course) -> None:
    nbgrader(graded_course, "export", "--to", "grades.csv", "--assignment", QUIZ)
    with open(graded_course.root / "grades.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == ("ada", 7.5, 20.0)


def test_feedback_shows_scores_and_obeys_nothing(graded_course: Course) -> None:
    nbgrader(graded_course, "generate_feedback", QUIZ)
    page = (graded_course.root / "feedback" / "ada" / QUIZ / "Quiz8.html").read_text("utf-8")
    assert "Score: 7.5 / 20.0" in page
    for word in ("answer", "message", "diagram"):
        assert f"&lt;script&gt;alert('{word}')" in page.replace("&#39;", "'").replace("&#x27;", "'")
    for forbidden in ("<script>alert", "<img src=x", 'href="javascript', "evil.example"):
        assert forbidden not in page
