"""The release's notebooks as the measure of what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.built import read_built
from autograder.errors import AuthoringError
from autograder.manifest import Assignment, Task

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

    @property
    def source(self) -> str:
        return str(self.node.source)

    @property
    def cell_id(self) -> str:
        return str(self.node.get("id", ""))

    @property
    def locked(self) -> bool:
        """Whether the master's source counts, whatever the student made of the cell."""
        return self.role in ("given", "check")


@dataclass(frozen=True)
class Release:
    """One release notebook and the tasks that are answered in it."""

    name: str
    cells: tuple[ReleaseCell, ...]
    tasks: tuple[Task, ...]
    metadata: dict[str, Any]

    def of(self, *roles: str) -> list[ReleaseCell]:
        return [cell for cell in self.cells if cell.role in roles]


def read_release(folder: Path, assignment: Assignment) -> dict[str, Release]:
    """Read the release of every notebook of `assignment`, in order.

    Raises
    ------
    AuthoringError
        If one of them has not been built or is damaged.
    """
    return {
        notebook.name: _read(folder / f"{notebook.name}.ipynb", notebook.name, assignment)
        for notebook in assignment.notebooks
    }


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


def _read(path: Path, name: str, assignment: Assignment) -> Release:
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
    return Release(name, tuple(cells), tasks, dict(node.metadata))


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
