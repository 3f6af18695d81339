"""From a verdict to a graded notebook: what stands in each grade cell, and under which score.

plain_score(task: TaskResult) -> float
put_verdicts(notebook, result, assignment) -> None    (outputs of the grade cells, in place)
graded_notebooks(submission, result, assignment, release) -> dict[str, NotebookNode]
repaired_notebooks(submission, release) -> dict[str, NotebookNode]

Grading processes import this; nbgrader and its database stay out of them.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat import NotebookNode

from autograder.errors import ResultError
from autograder.grading.advice import failures, follow_through, known_mistakes
from autograder.grading.results import Result, TaskResult
from autograder.manifest import Assignment
from autograder.submissions import Submission
from autograder.submissions.release import Release

CHECK_SUFFIX = "_check"
WIDTH = 100  # of lines; pages of feedback do not wrap what a cell printed


def plain_score(task: TaskResult) -> float:
    """Return the score as a built-in float within [0, max_score].

    Anything else would be stored or read as something else: nbgrader takes NaN, a negative number
    and the repr of a numpy scalar for full marks.

    Raises
    ------
    ResultError
        If the score is not finite or out of range.
    """
    score = float(task.score)
    if not (math.isfinite(score) and 0.0 <= score <= float(task.max_score)):
        raise ResultError(f"{task.task}: score {score!r} is not within 0 and {task.max_score!r}")
    return score


def marks(cell: NotebookNode) -> Mapping[str, Any]:
    """What nbgrader notes about a cell: `grade_id`, `grade`, `solution`, `points`, ..."""
    about: Mapping[str, Any] = cell["metadata"].get("nbgrader", {})
    return about


def put_verdicts(notebook: NotebookNode, result: Result, assignment: Assignment) -> None:
    """Set the outputs of this notebook's grade cells; of all other cells they are removed.

    What a student's own outputs hold (HTML, scripts) must not reach a grader's browser.

    Raises
    ------
    ResultError
        If the result has no verdict on one of the cells; nbgrader takes no output for full marks.
    """
    verdicts = {task.task + CHECK_SUFFIX: task for task in result.tasks}
    repairs = _repairs(result)
    for cell in notebook.cells:
        if cell["cell_type"] != "code":
            continue
        cell["execution_count"], cell["outputs"] = None, []
        if marks(cell).get("grade"):
            name = marks(cell)["grade_id"]
            if name not in verdicts:
                raise ResultError(f"{result.student}: no verdict on {name}; grade again")
            report = _report(verdicts[name], result, assignment)
            cell.outputs = _outputs(verdicts[name], report + repairs)
            repairs = ""  # once in a notebook is enough


def graded_notebooks(
    submission: Submission, result: Result, assignment: Assignment, releases: Iterable[Release]
) -> dict[str, NotebookNode]:
    """Return every notebook of the assignment, repaired and with its verdicts.

    Metadata and what else lies deeper in a cell is shared with the submission and the release.
    """
    notebooks = repaired_notebooks(submission, releases)
    for notebook in notebooks.values():
        put_verdicts(notebook, result, assignment)
    return notebooks


def repaired_notebooks(
    submission: Submission, releases: Iterable[Release]
) -> dict[str, NotebookNode]:
    """Return every notebook of the assignment; one that is missing or cannot be read counts as the
    untouched release. Cells are new, what lies deeper in them is shared."""
    notebooks = {}
    for release in releases:
        repaired = submission.notebooks.get(release.name)
        notebook = release.notebook if repaired is None else repaired
        cells = [NotebookNode(cell) for cell in notebook.cells]
        notebooks[release.name] = NotebookNode({**notebook, "cells": cells})
    return notebooks


def _outputs(task: TaskResult, report: str) -> list[NotebookNode]:
    """Text for people, then the score: nbgrader reads the first execute_result as the grade."""
    score = {"text/plain": repr(plain_score(task))}
    result = {"data": NotebookNode(score), "metadata": NotebookNode(), "execution_count": None}
    return [
        NotebookNode({"output_type": "stream", "name": "stdout", "text": report}),
        NotebookNode({"output_type": "execute_result", **result}),
    ]


def _report(task: TaskResult, result: Result, assignment: Assignment) -> str:
    """What helps most stands first; what passed, last."""
    lines = [f"{task.task}: {task.status}, {plain_score(task):g} of {task.max_score:g} points"]
    for sentence in (*known_mistakes(task), *follow_through(task, result, assignment)):
        lines += ["", *_wrapped(sentence)]
    for advice in failures(task):
        lines += ["", *_wrapped(f"{advice.status}: {', '.join(advice.checks)}")]
        lines += [part for line in advice.message.splitlines() for part in _wrapped(line, "    ")]
    if passed := [check.name for check in task.checks if check.status == "passed"]:
        lines += ["", *_wrapped(f"passed: {', '.join(passed)}")]
    return _text(lines)


def _repairs(result: Result) -> str:
    """What was mended mechanically; nothing where nothing was."""
    if not result.repairs:
        return ""
    mended = [part for repair in result.repairs for part in _wrapped(repair, "    ")]
    return _text(["", "Mended before it was graded:", *mended])


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _wrapped(line: str, indent: str = "") -> list[str]:
    """Lines that fit a page, without control characters that a terminal or browser might obey."""
    if not line.isprintable():
        line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    return textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=indent)
