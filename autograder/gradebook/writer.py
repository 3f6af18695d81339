"""Writes verdicts into the gradebook, with the meaning that stock nbgrader gives them.

    with Writer(course: Course, assignment: Assignment) as writer:
        writer.write(records: Sequence[Record]) -> dict[str, str]      (why some were refused)
        writer.stored() -> Stored
        writer.refresh_penalties(students) -> None

The assignment must be known to the gradebook: call `prepare_gradebook` before.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from nbgrader.api import Gradebook

from autograder.authoring.stock import nbgrader_config
from autograder.gradebook.connection import course_directory, open_gradebook
from autograder.gradebook.exclusive import retried, transaction
from autograder.gradebook.explanations import explained
from autograder.gradebook.penalties import Penalties
from autograder.gradebook.record import Record
from autograder.gradebook.rows import merge, read_layout, refusal, submitted, superseded
from autograder.gradebook.stored import Stored
from autograder.manifest import Assignment
from autograder.owner import Owner
from autograder.paths import MARKER, Course

AT_ONCE = 500  # students that one statement asks about


class Writer(Owner):
    """An open gradebook that takes submissions by the batch.

    A batch is written as a whole or not at all; what was written before an error stays.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course = course
        self._assignment = assignment
        config = nbgrader_config(course)
        self._db_url = course_directory(course, config).db_url
        self._penalties = Penalties(config, course.root / MARKER)
        self._stack = ExitStack()

    def __enter__(self) -> Writer:
        self._gradebook: Gradebook = self._stack.enter_context(open_gradebook(self._course))
        return self

    def write(self, records: Sequence[Record], *, force: bool = False) -> dict[str, str]:
        """Write scores and comments of several students; what was given by hand is kept.

        Parameters
        ----------
        force : write over what the gradebook has of a later hand-in.

        Returns
        -------
        dict
            By student, a sentence on each record that the gradebook cannot take; nothing of it was
            written.

        Raises
        ------
        GradebookError
            If the gradebook cannot be written.
        """
        with explained(self._db_url):
            return retried(lambda: self._write(records, force))

    def _write(self, records: Sequence[Record], force: bool) -> dict[str, str]:
        with transaction(self._gradebook) as connection:
            layout = read_layout(connection, self._assignment.id)
            students = [record.student for record in records]
            known = () if force else submitted(connection, layout, students)
            before = {row.student: row for row in known}
            refused = {
                record.student: refusal(layout, record)
                or superseded(record, before.get(record.student))
                for record in records
            }
            sound = [record for record in records if not refused[record.student]]
            handed = merge(connection, layout, sound)
            self._penalties.assign(connection, layout, handed)
        return {student: sentence for student, sentence in refused.items() if sentence}

    def stored(self) -> Stored:
        """Read what the gradebook holds of the assignment."""
        with explained(self._db_url), self._gradebook.engine.connect() as connection:
            return Stored(self._course, self._assignment, connection)

    def refresh_penalties(self, students: Sequence[str]) -> None:
        """Judge again whether these students' submissions, already stored, are late.

        Raises
        ------
        GradebookError
            If the gradebook cannot be written.
        """
        with explained(self._db_url):
            for start in range(0, len(students), AT_ONCE):
                with transaction(self._gradebook) as connection:
                    layout = read_layout(connection, self._assignment.id)
                    handed = submitted(connection, layout, students[start : start + AT_ONCE])
                    self._penalties.assign(connection, layout, handed)
