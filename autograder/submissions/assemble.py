"""Chooses the statements of a notebook that run.

Cells that answer a task run statement by statement, whatever the statements are. Of all other
cells only the definitions run, a mixed cell's too: a helper function must not be lost because
a plot stands below it. A task's functions are taken from the one cell that counts for the task;
what redefines them elsewhere is left out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from autograder.errors import AuthoringError
from autograder.manifest import Task
from autograder.program import Program, Statement
from autograder.submissions.align import Alignment, Code, bound_names
from autograder.submissions.cells import Cell
from autograder.submissions.names import Definitions
from autograder.submissions.parse import CellFault, Piece, on_deep_stack, parse_cell
from autograder.submissions.release import Release

MAX_CODE = 1_000_000  # characters of a notebook's code
MAX_STATEMENTS = 5000


def parse_code(cells: Sequence[Cell], release: Release) -> tuple[Code, dict[int, str]]:
    """Parse what may be code; returns statements, and sentences on faults, by place."""
    return on_deep_stack(lambda: _parse_code(cells, release))


def _parse_code(cells: Sequence[Cell], release: Release) -> tuple[Code, dict[int, str]]:
    task_ids = {task.id for task in release.tasks}
    code: dict[int, tuple[Piece, ...]] = {}
    faults: dict[int, str] = {}
    known = release_code(release)
    budget = MAX_CODE
    for place, cell in enumerate(cells):
        if cell.kind != "code" and cell.grade_id not in task_ids:
            continue
        try:
            if len(cell.source) > budget:
                raise CellFault(f"lies beyond the first {MAX_CODE} characters of code")
            budget -= len(cell.source)
            pieces = known.get(cell.source)
            code[place] = parse_cell(cell.source) if pieces is None else pieces
        except CellFault as fault:
            line = "" if fault.line is None else f", line {fault.line}"
            faults[place] = f"cell {cell.number}{line}: {fault}; the cell was left out"
    return code, faults


@lru_cache(maxsize=64)
def release_code(release: Release) -> Mapping[str, tuple[Piece, ...]]:
    """Return the statements of the release's code cells, which many of a student's equal."""
    code = {}
    for cell in release.cells:
        if cell.kind == "code":
            with contextlib.suppress(CellFault):
                code[cell.source] = parse_cell(cell.source)
    return code


@lru_cache(maxsize=64)
def given_statements(release: Release) -> Program:
    """Return the statements of the release's own given code.

    Raises
    ------
    AuthoringError
        If the release's code is not Python.
    """
    where = f"{release.name}, given code"
    statements = []
    for cell in release.of("given"):
        if cell.kind != "code":
            continue
        try:
            pieces = parse_cell(cell.source)
        except CellFault as fault:
            raise AuthoringError(
                f"{release.name}.ipynb", None, f"{cell.grade_id}: {fault}"
            ) from None
        statements += [Statement(piece.source, where, piece.line) for piece in pieces]
    return tuple(statements)


def student_statements(
    release: Release, cells: Sequence[Cell], code: Code, alignment: Alignment
) -> tuple[Program, tuple[str, ...]]:
    """Return the statements that run, in notebook order, and sentences."""
    statements = tuple(_chosen(release, cells, code, alignment))
    said = _defined_twice(release, cells, code, alignment)
    if len(statements) > MAX_STATEMENTS:
        said.append(f"more than {MAX_STATEMENTS} statements; only these many were used")
    return statements[:MAX_STATEMENTS], tuple(said)


def _defined_twice(
    release: Release, cells: Sequence[Cell], code: Code, alignment: Alignment
) -> list[str]:
    """Say where one cell defines a task's function again; of several cells `align` says it."""
    said = []
    for name, place in _homes(release, code, alignment).items():
        count = sum(name in piece.defined for piece in code[place])
        if count > 1:
            times = "twice" if count == 2 else f"{count} times"
            said.append(f"cell {cells[place].number} defines {name} {times}; the last one counts")
    return said


def _chosen(
    release: Release, cells: Sequence[Cell], code: Code, alignment: Alignment
) -> Iterator[Statement]:
    questions = {cell.index for cell in release.of("question")}
    prose = {place for index, place in alignment.cells.items() if index in questions}
    homes = _homes(release, code, alignment)
    definitions = Definitions()
    answered: dict[int, list[Task]] = {}
    for task in release.tasks:
        if task.id in alignment.tasks:
            answered.setdefault(alignment.tasks[task.id], []).append(task)
    for place, pieces in code.items():
        tasks = answered.get(place, [])
        if not tasks and (place in alignment.copies or place in prose):
            continue
        for piece in pieces:
            definition = definitions.admit(piece.node, piece.bound)
            if any(homes.get(name, place) != place for name in piece.defined):
                continue
            if tasks or definition:
                where = f"{release.name}, cell {cells[place].number}"
                yield Statement(piece.source, where, piece.line, _task_of(piece.defined, tasks))


def _homes(release: Release, code: Code, alignment: Alignment) -> dict[str, int]:
    """For each function of a task, the place of the one cell it is taken from."""
    return {
        name: place
        for task in release.tasks
        if (place := alignment.tasks.get(task.id)) is not None
        for name in bound_names(code.get(place, ())) & set(task.functions)
    }


def _task_of(names: frozenset[str], tasks: Sequence[Task]) -> str | None:
    """Return the task whose function this is, else the first one that the cell answers."""
    own = [task.id for task in tasks if names & set(task.functions)]
    return next(iter([*own, *(task.id for task in tasks)]), None)
