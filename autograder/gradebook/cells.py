"""From a verdict to a graded notebook: what stands in each grade cell, and under which score.

plain_score(task: TaskResult) -> float
put_verdicts(notebook, result) -> None            (outputs of the grade cells, in place)
graded_notebooks(submission, result, release) -> dict[str, NotebookNode]
repaired_notebooks(submission, release) -> dict[str, NotebookNode]
"""

from __future__ import annotations

import copy
import math
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade

from autograder.errors import ResultError
from autograder.grading.results import Result, TaskResult
from autograder.submissions import Submission

CHECK_SUFFIX = "_check"


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


def put_verdicts(notebook: NotebookNode, result: Result) -> None:
    """Set the outputs of this notebook's grade cells; of all other cells they are removed.

    What a student's own outputs hold (HTML, scripts) must not reach a grader's browser.

    Raises
    ------
    ResultError
        If the result has no verdict on one of the cells; nbgrader takes no output for full marks.
    """
    verdicts = {task.task + CHECK_SUFFIX: task for task in result.tasks}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        cell.outputs = []
        if is_grade(cell):
            name = cell.metadata.nbgrader.grade_id
            if name not in verdicts:
                raise ResultError(f"{result.student}: no verdict on {name}; grade again")
            cell.outputs = _outputs(verdicts[name])


def graded_notebooks(
    submission: Submission, result: Result, release: Path
) -> dict[str, NotebookNode]:
    """Return every notebook of the assignment, repaired and with its verdicts."""
    notebooks = repaired_notebooks(submission, release)
    for notebook in notebooks.values():
        put_verdicts(notebook, result)
    return notebooks


def repaired_notebooks(submission: Submission, release: Path) -> dict[str, NotebookNode]:
    """Return every notebook of the assignment; one that is missing or cannot be read counts as the
    untouched release."""
    return {
        path.stem: copy.deepcopy(submission.notebooks[path.stem])
        if path.stem in submission.notebooks
        else nbformat.read(path, as_version=4)
        for path in sorted(release.glob("*.ipynb"))
    }


def _outputs(task: TaskResult) -> list[NotebookNode]:
    """Messages as text, then the score: nbgrader reads the first execute_result as the grade."""
    score = {"text/plain": repr(plain_score(task))}
    return [
        nbformat.v4.new_output("stream", name="stdout", text=_report(task)),
        nbformat.v4.new_output("execute_result", data=score),
    ]


def _report(task: TaskResult) -> str:
    lines = [f"{task.task}: {task.status}, {plain_score(task):g} of {task.max_score:g} points"]
    for check in task.checks:
        lines.append(f"  {check.name}: {check.status}")
        lines += [f"    {line}" for line in check.message.splitlines()]
    return "".join(f"{_printable(line)}\n" for line in lines)


def _printable(line: str) -> str:
    """A line without control characters, which a terminal or a browser might obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
