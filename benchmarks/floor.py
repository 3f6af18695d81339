"""What grading one submission cannot do without, measured one by one; a program of its own.

    python -m benchmarks.floor COURSE ASSIGNMENT STUDENT >floor.json

It writes processor seconds, the grader's and the students' processes' together, of each step, and
how many requests a submission takes.
"""

from __future__ import annotations

import json
import os
import sys
import unittest.mock
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.gradebook.record import make_record
from autograder.grading.job import Job
from autograder.grading.runner import Grader
from autograder.manifest import Notebook
from autograder.paths import Course
from autograder.sandbox import Sandbox, harden_self, load_program
from autograder.sandbox.connection import Connection
from benchmarks.measure import answer_of, processor_seconds, tree

TIMES = {"fork": 30, "worker": 30, "load": 20, "call": 2000, "read": 10, "record": 10}


def measure(course: Course, assignment: str, student: str) -> Mapping[str, float]:
    """Run this module on a right submission, away from the calling process."""
    found: dict[str, float] = answer_of("benchmarks.floor", str(course.root), assignment, student)
    return found


def _each(step: Callable[[], object], times: int) -> float:
    step()
    before = _spent()
    for _ in range(times):
        step()
    return (_spent() - before) / times


def _spent() -> float:
    return sum(map(processor_seconds, tree(os.getpid())))


def _requests(grade: Callable[[], object]) -> int:
    """How many messages go to students' processes."""
    asked, ask = 0, Connection.ask

    def counted(*arguments: Any, **options: Any) -> tuple[int, Any]:
        nonlocal asked
        asked += 1
        return ask(*arguments, **options)

    with unittest.mock.patch.object(Connection, "ask", counted):
        grade()
    return asked


def _steps(grader: Grader, sandbox: Sandbox, folder: Path) -> Mapping[str, Callable[[], object]]:
    submission = grader.read(folder, folder.parent.name)
    result = grader.grade_submission(submission)
    first: Notebook = grader.assignment.notebooks[0]
    program = submission.program(grader.assignment, first.name)
    worker = load_program(sandbox, program, 0).worker
    worker.budget = float("inf")
    x = np.ones((4, 5))
    return {
        "fork": lambda: grader.apart(lambda: None),
        "worker": lambda: sandbox.spawn().close(),
        "load": lambda: load_program(sandbox, program, 0).worker.close(),
        "call": lambda: worker.student.relu_forward(x),
        "read": lambda: grader.read(folder, submission.student),
        "record": lambda: make_record(grader, submission, result),
    }


def main(root: str, assignment: str, student: str) -> None:
    """Measure all steps."""
    harden_self()
    course = Course(Path(root))
    grader = Job(course, assignment).grader()
    with grader, Sandbox(grader.settings.limits) as sandbox:
        folder = course.submission(assignment, student)
        steps = _steps(grader, sandbox, folder)
        found = {name: _each(step, TIMES[name]) for name, step in steps.items()}
        requests = _requests(lambda: grader.grade(folder, student))
        notebooks = len(grader.assignment.notebooks)
        json.dump({**found, "requests": requests, "notebooks": notebooks}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
