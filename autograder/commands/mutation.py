"""`autograder mutation` and `autograder mutation --check`."""

from __future__ import annotations

import difflib
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.commands.common import chosen
from autograder.errors import SettingsError
from autograder.grading.executor import available_cores
from autograder.grading.mutants import Mutant
from autograder.grading.mutation import (
    LEAST_KILLED,
    Excuse,
    Verdict,
    batches,
    judge_mutants,
    needless,
    read_excuses,
    share_killed,
    unexcused,
)
from autograder.paths import Course
from autograder.replace import replace_file
from autograder.reports.mutation import BEGIN, END, counted, report
from autograder.reports.tables import printable
from autograder.sandbox import harden_self


def mutate_all(
    course: Course, console: Console, *, check: bool, jobs: int | None, allow_degraded: bool
) -> bool:
    """Judge every mutant of the reference; True if enough die and all others are accounted for.

    Writes what was found into docs/mutation.md; with `check` it compares instead.
    """
    harden_self()
    page = course.root / "docs" / "mutation.md"
    _cut(page)  # whether it can be written shows before the minutes of judging
    excuses = read_excuses(course)
    started = time.monotonic()
    verdicts = _judge(course, console, jobs or available_cores(), allow_degraded)
    seconds = time.monotonic() - started
    console.print(f"{counted(verdicts)}; {seconds:.0f} s", soft_wrap=True)
    good = _complain(verdicts, excuses, console)
    made = report(verdicts, excuses)
    if check:
        return _print_drift(page, made, console) and good
    if good:
        before, _, after = _cut(page)
        replace_file(page, f"{before}{made}{after}".encode())
    return good


def _judge(course: Course, console: Console, processes: int, allow_degraded: bool) -> list[Verdict]:
    columns = (TextColumn("mutants"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    verdicts: list[Verdict] = []
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        runs = batches(course, chosen(course, None))
        bar = progress.add_task("", total=sum(map(len, runs)))
        for found in judge_mutants(
            course, runs, processes=processes, allow_degraded=allow_degraded
        ):
            verdicts += found
            progress.advance(bar, len(found))
    return verdicts


def _complain(verdicts: Sequence[Verdict], excuses: Sequence[Excuse], console: Console) -> bool:
    """Print what is wrong; True if nothing is."""
    survivors = unexcused(verdicts, excuses)
    stale = needless(verdicts, excuses)
    for mutant in survivors:
        console.print(f"[red]survives[/] {printable(_described(mutant))}", soft_wrap=True)
    for change in stale:
        sentence = "solutions/mutants.toml lists what does not survive"
        console.print(f"[red]stale[/] {sentence}: {printable(change)}", soft_wrap=True)
    enough = share_killed(verdicts) >= LEAST_KILLED
    if not enough:
        console.print(f"[red]too few[/] are killed; at least {LEAST_KILLED:.0%} must be")
    return enough and not survivors and not stale


def _described(mutant: Mutant) -> str:
    return f"solutions/{mutant.where}:{mutant.line}: {mutant.name}: {mutant.change}"


def _print_drift(page: Path, made: str, console: Console) -> bool:
    _, old, _ = _cut(page)
    if old == made:
        return True
    lines = difflib.unified_diff(
        old.splitlines(), made.splitlines(), page.name, "what was found", lineterm=""
    )
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
    console.print("[red]stale[/] docs/mutation.md; run `autograder mutation`", soft_wrap=True)
    return False


def _cut(page: Path) -> tuple[str, str, str]:
    """Cut the page into what stands before the numbers, these, and what stands behind."""
    try:
        text = page.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(f"{page}: not found; what a mutation run finds goes there") from None
    start, end = text.find(BEGIN), text.find(END)
    if not 0 <= start < end:
        raise SettingsError(f"{page}: needs the lines {BEGIN!r} and {END!r}")
    end += len(END)
    return text[:start], text[start:end], text[end:]
