"""The release's notebooks as the measure of what comes back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.built import read_built
from autograder.errors import AuthoringError
from autograder.manifest import Assignment, Task
from autograder.submissions.text import code_key

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class ReleaseCell:
    """One cell of a release notebook.

    `role` is "task", "exercise", "question", "given", "check" or "plain"; `grade_id` is empty for
    plain cells.
    """

    index: int
    role: str
    grade_id: str
    node: NotebookNode

    @cached_property
    def source(self) -> str:
        return str(self.node.source)

    @cached_property
    def key(self) -> str:
        return code_key(self.source)

    @cached_property
    def kind(self) -> str:
        return str(self.node.cell_type)

    @cached_property
    def cell_id(self) -> str:
        return str(self.node.get("id", ""))

    @property
    def locked(self) -> bool:
        """Whether the master's source counts, whatever the student made of the cell."""
        return self.role in ("given", "check")


@dataclass(frozen=True, eq=False)
class Release:
    """One release notebook and the tasks that are answered in it; never to be changed.

    `notebook` is what was read.
    """

    name: str
    cells: tuple[ReleaseCell, ...]
    tasks: tuple[Task, ...]
    notebook: NotebookNode

    def of(self, *roles: str) -> list[ReleaseCell]:
        return [cell for cell in self.cells if cell.role in roles]

    def untouched(self, notebook: NotebookNode) -> list[str]:
        """Name the tasks, exercises and questions that a repaired notebook left as they were.

        What stock nbgrader finds by a checksum over source and metadata, which is the release's.
        """
        sources = {
            cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"]
            for cell in notebook.cells
        }
        stubs = self.of("task", "exercise", "question")
        return [stub.grade_id for stub in stubs if sources.get(stub.grade_id) == stub.source]


def untouched(
    releases: Mapping[str, Release], notebooks: Mapping[str, NotebookNode]
) -> tuple[str, ...]:
    """Name what was left as it was released; a notebook that is missing is the release's."""
    return tuple(
        cell
        for name, release in releases.items()
        for cell in release.untouched(notebooks.get(name, release.notebook))
    )


def read_release(folder: Path, assignment: Assignment) -> dict[str, Release]:
    """Read the release of every notebook of `assignment`, in order.

    Raises
    ------
    AuthoringError
        If one of them has not been built or is damaged.
    """
    paths = {notebook.name: folder / f"{notebook.name}.ipynb" for notebook in assignment.notebooks}
    return {name: _read(path, name, assignment, _state(path)) for name, path in paths.items()}


def check_points(folder: Path, release: Mapping[str, Release], assignment: Assignment) -> None:
    """Refuse a release that was built before points changed.

    Raises
    ------
    AuthoringError
        If a cell carries other points than `assignment.toml` says: scores would not fit them.
    """
    wanted = {task.check_id: task.points for task in assignment.tasks}
    wanted |= {question.id: question.points for question in assignment.questions}
    for notebook in release.values():
        for cell in notebook.cells:
            about = cell.node.metadata.get("nbgrader", {})
            if about.get("grade") and about["points"] != wanted.get(about["grade_id"]):
                says = wanted.get(about["grade_id"], "no")
                raise AuthoringError(
                    folder / f"{notebook.name}.ipynb",
                    None,
                    f"{about['grade_id']} has {about['points']:g} points here and {says} in "
                    f"assignment.toml; run `autograder build {assignment.id}`",
                )


def _state(path: Path) -> tuple[int, ...] | None:
    """What differs when a file was written again; None if it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


@lru_cache(maxsize=64)  # a class is read against the same few notebooks
def _read(path: Path, name: str, assignment: Assignment, state: object) -> Release:
    node = read_built(path, assignment.id)
    tasks = tuple(task for task in assignment.tasks if task.notebook == name)
    task_ids = {task.id for task in tasks}
    question_ids = {q.id for q in assignment.questions if q.notebook == name}
    cells = []
    for index, cell in enumerate(node.cells):
        marks = cell.metadata.get("nbgrader", {})
        grade_id = str(marks.get("grade_id", ""))
        role = _role(marks, grade_id, task_ids, question_ids)
        cells.append(ReleaseCell(index, role, grade_id, cell))
    return Release(name, tuple(cells), tasks, node)


def _role(marks: dict[str, Any], grade_id: str, tasks: set[str], questions: set[str]) -> str:
    if grade_id in tasks:
        return "task"
    if grade_id in questions:
        return "question"
    if marks.get("solution"):
        return "exercise"
    if marks.get("grade"):
        return "check"
    return "given" if marks.get("locked") else "plain"
