"""Which known mistakes explain what a student's code returned.

A misconception is a program like any other: it is run in the sandbox on the same hidden checks, and
what it returns is compared with what the student's code returned, call by call. Of a misconception
everything is known in advance but the inputs, so it runs once for all students of a grader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.authoring.misconceptions import Misconception
from autograder.grading.results import Diagnosis
from autograder.grading.scoring import CheckRun
from autograder.grading.traces import alike_traces
from autograder.sandbox import StudentFault

# More mistakes at once than these are not told apart any more.
MOST = 3

Runs = Mapping[str, CheckRun]


@dataclass(frozen=True)
class Suspect:
    """A misconception, and how the checks of its task went for it, by name of the check."""

    misconception: Misconception
    runs: Runs


def diagnose(runs: Iterable[CheckRun], suspects: Sequence[Suspect]) -> tuple[Diagnosis, ...]:
    """Return the mistakes that explain how a task's checks went, best first.

    A misconception that returns the same as the student's code in every check is the diagnosis.
    Where there is none, those are that return the same in some of the failed checks and fail no
    check that the student's code passes: several mistakes at once.
    """
    mine = {run.name: run for run in runs}
    whole = [s for s in suspects if _same_everywhere(mine, s)]
    found = whole or _explaining(mine, suspects)
    return tuple(Diagnosis(s.misconception.id, s.misconception.hint) for s in found)


def suspects_of(
    misconceptions: Iterable[Misconception], play: Callable[[Misconception], Iterable[CheckRun]]
) -> list[Suspect]:
    """Run each misconception's program on the checks of its task."""
    return [Suspect(m, {run.name: run for run in play(m)}) for m in misconceptions]


def _same_everywhere(mine: Runs, suspect: Suspect) -> bool:
    failed = _failed(mine)
    # Errors alone say little: many mistakes end in a TypeError.
    telling = any(not _raised(mine[name]) for name in failed) or len(failed) < len(mine)
    return (
        bool(failed)
        and telling
        and all(_same(run, suspect.runs.get(name)) for name, run in mine.items())
    )


def _explaining(mine: Runs, suspects: Sequence[Suspect]) -> list[Suspect]:
    """Cover as many failed checks as possible with few suspects."""
    open_checks = {name for name in _failed(mine) if not _raised(mine[name])}
    explained = {
        index: {name for name in open_checks if _same(mine[name], suspect.runs.get(name))}
        for index, suspect in enumerate(suspects)
        if _failed(suspect.runs) <= _failed(mine)
    }
    found: list[Suspect] = []
    while len(found) < MOST:
        best = max(explained, key=lambda i: (len(explained[i] & open_checks), -i), default=None)
        if best is None or not explained[best] & open_checks:
            break
        found.append(suspects[best])
        open_checks -= explained.pop(best)
    return found


def _failed(runs: Runs) -> set[str]:
    return {name for name, run in runs.items() if run.status != "passed"}


def _raised(run: CheckRun) -> bool:
    return any(isinstance(call.outcome, StudentFault) for call in run.calls[-1:])


def _same(one: CheckRun, other: CheckRun | None) -> bool:
    if other is None or one.status != other.status or not one.calls:
        return False
    return alike_traces(one.calls, other.calls)
