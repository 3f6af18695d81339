"""What grading one submission cannot do without, measured one by one; a program of its own.

    python -m benchmarks.floor COURSE ASSIGNMENT STUDENT >floor.json

It writes processor seconds, the grader's and the students' processes' together, of each step, how
many processes and messages a submission takes, how many requests are in their scripts, and which
share of a worker's time for a script goes into reading and writing it.
"""

from __future__ import annotations

import json
import os
import sys
import time
import unittest.mock
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.gradebook.record import make_record
from autograder.grading.convention import Convention
from autograder.grading.job import Job
from autograder.grading.runner import Grader
from autograder.manifest import Notebook
from autograder.paths import Course
from autograder.sandbox import Sandbox, harden_self, load_program
from autograder.sandbox.connection import Connection
from autograder.sandbox.worker import Server
from benchmarks.measure import answer_of, processor_seconds, tree

TIMES = {
    "fork": 30,
    "worker": 30,
    "load": 20,
    "call": 2000,
    "read": 10,
    "record": 10,
    "codec": 20,
}


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


def _calls(owner: type[Any], name: str, grade: Callable[[], object]) -> int:
    """How often a method is called while a submission is graded."""
    calls, method = 0, getattr(owner, name)

    def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        return method(*arguments, **options)

    with unittest.mock.patch.object(owner, name, counted):
        grade()
    return calls


def _codec(grader: Grader) -> tuple[float, float]:
    """Perform all scripts with the reference in this process: what is not the code's own work?

    Returns
    -------
    seconds, share : processor seconds of that, and the share of all that they are.
    """
    convention = Convention(grader.settings.convention)
    program = grader.judging.reference_round(convention).subject.program_of("")
    server = Server(-1)
    server.load([[s.source, s.where, s.line, s.module] for s in program])
    server.begin()
    scripts = [[0, script.frames({})] for script in grader.judging.memory.scripts.values()]
    whole = 0.0
    timed = _Timed()
    plain = server.operations
    watched = {name: timed(work) for name, work in plain.items()}
    server.perform(scripts)
    for _ in range(TIMES["codec"]):
        server.operations = plain
        started = time.process_time()
        server.perform(scripts)
        whole += time.process_time() - started
        server.operations = watched
        server.perform(scripts)
    own = max(0.0, whole - timed.seconds)
    return own / TIMES["codec"], own / whole


class _Timed:
    """Adds up what calls take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, work: Callable[..., object]) -> Callable[..., object]:
        def timed(*arguments: object) -> object:
            started = time.process_time()
            try:
                return work(*arguments)
            finally:
                self.seconds += time.process_time() - started

        return timed


def _steps(grader: Grader, sandbox: Sandbox, folder: Path) -> Mapping[str, Callable[[], object]]:
    submission = grader.read(folder, folder.parent.name)
    result = grader.grade_submission(submission)
    last: Notebook = grader.assignment.notebooks[-1]
    program = submission.program(grader.assignment, last.name)
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
        grader.apart(lambda: grader.grade(folder, student))  # rehearses, and remembers this one
        steps = _steps(grader, sandbox, folder)
        found = {name: _each(step, TIMES[name]) for name, step in steps.items()}
        scripts = grader.judging.memory.scripts.values()
        seconds, share = _codec(grader)
        more = {
            "codec": seconds,
            "codec_share": share,
            "processes": _calls(Sandbox, "spawn", lambda: grader.grade(folder, student)),
            "messages": _calls(Connection, "ask", lambda: grader.grade(folder, student)),
            "requests": sum(map(len, scripts)),
        }
        json.dump({**found, **more}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
