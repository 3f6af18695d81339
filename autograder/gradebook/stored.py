"""What the gradebook and autograded/ hold already, so that it need not be stored again.

stored = Stored(course, assignment)              (reads the gradebook once)
stored.has(submission, result) -> bool
refresh_penalties(course, assignment, students)  (late penalties of what is not stored again)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import Grade, GradeCell, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.authoring.stock import nbgrader_config
from autograder.gradebook.cells import CHECK_SUFFIX, plain_score
from autograder.gradebook.connection import course_directory, explained, open_gradebook
from autograder.gradebook.writer import submission_time
from autograder.grading.results import Result
from autograder.manifest import Assignment
from autograder.paths import Course
from autograder.submissions import Submission


@dataclass
class _Row:
    """One submission in the gradebook."""

    timestamp: datetime | None
    scores: dict[str, float | None] = field(default_factory=dict)  # automatic ones, by cell


class Stored:
    """The automatic scores of one assignment, as the gradebook had them when this was made."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course = course
        self._assignment = assignment
        self._rows: dict[str, _Row] = {}
        with open_gradebook(course) as gradebook:
            found = (
                gradebook.db.query(
                    SubmittedAssignment.student_id,
                    SubmittedAssignment.timestamp,
                    GradeCell.name,
                    Grade.auto_score,
                )
                .select_from(SubmittedAssignment)
                .join(api.Assignment, SubmittedAssignment.assignment_id == api.Assignment.id)
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .join(GradeCell, Grade.cell_id == GradeCell.id)
                .filter(api.Assignment.name == assignment.id)
            )
            for student, timestamp, cell, score in found:
                self._rows.setdefault(student, _Row(timestamp)).scores[cell] = score

    def has(self, submission: Submission, result: Result) -> bool:
        """Whether the gradebook has these scores and autograded/ these notebooks."""
        row = self._rows.get(submission.student)
        if row is None:
            return False
        when = submission_time(submission.path)
        folder = self._course.autograded(self._assignment.id, submission.student)
        return (
            (when is None or when == row.timestamp)
            and all(
                row.scores.get(task.task + CHECK_SUFFIX) == plain_score(task)
                for task in result.tasks
            )
            and all((folder / f"{n.name}.ipynb").is_file() for n in self._assignment.notebooks)
        )


def refresh_penalties(course: Course, assignment: Assignment, students: Collection[str]) -> None:
    """Let nbgrader's plugin judge late submissions again: its settings or the due date may differ.

    Raises
    ------
    GradebookError
        If the gradebook cannot be written.
    """
    config = nbgrader_config(course)
    db_url = course_directory(course, config).db_url
    with open_gradebook(course) as gradebook:
        late = [
            (row.student_id, notebook.name)
            for row in gradebook.find_assignment(assignment.id).submissions
            if row.student_id in students
            and (row.total_seconds_late > 0 or row.late_submission_penalty)
            for notebook in row.notebooks
        ]
    with explained(db_url):
        for student, name in late:
            about = {"notebook": name, "assignment": assignment.id, "student": student}
            AssignLatePenalties(config=config).preprocess(
                NotebookNode(cells=[]), {"nbgrader": {**about, "db_url": db_url}}
            )
