"""Every error that a user can cause, in one place.

Each message names the place (file and line where there is one) and says what to do. The command
line prints it as one line and exits 1; nothing here ever reaches a user as a traceback.
"""

from __future__ import annotations

from pathlib import Path


class AutograderError(Exception):
    """Something the user can mend; `str(error)` is the whole message."""


class SettingsError(AutograderError):
    """A course file (`course.toml`, `assignment.toml`) says something wrong."""


class AuthoringError(AutograderError):
    """Authored text, solutions or the release break a rule of the build."""

    def __init__(self, path: Path | str, line: int | None, message: str) -> None:
        self.path, self.line, self.message = path, line, message
        where = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{where}: {message}")


class SubmissionError(AutograderError):
    """A path that was to be graded is not there or holds no submission."""


class SandboxUnavailable(AutograderError):
    """A layer of the sandbox is missing on this machine; grading is refused."""


class GradebookError(AutograderError):
    """The gradebook is missing, locked, read-only or of another course."""


class ResultError(AutograderError):
    """A result file is damaged or of an unknown schema."""
