"""Do the hidden suites notice every small change to the reference?

Each mutant is judged like a submission, in the sandbox and by the whole suite of its tasks. What
survives must be listed in `solutions/mutants.toml` with the reason why it is no mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from autograder.errors import SettingsError
from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.mutants import Mutant, make_mutants, mutated_program
from autograder.grading.overlays import reference_program
from autograder.grading.pool import grading_pool
from autograder.grading.rounds import Play, Round
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.paths import Course
from autograder.program import Program
from autograder.settings import check_keys, read_toml

KEEP = Convention("keep")
LEAST_KILLED = 0.97
# Mutants that one session of pytest judges; starting one takes as long as judging a few of them.
BATCH = 40


@dataclass(frozen=True)
class Excuse:
    """Why some mutants of one definition may survive, as `mutants.toml` says."""

    name: str
    reason: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """`killed_by` names the first check that a mutant failed, as task and check; or is empty."""

    mutant: Mutant
    killed_by: str


def batches(course: Course, assignments: Iterable[str]) -> list[tuple[Mutant, ...]]:
    """Return all mutants of the assignments, in runs of one assignment each."""
    found = []
    for assignment in assignments:
        mutants = tuple(make_mutants(course, assignment))
        found += [mutants[start : start + BATCH] for start in range(0, len(mutants), BATCH)]
    return found


def judge_mutants(
    course: Course, runs: Sequence[tuple[Mutant, ...]], *, processes: int, allow_degraded: bool
) -> Iterator[tuple[Verdict, ...]]:
    """Judge what `batches` returned, in the same order."""
    with grading_pool(max(1, min(processes, len(runs)))) as pool:
        futures = [pool.submit(judge_batch, course, run, allow_degraded) for run in runs]
        try:
            for future in futures:
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def judge_batch(
    course: Course, mutants: Sequence[Mutant], allow_degraded: bool = False
) -> tuple[Verdict, ...]:
    """Judge mutants of one assignment."""
    found: list[Verdict] = []
    reference = reference_program(course, KEEP)
    terms = Terms(convention=KEEP.name)
    with Grader(course, mutants[0].assignment, terms, allow_degraded=allow_degraded) as grader:

        def body(play: Play) -> None:
            for mutant in mutants:
                program = mutated_program(reference, mutant)
                found.append(Verdict(mutant, _killed_by(grader, play, program, mutant.tasks)))

        grader.play(body)
    return tuple(found)


def _killed_by(grader: Grader, play: Play, program: Program, tasks: Iterable[str]) -> str:
    for task in tasks:
        run = grader.judging.run_of(Subject(lambda _: program))
        with closing(run):
            checks = play(Round(run, KEEP), [task])
        for check in checks:
            if check.status != "passed":
                return f"{task}: {check.name}"
    return ""


def read_excuses(course: Course) -> tuple[Excuse, ...]:
    """Read `solutions/mutants.toml`; without it there are none.

    Raises
    ------
    SettingsError
        If an entry is not as it should be, or a change is listed twice.
    """
    path = course.solutions / "mutants.toml"
    table = read_toml(path) if path.is_file() else {}
    check_keys(path, "", table, {"survivors"}, set())
    rows = table.get("survivors", [])
    if not isinstance(rows, list):
        raise SettingsError(f"{path}: survivors must be written as [[survivors]]")
    excuses = []
    listed: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, 1):
        entry = f"survivors[{number}]"
        keys = {"function", "reason", "changes"}
        check_keys(path, f"{entry}.", row, keys, keys)
        for key in ("function", "reason"):
            if not isinstance(row[key], str) or not row[key].strip():
                raise SettingsError(f"{path}: {entry}.{key} must be a string that says something")
        changes = row["changes"]
        if not isinstance(changes, list) or not all(isinstance(c, str) for c in changes):
            raise SettingsError(f"{path}: {entry}.changes must be a list of strings")
        for change in changes:
            if (row["function"], change) in listed:
                raise SettingsError(f"{path}: {entry} lists {change!r} again")
            listed.add((row["function"], change))
        excuses.append(Excuse(row["function"], row["reason"].strip(), tuple(changes)))
    return tuple(excuses)


def share_killed(verdicts: Sequence[Verdict]) -> float:
    """Share of mutants that some check noticed."""
    return sum(bool(verdict.killed_by) for verdict in verdicts) / max(len(verdicts), 1)


def unexcused(verdicts: Iterable[Verdict], excuses: Iterable[Excuse]) -> tuple[Mutant, ...]:
    """Return the survivors for which there is no reason."""
    listed = {(excuse.name, change) for excuse in excuses for change in excuse.changes}
    survivors = (verdict.mutant for verdict in verdicts if not verdict.killed_by)
    return tuple(m for m in survivors if (m.name, m.change) not in listed)


def needless(verdicts: Iterable[Verdict], excuses: Iterable[Excuse]) -> tuple[str, ...]:
    """Return what is listed but does not survive, or does not exist (any more)."""
    survivors = {(v.mutant.name, v.mutant.change) for v in verdicts if not v.killed_by}
    return tuple(
        f"{excuse.name}: {change}"
        for excuse in excuses
        for change in excuse.changes
        if (excuse.name, change) not in survivors
    )
