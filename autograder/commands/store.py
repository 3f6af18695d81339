"""Stores verdicts so that a kill at any point costs at most the work on one submission.

The result file comes last: it means that autograded/ and the gradebook have everything. Until then
the one before it lies aside, so that the next run neither takes it for the present one nor forgets
which scores it held.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autograder.commands.audit import AuditLog, Line, score_change
from autograder.errors import ResultError, SubmissionError
from autograder.gradebook import Writer, write_autograded
from autograder.grading.executor import Graded, Job
from autograder.grading.known import stamped
from autograder.grading.results import Result, read_result, write_result
from autograder.manifest import Assignment
from autograder.settings import Settings
from autograder.submissions import Submission

AUDIT_LOG = "audit.jsonl"


class Store:
    """Takes one verdict after the other.

    Parameters
    ----------
    on_change : is told of each score that grading again changed.
    """

    def __init__(
        self,
        job: Job,
        assignment: Assignment,
        settings: Settings,
        writer: Writer,
        on_change: Callable[[Line], None],
    ) -> None:
        self._job = job
        self._assignment = assignment
        self._settings = settings
        self._writer = writer
        self._on_change = on_change
        folder = job.course.result_file(assignment.id, "").parent
        self._audit = AuditLog(folder / AUDIT_LOG)

    def keep(self, item: Graded) -> Graded:
        """Store a new verdict; what can't be stored for one student does not stop the others."""
        if item.result is None:
            return item
        try:
            # Read again rather than sent over from the grading process: a notebook is large.
            submission = self._job.terms.read(
                self._job.course, self._assignment, item.path, item.student
            )
            if submission.digest != item.result.digest:
                raise SubmissionError(f"{item.path}: changed while it was graded; grade it again")
            result = stamped(item.result, self._job.terms, self._settings)
            self._replace(submission, result)
        except (SubmissionError, ResultError) as error:
            return replace(item, result=None, error=str(error))
        return replace(item, result=result)

    def _replace(self, submission: Submission, result: Result) -> None:
        path = self._job.course.result_file(result.assignment, result.student)
        set_aside(path)
        self._write(submission, result)
        with contextlib.suppress(ResultError):  # none before, or a damaged one
            change = score_change(read_result(_aside(path)), result)
            if change:
                self._audit.append(change)
                self._on_change(change)
        write_result(path, result)
        _aside(path).unlink(missing_ok=True)

    def restore(self, item: Graded, submission: Submission) -> Graded:
        """Store again what a known verdict's result file promises."""
        if item.result is None:
            return item
        try:
            self._write(submission, item.result)
        except ResultError as error:
            return replace(item, result=None, error=str(error))
        return item

    def _write(self, submission: Submission, result: Result) -> None:
        write_autograded(self._job.course, submission, result)
        self._writer.write(submission, result)


def set_aside(path: Path) -> None:
    """Take a result file out of the way, for the time in which its successor is stored."""
    if path.is_file():
        with contextlib.suppress(FileNotFoundError):  # another grader's doing
            os.replace(path, _aside(path))


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.before")
