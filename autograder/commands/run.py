"""`autograder run`: one submission, no gradebook."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from autograder.errors import ResultError, SubmissionError
from autograder.grading.results import Result, to_json, write_result
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.paths import Course
from autograder.reports.tables import printable, result_table
from autograder.reports.terminal import terminal
from autograder.sandbox import harden_self
from autograder.submissions.archive import is_archive
from autograder.submissions.collect import is_notebook


def run_one(
    course: Course,
    path: Path,
    assignment: str,
    terms: Terms,
    json_file: Path | None,
    allow_degraded: bool,
) -> None:
    """Grade one submission and print its table (and JSON, where asked for)."""
    _refuse_what_is_no_submission(path, terms)
    harden_self()
    with Grader(course, assignment, terms, allow_degraded=allow_degraded) as grader:
        result = grader.grade(path, _student_of(path, assignment))
    to_stdout = json_file is not None and str(json_file) == "-"
    console = terminal(stderr=to_stdout)
    console.print(result_table(result, grader.assignment))
    print_problems(console, result)
    if to_stdout:
        sys.stdout.write(to_json(result))
    elif json_file is not None:
        _write(json_file, result)


def print_problems(console: Console, result: Result) -> None:
    """What was wrong with what was handed in and what was mended, a line each."""
    for repair in result.repairs:
        console.print(f"[yellow]repaired[/] {printable(repair)}", soft_wrap=True)
    for problem in result.problems:
        console.print(f"[yellow]note[/] {printable(problem)}", soft_wrap=True)


def _refuse_what_is_no_submission(path: Path, terms: Terms) -> None:
    if not path.exists():
        raise SubmissionError(f"{path}: no such file or folder")
    package = terms.layout == "package"
    kind, suffix = ("a Python module", ".py") if package else ("a notebook", ".ipynb")
    fits = is_archive(path.name) or (
        path.name.endswith(".py") if package else is_notebook(path.name)
    )
    if not path.is_dir() and not (path.is_file() and fits):
        raise SubmissionError(
            f"{path}: not {kind}; name a file that ends in {suffix}, a folder or a zip file"
        )
    if terms.repair and not package:
        raise SubmissionError("--repair mends Python modules; add --layout package")


def _write(path: Path, result: Result) -> None:
    try:
        if path.exists() and not path.is_file():
            path.write_text(to_json(result), encoding="utf-8")  # a pipe or a device stays one
        else:
            write_result(path, result)
    except OSError as error:
        raise ResultError(f"{path}: cannot be written: {error.strerror}") from None


def _student_of(path: Path, assignment: str) -> str:
    """`submitted/ada/neural-nets` is ada's; anything else is named after itself."""
    folder = path.resolve()
    return folder.parent.name if folder.name == assignment else folder.stem
