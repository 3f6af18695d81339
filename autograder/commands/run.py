"""`autograder run`: one submission, no gradebook."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from autograder.errors import ResultError, SubmissionError
from autograder.grading.results import Result, to_json, write_result
from autograder.grading.runner import Grader
from autograder.paths import Course
from autograder.reports.tables import printable, result_table
from autograder.sandbox import harden_self


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


def print_problems(console: Console, result: Result) -> None:
    """What was wrong with what was handed in, a line each."""
    for problem in result.problems:
        console.print(f"[yellow]note[/] {printable(problem)}", soft_wrap=True)


def _student_of(path: Path, assignment: str) -> str:
    """`submitted/ada/neural-nets` is ada's; anything else is named after itself."""
    folder = path.resolve()
    return folder.parent.name if folder.name == assignment else folder.stem
