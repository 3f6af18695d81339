"""`autograder grade`: finds the submissions, and lets the grading begin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from autograder.errors import SubmissionError
from autograder.gradebook.record import make_record
from autograder.grading.executor import Job, available_cores, grade_class
from autograder.grading.lane import Lanes
from autograder.grading.terms import Terms
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.replace import sweep, try_to_write
from autograder.reports.tables import printable
from autograder.reports.terminal import terminal
from autograder.submissions import find_submissions


def grade_all(
    course: Course,
    assignment_id: str,
    students: Sequence[str],
    jobs: int | None,
    terms: Terms,
    allow_degraded: bool,
    console: Console | None = None,
    *,
    scheduler: str = "",
    force: bool = False,
    quiet: bool = False,
) -> bool:
    """Grade what changed of a class into the gradebook; True if every submission has a verdict."""
    console = console or terminal()
    load_assignment(course, assignment_id)  # before anything is said about submissions
    submissions = _select(course, assignment_id, students, console)
    _make_ready(course, assignment_id)
    job = Job(course, assignment_id, terms, allow_degraded, make_record)
    new = [s for s, _ in submissions if force or not course.result_file(assignment_id, s).exists()]
    with Lanes() as lanes:
        if not scheduler:
            lanes.start_ahead(job, min(len(new), jobs or available_cores()))
        # nbgrader comes with it, which takes about as long as grading processes take to start.
        from autograder.commands.class_run import ClassRun

        grading = partial(grade_class, job, processes=jobs, scheduler=scheduler, lanes=lanes)
        return ClassRun(job, grading, console, quiet=quiet, force=force)(submissions)


def _make_ready(course: Course, assignment: str) -> None:
    """Find out before the grading whether results can be stored; tidy up after a killed run."""
    results = course.result_file(assignment, "").parent
    for folder in (results, course.autograded(assignment, "").parent):
        try_to_write(folder)
        sweep(folder)


def _select(
    course: Course, assignment: str, students: Sequence[str], console: Console
) -> list[tuple[str, Path]]:
    found = find_submissions(course, assignment)
    for sentence in found.skipped:
        console.print(f"[yellow]skipped[/] {printable(sentence)}", soft_wrap=True)
    chosen = [(name, path) for name, path in found.submissions if not students or name in students]
    for name in students:
        if name not in dict(chosen):
            raise SubmissionError(f"{course.submission(assignment, name)}: no such submission")
    if not chosen:
        raise SubmissionError(
            f"{course.submitted}: nothing handed in for {assignment} "
            f"(looked for submitted/<student>/{assignment}/*.ipynb)"
        )
    return chosen
