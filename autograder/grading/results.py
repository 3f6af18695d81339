"""The result of grading one submission: frozen data, and its JSON form."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import ResultError
from autograder.replace import replace_file

SCHEMA = 1
STATUSES = ("passed", "partial", "failed", "missing", "error", "timeout")


@dataclass(frozen=True)
class Check:
    """One hidden check. `message` is for students: no expected value, no hidden input."""

    name: str
    status: str
    weight: float
    message: str = ""


@dataclass(frozen=True)
class TaskResult:
    """A task's verdict; `score` is `max_score` times the share of weight passed."""

    task: str
    score: float
    max_score: float
    status: str
    checks: tuple[Check, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Result:
    """One submission's verdict.

    Attributes
    ----------
    score, max_score : sums over the auto-graded tasks; written answers are not in them.
    problems : one clear sentence for each thing that was wrong with what was handed in.
    sandbox : which layers of the sandbox were active.
    versions : of python, numpy, the autograder and the hidden suite's digest.
    digest : sha256 over the handed-in files, their names and contents.
    """

    assignment: str
    student: str
    score: float
    max_score: float
    tasks: tuple[TaskResult, ...]
    problems: tuple[str, ...] = ()
    sandbox: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    schema: int = SCHEMA

    def task(self, task_id: str) -> TaskResult:
        return next(task for task in self.tasks if task.task == task_id)


def to_json(result: Result) -> str:
    """Serialise with sorted keys, one trailing newline, no NaN."""
    return json.dumps(asdict(result), indent=2, sort_keys=True, allow_nan=False) + "\n"


def from_json(text: str, where: str) -> Result:
    """Parse and check what `to_json` wrote.

    Raises
    ------
    ResultError
        If the text is damaged, of another schema, or a score is out of range.
    """
    try:
        data = json.loads(text)
        if data["schema"] != SCHEMA:
            raise ResultError(f"{where}: schema {data['schema']!r}; this version reads {SCHEMA}")
        tasks = tuple(
            TaskResult(**{**t, "checks": tuple(Check(**c) for c in t["checks"])})
            for t in data["tasks"]
        )
        result = Result(**{**data, "tasks": tasks, "problems": tuple(data["problems"])})
        _check_score(result.score, result.max_score)
        for task in tasks:
            _check_score(task.score, task.max_score)
        if any(task.status not in STATUSES for task in result.tasks):
            raise ValueError("unknown status")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{where}: damaged result ({error}); delete it and grade again") from None
    return result


def _check_score(score: float, max_score: float) -> None:
    if not (math.isfinite(score) and 0 <= score <= max_score):
        raise ValueError(f"score {score!r} is not within 0 and {max_score!r}")


def write_result(path: Path, result: Result) -> None:
    """Write atomically: a reader sees the old file or the new one, never a part."""
    replace_file(path, to_json(result).encode())


def read_result(path: Path) -> Result:
    """Read one result file; `ResultError` if it is missing or damaged."""
    try:
        return from_json(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ResultError(f"{path}: cannot be read: {error}") from None
