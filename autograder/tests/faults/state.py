"""Everything that grading leaves in a course, in a form that two runs can be compared by."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from autograder.paths import Course
from autograder.tests.faults.victim import temporary_files

FOLDERS = ("autograded", "results", "submitted", "release", "build")


def gradebook_rows(course: Course) -> dict[str, list[str]]:
    """All rows of all tables, sorted; ids, which are random, are replaced by what they stand for.

    Two equal rows are two entries of a list.
    """
    with sqlite3.connect(course.gradebook_file) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {name: _Table(connection, name) for (name,) in found.fetchall()}
    connection.close()
    return {
        name: sorted(json.dumps(table.meaning(row, tables)) for row in table.rows)
        for name, table in tables.items()
    }


class _Table:
    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.rows = [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
        keys = connection.execute(f'PRAGMA foreign_key_list("{name}")')
        self._references = {key["from"]: (key["table"], key["to"]) for key in keys}

    def meaning(self, row: dict[str, Any], tables: dict[str, _Table]) -> list[list[Any]]:
        """The row's columns, a row that is referred to in the place of its id."""
        found = []
        for column, value in row.items():
            if column in self._references and value is not None:
                table, key = self._references[column]
                (other,) = (r for r in tables[table].rows if r[key] == value)
                found.append([column, tables[table].meaning(other, tables)])
            elif column != "id" or len(str(value)) != 32:  # students' and courses' are names
                found.append([column, value])
        return found


def files(course: Course) -> dict[str, Any]:
    """All files by name: results without how long they took and in what sandbox, the log without
    when, the rest by digest."""
    paths = [course.root / name for name in FOLDERS] + list(course.root.glob("*"))
    found = [file for path in paths for file in [path, *path.rglob("*")] if file.is_file()]
    return {
        file.relative_to(course.root).as_posix(): _content(file)
        for file in found
        if "__pycache__" not in file.parts and not file.name.startswith("gradebook.db")
    }


def _content(file: Path) -> Any:
    data = file.read_bytes()
    if file.parent.parent.name == "results" and file.suffix == ".json":
        result = {**json.loads(data), "sandbox": None, "checksum": None}
        for task in result["tasks"]:
            del task["seconds"]
        return result
    if file.name == "audit.jsonl":
        assert data.endswith(b"\n")
        lines = [json.loads(line) for line in data.splitlines()]
        return sorted(json.dumps({**line, "when": None}, sort_keys=True) for line in lines)
    return hashlib.sha256(data).hexdigest()


def state(course: Course) -> dict[str, Any]:
    return {
        "gradebook": gradebook_rows(course),
        "files": files(course),
        "databases": sorted(path.name for path in course.root.glob("gradebook.db*")),
        "temporary": sorted(path.name for path in temporary_files(course.root).iterdir()),
    }
