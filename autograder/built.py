"""Reads the notebooks that `autograder build` makes, the instructors' and the students'."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.errors import AuthoringError
from autograder.manifest import Assignment

if TYPE_CHECKING:
    from nbformat import NotebookNode


def read_built(path: Path, assignment: str) -> NotebookNode:
    """Return a notebook of a release or of build/source.

    Raises
    ------
    AuthoringError
        If it is not there or damaged; both are mended by a build.
    """
    advice = f"run `autograder build {assignment}`"
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise AuthoringError(path, None, f"not built; {advice}") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, ValueError, KeyError):
        raise AuthoringError(path, None, f"not a notebook any more; {advice}") from None


def check_points(release: Path, assignment: Assignment) -> None:
    """Refuse a release that was built before points changed.

    Raises
    ------
    AuthoringError
        If a cell carries other points than `assignment.toml` says: scores would not fit them.
    """
    wanted = {task.check_id: task.points for task in assignment.tasks}
    wanted |= {question.id: question.points for question in assignment.questions}
    for notebook in assignment.notebooks:
        path = release / f"{notebook.name}.ipynb"
        for cell in read_built(path, assignment.id).cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("grade") and about["points"] != wanted.get(about["grade_id"]):
                says = wanted.get(about["grade_id"], "no")
                raise AuthoringError(
                    path,
                    None,
                    f"{about['grade_id']} has {about['points']:g} points here and {says} in "
                    f"assignment.toml; run `autograder build {assignment.id}`",
                )
