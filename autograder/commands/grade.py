"""`autograder grade`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.errors import SubmissionError
from autograder.gradebook import Writer, prepare_gradebook, write_autograded
from autograder.grading.executor import Graded, Job, grade_class
from autograder.grading.results import write_result
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.reports.tables import class_table, printable
from autograder.reports.terminal import terminal
from autograder.submissions import find_submissions, read_submission


def grade_all(
    course: Course,
    assignment_id: str,
    students: Sequence[str],
    jobs: int | None,
    allow_degraded: bool,
    console: Console | None = None,
) -> bool:
    """Grade a class into the gradebook; True if every submission could be graded."""
    console = console or terminal()
    assignment = load_assignment(course, assignment_id)
    submissions = _select(course, assignment_id, students, console)
    prepare_gradebook(course, assignment)
    release = course.release(assignment_id)
    graded: list[Graded] = []
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    job = Job(course, assignment_id, allow_degraded)
    with progress, Writer(course, assignment) as writer:
        bar = progress.add_task(f"grading {assignment_id}", total=len(submissions))
        for item in grade_class(job, submissions, processes=jobs):
            if item.result is not None:
                # Read again rather than sent over from the grading process: a notebook is large.
                submission = read_submission(item.path, assignment, release, item.student)
                write_result(course.result_file(assignment_id, item.student), item.result)
                write_autograded(course, submission, item.result)
                writer.write(submission, item.result)
            graded.append(item)
            progress.advance(bar)
    console.print(class_table(assignment_id, graded))
    console.print(
        f"results: {course.result_file(assignment_id, '*')}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return all(item.result is not None for item in graded)


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
