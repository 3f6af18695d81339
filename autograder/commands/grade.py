"""`autograder run` and `autograder grade`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.errors import ResultError, SubmissionError
from autograder.gradebook import Writer, prepare_gradebook, write_autograded
from autograder.grading.executor import Graded, Job, grade_class
from autograder.grading.results import Result, to_json, write_result
from autograder.grading.runner import Grader
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.reports.tables import class_table, printable, result_table
from autograder.sandbox import harden_self
from autograder.submissions import find_submissions, read_submission


def run_one(
    course: Course, path: Path, assignment: str, json_file: Path | None, allow_degraded: bool
) -> None:
    """Grade one submission and print its table (and JSON, where asked for)."""
    if not path.exists():
        raise SubmissionError(f"{path}: no such file or folder")
    harden_self()
    with Grader(course, assignment, allow_degraded=allow_degraded) as grader:
        result = grader.grade(path, _student_of(path, assignment))
    to_stdout = json_file is not None and str(json_file) == "-"
    console = Console(stderr=to_stdout)
    console.print(result_table(result))
    print_problems(console, result)
    if to_stdout:
        sys.stdout.write(to_json(result))
    elif json_file is not None:
        try:
            write_result(json_file, result)
        except OSError as error:
            raise ResultError(f"{json_file}: cannot be written: {error.strerror}") from None


def grade_all(
    course: Course,
    assignment_id: str,
    students: Sequence[str],
    jobs: int | None,
    allow_degraded: bool,
    console: Console | None = None,
) -> bool:
    """Grade a class into the gradebook; True if every submission could be graded."""
    console = console or Console()
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
    console.print(f"results: {course.result_file(assignment_id, '*')}", highlight=False)
    return all(item.result is not None for item in graded)


def print_problems(console: Console, result: Result) -> None:
    """What was wrong with what was handed in, a line each."""
    for problem in result.problems:
        console.print(f"[yellow]note[/] {printable(problem)}", soft_wrap=True)


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


def _student_of(path: Path, assignment: str) -> str:
    """`submitted/ada/neural-nets` is ada's; anything else is named after itself."""
    folder = path.resolve()
    return folder.parent.name if folder.name == assignment else folder.stem
