"""The same tasks for other graders: our notebooks, graded by the classic checks.

Only made for comparison. What trains nets is left out, and so are demonstrations, whose numerical
gradients the checks compute already: this is the quickest form of such a course that still grades
each function.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.authoring.notebooks import METADATA
from autograder.built import read_built
from autograder.grading.suite import load_reference
from autograder.manifest import Assignment
from autograder.paths import Course
from benchmarks.classic import CHECKS

NAME = "NeuralNets"
SET_UP = "%matplotlib inline"  # of plain cells the only one that is no demonstration
CHECK = "_check"


def peer_notebook(course: Course, assignment: Assignment) -> NotebookNode:
    """Return the instructor's notebooks as one, with the classic checks in its grade cells.

    One, because a later notebook needs the functions of an earlier one, and neither of the others
    shows one notebook the next; a second kernel would cost them time, too.
    """
    reference = reference_names(course)
    cells: list[NotebookNode] = []
    for notebook in assignment.notebooks:
        path = course.instructor(assignment.id) / f"{notebook.name}.ipynb"
        read = read_built(path, assignment.id).cells
        cells += [c for c in read if _stays(c) and not (cells and c.source.startswith(SET_UP))]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03}"
        if id_of(cell).endswith(CHECK):
            cell.source = CHECKS[id_of(cell).removesuffix(CHECK)].cell(reference)
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def with_solutions(node: NotebookNode, cells: Mapping[str, str]) -> NotebookNode:
    """Return a released notebook with a student's solution cells; those not named stay stubs."""
    solved = nbformat.from_dict(node)
    for cell in solved.cells:
        cell.source = cells.get(id_of(cell), cell.source)
    return solved


def reference_names(course: Course) -> dict[str, Any]:
    """Return what a solved notebook has in its namespace."""
    names = dict(vars(load_reference(course)))
    import nnkit
    import numpy

    return names | {"np": numpy, "rel_error": nnkit.rel_error}


def id_of(cell: NotebookNode) -> str:
    """Return the `grade_id` of a cell, or nothing."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _stays(cell: NotebookNode) -> bool:
    """Whether a cell is text, given, an answer, or of a task with a classic check."""
    about = cell.metadata.get("nbgrader", {})
    if cell.cell_type == "markdown" or (about.get("locked") and not about.get("grade")):
        return True
    if not about:
        return bool(cell.source.startswith(SET_UP))
    return id_of(cell).removesuffix(CHECK) in CHECKS
