"""The gradebook learns of an assignment; again and again, and without harm."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.errors import AuthoringError, GradebookError
from autograder.gradebook.connection import course_directory
from autograder.gradebook.prepare import prepare_gradebook
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.gradebook.courses import NETS, QUIZ, hand_in, read, record, rows, verdict


def known(course: Course, assignment: str) -> dict[str, dict[str, float]]:
    """Points of the grade cells that the gradebook knows, by notebook."""
    with Gradebook(course_directory(course).db_url) as gradebook:
        return {
            notebook.name: {cell.name: cell.max_score for cell in notebook.grade_cells}
            for notebook in gradebook.find_assignment(assignment).notebooks
        }


@pytest.mark.parametrize("name", [QUIZ, NETS])
def test_the_gradebook_knows_notebooks_and_points(course: Course, name: str) -> None:
    assignment = load_assignment(course, name)
    expected: dict[str, dict[str, float]] = {n.name: {} for n in assignment.notebooks}
    for task in assignment.tasks:
        expected[task.notebook][task.check_id] = task.points
    for question in assignment.questions:
        expected[question.notebook][question.id] = question.points
    assert known(course, name) == expected


def test_the_gradebook_knows_the_due_date(course: Course) -> None:
    due = load_assignment(course, QUIZ).due
    assert due is not None
    with Gradebook(course_directory(course).db_url) as gradebook:
        stored = gradebook.find_assignment(QUIZ).duedate
    assert stored.replace(tzinfo=UTC) == due
    assert isinstance(stored, datetime)


def test_preparing_again_keeps_scores(course: Course) -> None:
    assignment = load_assignment(course, QUIZ)
    hand_in(course, QUIZ, "ada")
    record(course, read(course, QUIZ, "ada"), verdict(assignment, "ada", 0.5))
    before = rows(course, QUIZ, "ada")
    prepare_gradebook(course, assignment)
    prepare_gradebook(course, assignment)
    assert rows(course, QUIZ, "ada") == before
    assert before["conv_forward_naive_check"][0] == 4.0


def test_the_release_is_neither_needed_nor_touched(
    course: Course, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(course.release(QUIZ))
    prepare_gradebook(course, load_assignment(course, QUIZ))
    assert not course.release(QUIZ).exists()
    assert capfd.readouterr() == ("", "")


def test_an_assignment_that_was_not_built_is_an_error_that_says_so(course: Course) -> None:
    shutil.rmtree(course.instructor(QUIZ))
    with pytest.raises(AuthoringError, match="run `autograder build quiz-8`"):
        prepare_gradebook(course, load_assignment(course, QUIZ))


def test_cells_changed_after_grading_are_an_error_that_says_what_to_do(course: Course) -> None:
    assignment = load_assignment(course, QUIZ)
    hand_in(course, QUIZ, "ada")
    record(course, read(course, QUIZ, "ada"), verdict(assignment, "ada"))
    path = course.instructor(QUIZ) / "Quiz8.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [c for c in notebook.cells if c.id != "convolution_formula"]
    nbformat.write(notebook, path)
    with pytest.raises(GradebookError, match="nbgrader db assignment remove quiz-8 --force"):
        prepare_gradebook(course, assignment)
