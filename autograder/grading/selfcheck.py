"""Is the grader right? The reference must earn everything, the untouched release nothing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.reference_submission import write_reference
from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.paths import Course


@dataclass(frozen=True)
class Finding:
    """What one kind of submission earned, task by task; `wrong` says what should not be."""

    subject: str
    result: Result
    wrong: tuple[str, ...]


def selfcheck(course: Course, assignment: str, *, allow_degraded: bool = False) -> list[Finding]:
    """Grade the reference and the untouched release of one assignment."""
    with (
        Grader(course, assignment, allow_degraded=allow_degraded) as grader,
        tempfile.TemporaryDirectory() as temporary,
    ):
        folder = Path(temporary) / assignment
        write_reference(course, grader.assignment, folder)
        reference = grader.grade(folder, "reference")
        blank = grader.grade(course.release(assignment), "untouched release")
    return [
        Finding("reference", reference, _not_everything(reference)),
        Finding("untouched release", blank, _something(blank)),
    ]


def _not_everything(result: Result) -> tuple[str, ...]:
    return (
        *(
            f"{task.task}: the reference fails {check.name}: {check.message}"
            for task in result.tasks
            for check in task.checks
            if check.status != "passed"
        ),
        *(f"the reference has a problem: {problem}" for problem in result.problems),
    )


def _something(result: Result) -> tuple[str, ...]:
    return tuple(
        f"{task.task}: the untouched release passes {check.name}"
        for task in result.tasks
        for check in task.checks
        if check.status == "passed"
    )
