"""The result of grading one submission: frozen data, and its JSON form."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from autograder.errors import ResultError
from autograder.replace import replace_file
from autograder.submissions.files import MEGABYTE, FileFault, read_bytes

SCHEMA = 2
STATUSES = ("passed", "partial", "failed", "missing", "error", "timeout")
LAYERS = ("own", "correct")
LARGEST = 25 * MEGABYTE  # of a result file; messages are short, so none comes near it
ROUNDING = 1e-4  # of each score in a result
# What text that is no result raises on its way into one.
DAMAGED = (LookupError, ValueError, TypeError, AttributeError, RecursionError, OverflowError)


@dataclass(frozen=True)
class Check:
    """One hidden check. `message` is for students: no expected value, no hidden input."""

    name: str
    status: str
    weight: float
    message: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that explains what the code returned; `hint` is written for students."""

    id: str
    hint: str


@dataclass(frozen=True)
class TaskResult:
    """A task's verdict; `score` is `max_score` times the share of weight passed.

    Attributes
    ----------
    diagnoses : the known mistakes that were recognised; empty where none was.
    layers : "own" if the task was judged with the student's own earlier functions, "correct" if it
        earned more with correct ones in their place (follow-through marking).
    """

    task: str
    score: float
    max_score: float
    status: str
    checks: tuple[Check, ...] = ()
    seconds: float = 0.0
    diagnoses: tuple[Diagnosis, ...] = ()
    layers: str = "own"


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
    convention : what p meant in these verdicts, "keep" or "drop" a unit.
    layout : "notebook" or "package".
    repairs : what was mended mechanically before grading, a sentence each.
    untouched : tasks, exercises and questions that were left as they were released.
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
    convention: str = "keep"
    layout: str = "notebook"
    repairs: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    schema: int = SCHEMA

    def task(self, task_id: str) -> TaskResult:
        return next(task for task in self.tasks if task.task == task_id)


def to_json(result: Result) -> str:
    """Serialise with sorted keys, one trailing newline, no NaN; numpy's scalars as numbers.

    `checksum` is of all the rest.
    """
    rows: dict[str, Any] = {**vars(result), "tasks": [_rows(task) for task in result.tasks]}
    rows["checksum"] = _checksum(rows)
    return _indented(rows) + "\n"


def _rows(task: TaskResult) -> dict[str, Any]:
    parts = {"checks": task.checks, "diagnoses": task.diagnoses}
    return {**vars(task), **{key: [vars(one) for one in part] for key, part in parts.items()}}


def _indented(value: Any, margin: str = "\n") -> str:
    """What `json.dumps(value, indent=2, ...)` returns, which does all of it in Python.

    Most of a result is dicts and lists of plain values: they are left to json's C.
    """
    inner = margin + "  "
    if not value or not isinstance(value, dict | list | tuple):
        return _encoder("").encode(value)
    parts = value.values() if isinstance(value, dict) else value
    if not any(isinstance(part, dict | list | tuple) for part in parts):
        text = _encoder(inner).encode(value)
        rows, brackets = [text[1:-1]], text[0] + text[-1]
    elif isinstance(value, dict):
        rows = [f"{_encoder('').encode(k)}: {_indented(value[k], inner)}" for k in sorted(value)]
        brackets = "{}"
    else:
        rows, brackets = [_indented(part, inner) for part in value], "[]"
    between = "," + inner
    return f"{brackets[0]}{inner}{between.join(rows)}{margin}{brackets[1]}"


@cache
def _encoder(margin: str) -> json.JSONEncoder:
    """Writes flat values, each part behind `margin`."""
    between = (f",{margin or ' '}", ": ")
    return json.JSONEncoder(sort_keys=True, allow_nan=False, default=float, separators=between)


def from_json(text: str, where: str) -> Result:
    """Parse and check what `to_json` wrote.

    Raises
    ------
    ResultError
        If the text is damaged, of another schema, or a score is out of range.
    """
    try:
        data = json.loads(text)
        checksum = data.pop("checksum", None)
        _check_types(Result, data)
        if data["schema"] != SCHEMA:
            raise ResultError(f"{where}: schema {data['schema']!r}; this version reads {SCHEMA}")
        tasks = tuple(_task(row) for row in data["tasks"])
        texts = {key: tuple(data[key]) for key in ("problems", "repairs", "untouched")}
        result = Result(**{**data, **texts, "tasks": tasks})
        _check_score(result.score, result.max_score)
        if abs(sum(task.score for task in tasks) - result.score) > ROUNDING * (1 + len(tasks)):
            raise ValueError("the score is not the sum of its tasks' scores")
        if checksum != _checksum(data):
            raise ValueError("its checksum is of something else")
    except DAMAGED as error:
        raise ResultError(f"{where}: damaged result ({error}); delete it and grade again") from None
    return result


def _checksum(rows: dict[str, Any]) -> str:
    """Change with every bit: a message, or a fraction of a score, could be anything else."""
    # Without indentation, which json does in Python: it would take longer than all else here.
    text = _encoder("").encode(rows)
    return hashlib.sha256(text.encode()).hexdigest()


def _task(row: dict[str, Any]) -> TaskResult:
    _check_types(TaskResult, row)
    for kind, key in ((Check, "checks"), (Diagnosis, "diagnoses")):
        for part in row[key]:
            _check_types(kind, part)
    checks = tuple(Check(**check) for check in row["checks"])
    diagnoses = tuple(Diagnosis(**diagnosis) for diagnosis in row["diagnoses"])
    task = TaskResult(**{**row, "checks": checks, "diagnoses": diagnoses})
    _check_score(task.score, task.max_score)
    if task.status not in STATUSES or task.layers not in LAYERS:
        raise ValueError("unknown status")
    return task


def _check_types(kind: type[Any], row: dict[str, Any]) -> None:
    """Let nothing into a dataclass that is of another type than it promises."""
    for field_ in fields(kind):
        if field_.name in row and not _fits(row[field_.name], str(field_.type)):
            raise ValueError(f"{field_.name} is not {field_.type}")


def _fits(value: object, annotation: str) -> bool:
    """Whether JSON's value is what a field of this annotation is made of; tuples are lists."""
    if annotation.startswith("tuple"):
        return isinstance(value, list) and (
            annotation != "tuple[str, ...]" or all(isinstance(part, str) for part in value)
        )
    if annotation.startswith("dict"):
        return isinstance(value, dict) and (
            annotation != "dict[str, str]" or all(isinstance(v, str) for v in value.values())
        )
    return type(value) in {"str": (str,), "int": (int,), "float": (int, float)}[annotation]


def _check_score(score: float, max_score: float) -> None:
    if not (math.isfinite(score) and 0 <= score <= max_score):
        raise ValueError(f"score {score!r} is not within 0 and {max_score!r}")


def write_result(path: Path, result: Result) -> None:
    """Write atomically: a reader sees the old file or the new one, never a part."""
    replace_file(path, to_json(result).encode())


def read_result(path: Path) -> Result:
    """Read one result file; `ResultError` if it is missing, damaged, a link or no file at all."""
    try:
        return from_json(read_bytes(path, LARGEST).decode(), str(path))
    except UnicodeDecodeError:
        raise ResultError(f"{path}: damaged result; delete it and grade again") from None
    except FileFault:
        raise ResultError(
            f"{path}: not there, or not a file of at most {LARGEST // MEGABYTE} MB; grade again"
        ) from None
