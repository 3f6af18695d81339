"""Hooks of stock nbgrader's converters; `nbgrader_config.py` names them.

expect_every_notebook(assignment, student, notebooks)    c.Autograde.pre_convert_hook
find_alembic(assignment, student, notebooks)             c.GenerateAssignment.pre_convert_hook
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from autograder.manifest import load_assignment
from autograder.paths import Course


def expect_every_notebook(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """Add the notebooks of the assignment that are not in the list of those to convert.

    nbgrader lists what lies in the folder. A renamed notebook is not known to the gradebook and
    would be left out, and a missing one would have no page in the formgrader; `RepairingExporter`
    makes both from the submission. The list is nbgrader's own, so it is changed in place.
    """
    folder = Path(notebooks[0]).parent
    known = {Path(path).name for path in notebooks}
    expected = load_assignment(Course.find(), folder.name).notebooks
    notebooks += [
        str(folder / f"{n.name}.ipynb") for n in expected if f"{n.name}.ipynb" not in known
    ]


def find_alembic(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """Put this environment's programs on PATH, where it is not activated.

    To make a gradebook, nbgrader runs `alembic` by its name.
    """
    if shutil.which("alembic") is None:
        before = os.environ.get("PATH", os.defpath)
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
