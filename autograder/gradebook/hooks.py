"""Hooks of stock nbgrader's converters; `nbgrader_config.py` names them.

    before_autograde(assignment, student, notebooks)    c.Autograde.pre_convert_hook
    before_release(assignment, student, notebooks)      c.GenerateAssignment.pre_convert_hook

nbgrader swallows what a hook raises; what is missing then, it complains about by itself.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder.gradebook.connection import open_gradebook
from autograder.gradebook.prepare import prepare_gradebook
from autograder.manifest import Assignment, load_assignment
from autograder.paths import Course


def before_autograde(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """Make the gradebook know the assignment, and list every notebook of it for conversion.

    nbgrader lists what lies in the folder. A renamed notebook is not known to the gradebook and
    would be left out, and a missing one would have no page in the formgrader; `RepairingExporter`
    makes both from the submission. The list is nbgrader's own, so it is changed in place.
    """
    course = Course.find()
    folder = Path(notebooks[0]).parent
    manifest = load_assignment(course, folder.name)
    paths = [str(folder / f"{notebook.name}.ipynb") for notebook in manifest.notebooks]
    notebooks += [path for path in paths if path not in notebooks]
    if not _is_known(course, manifest):
        prepare_gradebook(course, manifest)


def before_release(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """Put this environment's programs on PATH, where it is not activated.

    To make a gradebook, nbgrader runs `alembic` by its name.
    """
    if shutil.which("alembic") is None:
        before = os.environ.get("PATH", os.defpath)
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])


def _is_known(course: Course, assignment: Assignment) -> bool:
    with open_gradebook(course) as gradebook:
        try:
            known = gradebook.find_assignment(assignment.id).notebooks
        except MissingEntry:
            return False
        return len(known) == len(assignment.notebooks)
