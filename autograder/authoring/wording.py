"""What the text of a notebook says otherwise where the code lives in modules.

`source/<assignment>/package.toml` lists the sentences, so that the text is written once:

    [[replace]]
    notebook = "Dropout"
    old = "Save this notebook."
    new = "Save this notebook and your modules."
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograder.authoring.definitions import read_text
from autograder.authoring.draft import Draft
from autograder.authoring.material import shown
from autograder.errors import AuthoringError, SettingsError
from autograder.manifest import Assignment
from autograder.paths import Course
from autograder.settings import check_keys, read_toml

KEYS = {"notebook", "old", "new"}


@dataclass(frozen=True)
class Wording:
    """In one notebook, `old` is said as `new`; `path` and `line` are where that is written."""

    notebook: str
    old: str
    new: str
    path: str
    line: int | None

    def error(self, message: str) -> AuthoringError:
        return AuthoringError(self.path, self.line, message)


def load_wordings(course: Course, assignment: Assignment) -> tuple[Wording, ...]:
    """Read `package.toml` of an assignment; without one nothing is said otherwise.

    Raises
    ------
    AuthoringError, SettingsError
        If the file says something wrong.
    """
    path = course.authored(assignment.id) / "package.toml"
    if not path.is_file():
        return ()
    table, where = read_toml(path), shown(course, path)
    check_keys(path, "", table, {"replace"}, {"replace"})
    if not isinstance(table["replace"], list):
        raise SettingsError(f"{path}: replace must be written as [[replace]]")
    lines = read_text(path, where).splitlines()
    notebooks = {notebook.name for notebook in assignment.notebooks}
    wordings = []
    for number, row in enumerate(table["replace"], 1):
        check_keys(path, f"replace[{number}].", row, KEYS, KEYS)
        if not all(isinstance(text, str) for text in row.values()) or not row["old"].strip():
            raise SettingsError(
                f"{path}: replace[{number}]: every key is a string, and old not empty"
            )
        wording = Wording(**row, path=where, line=_line(lines, row["old"]))
        if wording.notebook not in notebooks:
            raise wording.error(f"there is no notebook {wording.notebook!r}")
        wordings.append(wording)
    return tuple(wordings)


def reword(draft: Draft, wordings: tuple[Wording, ...]) -> Draft:
    """Say what is to be said otherwise.

    Raises
    ------
    AuthoringError
        If the old text is not in the notebook, or more than once.
    """
    for wording in wordings:
        if wording.notebook != draft.name:
            continue
        count = sum(cell.source.count(wording.old) for cell in draft.cells)
        if count != 1:
            raise wording.error(f"this text is {count} times in {draft.path}, not exactly once")
        cells = (
            replace(cell, source=cell.source.replace(wording.old, wording.new))
            for cell in draft.cells
        )
        draft = replace(draft, cells=tuple(cells))
    return draft


def _line(lines: list[str], text: str) -> int | None:
    first = text.strip().splitlines()[0]
    return next((number for number, line in enumerate(lines, 1) if first in line), None)
