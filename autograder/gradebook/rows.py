"""The gradebook's tables: how a batch of submissions is merged into them.

read_layout(connection, assignment) -> Layout           (an assignment's notebooks and cells)
refusal(layout, record) -> str                          (why it does not fit them, or "")
superseded(record, before) -> str                       (why a later hand-in stays, or "")
merge(connection, layout, records) -> list[Handed]      (makes rows, changes what differs)

nbgrader's own api asks for each cell in several statements; here each table is asked once for a
whole batch. The rows come out the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import Base, MissingEntry, new_uuid
from nbgrader.utils import parse_utc
from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update

from autograder.gradebook.record import Record

TABLES = Base.metadata.tables

Key = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """An assignment as the gradebook knows it.

    Attributes
    ----------
    notebooks : id by name.
    grade_cells, solution_cells : id by the notebook's name and the cell's.
    points : by the same names as `grade_cells`.
    """

    id: str
    due: datetime | None
    notebooks: Mapping[str, str]
    grade_cells: Mapping[tuple[str, str], str]
    solution_cells: Mapping[tuple[str, str], str]
    points: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Handed:
    """A submission's row."""

    id: str
    student: str
    timestamp: datetime | None
    extension: timedelta | None


def read_layout(connection: Connection, name: str) -> Layout:
    """Read what the gradebook knows of an assignment.

    Raises
    ------
    MissingEntry
        If it knows none of that name.
    """
    about, notebook = TABLES["assignment"].c, TABLES["notebook"].c
    found = connection.execute(select(about.id, about.duedate).where(about.name == name)).first()
    if found is None:
        raise MissingEntry(f"no such assignment: {name}")
    notebooks = connection.execute(
        select(notebook.name, notebook.id).where(notebook.assignment_id == found.id)
    )
    of_grades = _cells(connection, found.id, "grade_cells", TABLES["grade_cells"].c.max_score)
    of_solutions = _cells(connection, found.id, "solution_cells")
    return Layout(
        id=found.id,
        due=found.duedate,
        notebooks={row.name: row.id for row in notebooks},
        grade_cells={(row.notebook, row.name): row.id for row in of_grades},
        solution_cells={(row.notebook, row.name): row.id for row in of_solutions},
        points={(row.notebook, row.name): row.max_score for row in of_grades},
    )


def refusal(layout: Layout, record: Record) -> str:
    """Say why a record does not fit the assignment; "" if it does."""
    for notebook, about in record.notebooks.items():
        for cell, score in about.scores.items():
            points = layout.points.get((notebook, cell))
            name = f"{record.student}: {cell.removesuffix('_check')}"
            if points is None:
                return f"{name} is unknown to the gradebook; grade again"
            if score is not None and score > points:
                return f"{name} has {score:g} points, the gradebook knows {points:g}; grade again"
    return ""


def superseded(record: Record, before: Handed | None) -> str:
    """Say that the gradebook has a later hand-in than the record's; "" if it has none.

    Another machine may have graded what this one has not collected yet.
    """
    when = moment(record.timestamp)
    if before is None or before.timestamp is None or when is None or before.timestamp <= when:
        return ""
    return (
        f"{record.student}: handed in at {when} UTC, but the gradebook has a later hand-in, of "
        f"{before.timestamp} UTC; collect that one, or let this one count by --force"
    )


def merge(connection: Connection, layout: Layout, records: Sequence[Record]) -> list[Handed]:
    """Store records; scores and comments that were given by hand are kept."""
    handed = _merge_submissions(connection, layout, records)
    notebooks = _merge_notebooks(connection, layout, [row.id for row in handed])
    ids = sorted(notebooks.values())
    of = {row.student: row.id for row in handed}
    scores: dict[Key, float | None] = {}
    comments: dict[Key, Mapping[str, str | None]] = {}
    for record in records:
        for name, notebook in layout.notebooks.items():
            row, about = notebooks[of[record.student], notebook], record.notebooks[name]
            for cell, score in _filled(layout.grade_cells, name, about.scores):
                scores[row, cell] = score
            for cell, comment in _filled(layout.solution_cells, name, about.comments):
                comments[row, cell] = {"auto_comment": comment}
    _merge_grades(connection, ids, scores)
    found = _rows(connection, "comment", ("notebook_id", "cell_id"), "notebook_id", ids)
    _merge(connection, "comment", ("notebook_id", "cell_id"), found, comments)
    return handed


def submitted(connection: Connection, layout: Layout, students: Sequence[str]) -> list[Handed]:
    """Return the rows of these students' submissions."""
    table = TABLES["submitted_assignment"].c
    rows = connection.execute(
        select(table.id, table.student_id, table.timestamp, table.extension)
        .where(table.assignment_id == layout.id)
        .where(table.student_id.in_(students))
    )
    return [Handed(*row) for row in rows]


def moment(timestamp: str) -> datetime | None:
    """When a submission was made, from the text of a `timestamp.txt`; None if that says no time."""
    try:
        return parse_utc(timestamp.strip()) if timestamp.strip() else None
    except Exception:  # noqa: BLE001 - for some texts dateutil raises what it does not document
        return None


def _cells(
    connection: Connection, assignment: str, kind: str, *more: ColumnElement[Any]
) -> Sequence[Row[Any]]:
    cell, notebook, table = TABLES["base_cell"].c, TABLES["notebook"].c, TABLES[kind]
    return connection.execute(
        select(notebook.name.label("notebook"), cell.name, cell.id, *more)
        .join(TABLES["notebook"], cell.notebook_id == notebook.id)
        .join(table, table.c.id == cell.id)
        .where(notebook.assignment_id == assignment)
    ).all()


def _filled(
    cells: Mapping[tuple[str, str], str], notebook: str, values: Mapping[str, Any]
) -> Iterable[tuple[str, Any]]:
    """Yield ids of a notebook's cells with their values: each has a row, as stock sees to it."""
    for (place, cell), row in cells.items():
        if place == notebook:
            yield row, values.get(cell)


def _merge_submissions(
    connection: Connection, layout: Layout, records: Sequence[Record]
) -> list[Handed]:
    students = [record.student for record in records]
    found = _rows(connection, "student", ("id",), "id", students)
    if new := [{"id": student} for student in students if (student,) not in found]:
        connection.execute(insert(TABLES["student"]), new)
    known = {row.student: row for row in submitted(connection, layout, students)}
    handed = []
    added, moved = [], []
    for record in records:
        before = known.get(record.student)
        when = moment(record.timestamp) or (before.timestamp if before else None)
        row = Handed(
            before.id if before else new_uuid(),
            record.student,
            when,
            before.extension if before else None,
        )
        handed.append(row)
        values = {"student_id": row.student, "assignment_id": layout.id, "timestamp": when}
        if before is None:
            added.append({"id": row.id, **values})
        elif before != row:
            moved.append({"row": row.id, "timestamp": when})
    _insert(connection, "submitted_assignment", added)
    _update(connection, "submitted_assignment", moved)
    return handed


def _merge_notebooks(
    connection: Connection, layout: Layout, handed: Sequence[str]
) -> dict[Key, str]:
    """Return ids of notebooks' rows by submission and notebook."""
    key = ("assignment_id", "notebook_id")
    found = _rows(connection, "submitted_notebook", key, "assignment_id", handed)
    wanted: dict[Key, Mapping[str, object]] = {
        (row, notebook): {} for row in handed for notebook in layout.notebooks.values()
    }
    return _merge(connection, "submitted_notebook", key, found, wanted)


def _merge_grades(
    connection: Connection, notebooks: Sequence[str], scores: Mapping[Key, float | None]
) -> None:
    key = ("notebook_id", "cell_id")
    # A score that is given by hand right now waits, or is seen here.
    found = _rows(connection, "grade", key, "notebook_id", notebooks, lock=True)
    by_hand = {place for place, row in found.items() if row.manual_score is not None}
    wanted = {
        place: {
            "auto_score": score,
            "needs_manual_grade": score is None or place in by_hand,
        }
        for place, score in scores.items()
    }
    _merge(connection, "grade", key, found, wanted)


def _rows(
    connection: Connection,
    name: str,
    key: tuple[str, ...],
    column: str,
    values: Sequence[str],
    *,
    lock: bool = False,
) -> dict[Key, Row[Any]]:
    table = TABLES[name]
    query = select(table).where(table.c[column].in_(values))
    rows = connection.execute(query.with_for_update() if lock else query)
    return {tuple(getattr(row, part) for part in key): row for row in rows}


def _merge(
    connection: Connection,
    name: str,
    key: tuple[str, ...],
    found: Mapping[Key, Row[Any]],
    wanted: Mapping[Key, Mapping[str, Any]],
) -> dict[Key, str]:
    """Add the rows that are missing, change those that differ; return ids by key."""
    ids = {place: found[place].id if place in found else new_uuid() for place in wanted}
    _insert(
        connection,
        name,
        [
            {"id": ids[place], **dict(zip(key, place, strict=True)), **values}
            for place, values in wanted.items()
            if place not in found
        ],
    )
    _update(
        connection,
        name,
        [
            {"row": ids[place], **values}
            for place, values in wanted.items()
            if place in found
            and any(getattr(found[place], column) != value for column, value in values.items())
        ],
    )
    return ids


def _insert(connection: Connection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(TABLES[name]), rows)


def _update(connection: Connection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    table = TABLES[name]
    if rows:
        connection.execute(update(table).where(table.c.id == bindparam("row")), rows)
