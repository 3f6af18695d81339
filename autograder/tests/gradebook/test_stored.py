"""What is stored already is recognised, and what the gradebook holds of another hand-in is not."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest

from autograder.gradebook.writer import Writer
from autograder.grading.results import Result
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.submissions.release import read_release
from autograder.tests.gradebook.courses import QUIZ, hand_in, read, record, verdict


def result_of(course: Course, share: float = 1.0) -> Result:
    """What grading would find of what Ada has handed in."""
    assignment = load_assignment(course, QUIZ)
    (release,) = read_release(course.release(QUIZ), assignment).values()
    untouched = release.untouched(read(course, QUIZ, "ada").notebooks["Quiz8"])
    return replace(verdict(assignment, "ada", share), untouched=tuple(untouched))


def is_stored(course: Course, result: Result) -> bool:
    with Writer(course, load_assignment(course, QUIZ)) as writer:
        return writer.stored().has_scores("ada", course.submission(QUIZ, "ada"), result)


def stub(course: Course, cell: str) -> str:
    notebook = nbformat.read(course.release(QUIZ) / "Quiz8.ipynb", as_version=4)
    return next(str(node.source) for node in notebook.cells if node.id == cell)


# An answer's score, and the comment on a task, are of the hand-in: no check decides them.
@pytest.mark.parametrize("cell", ["convolve_by_hand", "conv_forward_naive"])
def test_a_cell_that_was_filled_in_since_is_not_stored_yet(course: Course, cell: str) -> None:
    hand_in(course, QUIZ, "ada", {cell: stub(course, cell)})
    before = result_of(course, 0.0)
    record(course, read(course, QUIZ, "ada"), before)
    assert before.untouched == (cell,)
    assert is_stored(course, before)
    hand_in(course, QUIZ, "ada")
    after = result_of(course, 0.0)
    assert after.untouched == ()
    assert not is_stored(course, after)
    record(course, read(course, QUIZ, "ada"), after)
    assert is_stored(course, after)
    assert not is_stored(course, before)


def test_another_score_is_not_stored_yet(course: Course) -> None:
    hand_in(course, QUIZ, "ada")
    assert not is_stored(course, result_of(course))
    record(course, read(course, QUIZ, "ada"), result_of(course))
    assert is_stored(course, result_of(course))
    assert not is_stored(course, result_of(course, 0.5))
