"""Who is judged, and what a check gets to judge with: the fixtures of hidden suites."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Protocol

import numpy as np

from autograder.grading.convention import Convention
from autograder.grading.scoring import CheckRun
from autograder.grading.student_run import StudentRun
from autograder.grading.suite import check_seed, worker_seed
from autograder.manifest import Assignment, Task
from autograder.sandbox import Replay, Student
from autograder.submissions.files import File


@dataclass(frozen=True)
class Round:
    """One subject that a suite judges, and how it reads p.

    Attributes
    ----------
    files : handed in beside the code, by name.
    draw : tells apart the random numbers that subjects draw for themselves; the hidden inputs do
        not depend on it.
    told : whether every check is to run, also where its verdict is known: what was asked and
        answered is wanted, too.
    live : whether each request is to be made by itself.
    alone : names of checks of which that is so, and that are played before all others.
    """

    subject: StudentRun
    convention: Convention
    files: Mapping[str, File] = field(default_factory=dict)
    draw: str = ""
    told: bool = False
    live: bool = False
    alone: Collection[str] = ()

    def seeds(self, check: str) -> tuple[int, int]:
        """Of what the subject's code draws in a check, and of what correct layers draw.

        Two: code that draws a mask anew must not happen to draw that of correct layers.
        """
        return worker_seed(check + self.draw), worker_seed(f"layers of {check}")


class Play(Protocol):
    """Plays the checks of these tasks, or those of them with these names, in the suite's order.

    The subject's worker stays, for who plays to go on with or to close. What keeps a check from
    judging anybody (`plugin.OUR_TROUBLE`) is raised.
    """

    def __call__(
        self, round: Round, tasks: Collection[str], checks: Collection[str] | None = None
    ) -> list[CheckRun]: ...


@dataclass(frozen=True)
class Equipment:
    """What one check is given, by the name of its parameter; made when it is asked for.

    Parameters
    ----------
    check : the check's name.
    round : what is being judged.
    reference : everything public of `solutions/`, on the trusted side.
    replay : answers in place of the student's process; may be None.
    """

    assignment: Assignment
    course_seed: int
    task: Task
    check: str
    round: Round
    reference: SimpleNamespace
    replay: Replay | None = None

    @property
    def seed(self) -> int:
        """A seed of this check's own."""
        return check_seed(self.course_seed, self.assignment.id, self.task.id, self.check)

    @property
    def task_seed(self) -> int:
        """A seed that the checks of a task share."""
        return check_seed(self.course_seed, self.assignment.id, self.task.id, "")

    @cached_property
    def rng(self) -> np.random.Generator:
        """The generator of this check's hidden inputs."""
        return np.random.default_rng(self.seed)

    @cached_property
    def student(self) -> Student:
        """The student's functions and classes, called in the sandbox."""
        if self.replay is not None:
            return self.replay.student
        return self.round.subject.worker(self.task, *self.round.seeds(self.check)).student

    @property
    def convention(self) -> Convention:
        """What p means in this round."""
        return self.round.convention

    @property
    def handed_in(self) -> File | None:
        """The file that was handed in for this task beside the notebook, or None."""
        found = (self.round.files.get(name) for name in self.task.files)
        return next((file for file in found if file is not None), None)


FIXTURES = ("task", "seed", "task_seed", "rng", "student", "reference", "convention", "handed_in")
