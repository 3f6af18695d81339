"""`autograder grade`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.errors import SubmissionError
from autograder.gradebook import Writer, prepare_gradebook, write_autograded
from autograder.grading.executor import Graded, Job, grade_class
from autograder.grading.results import write_result
from autograder.grading.terms import Terms
from autograder.manifest import Assignment, load_assignment
from autograder.paths import Course
from autograder.reports.tables import class_table, printable
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
) -> bool:
    """Grade a class into the gradebook; True if every submission could be graded."""
    console = console or terminal()
    assignment = load_assignment(course, assignment_id)
    submissions = _select(course, assignment_id, students, console)
    prepare_gradebook(course, assignment)
    job = Job(course, assignment_id, terms, allow_degraded)
    graded = _grade_into_gradebook(job, assignment, submissions, jobs, console)
    console.print(class_table(assignment_id, graded))
    console.print(
        f"results: {course.result_file(assignment_id, '*')}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    failed = [item.student for item in graded if item.result is None]
    if failed:
        count = f"{len(failed)} of {len(graded)} submissions"
        print(f"error: {count} could not be graded; the notes say why", file=sys.stderr)
    return not failed


def _grade_into_gradebook(
    job: Job,
    assignment: Assignment,
    submissions: Sequence[tuple[str, Path]],
    processes: int | None,
    console: Console,
) -> list[Graded]:
    """Write each submission's verdict as soon as it is there: what was graded stays graded."""
    course, graded = job.course, []
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress, Writer(course, assignment) as writer:
        bar = progress.add_task(f"grading {assignment.id}", total=len(submissions))
        for item in grade_class(job, submissions, processes=processes):
            graded.append(keep(job, assignment, writer, item))
            progress.advance(bar)
    return graded


def keep(job: Job, assignment: Assignment, writer: Writer, item: Graded) -> Graded:
    """Write one verdict; what can't be written for one student does not stop the others."""
    if item.result is None:
        return item
    course = job.course
    try:
        # Read again rather than sent over from the grading process: a notebook is large.
        submission = job.terms.read(course, assignment, item.path, item.student)
        if submission.digest != item.result.digest:
            raise SubmissionError(f"{item.path}: changed while it was graded; grade it again")
        write_result(course.result_file(assignment.id, item.student), item.result)
        write_autograded(course, submission, item.result)
        writer.write(submission, item.result)
    except SubmissionError as error:
        return replace(item, result=None, error=str(error))
    return item


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
