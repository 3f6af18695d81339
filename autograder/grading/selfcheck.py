"""Is the grader right? It judges code whose verdict is known beforehand.

The reference and every legitimate variation must earn everything, the untouched release nothing,
and every known mistake must fail the check that it names and be diagnosed as itself: in each
convention, whatever the course's seed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from autograder.authoring.misconceptions import Misconception
from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.overlays import (
    Variation,
    load_misconceptions,
    load_variations,
    misconception_program,
    reference_program,
    variation_program,
)
from autograder.grading.pool import grading_pool
from autograder.grading.reference_submission import trained_model, write_reference
from autograder.grading.results import TaskResult
from autograder.grading.rounds import Play
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.paths import Course
from autograder.program import Program
from autograder.settings import CONVENTIONS, load_settings

REFERENCE, NOTEBOOKS, BLANK = "reference", "instructor notebooks", "untouched release"
MISCONCEPTION, VARIATION = "misconception", "variation"
# Subjects draw other random numbers than the known mistakes do that they are compared with: what
# a student draws is the student's own.
DRAW = "self-check"


@dataclass(frozen=True)
class Unit:
    """One run of the self-check: an assignment, what p means, and the seed of hidden inputs."""

    assignment: str
    convention: Convention
    seed: int


@dataclass(frozen=True)
class Finding:
    """What one subject earned in one run; `wrong` says what should not be, empty if all is well.

    Attributes
    ----------
    kind : REFERENCE, NOTEBOOKS, BLANK, MISCONCEPTION or VARIATION.
    subject : the id of a misconception, the name of a variation, or the kind.
    task : of a misconception; empty for the others.
    passed, checks : how many of the subject's checks passed, of how many.
    """

    unit: Unit
    kind: str
    subject: str
    task: str
    passed: int
    checks: int
    score: float
    max_score: float
    wrong: tuple[str, ...]


def selfcheck(
    course: Course,
    assignments: Sequence[str],
    *,
    seeds: int = 1,
    processes: int = 1,
    allow_degraded: bool = False,
) -> Iterator[Finding]:
    """Judge everything that is known, in every convention; yields in a fixed order.

    Parameters
    ----------
    seeds : how many course seeds to try, the course's own and those that follow it.
    processes : how many runs at once.
    """
    first = load_settings(course).seed
    units = [
        Unit(assignment, Convention(name), first + number)
        for assignment, number, name in product(assignments, range(seeds), CONVENTIONS)
    ]
    with grading_pool(max(1, min(processes, len(units)))) as pool:
        futures = [pool.submit(check_unit, course, unit, allow_degraded) for unit in units]
        try:
            for future in futures:
                yield from future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def check_unit(course: Course, unit: Unit, allow_degraded: bool = False) -> list[Finding]:
    """Judge everything that is known about one assignment in one convention under one seed."""
    terms = Terms(convention=unit.convention.name, seed=unit.seed)
    with Grader(course, unit.assignment, terms, allow_degraded=allow_degraded) as grader:
        return [*_whole_submissions(grader, unit), *_programs(grader, unit)]


def _whole_submissions(grader: Grader, unit: Unit) -> Iterator[Finding]:
    """What students get, and what the build makes of the solutions: read like a submission."""
    course, assignment = grader.course, grader.assignment
    blank = grader.grade(course.release(assignment.id), BLANK)
    yield _finding(unit, BLANK, BLANK, blank.tasks, _something(blank.tasks))
    if unit.convention.name != grader.settings.convention:
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / assignment.id
        write_reference(course, assignment, folder)
        result = grader.grade(folder, NOTEBOOKS)
    problems = tuple(f"{NOTEBOOKS}: {problem}" for problem in result.problems)
    wrong = (*_not_everything(NOTEBOOKS, result.tasks), *problems)
    yield _finding(unit, NOTEBOOKS, NOTEBOOKS, result.tasks, wrong)


def _programs(grader: Grader, unit: Unit) -> list[Finding]:
    """The reference, known mistakes and legitimate variations: code without notebooks."""
    course, assignment, convention = grader.course, grader.assignment, unit.convention
    found: list[Finding] = []

    def body(play: Play) -> None:
        reference = reference_program(course, convention)
        judge = _judge_of(grader, unit, play)
        tasks = judge(reference, tuple(task.id for task in assignment.tasks))
        wrong = _not_everything(REFERENCE, tasks)
        found.append(_finding(unit, REFERENCE, REFERENCE, tasks, wrong))
        for misconception in load_misconceptions(course, assignment):
            program = misconception_program(course, convention, misconception)
            found.append(_mistake(unit, misconception, judge(program, (misconception.task,))))
        for variation in load_variations(course, assignment):
            program = variation_program(course, convention, variation)
            found.append(_way(unit, variation, judge(program, variation.tasks)))

    grader.play(body)
    return found


Verdicts = tuple[TaskResult, ...]


def _judge_of(
    grader: Grader, unit: Unit, play: Play
) -> Callable[[Program, tuple[str, ...]], Verdicts]:
    files = {
        name: trained_model(grader.course)
        for task in grader.assignment.tasks
        for name in task.files
    }

    def judge(program: Program, tasks: tuple[str, ...]) -> Verdicts:
        subject = Subject(lambda _: program, files=files, draw=DRAW)
        run = grader.judging.run_of(subject)
        return grader.judging.judge(play, run, subject, unit.convention, tasks)

    return judge


def _mistake(unit: Unit, misconception: Misconception, tasks: Verdicts) -> Finding:
    (task,) = tasks
    failed = [check.name for check in task.checks if check.status != "passed"]
    named = [diagnosis.id for diagnosis in task.diagnoses]
    wrong = []
    if misconception.check not in [check.name for check in task.checks]:
        wrong.append(f"names {misconception.check}, which is no check of {task.task}")
    elif misconception.check not in failed:
        wrong.append(f"passes {misconception.check}; it fails {', '.join(failed) or 'nothing'}")
    if named != [misconception.id]:
        wrong.append(f"is diagnosed as {', '.join(named) or 'nothing'}")
    sentences = tuple(f"{misconception.id} {sentence}" for sentence in wrong)
    return _finding(unit, MISCONCEPTION, misconception.id, tasks, sentences, task.task)


def _way(unit: Unit, variation: Variation, tasks: Verdicts) -> Finding:
    wrong = _not_everything(variation.name, tasks)
    return _finding(unit, VARIATION, variation.name, tasks, wrong)


def _finding(
    unit: Unit, kind: str, subject: str, tasks: Verdicts, wrong: tuple[str, ...], task: str = ""
) -> Finding:
    checks = [check for verdict in tasks for check in verdict.checks]
    return Finding(
        unit,
        kind,
        subject,
        task,
        passed=sum(check.status == "passed" for check in checks),
        checks=len(checks),
        score=sum(verdict.score for verdict in tasks),
        max_score=sum(verdict.max_score for verdict in tasks),
        wrong=wrong,
    )


def _not_everything(subject: str, tasks: Verdicts) -> tuple[str, ...]:
    return tuple(
        f"{subject} fails {check.name} of {task.task}: {check.message}"
        for task in tasks
        for check in task.checks
        if check.status != "passed"
    ) + tuple(
        f"{subject} passes {task.task} with correct layers only"
        for task in tasks
        if task.layers != "own"
    )


def _something(tasks: Verdicts) -> tuple[str, ...]:
    return tuple(
        f"{BLANK} passes {check.name} of {task.task}"
        for task in tasks
        for check in task.checks
        if check.status == "passed"
    )
