"""What the gradebook and autograded/ hold already, so that it need not be stored again.

stored = writer.stored()                       (reads the gradebook once)
stored.has(student, folder, result) -> bool
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from autograder.gradebook.cells import CHECK_SUFFIX, plain_score
from autograder.gradebook.record import timestamp_text
from autograder.gradebook.rows import TABLES, moment
from autograder.grading.results import Result
from autograder.manifest import Assignment
from autograder.paths import Course


@dataclass
class _Row:
    """One submission in the gradebook."""

    timestamp: datetime | None
    scores: dict[str, float | None] = field(default_factory=dict)  # automatic ones, by cell


class Stored:
    """The automatic scores of one assignment, as the gradebook had them when this was made."""

    def __init__(self, course: Course, assignment: Assignment, connection: Connection) -> None:
        self._course = course
        self._assignment = assignment
        self._rows: dict[str, _Row] = {}
        about, notebook = TABLES["submitted_assignment"].c, TABLES["submitted_notebook"].c
        grade, cell = TABLES["grade"].c, TABLES["base_cell"].c
        found = connection.execute(
            select(about.student_id, about.timestamp, cell.name, grade.auto_score)
            .join(TABLES["assignment"], TABLES["assignment"].c.id == about.assignment_id)
            .join(TABLES["submitted_notebook"], notebook.assignment_id == about.id)
            .join(TABLES["grade"], grade.notebook_id == notebook.id)
            .join(TABLES["base_cell"], cell.id == grade.cell_id)
            .where(TABLES["assignment"].c.name == assignment.id)
        )
        for student, timestamp, name, score in found:
            self._rows.setdefault(student, _Row(timestamp)).scores[name] = score

    def has(self, student: str, folder: Path, result: Result) -> bool:
        """Whether the gradebook has these scores and autograded/ these notebooks."""
        row = self._rows.get(student)
        if row is None:
            return False
        when = moment(timestamp_text(folder))
        autograded = self._course.autograded(self._assignment.id, student)
        return (
            (when is None or when == row.timestamp)
            and all(
                row.scores.get(task.task + CHECK_SUFFIX) == plain_score(task)
                for task in result.tasks
            )
            and all((autograded / f"{n.name}.ipynb").is_file() for n in self._assignment.notebooks)
        )
