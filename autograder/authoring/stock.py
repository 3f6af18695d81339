"""What both runs of nbgrader's GenerateAssignment need, the release's and the gradebook's.

nbgrader_config(course) -> traitlets Config
ErrorLog, a logger's handler that keeps what nbgrader logs instead of raising
"""

from __future__ import annotations

import logging

from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import SettingsError, raised_in
from autograder.paths import MARKER, Course


def nbgrader_config(course: Course) -> Config:
    """What `nbgrader_config.py` of the course says, as stock commands read it.

    Raises
    ------
    SettingsError
        If running the file fails.
    """
    try:
        return PyFileConfigLoader(MARKER, path=str(course.root)).load_config()
    except Exception as error:  # noqa: BLE001 - the file is a program and may raise anything
        raise SettingsError(raised_in(course.root / MARKER, error)) from None


class ErrorLog(logging.Handler):
    """Keeps nbgrader's errors, which it logs instead of raising; everything else is noise here."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
