"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from autograder.grading.advice import Advice, failures, follow_through, known_mistakes
from autograder.grading.executor import Graded
from autograder.grading.results import Result, TaskResult
from autograder.manifest import Assignment

COLOURS = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "missing": "dim",
    "error": "red",
    "timeout": "magenta",
}
MOST_NAMES = 3  # of checks in one line; more are counted


def printable(text: str) -> str:
    """Text from a student without control characters or markup that a terminal would obey."""
    return escape(_clean(text))


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def result_table(result: Result, assignment: Assignment) -> Table:
    """One submission: a row per task, with known mistakes and failed checks."""
    title = f"{result.assignment}: {printable(result.student)}"
    table = Table(title=title, caption=_terms(result), show_footer=True)
    table.add_column("task", footer="all tasks")
    table.add_column("status")
    table.add_column("score", justify="right", footer=score_text(result.score, result.max_score))
    table.add_column("what to look at", overflow="fold")
    for task in result.tasks:
        advice = _advice(task, result, assignment)
        table.add_row(
            task.task,
            status_text(task.status),
            score_text(task.score, task.max_score),
            Text("\n").join(advice),
            end_section=len(advice) > 1,
        )
    return table


def class_table(assignment: str, graded: Sequence[Graded]) -> Table:
    """A class: a row per student."""
    count = f"{len(graded)} submission{'' if len(graded) == 1 else 's'}"
    table = Table(title=f"{assignment}: {count}")
    table.add_column("student", overflow="fold")
    table.add_column("score", justify="right")
    table.add_column("passed", justify="right")
    table.add_column("lost points in", overflow="fold")
    table.add_column("notes", overflow="fold")
    for item in sorted(graded, key=lambda g: g.student):
        if item.result is None:
            table.add_row(printable(item.student), "-", "-", "", printable(item.error))
            continue
        lost = [
            f"{t.task} ({status_text(t.status)})"
            for t in item.result.tasks
            if t.score < t.max_score
        ]
        passed = sum(t.status == "passed" for t in item.result.tasks)
        table.add_row(
            printable(item.student),
            score_text(item.result.score, item.result.max_score),
            f"{passed}/{len(item.result.tasks)}",
            ", ".join(lost) if len(lost) < len(item.result.tasks) else "every task",
            f"{len(item.result.problems)} in the result" if item.result.problems else "",
        )
    return table


def score_text(score: float, max_score: float) -> str:
    """`7.5 / 12`, without superfluous zeros."""
    return f"{score:.4g} / {max_score:.4g}" if score < 1000 else f"{score:.1f} / {max_score:.1f}"


def status_text(status: str) -> str:
    """A status in its colour."""
    return f"[{COLOURS[status]}]{status}[/]"


def _advice(task: TaskResult, result: Result, assignment: Assignment) -> list[Text]:
    """Known mistakes, then a line for each message with the checks that gave it."""
    rest = "dim" if task.diagnoses else ""
    return [
        *(Text(_clean(line), "bold") for line in known_mistakes(task)),
        *(Text(_clean(line)) for line in follow_through(task, result, assignment)),
        *(Text(_clean(_line(advice)), rest) for advice in failures(task)),
    ]


def _line(advice: Advice) -> str:
    names, count = ", ".join(advice.checks), len(advice.checks)
    return f"{names if count <= MOST_NAMES else f'{count} checks'}: {advice.message}"


def _terms(result: Result) -> str | None:
    """How the submission was read, where that is not as usual."""
    if (result.layout, result.convention) == ("notebook", "keep"):
        return None
    return f"layout: {result.layout}; p is the probability to {result.convention} a unit"
