"""results/<assignment>/audit.jsonl: which scores changed when a submission was graded again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.grading.results import Result

Line = dict[str, Any]


def score_change(old: Result, new: Result) -> Line | None:
    """Describe what a regrade changed; None if every task has the score it had."""
    before = {task.task: task.score for task in old.tasks}
    after = {task.task: task.score for task in new.tasks}
    tasks = {
        task: _pair(before.get(task), after.get(task))
        for task in dict.fromkeys([*after, *before])
        if before.get(task) != after.get(task)
    }
    if not tasks and old.score == new.score:
        return None
    return {
        "student": new.student,
        "suite": _pair(old.versions.get("suite"), new.versions.get("suite")),
        "submission": _pair(old.digest, new.digest),
        "score": _pair(old.score, new.score),
        "tasks": tasks,
    }


def change_text(change: Line) -> str:
    """Say a change in one line: `ada: 3 -> 8 (affine_forward 0 -> 5)`."""
    tasks = ", ".join(f"{task} {_arrow(pair)}" for task, pair in change["tasks"].items())
    return f"{change['student']}: {_arrow(change['score'])} ({tasks})"


class AuditLog:
    """A log of changes, a line of JSON each. Appends only; a torn line spoils no other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = _last_changes(path)

    def append(self, change: Line) -> None:
        """Add a line, unless it is there: a run that was killed after it comes here again."""
        # Two equal changes in a row are one: a score that is 8 does not go from 3 to 8.
        if self._last.get(change["student"]) == change:
            return
        line = json.dumps({"when": datetime.now(UTC).isoformat(timespec="seconds"), **change})
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            size = os.fstat(handle).st_size
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            # One write of a line: others that append at the same time come before or after it.
            os.write(handle, b"\n" * torn + f"{line}\n".encode())
        finally:
            os.close(handle)
        self._last[change["student"]] = change


def _last_changes(path: Path) -> dict[str, Line]:
    """Read each student's last change, without `when`; damaged lines do not count."""
    last: dict[str, Line] = {}
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return last
    for line in lines:
        try:
            change = json.loads(line)
            del change["when"]
            last[change["student"]] = change
        except (ValueError, KeyError, TypeError):
            continue
    return last


def _pair(old: object, new: object) -> Line:
    return {"old": old, "new": new}


def _arrow(pair: Mapping[str, float | None]) -> str:
    old, new = ("-" if score is None else f"{score:g}" for score in (pair["old"], pair["new"]))
    return f"{old} -> {new}"
