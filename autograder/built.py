"""Reads the notebooks that `autograder build` makes, the instructors' and the students'."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.errors import AuthoringError

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
