"""Which known mistakes explain what a student's code returned.

A misconception is a program like any other: it is run in the sandbox on the same hidden checks, and
what it returns is compared with what the student's code returned, call by call. Of a misconception
everything is known in advance but the inputs, so it runs once for all students of a grader, and
only on the checks that are needed to tell it from others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.authoring.misconceptions import Misconception
from autograder.grading.results import Diagnosis
from autograder.grading.scoring import CheckRun
from autograder.grading.traces import Shared, Trace, alike_traces, trace_of
from autograder.sandbox import StudentError, StudentFault

# More mistakes at once than these are not told apart any more.
MOST = 3
# Of the checks that fail, so many decide whether one mistake comes into question as the only one,
# and as one of several.
FIRST, LOOKED_AT = 2, 5

# Plays checks of these names for a misconception's program.
PlayChecks = Callable[[Misconception, Sequence[str]], Sequence[CheckRun]]


@dataclass(frozen=True, eq=False)
class Played:
    """How a check went for a known mistake: all that is kept of it."""

    passed: bool
    trace: Trace


class Suspect:
    """A misconception and how the checks of its task go for it, as far as anybody asked.

    Parameters
    ----------
    shared : keeps arrays for all suspects.

    Attributes
    ----------
    news : what was played by this process, by name of the check; not what was cut off, which may
        have been this machine's doing.
    """

    def __init__(self, misconception: Misconception, shared: Shared) -> None:
        self.misconception = misconception
        self.news: dict[str, Played] = {}
        self._shared = shared
        self._played: dict[str, Played] = {}

    def played(self, names: Sequence[str], play: PlayChecks) -> list[Played]:
        """How these checks go."""
        if missing := [name for name in names if name not in self._played]:
            runs = play(self.misconception, missing)
            self.learn({r.name: Played(r.status == "passed", trace_of(r.calls)) for r in runs})
            self.news |= {run.name: self._played[run.name] for run in runs if not _cut_off(run)}
        return [self._played[name] for name in names]

    def learn(self, played: Mapping[str, Played]) -> None:
        """Know how these checks go, which were played elsewhere."""
        for name, one in played.items():
            self._played[name] = Played(one.passed, self._shared(one.trace))


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
        self._traces: dict[str, Trace] = {}
        self._failed = [name for name, run in runs.items() if run.status != "passed"]
        self._passed = [name for name, run in runs.items() if run.status == "passed"]
        # Those that came to an end: many mistakes end in the same TypeError.
        self._open = [name for name in self._failed if not _raised(runs[name])]
        self._first = (self._open or self._failed)[:LOOKED_AT]
        # A check that asked for more than right code is asked does so request by request.
        quick = [name for name in self._first if runs[name].digest == runs[name].scripted]
        self._quick = (quick or self._first)[:FIRST]

    @property
    def telling(self) -> bool:
        """Whether more is known than that something was raised."""
        return bool(self._open or (self._failed and self._passed))

    def matches(self, suspect: Suspect) -> bool:
        """Whether a suspect returns the same in every check; the rest is played if the first do."""
        return all(
            self._same(suspect, names).issuperset(names) for names in (self._quick, [*self._runs])
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
        pairs = zip(names, suspect.played(names, self._play), strict=True)
        return {name for name, other in pairs if self._alike(name, other)}

    def _alike(self, name: str, other: Played) -> bool:
        # Not by status: where masks are drawn at random, so may be what becomes of the check.
        if name not in self._traces:
            self._traces[name] = trace_of(self._runs[name].calls)
        trace = self._traces[name]
        return bool(trace.names) and alike_traces(trace, other.trace)

    def _fits(self, suspect: Suspect) -> bool:
        """Whether a suspect returns nothing wrong where the student's code is right.

        It may raise there: code of one's own stumbles in places of its own.
        """
        others = suspect.played(self._passed, self._play)
        return all(one.passed or one.trace.raised for one in others)


def _cut_off(run: CheckRun) -> bool:
    """Whether a check did not come to an end for another reason than what the code is."""
    ends = [c.outcome for c in run.calls[-1:] if isinstance(c.outcome, StudentFault)]
    return run.status == "timeout" or any(not isinstance(end, StudentError) for end in ends)


def _raised(run: CheckRun) -> bool:
    return any(isinstance(call.outcome, StudentFault) for call in run.calls[-1:])
