"""What an assignment consists of, read from `source/<assignment>/assignment.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from autograder.errors import SettingsError
from autograder.paths import Course
from autograder.settings import check_keys, read_toml

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
T = TypeVar("T")


@dataclass(frozen=True)
class Notebook:
    """`uses` names an earlier notebook whose definitions this one imports, or is empty."""

    name: str
    uses: str = ""


@dataclass(frozen=True)
class Task:
    """An auto-graded task: one solution cell and one grade cell.

    Attributes
    ----------
    id : stable for good; also the `grade_id` of the solution cell.
    functions : names that the solution cell must define.
    needs : ids of earlier tasks whose code this task calls.
    files : files beside the notebook that are handed in for it, e.g. `best_model.npz`.
    """

    id: str
    notebook: str
    points: float
    functions: tuple[str, ...]
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def check_id(self) -> str:
        """`grade_id` of the cell that carries the points."""
        return f"{self.id}_check"


@dataclass(frozen=True)
class Question:
    """A written answer, graded by hand. Its id is the `grade_id` of the answer cell."""

    id: str
    notebook: str
    points: float
    title: str


@dataclass(frozen=True)
class Assignment:
    """Everything that `assignment.toml` says."""

    id: str
    title: str
    notebooks: tuple[Notebook, ...]
    tasks: tuple[Task, ...]
    questions: tuple[Question, ...]
    due: datetime | None = None

    @property
    def auto_points(self) -> float:
        return sum(task.points for task in self.tasks)

    @property
    def manual_points(self) -> float:
        return sum(question.points for question in self.questions)

    def task(self, task_id: str) -> Task:
        return next(task for task in self.tasks if task.id == task_id)

    def chain(self, notebook: str) -> tuple[str, ...]:
        """Notebooks whose definitions `notebook` sees, itself last."""
        uses = next(n.uses for n in self.notebooks if n.name == notebook)
        return (*self.chain(uses), notebook) if uses else (notebook,)


def load_assignment(course: Course, assignment: str) -> Assignment:
    """Read and check one assignment.

    Raises
    ------
    SettingsError
        If there is no such assignment or its file says something wrong.
    """
    path = course.authored(assignment) / "assignment.toml"
    if not ID.fullmatch(assignment) or not path.is_file():
        known = ", ".join(course.assignments()) or "none"
        raise SettingsError(f"no assignment {assignment!r} in {course.root}; known: {known}")
    table = read_toml(path)
    check_keys(path, "", table, {f.name for f in fields(Assignment)}, {"id", "title", "notebooks"})
    _check_types(path, "", {key: table[key] for key in ("id", "title")})
    if table["id"] != assignment:
        raise SettingsError(f"{path}: id is {table['id']!r} but its folder is {assignment!r}")
    result = Assignment(
        id=assignment,
        title=table["title"],
        notebooks=_rows(path, table, "notebooks", Notebook, {"name"}),
        tasks=_rows(path, table, "tasks", Task, {"id", "notebook", "points", "functions"}),
        questions=_rows(path, table, "questions", Question, {"id", "notebook", "points", "title"}),
        due=_due(path, table.get("due")),
    )
    _check_names(path, result)
    return result


def _rows(
    path: Path, table: dict[str, Any], key: str, make: Callable[..., T], required: set[str]
) -> tuple[T, ...]:
    allowed = {f.name for f in fields(make)}  # type: ignore[arg-type]
    made = []
    rows = table.get(key, [])
    if not isinstance(rows, list):
        raise SettingsError(f"{path}: {key} must be written as [[{key}]]")
    for number, row in enumerate(rows, 1):
        check_keys(path, f"{key}[{number}].", row, allowed, required)
        _check_types(path, f"{key}[{number}].", row)
        made.append(make(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}))
    return tuple(made)


def _check_types(path: Path, prefix: str, row: dict[str, Any]) -> None:
    for key, value in row.items():
        if key == "points":
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 <= value < 1e6:
                raise SettingsError(f"{path}: {prefix}points must be a number >= 0")
        elif key in ("functions", "needs", "files"):
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                raise SettingsError(f"{path}: {prefix}{key} must be a list of strings")
        elif not isinstance(value, str):
            raise SettingsError(f"{path}: {prefix}{key} must be a string")


def _due(path: Path, value: object) -> datetime | None:
    if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
        return value
    raise SettingsError(f"{path}: due must be a date with time and zone, e.g. 2027-03-01T23:59:00Z")


def _check_names(path: Path, assignment: Assignment) -> None:
    ids = [t.id for t in assignment.tasks] + [q.id for q in assignment.questions]
    ids += [t.check_id for t in assignment.tasks]
    names = [n.name for n in assignment.notebooks]
    for kind, values in (("id", ids), ("notebook", names)):
        _unique(path, kind, values)
    seen: set[str] = set()
    for notebook in assignment.notebooks:
        if notebook.uses and notebook.uses not in seen:
            raise SettingsError(f"{path}: {notebook.name} uses {notebook.uses}, not one above it")
        seen.add(notebook.name)
    done: set[str] = set()
    for task in assignment.tasks:
        _check_home(path, task.id, task.notebook, names)
        for need in task.needs:
            if need not in done:
                raise SettingsError(f"{path}: {task.id} needs {need!r}, not a task above it")
        done.add(task.id)
    for question in assignment.questions:
        _check_home(path, question.id, question.notebook, names)


def _check_home(path: Path, item: str, notebook: str, names: list[str]) -> None:
    if notebook not in names:
        raise SettingsError(f"{path}: {item} is in notebook {notebook!r}, which is not listed")


def _unique(path: Path, kind: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if not ID.fullmatch(value):
            raise SettingsError(f"{path}: {kind} {value!r} may hold letters, digits, - and _ only")
        if value in seen:
            raise SettingsError(f"{path}: {kind} {value!r} is used twice")
        seen.add(value)
