"""Grades one submission: reads it, runs the hidden suite over the sandbox, scores the checks."""

from __future__ import annotations

import platform
import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
import pytest

import autograder
from autograder.errors import SettingsError
from autograder.grading.convention import Convention
from autograder.grading.plugin import Judge
from autograder.grading.results import Result, TaskResult
from autograder.grading.scoring import CheckRun, score_task
from autograder.grading.student_run import StudentRun
from autograder.grading.suite import load_reference, suite_digest
from autograder.manifest import Assignment, Task, load_assignment
from autograder.paths import Course
from autograder.sandbox import Sandbox
from autograder.settings import load_settings
from autograder.submissions import Submission, read_submission
from autograder.submissions.release import check_points, read_release
from autograder.submissions.text import limited

# No plugin that writes (cache, junit), prints, or changes how failures look; the suite's asserts
# stay plain because the text of a failure is never shown.
PYTEST_OPTIONS = (
    "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:logging", "-p", "no:faulthandler",
    "-p", "no:warnings", "-p", "no:doctest", "-p", "no:junitxml", "--capture=no",
    "--disable-plugin-autoload",
    "--assert=plain", "--import-mode=importlib", "--strict-markers",
)  # fmt: skip


class Grader:
    """Judges submissions of one assignment; a context manager that owns the sandbox.

    Parameters
    ----------
    allow_degraded : go on when a layer of the sandbox is missing; recorded in each result.
    """

    def __init__(self, course: Course, assignment: str, *, allow_degraded: bool = False) -> None:
        self.course = course
        self.assignment: Assignment = load_assignment(course, assignment)
        self.settings = load_settings(course)
        self.suite_digest = suite_digest(course, assignment, self.settings)
        self._reference = load_reference(course)
        self._allow_degraded = allow_degraded
        self._stack = ExitStack()
        # Without a sound release no submission can be read: say so once, before the first.
        folder = course.release(assignment)
        check_points(folder, read_release(folder, self.assignment), self.assignment)

    def __enter__(self) -> Grader:
        sandbox = Sandbox(self.settings.limits, allow_degraded=self._allow_degraded)
        self._sandbox = self._stack.enter_context(sandbox)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def versions(self) -> dict[str, str]:
        """What the verdict depends on besides the submission."""
        return {
            "autograder": autograder.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "suite": self.suite_digest,
        }

    def grade(self, path: Path, student: str) -> Result:
        """Grade the submission in folder `path` (or of one notebook file)."""
        return self.grade_submission(self.read(path, student))

    def read(self, path: Path, student: str) -> Submission:
        """Read a submission as this assignment's; runs none of it."""
        return read_submission(
            path, self.assignment, self.course.release(self.assignment.id), student
        )

    def grade_submission(self, submission: Submission) -> Result:
        """Grade what `read` returned."""
        run = StudentRun(self._sandbox, self.assignment, submission, self.settings.limits)
        try:
            checks = self._run_suite(submission, run)
            problems = (*submission.problems, *self._load_problems(run))
        finally:
            run.close()
        tasks = tuple(self._task_result(task, checks) for task in self.assignment.tasks)
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
        )

    def _run_suite(self, submission: Submission, run: StudentRun) -> list[CheckRun]:
        judge = Judge(
            self.assignment,
            self.settings.seed,
            Convention(self.settings.convention),
            self._reference,
            submission,
            run,
        )
        root = self.course.root
        options = (*PYTEST_OPTIONS, "-c", "/dev/null", f"--rootdir={root}")
        writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            code = pytest.main([*options, str(self.course.suite(self.assignment.id))], [judge])
        finally:
            sys.dont_write_bytecode = writes_bytecode
        if judge.collect_errors:
            raise SettingsError("\n".join(judge.collect_errors))
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            reason = pytest.ExitCode(code).name.lower().replace("_", " ")
            raise SettingsError(f"{self.course.suite(self.assignment.id)}: pytest says {reason}")
        return judge.runs

    def _task_result(self, task: Task, checks: list[CheckRun]) -> TaskResult:
        runs = [check for check in checks if check.task == task.id]
        if not runs:
            suite = self.course.suite(self.assignment.id)
            raise SettingsError(f"{suite}: no check carries @pytest.mark.task({task.id!r})")
        return score_task(task, runs)

    def _load_problems(self, run: StudentRun) -> tuple[str, ...]:
        """One sentence for each statement of the student's that failed, hung or crashed."""
        found: dict[str, None] = {}
        for notebook in self.assignment.notebooks:
            for outcome in run.outcomes(notebook.name):
                if outcome.status != "ok":
                    place = f"{outcome.statement.where}, line {outcome.statement.line}"
                    found.setdefault(f"{place}: {outcome.message}")
        return limited(list(found))
