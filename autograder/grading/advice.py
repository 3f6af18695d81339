"""What a student reads about a task's verdict; the same wherever results are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.results import Result, TaskResult
from autograder.manifest import Assignment

# Told of a single check only; results in JSON hold the full message of each.
COUNT = re.compile(r" in \d+ of \d+ entries")


@dataclass(frozen=True)
class Advice:
    """Failed checks that say the same."""

    checks: tuple[str, ...]
    status: str
    message: str


def known_mistakes(task: TaskResult) -> list[str]:
    """One line for each mistake that was recognised: the best thing that a student can read."""
    return [f"Looks like: {' '.join(diagnosis.hint.split())}" for diagnosis in task.diagnoses]


def follow_through(task: TaskResult, result: Result, assignment: Assignment) -> list[str]:
    """Say whose mistakes cost nothing, where a task was judged with correct functions."""
    if task.layers != "correct":
        return []
    needs = next((t.needs for t in assignment.tasks if t.id == task.task), ())
    passed = {other.task for other in result.tasks if other.status == "passed"}
    # What passes has no mistakes; where all of it does, something that the course gives has.
    faulty = [need for need in needs if need not in passed] or needs
    why = "Judged with correct earlier functions, because that earns more"
    return [f"{why}: mistakes in {_listed(faulty)} cost nothing here."]


def failures(task: TaskResult) -> list[Advice]:
    """The failed checks, those that differ in how many entries are wrong only together."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for check in task.checks:
        if check.status != "passed":
            key = check.status, COUNT.sub("", check.message)
            groups.setdefault(key, []).append((check.name, check.message))
    found = []
    for (status, short), checks in groups.items():
        names, messages = zip(*checks, strict=True)
        found.append(Advice(names, status, short if len(set(messages)) > 1 else messages[0]))
    return found


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
