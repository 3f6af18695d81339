"""Verdicts that are known before a check runs, because the same was asked and answered before.

What a check says is decided by what it draws, which is the same for everybody, and by what the
student's code answers. So whoever answers to the same requests as somebody did before, to the last
bit, gets the same verdict, and the check need not run. Right solutions are much alike, and so are
those that have the same mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.grading.convention import Convention
from autograder.grading.results import Diagnosis
from autograder.sandbox import Script

# Of one check, and of all tasks. Where nobody's answers are like another's, more would not help.
MOST_VERDICTS = 500
MOST_DIAGNOSES = 5000

# Convention, task and name of a check.
Key = tuple[Convention, str, str]
# Task, convention, with correct layers or not, and the digest of each check.
Answers = tuple[str, Convention, bool, tuple[bytes, ...]]


@dataclass(frozen=True)
class Verdict:
    """What a check said: status and message, as in `CheckRun`."""

    status: str
    message: str


@dataclass(frozen=True)
class News:
    """What one process learnt, for another one.

    Attributes
    ----------
    met : conventions that submissions had.
    """

    verdicts: Mapping[Key, Mapping[bytes, Verdict]]
    diagnoses: Mapping[Answers, tuple[Diagnosis, ...]]
    met: frozenset[Convention]

    def __bool__(self) -> bool:
        return bool(self.verdicts or self.diagnoses)


@dataclass
class Memory:
    """What one grader remembers; nothing in it depends on who came first.

    Attributes
    ----------
    scripts : what right code is asked in a check; only checks that have one are remembered.
    rehearsed : conventions whose scripts are there.
    met : conventions that submissions had.
    """

    scripts: dict[Key, Script] = field(default_factory=dict)
    rehearsed: set[Convention] = field(default_factory=set)
    met: set[Convention] = field(default_factory=set)
    _verdicts: dict[Key, dict[bytes, Verdict]] = field(default_factory=dict)
    _diagnoses: dict[Answers, tuple[Diagnosis, ...]] = field(default_factory=dict)
    _new_verdicts: dict[Key, dict[bytes, Verdict]] = field(default_factory=dict)
    _new_diagnoses: dict[Answers, tuple[Diagnosis, ...]] = field(default_factory=dict)

    def know_scripts(self, convention: Convention) -> None:
        """Know that all scripts of a convention are there."""
        self.rehearsed.add(convention)
        self._new_verdicts = {}  # forks of this process know them

    def verdict(self, key: Key, digests: Sequence[bytes]) -> tuple[bytes, Verdict] | None:
        """What is known of a check that is answered so, and the digest that it is known by.

        Parameters
        ----------
        digests : of the first answer, of the first two, …; a check that fails asks for no more.
        """
        known = self._verdicts.get(key, {})
        return next(((digest, known[digest]) for digest in digests if digest in known), None)

    def learn(self, key: Key, digest: bytes, verdict: Verdict) -> None:
        """Remember a verdict."""
        known = self._verdicts.setdefault(key, {})
        if digest not in known and len(known) < MOST_VERDICTS:
            known[digest] = self._new_verdicts.setdefault(key, {})[digest] = verdict

    def diagnosis(self, answers: Answers) -> tuple[Diagnosis, ...] | None:
        """Which mistakes explain these answers."""
        return self._diagnoses.get(answers)

    def learn_diagnosis(self, answers: Answers, diagnoses: tuple[Diagnosis, ...]) -> None:
        """Remember which mistakes explain these answers."""
        if len(self._diagnoses) < MOST_DIAGNOSES:
            self._diagnoses[answers] = self._new_diagnoses[answers] = diagnoses

    def news(self) -> News:
        """What is new in this process."""
        return News(self._new_verdicts, self._new_diagnoses, frozenset(self.met))

    def take_over(self, news: News) -> None:
        """Know what was learnt elsewhere, and keep it from the next who asks."""
        for key, verdicts in news.verdicts.items():
            known = self._verdicts.setdefault(key, {})
            if len(known) < MOST_VERDICTS:
                known.update(verdicts)
        if len(self._diagnoses) < MOST_DIAGNOSES:
            self._diagnoses.update(news.diagnoses)
        self.met |= news.met
