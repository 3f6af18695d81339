"""Lists the submissions of a course."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from autograder.paths import Course
from autograder.submissions.text import shown

LONGEST_NAME = 200  # bytes: with an ending it is the name of a file
MOST_CHARACTERS = 128  # of the gradebook's column of ids, which PostgreSQL enforces
# `nbgrader export` writes ids into its CSV as they are: these would shift its columns, in any
# language's CSV, and a spreadsheet computes what begins like a formula.
SEPARATORS = frozenset(',;"')
FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Found:
    """`submissions` are pairs of student and folder, sorted; `skipped` says what was left out."""

    submissions: tuple[tuple[str, Path], ...]
    skipped: tuple[str, ...]


def find_submissions(course: Course, assignment_id: str) -> Found:
    """Find every `submitted/<student>/<assignment_id>`.

    The folder's name is the student's id. A name that could not be a file name of its own, an
    option of a command, a line of a report or a cell of a table is skipped, and so are symbolic
    links, because what they point to was not handed in.
    """
    if not course.submitted.is_dir():
        return Found((), ())
    found: list[tuple[str, Path]] = []
    skipped: list[str] = []
    for name in sorted(os.listdir(course.submitted)):
        path = course.submission(assignment_id, name)
        reason = _reason_to_skip(name, path)
        if reason is None:
            found.append((name, path))
        elif reason:
            skipped.append(f"submitted/{shown(name)}: {reason}")
    return Found(tuple(found), tuple(skipped))


def _reason_to_skip(name: str, path: Path) -> str | None:
    """Return None for a submission, "" for something that is none, else what is wrong."""
    if path.parent.is_dir() and not os.access(path.parent, os.R_OK | os.X_OK):
        return "the folder cannot be read; mend its permissions"
    if not os.path.lexists(path):
        return ""
    if not name.isprintable():
        return "the name holds control characters; rename the folder"
    if name.startswith((".", *FORMULA)) or unicodedata.normalize("NFKC", name).startswith(FORMULA):
        return "a student's id must not start with one of . = + - @; rename the folder"
    if SEPARATORS & set(name) or name != name.strip():
        return "a student's id must not hold one of , ; \" nor have spaces around it"
    if len(os.fsencode(name)) > LONGEST_NAME:
        return f"the name is longer than {LONGEST_NAME} bytes; rename the folder"
    if len(name) > MOST_CHARACTERS:
        return f"the name is longer than {MOST_CHARACTERS} characters; rename the folder"
    if path.parent.is_symlink() or path.is_symlink():
        return "is a symbolic link, which is not followed; put the folder itself there"
    if not path.is_dir():
        return f"{path.name} is not a folder"
    return None
