"""From checks to a task's score and status."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.grading.results import Check, TaskResult
from autograder.manifest import Task
from autograder.sandbox import Call


@dataclass(frozen=True)
class CheckRun:
    """What happened when one check ran.

    `status` is "passed", "failed" (the check said no), "missing" (not written), "error" (the
    student's code raised or crashed) or "timeout". `calls` is what was asked of the student's code
    and what came back, in order; where the verdict was remembered it has to be recalled. `digest`
    tells what came back from all else; empty where that alone does not decide the verdict.
    `scripted` does so for what came back as long as the check asked what right code is asked; empty
    where nothing is known of that.
    """

    task: str
    name: str
    weight: float
    status: str
    message: str = ""
    seconds: float = 0.0
    calls: tuple[Call, ...] = ()
    digest: bytes = b""
    scripted: bytes = b""
    recall: Callable[[], tuple[Call, ...]] | None = None


def score_task(task: Task, runs: Sequence[CheckRun], layers: str = "own") -> TaskResult:
    """Weigh the checks of one task: points times the share of weight passed.

    Examples
    --------
    >>> task = Task("adam", "FullyConnectedNets", 6, ("adam",))
    >>> runs = [CheckRun("adam", "step", 2, "passed"), CheckRun("adam", "state", 1, "failed")]
    >>> score_task(task, runs).score
    4.0
    """
    total = sum(run.weight for run in runs)
    passed = sum(run.weight for run in runs if run.status == "passed")
    # Rounded so that a third of 6 points is the same number on every machine and in every export.
    score = float(task.points) if passed == total else round(task.points * passed / total, 4)
    return TaskResult(
        task=task.id,
        score=score if runs else 0.0,
        max_score=float(task.points),
        status=_status(runs),
        checks=tuple(Check(run.name, run.status, run.weight, run.message) for run in runs),
        seconds=round(sum(run.seconds for run in runs), 3),
        layers=layers,
    )


def _status(runs: Sequence[CheckRun]) -> str:
    seen = {run.status for run in runs}
    if seen == {"passed"}:
        return "passed"
    if "timeout" in seen:
        return "timeout"
    if "passed" in seen:
        return "partial"
    return "failed" if len(seen) != 1 else seen.pop()
