"""Rebuilds a student's notebook on the release's cells, for the gradebook and for feedback.

nbgrader aborts a batch on a duplicated cell and never scores a deleted one. The rebuilt notebook
has every cell of the release once, in order and with the release's metadata, so that nothing a
student did to theirs matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.submissions.align import Alignment
from autograder.submissions.cells import Cell
from autograder.submissions.release import Release, ReleaseCell
from autograder.submissions.submission import Answer


def repair(
    release: Release,
    cells: Sequence[Cell],
    alignment: Alignment,
    answers: Mapping[str, Answer],
) -> NotebookNode:
    """Return the release's notebook with the student's work in it, outputs cleared.

    Cells of the student's own come after the release cell that they stood below. Metadata is that
    of the release itself, shared by all that are repaired with it.
    """
    extras = _extras(cells, alignment)
    rebuilt = list(extras.get(-1, []))
    for cell in release.cells:
        rebuilt.append(_rebuilt(cell, release, cells, alignment, answers))
        rebuilt += extras.get(cell.index, [])
    return NotebookNode({**release.notebook, "cells": rebuilt})


def _rebuilt(
    cell: ReleaseCell,
    release: Release,
    cells: Sequence[Cell],
    alignment: Alignment,
    answers: Mapping[str, Answer],
) -> NotebookNode:
    node = _emptied(cell.node)
    place = alignment.cells.get(cell.index)
    if cell.role == "question":
        node.source = answers[cell.grade_id].text
        places = [] if place is None else [place, *alignment.more.get(cell.index, ())]
        _attach(node, [cells[p] for p in places])
    elif place is not None and not cell.locked:
        node.source = cells[place].source
    elif cell.role == "task" and cell.grade_id in alignment.tasks:
        other = next(t.id for t in release.tasks if _shares(alignment, t.id, cell.grade_id))
        node.source = f"# Written in one cell with {other}."
    return node


def _shares(alignment: Alignment, task: str, other: str) -> bool:
    return task != other and alignment.tasks.get(task) == alignment.tasks[other]


def _attach(node: NotebookNode, cells: Sequence[Cell]) -> None:
    images = {name: dict(versions) for cell in cells for name, versions in cell.images.items()}
    if images:
        node.attachments = from_dict(images)


def _extras(cells: Sequence[Cell], alignment: Alignment) -> dict[int, list[NotebookNode]]:
    """The student's own cells by the release index that they stand below, -1 at the top."""
    index_of = {place: index for index, place in alignment.cells.items()}
    merged = {place for places in alignment.more.values() for place in places}
    extras: dict[int, list[NotebookNode]] = {}
    below = -1
    for place, cell in enumerate(cells):
        below = index_of.get(place, below)
        if place in index_of or place in merged or place in alignment.copies or cell.blank:
            continue
        extras.setdefault(below, []).append(_new_cell(cell))
    return extras


def _emptied(cell: Mapping[str, Any]) -> NotebookNode:
    """Return a new cell like `cell`, without outputs."""
    if cell["cell_type"] == "code":
        return NotebookNode({**cell, "outputs": [], "execution_count": None})
    return NotebookNode(cell)


def _new_cell(cell: Cell) -> NotebookNode:
    about = {"id": f"student-{cell.number}", "cell_type": cell.kind, "metadata": {}}
    node = _emptied({**about, "source": cell.source})
    if cell.kind == "markdown":
        _attach(node, [cell])
    return node
