"""Late penalties, by the plugin that the course configured.

    penalties = Penalties(config)
    penalties.assign(connection, layout, submissions) -> None

Stock's preprocessor opens the gradebook once more for each notebook, outside of any transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from nbgrader.api import SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Connection, bindparam, select, update
from traitlets.config import Config

from autograder.gradebook.rows import TABLES, Handed, Layout


class Penalties:
    """Asks the plugin about late submissions, and takes off penalties that no longer hold."""

    def __init__(self, config: Config) -> None:
        self._stock = AssignLatePenalties(config=config)

    def assign(self, connection: Connection, layout: Layout, handed: Sequence[Handed]) -> None:
        """Judge submissions; scores, settings or the due date may have changed since."""
        late = {row.id: (row.student, _seconds_late(row, layout)) for row in handed}
        notebook = TABLES["submitted_notebook"].c
        rows = connection.execute(
            select(notebook.id, notebook.assignment_id, notebook.late_submission_penalty).where(
                notebook.assignment_id.in_(late)
            )
        ).all()
        rows = [row for row in rows if late[row[1]][1] > 0 or row[2]]
        if not rows:
            return
        found = connection.execute(
            select(SubmittedNotebook.id, SubmittedNotebook.score).where(
                SubmittedNotebook.id.in_([row[0] for row in rows])
            )
        )
        scores = {row[0]: row[1] for row in found}
        self._stock.init_plugin()
        connection.execute(
            update(TABLES["submitted_notebook"]).where(notebook.id == bindparam("row")),
            [
                {
                    "row": row[0],
                    "late_submission_penalty": self._penalty(*late[row[1]], scores[row[0]]),
                }
                for row in rows
            ],
        )

    def _penalty(self, student: str, seconds: float, score: float) -> float | None:
        if seconds <= 0:
            return None
        penalty = self._stock.plugin_inst.late_submission_penalty(student, score, seconds)
        return None if penalty is None else min(max(penalty, 0), score)


def _seconds_late(row: Handed, layout: Layout) -> float:
    """As stock counts, with the student's extension."""
    if row.timestamp is None or layout.due is None:
        return 0
    due = layout.due + row.extension if row.extension else layout.due
    return max(0.0, (row.timestamp - due).total_seconds())
