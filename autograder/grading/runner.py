"""Grades one submission: reads it, runs the hidden suite over the sandbox, scores the checks."""

from __future__ import annotations

import gc
import platform
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

import autograder
from autograder.errors import AutograderError
from autograder.grading.child import in_child
from autograder.grading.convention import Convention
from autograder.grading.follow_through import replaced_functions
from autograder.grading.judging import Judging, Lessons, Subject
from autograder.grading.memory import Memory
from autograder.grading.observed_convention import observed_convention
from autograder.grading.results import Result
from autograder.grading.rounds import Play
from autograder.grading.session import SuiteSession
from autograder.grading.student_run import StudentRun
from autograder.grading.suite import load_reference, suite_digest
from autograder.grading.terms import Terms
from autograder.manifest import Assignment, Task, load_assignment
from autograder.owner import Owner
from autograder.paths import Course
from autograder.sandbox import Sandbox
from autograder.settings import load_settings
from autograder.submissions import Submission
from autograder.submissions.release import check_points, read_release
from autograder.submissions.text import limited

T = TypeVar("T")


class Grader(Owner):
    """Judges submissions of one assignment; a context manager that owns the sandbox.

    Parameters
    ----------
    allow_degraded : go on when a layer of the sandbox is missing; recorded in each result.

    Attributes
    ----------
    judging : what judges programs that are no submissions, in `play`.
    lessons : what the last child of `apart` left, for other graders of the same class; None before.
    """

    def __init__(
        self,
        course: Course,
        assignment: str,
        terms: Terms | None = None,
        *,
        allow_degraded: bool = False,
    ) -> None:
        self.course = course
        self.assignment: Assignment = load_assignment(course, assignment)
        self.terms = terms or Terms()
        self.settings = load_settings(course)
        if self.terms.seed is not None:
            self.settings = replace(self.settings, seed=self.terms.seed)
        self.suite_digest = suite_digest(course, assignment, self.settings)
        self._reference = load_reference(course)
        self._sandbox = Sandbox(self.settings.limits, allow_degraded=allow_degraded)
        memory = Memory()
        self.lessons: Lessons | None = None
        self._released: frozenset[str] = frozenset()
        self._session = SuiteSession(
            course, self.assignment, self.settings.seed, self._reference, memory
        )
        self.judging = Judging(
            self._sandbox,
            course,
            self.assignment,
            self.settings.limits,
            replaced_functions(course, self.assignment, self._reference),
            memory,
        )
        # Without a sound release no submission can be read: say so once, before the first.
        folder = course.release(assignment)
        check_points(folder, read_release(folder, self.assignment), self.assignment)

    def __enter__(self) -> Grader:
        with ExitStack() as stack:
            stack.enter_context(self._sandbox)
            stack.callback(self.judging.close)
            stack.enter_context(self._session)
            # What submissions have in common is found out once, and not by every child again.
            release = self.read(self.course.release(self.assignment.id), "")
            for program in release.statements.values():
                self._sandbox.know(program)
                self._released |= {statement.source for statement in program}
            self._stack = stack.pop_all()
        gc.collect()
        gc.freeze()  # what children share with this process is not copied for their collectors
        return self

    def versions(self) -> dict[str, str]:
        """What the verdict depends on besides the submission."""
        return {
            "autograder": autograder.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "suite": self.suite_digest,
            "terms": self.terms.asked(self.settings.convention),
        }

    def grade(self, path: Path, student: str) -> Result:
        """Grade the submission in folder `path` (or of one notebook file)."""
        return self.grade_submission(self.read(path, student))

    def read(self, path: Path, student: str) -> Submission:
        """Read a submission as this assignment's; runs none of it."""
        return self.terms.read(self.course, self.assignment, path, student)

    def grade_submission(self, submission: Submission) -> Result:
        """Grade what `read` returned."""
        subject = self._subject(submission)
        run = self.judging.run_of(subject)
        try:
            convention = self._convention(submission, run)
            self.judging.memory.met.add(convention)
            self._rehearse([convention])
            tasks = self.play(lambda play: self.judging.judge(play, run, subject, convention))
            problems = (*submission.problems, *self._load_problems(run))
        finally:
            run.close()
        return Result(
            assignment=self.assignment.id,
            student=submission.student,
            score=round(sum(task.score for task in tasks), 4),
            max_score=float(self.assignment.auto_points),
            tasks=tasks,
            problems=problems,
            sandbox=dict(self._sandbox.layers),
            versions=self.versions(),
            digest=submission.digest,
            convention=convention.name,
            layout=submission.layout,
            repairs=submission.repairs,
            untouched=submission.untouched,
        )

    def _subject(self, submission: Submission) -> Subject:
        names = [notebook.name for notebook in self.assignment.notebooks]
        package = submission.layout == "package"
        return Subject(
            partial(submission.program, self.assignment),
            submission.renames,
            submission.files,
            own_given=package,
            absent=() if package else [n for n in names if n not in submission.present],
            written=partial(self._written, submission),
        )

    def _written(self, submission: Submission, task: Task) -> bool:
        """Whether a statement that is not the release's has to do with a task."""
        return not task.functions or any(
            statement.task == task.id or _names_any(statement.source, task.functions)
            for statement in submission.program(self.assignment, task.notebook)
            if statement.source not in self._released
        )

    def play(self, body: Callable[[Play], T]) -> T:
        """Let `body` play rounds of the hidden suite; return what it returns."""
        return self._session.run(body)

    def apart(self, body: Callable[[], T]) -> T:
        """Call `body` in a child of this process; return what it returned.

        The child keeps nothing, and leaves what it learnt: how known mistakes fare, and which
        answers get which verdict. Neither depends on who came first.

        Raises
        ------
        ChildDied
            If the child did. The sandbox may be left in the middle of an answer: this grader is of
            no more use then.
        """
        self.rehearse()
        self.judging.close()  # a child must not end, or ask, processes that are not its own

        def both() -> tuple[T, Lessons]:
            try:
                return body(), self.judging.lessons()
            finally:
                self.judging.close()

        answer, lessons = self._session.run(lambda _: in_child(both))
        self.judging.learn(lessons)
        self.lessons = lessons
        return answer

    def rehearse(self) -> None:
        """Find out what the checks ask, for the conventions that submissions had so far."""
        with suppress(AutograderError):  # a child says so about its submission
            self._rehearse(self.judging.memory.met or [self._usual()])

    @property
    def rehearsed(self) -> bool:
        """Whether verdicts can be remembered, see `player`."""
        return bool(self.judging.memory.scripts)

    def _rehearse(self, conventions: Iterable[Convention]) -> None:
        """Find out what the checks ask, once for all submissions of a convention."""
        for convention in set(conventions) - self.judging.memory.rehearsed:
            self.judging.prepare(convention)
            self._session.rehearse(self.judging.reference_round(convention))

    def _convention(self, submission: Submission, run: StudentRun) -> Convention:
        """The one asked for; under "auto" what the code says, then what it does."""
        if self.terms.convention != "auto":
            return self._usual()
        name = submission.convention or observed_convention(run, self.assignment)
        return Convention(name or self.settings.convention)

    def _usual(self) -> Convention:
        """The convention that was asked for, or the course's."""
        asked = self.terms.convention
        return Convention(asked if asked in ("keep", "drop") else self.settings.convention)

    def _load_problems(self, run: StudentRun) -> tuple[str, ...]:
        """One sentence for each statement of the student's that failed, hung or crashed."""
        found: dict[str, None] = {}
        for notebook in self.assignment.notebooks:
            for outcome in run.outcomes(notebook.name):
                if outcome.status != "ok":
                    place = f"{outcome.statement.where}, line {outcome.statement.line}"
                    found.setdefault(f"{place}: {outcome.message}")
        return limited(list(found))


def _names_any(source: str, functions: Iterable[str]) -> bool:
    # Python normalises names, and text that was copied may hold a letter in another form.
    source = unicodedata.normalize("NFKC", source)
    return any(name in source for name in functions)
