"""results/<assignment>/audit.jsonl: which scores changed when a submission was graded again."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from io import FileIO
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
    """A log of changes, a line of JSON each; several runs may append to it at the same time.

    A last line that lacks its end was being written when a run was killed. If it is whole it gets
    its end, else it goes: the result was not there yet, so the next run comes to that change again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = 0  # bytes that were read
        self._last: dict[str, Line] = {}  # each student's last change, without `when`

    def append(self, change: Line) -> None:
        """Add a line, unless it is there: a run that was killed after it comes here again.

        Raises
        ------
        OSError
            If there is no room for the line; no part of it is left then.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"when": datetime.now(UTC).isoformat(timespec="seconds"), **change})
        with open(self._path, "ab+", buffering=0) as file:
            with contextlib.suppress(OSError):  # some network drives have no locks
                fcntl.flock(file, fcntl.LOCK_EX)
            try:
                self._catch_up(file)
                # Two equal changes in a row are one: a score that is 8 does not go from 3 to 8.
                if self._last.get(change["student"]) != change:
                    self._known = _write(file, f"{line}\n".encode())
                    self._last[change["student"]] = change
            except OSError as error:
                error.filename = str(self._path)
                raise

    def _catch_up(self, file: FileIO) -> None:
        """Read what was appended since the last time; mend its end."""
        file.seek(self._known)
        whole, newline, torn = file.readall().rpartition(b"\n")
        self._known += len(whole) + len(newline)
        for line in whole.splitlines():
            self._note(line)
        if torn and self._note(torn):
            self._known = _write(file, b"\n")
        elif torn:
            file.truncate(self._known)

    def _note(self, line: bytes) -> bool:
        """Remember a change; False if the line is damaged, which spoils no other."""
        try:
            change = json.loads(line)
            del change["when"]
            self._last[change["student"]] = change
        except (ValueError, KeyError, TypeError, RecursionError):
            return False
        return True


def _write(file: FileIO, line: bytes) -> int:
    """Append all of a line or nothing; return the file's size."""
    size = file.seek(0, os.SEEK_END)
    rest = memoryview(line)
    try:
        while rest:  # a disk takes what there is room for, and refuses the next byte
            rest = rest[file.write(rest) :]
    except OSError:
        file.truncate(size)
        raise
    return size + len(line)


def _pair(old: object, new: object) -> Line:
    return {"old": old, "new": new}


def _arrow(pair: Mapping[str, float | None]) -> str:
    old, new = ("-" if score is None else f"{score:g}" for score in (pair["old"], pair["new"]))
    return f"{old} -> {new}"
