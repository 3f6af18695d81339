"""Verdicts reach the gradebook with the meaning that stock nbgrader gives them."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades

from autograder.errors import ResultError
from autograder.gradebook.cells import graded_notebooks
from autograder.gradebook.connection import course_directory
from autograder.gradebook.record import record_of, timestamp_text
from autograder.gradebook.rows import moment
from autograder.gradebook.writer import Writer
from autograder.grading.results import Result
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.submissions import Submission
from autograder.submissions.release import read_release
from autograder.tests.gradebook.courses import (
    NETS,
    QUIZ,
    configure,
    hand_in,
    read,
    rows,
    verdict,
    write,
)

CHECK = "conv_forward_naive_check"


def write_as_stock(course: Course, submission: Submission, result: Result) -> None:
    """Let nbgrader's own preprocessor read the scores out of the graded notebooks."""
    name, student = submission.assignment, submission.student
    url = course_directory(course).db_url
    with Gradebook(url) as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(name, student)
    assignment = load_assignment(course, name)
    releases = read_release(course.release(name), assignment).values()
    for notebook, node in graded_notebooks(submission, result, assignment, releases).items():
        about = {"notebook": notebook, "assignment": name, "student": student, "db_url": url}
        SaveAutoGrades().preprocess(node, {"nbgrader": about})


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own, see the writer
def test_the_rows_are_those_of_stock_nbgrader(course: Course, tmp_path: Path) -> None:
    cells = {"adagrad_slows_down": "  ", "adam": "# YOUR CODE HERE\nraise NotImplementedError()"}
    folder = hand_in(course, NETS, "ada", cells)
    (folder / "Dropout.ipynb").unlink()
    submission = read(course, NETS, "ada")
    result = verdict(load_assignment(course, NETS), "ada", 1 / 3)
    other = Course(Path(shutil.copytree(course.root, tmp_path / "stock")))
    write(course, submission, result)
    write_as_stock(other, submission, result)
    assert rows(course, NETS, "ada") == rows(other, NETS, "ada")


def test_an_answer_waits_to_be_read_unless_it_is_untouched(course: Course) -> None:
    stub = next(
        cell.source
        for cell in nbformat.read(course.release(QUIZ) / "Quiz8.ipynb", as_version=4).cells
        if cell.id == "convolve_by_hand"
    )
    hand_in(course, QUIZ, "ada", {"convolve_by_hand": f"{stub}  \n\n"})
    write(course, read(course, QUIZ, "ada"), verdict(load_assignment(course, QUIZ), "ada"))
    stored = rows(course, QUIZ, "ada")
    assert stored["convolve_by_hand"] == (0.0, None, False)
    assert stored["convolve_by_hand comment"] == ("No response.",)
    assert stored["convolution_formula"] == (None, None, True)
    assert stored["convolution_formula comment"] == (None,)


def test_a_missing_notebook_earns_nothing_and_waits_for_nobody(course: Course) -> None:
    folder = hand_in(course, QUIZ, "ada")
    (folder / "Quiz8.ipynb").unlink()
    write(course, read(course, QUIZ, "ada"), verdict(load_assignment(course, QUIZ), "ada", 0.0))
    grades = {k: v for k, v in rows(course, QUIZ, "ada").items() if not k.endswith("comment")}
    assert set(grades.values()) == {(0.0, None, False)}


def test_scores_given_by_hand_are_kept_when_grading_again(course: Course) -> None:
    hand_in(course, QUIZ, "ada")
    submission, assignment = read(course, QUIZ, "ada"), load_assignment(course, QUIZ)
    write(course, submission, verdict(assignment, "ada"))
    with Gradebook(course_directory(course).db_url) as gradebook:
        for cell, score in (("convolve_by_hand", 3.5), (CHECK, 7.0)):
            grade = gradebook.find_grade(cell, "Quiz8", QUIZ, "ada")
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()
    write(course, submission, verdict(assignment, "ada", 0.5))
    stored = rows(course, QUIZ, "ada")
    assert stored["convolve_by_hand"] == (None, 3.5, True)
    assert stored[CHECK] == (4.0, 7.0, True)


def test_a_numpy_scalar_is_stored_as_a_number(course: Course) -> None:
    hand_in(course, QUIZ, "ada")
    result = verdict(load_assignment(course, QUIZ), "ada")
    task = replace(result.tasks[0], score=np.float32(5.5))
    write(course, read(course, QUIZ, "ada"), replace(result, tasks=(task,)))
    with sqlite3.connect(course.gradebook_file) as database:
        stored = database.execute(
            "SELECT auto_score, typeof(auto_score) FROM grade WHERE auto_score > 0"
        ).fetchall()
    database.close()
    assert stored == [(5.5, "real")]


@pytest.mark.parametrize("score", [float("nan"), -1.0, 8.5])
def test_an_impossible_score_changes_nothing(course: Course, score: float) -> None:
    hand_in(course, QUIZ, "ada")
    submission, result = read(course, QUIZ, "ada"), verdict(load_assignment(course, QUIZ), "ada")
    write(course, submission, result)
    before = rows(course, QUIZ, "ada")
    bad = replace(result, tasks=(replace(result.tasks[0], score=score),))
    with pytest.raises(ResultError, match="conv_forward_naive"):
        write(course, submission, bad)
    assert rows(course, QUIZ, "ada") == before


def test_more_points_than_the_gradebook_knows_change_nothing(course: Course) -> None:
    hand_in(course, QUIZ, "ada")
    submission, result = read(course, QUIZ, "ada"), verdict(load_assignment(course, QUIZ), "ada")
    richer = replace(result, tasks=(replace(result.tasks[0], score=9.0, max_score=10.0),))
    with pytest.raises(ResultError, match="has 9 points, the gradebook knows 8"):
        write(course, submission, richer)
    with pytest.raises(MissingEntry):
        rows(course, QUIZ, "ada")


def test_one_students_impossible_score_leaves_the_others_alone(course: Course) -> None:
    assignment = load_assignment(course, QUIZ)
    records = []
    for student in ("ada", "boris"):
        hand_in(course, QUIZ, student)
        result = verdict(assignment, student)
        if student == "ada":
            richer = replace(result.tasks[0], score=9.0, max_score=10.0)
            result = replace(result, tasks=(richer,))
        records.append(record_of(course, assignment, read(course, QUIZ, student), result))
    with Writer(course, assignment) as writer:
        assert set(writer.write(records)) == {"ada"}
    with pytest.raises(MissingEntry):
        rows(course, QUIZ, "ada")
    assert rows(course, QUIZ, "boris")[CHECK] == (8.0, None, False)


def test_several_results_are_written_at_once(course: Course) -> None:
    assignment = load_assignment(course, QUIZ)
    for student in ("ada", "boris"):
        hand_in(course, QUIZ, student)
    shares = {"ada": 1.0, "boris": 0.5}
    records = [
        record_of(course, assignment, read(course, QUIZ, s), verdict(assignment, s, share))
        for s, share in shares.items()
    ]
    with Writer(course, assignment) as writer:
        assert writer.write(records) == {}
    assert [rows(course, QUIZ, student)[CHECK][0] for student in shares] == [8.0, 4.0]


def test_a_late_submission_gets_the_penalty_that_the_course_configured(course: Course) -> None:
    configure(course, "c.LateSubmissionPlugin.penalty_method = 'zero'")
    submission_folder = hand_in(course, QUIZ, "ada")
    (submission_folder / "timestamp.txt").write_text("2027-03-09 12:00:00 UTC")
    result = verdict(load_assignment(course, QUIZ), "ada")
    write(course, read(course, QUIZ, "ada"), result)
    with Gradebook(course_directory(course).db_url) as gradebook:
        stored = gradebook.find_submission(QUIZ, "ada")
        assert (stored.score, stored.late_submission_penalty) == (8.0, 8.0)


def test_a_penalty_goes_when_the_submission_is_no_longer_late(course: Course) -> None:
    configure(course, "c.LateSubmissionPlugin.penalty_method = 'zero'")
    stamp = hand_in(course, QUIZ, "ada") / "timestamp.txt"
    for day in ("2027-03-09 12:00:00 UTC", "2027-03-08 12:00:00 UTC"):
        stamp.write_text(day)
        result = verdict(load_assignment(course, QUIZ), "ada")
        write(course, read(course, QUIZ, "ada"), result, force=True)
    with Gradebook(course_directory(course).db_url) as gradebook:
        assert gradebook.find_submission(QUIZ, "ada").late_submission_penalty == 0.0


def test_an_earlier_hand_in_takes_the_place_of_a_later_one_only_if_asked_to(
    course: Course,
) -> None:
    assignment = load_assignment(course, QUIZ)
    stamp = hand_in(course, QUIZ, "ada") / "timestamp.txt"
    stamp.write_text("2027-03-08 12:00:00 UTC")
    write(course, read(course, QUIZ, "ada"), verdict(assignment, "ada"))
    before = rows(course, QUIZ, "ada")
    stamp.write_text("2027-03-08 11:59:59 UTC")
    earlier, worse = read(course, QUIZ, "ada"), verdict(assignment, "ada", 0.5)
    with pytest.raises(ResultError, match="a later hand-in, of 2027-03-08 12:00:00 UTC"):
        write(course, earlier, worse)
    assert rows(course, QUIZ, "ada") == before
    write(course, earlier, worse, force=True)
    assert rows(course, QUIZ, "ada")[CHECK] == (4.0, None, False)


@pytest.mark.parametrize("text", ["", "soon", "2027-99-99", "9" * 5000, "\xff", "1 2 3 4"])
def test_an_unreadable_timestamp_is_no_timestamp(tmp_path: Path, text: str) -> None:
    (tmp_path / "timestamp.txt").write_text(text, encoding="latin-1")
    assert moment(timestamp_text(tmp_path)) is None


def test_a_timestamp_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("2027-03-09 12:00:00 UTC")
    os.symlink(tmp_path / "elsewhere", tmp_path / "timestamp.txt")
    assert timestamp_text(tmp_path) == ""
