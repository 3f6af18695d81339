"""Writes verdicts into the gradebook, with the meaning that stock nbgrader gives them.

    with Writer(course: Course, assignment: Assignment) as writer:
        writer.write(submission: Submission, result: Result) -> None
    write_results(course, assignment, pairs: Iterable[tuple[Submission, Result]]) -> None

The assignment must be known to the gradebook: call `prepare_gradebook` before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_grade, is_solution, parse_utc
from sqlalchemy import select

from autograder.authoring.stock import nbgrader_config
from autograder.errors import ResultError
from autograder.gradebook.cells import CHECK_SUFFIX, graded_notebooks, plain_score
from autograder.gradebook.connection import course_directory, open_gradebook
from autograder.gradebook.exclusive import retried, transaction
from autograder.gradebook.explanations import explained
from autograder.grading.results import Result
from autograder.manifest import Assignment
from autograder.paths import Course
from autograder.submissions import Submission
from autograder.submissions.files import read_bytes

NO_RESPONSE = "No response."
LONGEST_TIMESTAMP = 1000


class Writer:
    """An open gradebook that takes one submission after the other.

    A submission is written as a whole or not at all; what was written before an error stays.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course = course
        self._assignment = assignment
        self._config = nbgrader_config(course)
        self._db_url = course_directory(course, self._config).db_url
        self._stack = ExitStack()

    def __enter__(self) -> Writer:
        self._gradebook: Gradebook = self._stack.enter_context(open_gradebook(self._course))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def write(self, submission: Submission, result: Result) -> None:
        """Write one submission's scores and comments; scores given by hand are kept.

        Raises
        ------
        GradebookError
            If the gradebook cannot be written.
        ResultError
            If a score is not a number within its range, or a verdict is missing.
        """
        release = self._course.release(self._assignment.id)
        notebooks = graded_notebooks(submission, result, self._assignment, release)
        with explained(self._db_url):
            retried(lambda: self._write(submission, notebooks, result))

    def _write(
        self, submission: Submission, notebooks: Mapping[str, NotebookNode], result: Result
    ) -> None:
        with transaction(self._gradebook):
            row = self._submission_row(submission)
            ids = [notebook.id for notebook in row.notebooks]
            # A score that is given by hand right now waits, or is seen below.
            grades = select(Grade.id).where(Grade.notebook_id.in_(ids)).with_for_update()
            self._gradebook.db.execute(grades)
            for notebook in row.notebooks:
                _write_notebook(notebook, notebooks[notebook.name], result)
            self._gradebook.db.commit()  # so that the database sums up the new scores
            self._assign_late_penalties(row)

    def _submission_row(self, submission: Submission) -> SubmittedAssignment:
        self._gradebook.update_or_create_student(submission.student)
        when = submission_time(submission.path)
        about = {} if when is None else {"timestamp": when}
        # nbgrader makes the rows before it adds them; a flush in between would warn of each.
        with self._gradebook.db.no_autoflush:
            return self._gradebook.update_or_create_submission(
                self._assignment.id, submission.student, **about
            )

    def _assign_late_penalties(self, row: SubmittedAssignment) -> None:
        """Ask the plugin that the course configured, as stock's preprocessor does.

        Stock's own opens the gradebook once more for each notebook, outside of the transaction.
        """
        late = row.total_seconds_late
        if late <= 0 and not row.late_submission_penalty:
            return
        stock = AssignLatePenalties(config=self._config)
        stock.init_plugin()
        for notebook in row.notebooks:
            penalty = None
            if late > 0:
                penalty = stock.plugin_inst.late_submission_penalty(
                    row.student_id, notebook.score, late
                )
            if penalty is not None:
                penalty = min(max(penalty, 0), notebook.score)
            notebook.late_submission_penalty = penalty


def write_results(
    course: Course, assignment: Assignment, pairs: Iterable[tuple[Submission, Result]]
) -> None:
    """Write several submissions' results."""
    with Writer(course, assignment) as writer:
        for submission, result in pairs:
            writer.write(submission, result)


def submission_time(folder: Path) -> datetime | None:
    """When a submission was made, from nbgrader's `timestamp.txt`; None without a readable one."""
    try:
        text = read_bytes(folder / "timestamp.txt", LONGEST_TIMESTAMP).decode("utf-8").strip()
        return parse_utc(text) if text else None
    except Exception:  # noqa: BLE001 - for some texts dateutil raises what it does not document
        return None


def _write_notebook(row: SubmittedNotebook, notebook: NotebookNode, result: Result) -> None:
    grades = {grade.name: grade for grade in row.grades}
    comments = {comment.name: comment for comment in row.comments}
    for cell in notebook.cells:
        if is_grade(cell):
            grade = grades[cell.metadata.nbgrader.grade_id]
            grade.auto_score = _auto_score(cell, result, grade.max_score)
            grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        if is_solution(cell):
            comment = comments[cell.metadata.nbgrader.grade_id]
            comment.auto_comment = NO_RESPONSE if _is_untouched(cell) else None


def _auto_score(cell: NotebookNode, result: Result, max_score: float) -> float | None:
    """Return a grade cell's score; None if it is an answer that somebody has to read."""
    if is_solution(cell):
        return 0.0 if _is_untouched(cell) else None
    task_id = cell.metadata.nbgrader.grade_id.removesuffix(CHECK_SUFFIX)
    score = plain_score(result.task(task_id))
    if score > max_score:
        raise ResultError(
            f"{result.student}: {task_id} has {score:g} points, the gradebook knows {max_score:g}; "
            "grade again"
        )
    return score


def _is_untouched(cell: NotebookNode) -> bool:
    return bool(cell.metadata.nbgrader.get("checksum") == compute_checksum(cell))
