"""Which known mistakes explain what a student's code returned.

A misconception is a program like any other: it is run in the sandbox on the same hidden checks, and
what it returns is compared with what the student's code returned, call by call. Of a misconception
everything is known in advance but the inputs, so it runs once for all students of a grader, and
only on the checks that are needed to tell it from others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from autograder.authoring.misconceptions import Misconception
from autograder.grading.results import Diagnosis
from autograder.grading.scoring import CheckRun
from autograder.grading.traces import alike_traces
from autograder.sandbox import StudentFault

# More mistakes at once than these are not told apart any more.
MOST = 3
# Of the checks that fail, so many decide whether one mistake comes into question as the only one,
# and as one of several.
FIRST, LOOKED_AT = 2, 5

# Plays checks of these names for a misconception's program.
PlayChecks = Callable[[Misconception, Sequence[str]], Sequence[CheckRun]]


class Suspect:
    """A misconception and how the checks of its task go for it, as far as anybody asked.

    Attributes
    ----------
    news : what was played by this process, by name of the check.
    """

    def __init__(self, misconception: Misconception) -> None:
        self.misconception = misconception
        self.news: dict[str, CheckRun] = {}
        self._runs: dict[str, CheckRun] = {}

    def runs(self, names: Sequence[str], play: PlayChecks) -> list[CheckRun]:
        """How these checks go."""
        if missing := [name for name in names if name not in self._runs]:
            self.news |= {run.name: run for run in play(self.misconception, missing)}
            self._runs |= self.news
        return [self._runs[name] for name in names]

    def learn(self, runs: Mapping[str, CheckRun]) -> None:
        """Know how these checks go, which were played elsewhere."""
        self._runs |= runs


def diagnose(
    runs: Iterable[CheckRun], suspects: Sequence[Suspect], play: PlayChecks
) -> tuple[Diagnosis, ...]:
    """Return the mistakes that explain how a task's checks went, best first.

    A misconception that returns the same as the student's code in every check is the diagnosis.
    Where there is none, those are that return the same in some of the failed checks and nothing
    wrong in those that the student's code passes: several mistakes at once.
    """
    case = _Case({run.name: run for run in runs}, play)
    if not case.telling:
        return ()
    found = [s for s in suspects if case.matches(s)] or case.explaining(suspects)
    return tuple(Diagnosis(s.misconception.id, s.misconception.hint) for s in found)


class _Case:
    """How a task's checks went for one student, by name of the check."""

    def __init__(self, runs: Mapping[str, CheckRun], play: PlayChecks) -> None:
        self._runs = runs
        self._play = play
        self._failed = [name for name, run in runs.items() if run.status != "passed"]
        self._passed = [name for name, run in runs.items() if run.status == "passed"]
        # Those that came to an end: many mistakes end in the same TypeError.
        self._open = [name for name in self._failed if not _raised(runs[name])]
        self._first = (self._open or self._failed)[:LOOKED_AT]

    @property
    def telling(self) -> bool:
        """Whether more is known than that something was raised."""
        return bool(self._open or (self._failed and self._passed))

    def matches(self, suspect: Suspect) -> bool:
        """Whether a suspect returns the same in every check; the rest is played if the first do."""
        return all(
            self._same(suspect, names).issuperset(names)
            for names in (self._first[:FIRST], [*self._runs])
        )

    def explaining(self, suspects: Sequence[Suspect]) -> list[Suspect]:
        """Cover as many of the first failed checks as possible with few suspects."""
        left = {name for name in self._first if name in self._open}
        explained = {s: left & self._same(s, self._first) for s in suspects}
        found: list[Suspect] = []
        while len(found) < MOST:
            possible = [s for s in explained if explained[s] & left and self._fits(s)]
            if not possible:
                break
            best = max(possible, key=lambda s: len(explained[s] & left))
            found.append(best)
            left -= explained.pop(best)
        return found

    def _same(self, suspect: Suspect, names: Sequence[str]) -> set[str]:
        """Names of the checks in which a suspect returns the same."""
        pairs = zip(names, suspect.runs(names, self._play), strict=True)
        return {name for name, other in pairs if _alike(self._runs[name], other)}

    def _fits(self, suspect: Suspect) -> bool:
        """Whether a suspect returns nothing wrong where the student's code is right.

        It may raise there: code of one's own stumbles in places of its own.
        """
        others = suspect.runs(self._passed, self._play)
        return all(run.status == "passed" or _raised(run) for run in others)


def _alike(one: CheckRun, other: CheckRun) -> bool:
    # Not by status: where masks are drawn at random, so may be what becomes of the check.
    return bool(one.calls) and alike_traces(one.calls, other.calls)


def _raised(run: CheckRun) -> bool:
    return any(isinstance(call.outcome, StudentFault) for call in run.calls[-1:])
