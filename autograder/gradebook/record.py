"""Everything that is stored of one submission, made where its verdict was found.

make_record(grader: Grader, submission: Submission, result: Result) -> Record
record_of(course, assignment, submission, result) -> Record

The one process that stores a class has nothing left to do but to store it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from autograder.gradebook.autograded import TIMESTAMP, autograded_files
from autograder.gradebook.cells import CHECK_SUFFIX, graded_notebooks, marks, plain_score
from autograder.grading.results import Result, to_json
from autograder.manifest import Assignment
from autograder.paths import Course
from autograder.submissions import Submission
from autograder.submissions.files import FileFault, read_bytes
from autograder.submissions.release import Release, read_release

if TYPE_CHECKING:
    from autograder.grading.runner import Grader

NO_RESPONSE = "No response."
LONGEST_TIMESTAMP = 1000


@dataclass(frozen=True)
class NotebookRecord:
    """What the gradebook is told of one notebook.

    Attributes
    ----------
    scores : by grade cell; None if it is an answer that somebody has to read.
    comments : automatic ones, by solution cell.
    """

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]


@dataclass(frozen=True)
class Record:
    """One submission's verdict as it is stored.

    Attributes
    ----------
    result : the result file.
    files : what lies in autograded/, by name.
    notebooks : what the gradebook is told, by notebook.
    timestamp : the text of `timestamp.txt`, nbgrader's for when a submission was made; or "".
    """

    student: str
    assignment: str
    result: bytes
    files: Mapping[str, bytes]
    notebooks: Mapping[str, NotebookRecord]
    timestamp: str = ""


def make_record(grader: Grader, submission: Submission, result: Result) -> Record:
    """Make the record of what `grader` read and judged.

    Raises
    ------
    ResultError
        If the result lacks a verdict or a score is out of range.
    """
    return record_of(grader.course, grader.assignment, submission, result)


def record_of(
    course: Course, assignment: Assignment, submission: Submission, result: Result
) -> Record:
    """Make a record without a grader."""
    releases = read_release(course.release(assignment.id), assignment)
    graded = graded_notebooks(submission, result, assignment, releases.values())
    return Record(
        student=submission.student,
        assignment=assignment.id,
        result=to_json(result).encode(),
        files=autograded_files(submission, graded),
        notebooks={
            name: _notebook_record(notebook, releases[name], result)
            for name, notebook in graded.items()
        },
        timestamp=timestamp_text(submission.path),
    )


def timestamp_text(folder: Path) -> str:
    """Return what nbgrader's `timestamp.txt` says of a submission, or "" """
    try:
        return read_bytes(folder / TIMESTAMP, LONGEST_TIMESTAMP).decode("utf-8")
    except (FileFault, UnicodeDecodeError):
        return ""


def _notebook_record(notebook: NotebookNode, release: Release, result: Result) -> NotebookRecord:
    untouched = release.untouched(notebook)
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in notebook.cells:
        about = marks(cell)
        if not about:
            continue
        name = about["grade_id"]
        if about.get("solution"):
            comments[name] = NO_RESPONSE if name in untouched else None
        if about.get("grade") and about.get("solution"):
            scores[name] = 0.0 if name in untouched else None
        elif about.get("grade"):
            scores[name] = plain_score(result.task(name.removesuffix(CHECK_SUFFIX)))
    return NotebookRecord(scores, comments)
