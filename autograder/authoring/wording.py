"""What the text of a notebook says otherwise where the code lives in modules.

`source/<assignment>/package.toml` lists the sentences, so that the text is written once:

    [[replace]]
    notebook = "Dropout"
    old = "Save this notebook."
    new = "Save this notebook and your modules."
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from autograder.authoring.definitions import read_text
from autograder.authoring.draft import Draft
from autograder.authoring.material import shown
from autograder.errors import AuthoringError, SettingsError
from autograder.manifest import Assignment
from autograder.paths import Course
from autograder.settings import check_keys, read_toml


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
    lines = read_text(path, where).splitlines()
    check_keys(path, "", table, {"replace"}, {"replace"})
    rows = table["replace"]
    if not isinstance(rows, list):
        raise SettingsError(f"{path}: replace must be written as [[replace]]")
    keys = {field.name for field in fields(Wording)} - {"path", "line"}
    wordings = []
    for number, row in enumerate(rows, 1):
        check_keys(path, f"replace[{number}].", row, keys, keys)
        if not all(isinstance(text, str) and text for text in row.values()):
            raise SettingsError(f"{path}: replace[{number}]: every key is a string, none empty")
        wording = Wording(**row, path=where, line=_line(lines, row["old"]))
        if wording.notebook not in {notebook.name for notebook in assignment.notebooks}:
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
    first = text.splitlines()[0]
    return next((number for number, line in enumerate(lines, 1) if first in line), None)
