"""Every error that a user can cause, in one place.

Each message names the place (file and line where there is one) and says what to do. The command
line prints it as one line and exits 1; nothing here ever reaches a user as a traceback.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

NO_ROOM = "make room on its disk"
NOT_ALLOWED = "make it writable"
IN_ITS_PLACE = "move away what lies in its place"
# What to do about a file that could not be read or written.
REMEDIES = {
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.EFBIG: "allow larger files (`ulimit -f`)",
    errno.EROFS: NOT_ALLOWED,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EISDIR: IN_ITS_PLACE,
    errno.ENOTDIR: IN_ITS_PLACE,
    errno.EEXIST: IN_ITS_PLACE,
    errno.EIO: "check its disk",
}


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

    def __reduce__(self) -> tuple[type[AuthoringError], tuple[Path | str, int | None, str]]:
        """Pickle by the arguments and not by the message: grading processes report errors."""
        return type(self), (self.path, self.line, self.message)


class SubmissionError(AutograderError):
    """A path that was to be graded is not there or holds no submission."""


class SandboxUnavailable(AutograderError):
    """A layer of the sandbox is missing on this machine; grading is refused."""


class GradebookError(AutograderError):
    """The gradebook is missing, locked, read-only or of another course."""


class ResultError(AutograderError):
    """A result file is damaged or of an unknown schema."""


class ClusterError(AutograderError):
    """The Dask cluster can't be reached, or its workers can't grade as this machine would."""


def file_fault(error: OSError) -> str:
    """Say which file could not be read or written, why, and what to do."""
    place = error.filename2 or error.filename  # of two paths the one that was to be written
    where = f"{place}: " if place else ""
    remedy = REMEDIES.get(error.errno or 0)
    advice = f"; {remedy} and run the same command again" if remedy else ""
    return f"{where}{error.strerror or error}{advice}"


def raised_in(place: Path, error: BaseException) -> str:
    """Return `file:line: what was raised` for an error of code that an instructor wrote.

    Parameters
    ----------
    place : the file, or the folder of files; of the calls that led there the innermost is named.
    """
    trace = traceback.extract_tb(error.__traceback__)
    calls = [(Path(call.filename), call.lineno) for call in trace]
    if isinstance(error, SyntaxError) and error.filename:
        calls.append((Path(error.filename), error.lineno))
    inside = [(path, line) for path, line in calls if path.is_relative_to(place)]
    path, line = inside[-1] if inside else (place, None)
    where = f"{path}:{line}" if line else f"{path}"
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{where}: {type(error).__name__}: {said}"
