"""Late penalties, by the plugin that the course configured.

    penalties = Penalties(config, place)
    penalties.assign(connection, layout, submissions) -> None

Stock's preprocessor opens the gradebook once more for each notebook, outside of any transaction.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from numbers import Real
from pathlib import Path

from nbgrader.api import SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Connection, bindparam, select, update
from traitlets.config import Config

from autograder.errors import SettingsError, raised_in
from autograder.gradebook.rows import TABLES, Handed, Layout


class Penalties:
    """Asks the plugin about late submissions, and takes off penalties that no longer hold.

    Parameters
    ----------
    place : the file that configures the plugin.

    Raises
    ------
    SettingsError
        If there is no such plugin, or it can't be made of what the file says.
    """

    def __init__(self, config: Config, place: Path) -> None:
        self._place = place
        try:
            stock = AssignLatePenalties(config=config)
            stock.init_plugin()
        except Exception as error:  # noqa: BLE001 - the plugin is a program and may raise anything
            raise _fault(place, error) from None
        self._plugin = stock.plugin_inst

    def assign(self, connection: Connection, layout: Layout, handed: Sequence[Handed]) -> None:
        """Judge submissions; scores, settings or the due date may have changed since.

        Raises
        ------
        SettingsError
            If the plugin fails, or what it returns is no number.
        """
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
        try:
            penalty = self._plugin.late_submission_penalty(student, score, seconds)
            if penalty is None:
                return None
            if not isinstance(penalty, Real) or math.isnan(penalty):
                raise TypeError(f"{penalty!r} is no number of points")
            return min(max(float(penalty), 0.0), score)
        except Exception as error:  # noqa: BLE001 - as above
            raise _fault(_file_of(type(self._plugin)) or self._place, error) from None


def _file_of(kind: type) -> Path | None:
    try:
        return Path(inspect.getfile(kind))
    except (TypeError, OSError):  # a class in the configuration itself
        return None


def _fault(place: Path, error: Exception) -> SettingsError:
    return SettingsError(f"{raised_in(place, error)}; mend the plugin for late penalties")


def _seconds_late(row: Handed, layout: Layout) -> float:
    """As stock counts, with the student's extension."""
    if row.timestamp is None or layout.due is None:
        return 0
    due = layout.due + row.extension if row.extension else layout.due
    return max(0.0, (row.timestamp - due).total_seconds())
