"""What the gradebook and autograded/ hold already, so that it need not be stored again.

stored = writer.stored()                       (reads the gradebook once)
stored.has_scores(student, folder, result) -> bool
stored.has_notebooks(student) -> bool
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from autograder.gradebook.cells import CHECK_SUFFIX, plain_score
from autograder.gradebook.record import NO_RESPONSE, timestamp_text
from autograder.gradebook.rows import TABLES, moment
from autograder.grading.results import Result
from autograder.manifest import Assignment
from autograder.paths import Course


@dataclass
class _Row:
    """One submission in the gradebook: what was found automatically, by cell."""

    timestamp: datetime | None
    scores: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)


class Stored:
    """Scores and comments of one assignment, as the gradebook had them when this was made."""

    def __init__(self, course: Course, assignment: Assignment, connection: Connection) -> None:
        self._course = course
        self._assignment = assignment
        self._rows: dict[str, _Row] = {}
        for student, when, cell, score in _cells(connection, assignment.id, "grade", "auto_score"):
            self._rows.setdefault(student, _Row(when)).scores[cell] = score
        for student, when, cell, text in _cells(
            connection, assignment.id, "comment", "auto_comment"
        ):
            self._rows.setdefault(student, _Row(when)).comments[cell] = text

    def has_scores(self, student: str, folder: Path, result: Result) -> bool:
        """Whether the gradebook has these scores and comments."""
        row = self._rows.get(student)
        if row is None:
            return False
        when = moment(timestamp_text(folder))
        return (
            (when is None or when == row.timestamp)
            and self._scores(result).items() <= row.scores.items()
            and all(
                comment == (NO_RESPONSE if cell in result.untouched else None)
                for cell, comment in row.comments.items()
            )
        )

    def has_notebooks(self, student: str) -> bool:
        """Whether autograded/ has all notebooks."""
        folder = self._course.autograded(self._assignment.id, student)
        return all((folder / f"{n.name}.ipynb").is_file() for n in self._assignment.notebooks)

    def _scores(self, result: Result) -> dict[str, float | None]:
        """What a result means for the gradebook's cells: an answer is 0, or is to be read."""
        scores = {task.task + CHECK_SUFFIX: plain_score(task) for task in result.tasks}
        answers = {
            question.id: 0.0 if question.id in result.untouched else None
            for question in self._assignment.questions
        }
        return scores | answers


def _cells(connection: Connection, assignment: str, kind: str, column: str) -> Iterable[Any]:
    """Return student, time of the submission, cell and value of all rows of a table."""
    about, notebook = TABLES["submitted_assignment"].c, TABLES["submitted_notebook"].c
    table, cell = TABLES[kind].c, TABLES["base_cell"].c
    return connection.execute(
        select(about.student_id, about.timestamp, cell.name, table[column])
        .join(TABLES["assignment"], TABLES["assignment"].c.id == about.assignment_id)
        .join(TABLES["submitted_notebook"], notebook.assignment_id == about.id)
        .join(TABLES[kind], table.notebook_id == notebook.id)
        .join(TABLES["base_cell"], cell.id == table.cell_id)
        .where(TABLES["assignment"].c.name == assignment)
    )
