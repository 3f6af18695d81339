"""Our grader on classes of several sizes: `autograder grade`, as an instructor runs it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from autograder.grading.results import read_result
from autograder.manifest import Assignment
from autograder.paths import Course
from benchmarks.classes import BLANK, RIGHT, ClassMaker, HandIn
from benchmarks.course import forget_grades
from benchmarks.measure import Cost, run


class WrongVerdict(Exception):
    """A submission did not get what it must: no speed is worth anything then."""


class Ours:
    """A course with classes that are handed in when they are asked for."""

    name = "autograder"

    def __init__(self, maker: ClassMaker) -> None:
        self._maker = maker
        self.course: Course = maker.course
        self.assignment: Assignment = maker.assignment

    def grade(self, count: int, jobs: int) -> Cost:
        """Grade the class of `count` into a new gradebook.

        Raises
        ------
        WrongVerdict
            If a submission does not get what it must.
        """
        hand_ins = self.hand_in(count)
        forget_grades(self.course)
        command = [sys.executable, "-m", "autograder", "grade", self.assignment.id]
        options = ["--jobs", str(jobs), "--quiet", "--course", str(self.course.root)]
        cost = run([*command, *options], self.course.root)
        self._check(hand_ins)
        return cost

    def hand_ins(self, count: int) -> list[HandIn]:
        """Return the first `count` of the class, whether they are handed in or not."""
        return list(self._maker.hand_ins(count))

    def hand_in(self, count: int) -> list[HandIn]:
        """Make the submissions be those of the first `count` students."""
        hand_ins = self.hand_ins(count)
        submitted = self.course.submitted
        there = {p.name for p in submitted.iterdir()} if submitted.is_dir() else set()
        for name in there - {hand_in.student for hand_in in hand_ins}:
            shutil.rmtree(submitted / name)
        self._maker.write(h for h in hand_ins if h.student not in there)
        return hand_ins

    def _check(self, hand_ins: Sequence[HandIn]) -> None:
        for hand_in in hand_ins:
            result = read_result(self.course.result_file(self.assignment.id, hand_in.student))
            everything = result.score == result.max_score
            nothing = result.score == 0
            if everything != (hand_in.kind == RIGHT) or nothing != (hand_in.kind == BLANK):
                about = ", ".join([hand_in.kind, *hand_in.mistakes])
                raise WrongVerdict(f"{hand_in.student} ({about}) got {result.score:g}")
