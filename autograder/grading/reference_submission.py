"""What a perfect student would hand in, made from the instructor's notebooks."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.regions import BEGIN, END
from autograder.built import read_built
from autograder.errors import SettingsError
from autograder.grading.suite import load_reference
from autograder.manifest import Assignment
from autograder.paths import Course


def solved_cells(course: Course, assignment: str) -> dict[str, str]:
    """Source of each solution and answer cell by `grade_id`, without the region markers.

    Raises
    ------
    SettingsError
        If the instructor notebooks have not been built.
    """
    found = {}
    folder = course.instructor(assignment)
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise SettingsError(f"{folder}: not built yet; run `autograder build {assignment}`")
    for path in notebooks:
        for cell in read_built(path, assignment).cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("solution"):
                lines = [x for x in cell.source.split("\n") if x.strip() not in (BEGIN, END)]
                found[str(about["grade_id"])] = "\n".join(lines)
    return found


def write_submission(
    course: Course,
    assignment: Assignment,
    folder: Path,
    cells: Mapping[str, str],
    untouched: tuple[str, ...] = (),
) -> None:
    """Write the release's notebooks with these solution cells into `folder`.

    Parameters
    ----------
    cells : source by `grade_id`; cells that are not named stay stubs.
    untouched : notebooks to hand in exactly as they were released.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in assignment.notebooks:
        source = course.release(assignment.id) / f"{notebook.name}.ipynb"
        node: Any = read_built(source, assignment.id)
        for cell in node.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id in cells and notebook.name not in untouched:
                cell.source = cells[grade_id]
        nbformat.write(node, folder / source.name)


def trained_model(course: Course) -> Path:
    """`best_model.npz` of the reference, trained on the embedded sample; cached under build/."""
    target = course.build / "cache" / f"best_model-{_training_digest(course)}.npz"
    if not target.is_file():
        load_reference(course)  # puts solutions and nnkit on the path
        import numpy as np
        from nnkit import sample_data, save_model

        from solutions.training import train_best_model

        target.parent.mkdir(parents=True, exist_ok=True)
        np.random.seed(0)
        temporary = target.with_name(f"{os.getpid()}.npz")
        with contextlib.redirect_stdout(io.StringIO()):  # nnkit talks to students
            save_model(train_best_model(sample_data()), temporary, dataset="sample")
        os.replace(temporary, target)
    return target


def write_reference(course: Course, assignment: Assignment, folder: Path) -> None:
    """Write the perfect submission, with the files that its tasks ask for."""
    write_submission(course, assignment, folder, solved_cells(course, assignment.id))
    for task in assignment.tasks:
        for name in task.files:
            shutil.copyfile(trained_model(course), folder / name)


def _training_digest(course: Course) -> str:
    digest = hashlib.sha256()
    for path in sorted([*course.solutions.glob("*.py"), *course.nnkit.rglob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
