"""`autograder selfcheck`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from autograder.authoring import build_assignment
from autograder.commands.common import chosen
from autograder.grading.selfcheck import selfcheck
from autograder.paths import Course
from autograder.reports.tables import printable, score_text
from autograder.sandbox import harden_self


def selfcheck_all(
    course: Course, assignments: Sequence[str] | None, console: Console, allow_degraded: bool
) -> bool:
    """Print what reference and untouched release earn; True if both are as they must be."""
    harden_self()
    table = Table(title="self-check")
    for column in ("assignment", "submission", "score", "checks passed", "verdict"):
        table.add_column(column)
    wrong: list[str] = []
    for name in chosen(course, assignments):
        if not any(course.instructor(name).glob("*.ipynb")):
            build_assignment(course, name)
        for finding in selfcheck(course, name, allow_degraded=allow_degraded):
            checks = [check for task in finding.result.tasks for check in task.checks]
            passed = sum(check.status == "passed" for check in checks)
            table.add_row(
                name,
                finding.subject,
                score_text(finding.result.score, finding.result.max_score),
                f"{passed} of {len(checks)}",
                "[red]wrong[/]" if finding.wrong else "[green]as it must be[/]",
            )
            wrong += [f"{name}: {sentence}" for sentence in finding.wrong]
    console.print(table)
    for sentence in wrong:
        console.print(f"[red]wrong[/] {printable(sentence)}", soft_wrap=True)
    return not wrong
