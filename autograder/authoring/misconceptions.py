"""The bug library as instructors write it: `solutions/misconceptions/<task>.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import SettingsError
from autograder.settings import check_keys, read_toml

ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TEXTS = ("id", "check", "hint", "code")


@dataclass(frozen=True)
class Misconception:
    """One small wrong implementation of a task, and what the student is told.

    Attributes
    ----------
    id : names the mistake; unique in the course.
    check : name of the check of this task that must fail.
    hint : what is wrong and where to look; never the fix, never an expected value.
    edits : pairs of old and new text that make the mistake out of the reference.
    code : definitions that take the place of the reference's.
    """

    id: str
    task: str
    check: str
    hint: str
    edits: tuple[tuple[str, str], ...] = ()
    code: str = ""


def read_misconceptions(path: Path) -> tuple[Misconception, ...]:
    """Read one file of misconceptions; its name is the task's id.

    Raises
    ------
    SettingsError
        If the file is not TOML, or an entry lacks something or says something unknown.
    """
    table = read_toml(path)
    check_keys(path, "", table, {"misconceptions"}, {"misconceptions"})
    rows = table["misconceptions"]
    if not isinstance(rows, list):
        raise SettingsError(f"{path}: misconceptions must be written as [[misconceptions]]")
    return tuple(_read(path, number, row) for number, row in enumerate(rows, 1))


def _read(path: Path, number: int, row: Any) -> Misconception:
    entry = f"misconceptions[{number}]"
    if isinstance(row, dict) and isinstance(row.get("id"), str):
        entry += f" ({row['id']})"
    required = {"id", "check", "hint"}
    check_keys(path, f"{entry}.", row, required | {"edits", "code"}, required)
    for key in TEXTS:
        if key in row and (not isinstance(row[key], str) or not row[key].strip()):
            raise SettingsError(f"{path}: {entry}.{key} must be a string that says something")
    if not ID.fullmatch(row["id"]):
        raise SettingsError(f"{path}: {entry}.id must be in snake_case")
    if ("edits" in row) == ("code" in row):
        raise SettingsError(f"{path}: {entry} needs either edits or code")
    return Misconception(
        row["id"],
        path.stem,
        row["check"],
        row["hint"].strip(),
        _edits(path, entry, row["edits"]) if "edits" in row else (),
        row.get("code", ""),
    )


def _edits(path: Path, entry: str, pairs: Any) -> tuple[tuple[str, str], ...]:
    def is_edit(pair: Any) -> bool:
        texts = isinstance(pair, list) and all(isinstance(text, str) for text in pair)
        return texts and len(pair) == 2 and bool(pair[0].strip())

    if not isinstance(pairs, list) or not pairs or not all(map(is_edit, pairs)):
        raise SettingsError(f'{path}: {entry}.edits must be pairs ["old text", "new text"]')
    return tuple((old, new) for old, new in pairs)
