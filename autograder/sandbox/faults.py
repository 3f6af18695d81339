"""What can go wrong with a student's code, each with a sentence that the student may read."""

from __future__ import annotations

import re
from collections.abc import Collection

MESSAGE_LENGTH = 300
# The directories of an absolute path; Where the grader lives is not for students.
DIRECTORIES = re.compile(r"(?<![\w./])/(?:[^\s/'\"()<>,;:]+/)+")


class StudentFault(Exception):
    """A student's code did not give an answer; `sentence` is safe to show to the student."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StudentError(StudentFault):
    """The code raised an exception; `etype` is the name of its type."""

    def __init__(self, sentence: str, etype: str = "Exception") -> None:
        super().__init__(sentence)
        self.etype = etype


class StudentTimeout(StudentFault):
    """The code did not answer in time; its process was killed."""


class WorkerDied(StudentFault):
    """The process that ran the code has ended."""


class ProtocolViolation(StudentFault):
    """The process sent something that is not an answer and was killed."""


def read_error(value: object, known: Collection[str]) -> StudentError | None:
    """Make the fault for an exception as the worker told it; None if that is malformed.

    Parameters
    ----------
    value : [type, message, [[cell, line], ...]], innermost frame last.
    known : the cells that were loaded; places elsewhere are not shown.
    """
    match value:
        case [str(etype), str(message), list(places)]:
            etype = clean_name(etype, "Exception")
            text = clean_text(message)
            sentence = f"{etype}: {text}" if text else etype
            return StudentError(sentence + _place(places, known), etype)
    return None


def _place(places: list[object], known: Collection[str]) -> str:
    for place in reversed(places):
        match place:
            case [str(cell), int(line)] if cell in known and 0 < line < 100_000:
                return f" ({cell}, line {line})"
    return ""


def clean_name(name: str, otherwise: str) -> str:
    """`name` if it is an identifier of sensible length."""
    return name if name.isascii() and name.isidentifier() and len(name) <= 60 else otherwise


def clean_text(text: str) -> str:
    """One printable line of at most `MESSAGE_LENGTH` characters without directories."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:4000]).split())
    line = DIRECTORIES.sub("", line)
    return line if len(line) <= MESSAGE_LENGTH else line[: MESSAGE_LENGTH - 1] + "…"
