"""Which known mistake answers to the last bit what a student's code answered.

Most code with a known mistake is right in everything else, and then so is every bit of what it
returns: this is found out by far faster than what `diagnosis` does, which is for all other code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from autograder.authoring.misconceptions import Misconception
from autograder.grading.diagnosis import FIRST
from autograder.grading.scoring import CheckRun

# By name of a misconception, and of a check: its answers, see `Transcript.digests`.
Digests = dict[str, dict[str, Sequence[bytes]]]
# Has checks of these names performed for a misconception; None where that came to no end.
Perform = Callable[[Misconception, Sequence[str]], Mapping[str, Sequence[bytes]] | None]


class ExactMatches:
    """The answers of one task's misconceptions, as far as anybody asked.

    Attributes
    ----------
    news : those that this process asked for.
    """

    def __init__(self, misconceptions: Iterable[Misconception]) -> None:
        self.news: Digests = {}
        self._misconceptions = list(misconceptions)
        self._known: Digests = {}

    def find(self, runs: Sequence[CheckRun], perform: Perform) -> Misconception | None:
        """Return the mistake that answers as these checks were answered; None if none does."""
        wanted = {run.name: run.scripted for run in runs}
        if not all(wanted.values()):
            return None
        failed = [run.name for run in runs if run.status != "passed"]
        seen = {run.status for run in runs}
        if not seen & {"passed", "failed"}:  # no more is known than that something was raised
            return None
        for misconception in self._misconceptions:
            if all(
                self._agrees(misconception, names, wanted, perform)
                for names in (failed[:FIRST], list(wanted))
            ):
                return misconception
        return None

    def learn(self, digests: Digests) -> None:
        """Know what was asked for elsewhere."""
        for name, answers in digests.items():
            self._known.setdefault(name, {}).update(answers)

    def _agrees(
        self,
        misconception: Misconception,
        names: Sequence[str],
        wanted: Mapping[str, bytes],
        perform: Perform,
    ) -> bool:
        known = self._known.setdefault(misconception.id, {})
        if missing := [name for name in names if name not in known]:
            found = perform(misconception, missing) or dict.fromkeys(missing, ())
            known.update(found)
            self.news.setdefault(misconception.id, {}).update(found)
        return all(wanted[name] in known[name] for name in names)
