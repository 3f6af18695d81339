"""`autograder selfcheck`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from autograder.authoring.build import build_assignment
from autograder.commands.common import chosen
from autograder.grading.executor import available_cores
from autograder.grading.reference_submission import trained_model
from autograder.grading.selfcheck import MISCONCEPTION, Finding, selfcheck
from autograder.paths import Course
from autograder.reports.tables import printable, score_text
from autograder.sandbox import harden_self
from autograder.settings import CONVENTIONS


def selfcheck_all(
    course: Course,
    assignments: Sequence[str] | None,
    console: Console,
    allow_degraded: bool,
    seeds: int = 1,
    jobs: int | None = None,
) -> bool:
    """Print the matrix of what is known and how it was judged; True if all is as it must be."""
    harden_self()
    names = chosen(course, assignments)
    for name in names:
        if not any(course.instructor(name).glob("*.ipynb")):
            build_assignment(course, name)
    trained_model(course)  # once, and not in each of the processes
    processes = jobs or available_cores()
    findings: list[Finding] = []
    with _progress(console) as progress:
        bar = progress.add_task("self-check", total=None)
        for finding in selfcheck(
            course, names, seeds=seeds, processes=processes, allow_degraded=allow_degraded
        ):
            findings.append(finding)
            progress.advance(bar)
    for name in names:
        console.print(_matrix(name, [f for f in findings if f.unit.assignment == name]))
    return _print_summary(findings, console)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _matrix(assignment: str, findings: Sequence[Finding]) -> Table:
    """A row for each subject, a column for each convention."""
    table = Table(title=f"self-check of {assignment}")
    table.add_column("kind")
    table.add_column("subject", overflow="fold")
    for name in CONVENTIONS:
        table.add_column(f"p is to {name}", overflow="fold")
    rows: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        rows.setdefault((finding.kind, finding.task, finding.subject), []).append(finding)
    for (kind, task, subject), found in rows.items():
        cells = [_cell([f for f in found if f.unit.convention.name == n]) for n in CONVENTIONS]
        table.add_row(kind, f"{task}: {subject}" if task else subject, *cells)
    return table


def _cell(findings: Sequence[Finding]) -> str:
    if not findings:
        return "-"
    wrong = [finding for finding in findings if finding.wrong]
    if wrong:
        return f"[red]wrong under {len(wrong)} of {len(findings)} seeds[/]"
    one = findings[0]
    verdict = "found" if one.kind == MISCONCEPTION else score_text(one.score, one.max_score)
    seeds = f", {len(findings)} seeds" if len(findings) > 1 else ""
    return f"[green]{verdict}[/] ({one.passed} of {one.checks} checks{seeds})"


def _print_summary(findings: Iterable[Finding], console: Console) -> bool:
    findings = list(findings)
    sentences: dict[str, None] = {}
    for finding in findings:
        unit = finding.unit
        for sentence in finding.wrong:
            sentences[f"{unit.assignment}, p is to {unit.convention.name}: {sentence}"] = None
    for sentence in sentences:
        console.print(f"[red]wrong[/] {printable(sentence)}", soft_wrap=True)
    subjects = {(f.kind, f.subject) for f in findings}
    seeds = len({f.unit.seed for f in findings})
    right = sum(not finding.wrong for finding in findings)
    console.print(
        f"{right} of {len(findings)} verdicts as they must be: {len(subjects)} subjects, "
        f"{len(CONVENTIONS)} conventions, {seeds} seed{'' if seeds == 1 else 's'}"
    )
    return not sentences
