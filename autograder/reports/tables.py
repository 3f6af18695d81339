"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from autograder.grading.executor import Graded
from autograder.grading.results import Result, TaskResult

COLOURS = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "missing": "dim",
    "error": "red",
    "timeout": "magenta",
}


def printable(text: str) -> str:
    """Text from a student without control characters or markup that a terminal would obey."""
    clean = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
    return escape(clean)


def result_table(result: Result) -> Table:
    """One submission: a row per task, its failing checks below."""
    title = f"{result.assignment}: {printable(result.student)}"
    table = Table(title=title, show_footer=True)
    table.add_column("task", footer="all tasks")
    table.add_column("status")
    table.add_column("score", justify="right", footer=score_text(result.score, result.max_score))
    table.add_column("what to look at", overflow="fold")
    for task in result.tasks:
        table.add_row(
            task.task,
            status_text(task.status),
            score_text(task.score, task.max_score),
            "\n".join(_advice(task)),
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


def _advice(task: TaskResult) -> list[str]:
    """A line for each message, with the checks that gave it; many are counted, not named."""
    names: dict[str, list[str]] = {}
    for check in task.checks:
        if check.status != "passed":
            names.setdefault(check.message, []).append(check.name)
    return [
        f"{printable(', '.join(n) if len(n) <= 3 else f'{len(n)} checks')}: {printable(message)}"
        for message, n in names.items()
    ]
