"""The pytest plugin that judges code with a hidden suite.

The suite is collected once; then its checks are played in rounds, each for one subject: a
submission, the same with correct layers, a known mistake. The plugin gives the suite its fixtures,
reads the `task` marks, and turns what pytest reports into `CheckRun`s whose messages are safe for
students: pytest's own text of a failure holds expected values and hidden inputs and never leaves
this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, Protocol

import numpy as np
import pytest

from autograder.errors import raised_in
from autograder.grading.convention import Convention
from autograder.grading.expect import CheckFailed, NothingHandedIn
from autograder.grading.scoring import CheckRun
from autograder.grading.student_run import StudentRun
from autograder.grading.suite import check_seed, worker_seed
from autograder.manifest import Assignment, Task
from autograder.sandbox import StudentError, StudentFault, StudentTimeout
from autograder.submissions.files import File


@dataclass(frozen=True)
class Round:
    """One subject that a suite judges, and how it reads p.

    Attributes
    ----------
    files : handed in beside the code, by name.
    draw : tells apart the random numbers that subjects draw for themselves; the hidden inputs do
        not depend on it.
    """

    subject: StudentRun
    convention: Convention
    files: Mapping[str, File] = field(default_factory=dict)
    draw: str = ""


class Play(Protocol):
    """Plays the checks of these tasks, or those of them with these names, in the suite's order."""

    def __call__(
        self, round: Round, tasks: Collection[str], checks: Collection[str] | None = None
    ) -> list[CheckRun]: ...


@dataclass
class Judge:
    """Plugin object: the suite is collected once, then `body` has rounds played as it likes.

    Attributes
    ----------
    collect_errors : what is wrong with the suite; nothing was played then.
    """

    assignment: Assignment
    course_seed: int
    reference: SimpleNamespace
    body: Callable[[Play], None]
    collect_errors: list[str] = field(default_factory=list)
    _runs: list[CheckRun] = field(default_factory=list)
    _round: Round | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "task(id, weight=1): the task that a check belongs to")

    def pytest_exception_interact(
        self,
        node: pytest.Item | pytest.Collector,
        call: pytest.CallInfo[None],
        report: pytest.CollectReport | pytest.TestReport,
    ) -> None:
        """Note what is wrong with a file of the suite; what a check raises is no matter here."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            error = call.excinfo.value
            suites = Path(node.config.args[0]).parent
            # pytest wraps what an import raised into many lines of its own.
            self.collect_errors.append(raised_in(suites, error.__cause__ or error))

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Run nothing if a check does not say which task it judges, or a task has none."""
        known = {task.id for task in self.assignment.tasks}
        for item in items:
            if task_mark(item)[0] not in known:
                self.collect_errors.append(
                    f"{item.nodeid}: needs @pytest.mark.task(<id of a task>, weight=…)"
                )
        judged = {task_mark(item)[0] for item in items}
        for task in self.assignment.tasks:
            if not self.collect_errors and task.id not in judged:
                self.collect_errors.append(
                    f"{config.args[0]}: no check carries @pytest.mark.task({task.id!r})"
                )
        if self.collect_errors:
            items.clear()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Leave it to `body` which checks run, for whom, and how often."""

        def play(
            round: Round, tasks: Collection[str], checks: Collection[str] | None = None
        ) -> list[CheckRun]:
            items = [
                item
                for item in session.items
                if task_mark(item)[0] in tasks and (checks is None or check_name(item) in checks)
            ]
            self._round, self._runs = round, []
            for item, following in zip_longest(items, items[1:]):
                round.subject.recorder.take()
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            round.subject.close()
            return self._runs

        if not self.collect_errors:
            self.body(play)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Record the check; the report for pytest itself carries no text of the failure."""
        error = call.excinfo.value if call.excinfo else None
        if call.when == "call" or (call.when == "setup" and error is not None):
            task, weight = task_mark(item)
            name, (status, message) = check_name(item), verdict(error)
            calls = self.round.subject.recorder.take()
            self._runs.append(CheckRun(task, name, weight, status, message, call.duration, calls))
        outcome: Literal["passed", "failed"] = "failed" if error else "passed"
        assert call.when != "collect"  # pytest never calls this hook then; mypy can't know
        return pytest.TestReport(
            item.nodeid, item.location, {}, outcome, None, call.when, (), call.duration
        )

    @property
    def round(self) -> Round:
        """What is being judged."""
        if self._round is None:
            raise RuntimeError("no round is being played")
        return self._round

    @pytest.fixture
    def task(self, request: pytest.FixtureRequest) -> Task:
        """The task of the running check."""
        return self.assignment.task(task_mark(request.node)[0])

    @pytest.fixture
    def seed(self, request: pytest.FixtureRequest) -> int:
        """A seed of this check's own."""
        task, _ = task_mark(request.node)
        return check_seed(self.course_seed, self.assignment.id, task, check_name(request.node))

    @pytest.fixture
    def rng(self, seed: int) -> np.random.Generator:
        """The generator of this check's hidden inputs."""
        return np.random.default_rng(seed)

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest, task: Task) -> Any:
        """The student's functions and classes, called in the sandbox."""
        name = check_name(request.node)
        # Two seeds: code that draws a mask anew must not happen to draw that of correct layers.
        seeds = worker_seed(name + self.round.draw), worker_seed(f"layers of {name}")
        return self.round.subject.worker(task, *seeds).student

    @pytest.fixture(name="reference")
    def reference_fixture(self) -> SimpleNamespace:
        """Everything of `solutions/`, on the trusted side."""
        return self.reference

    @pytest.fixture(name="convention")
    def convention_fixture(self) -> Convention:
        """What p means in this course."""
        return self.round.convention

    @pytest.fixture
    def handed_in(self, task: Task) -> File | None:
        """The file that was handed in for this task beside the notebook, or None."""
        found = (self.round.files.get(name) for name in task.files)
        return next((file for file in found if file is not None), None)


def task_mark(item: pytest.Item) -> tuple[str, float]:
    """Task id and weight of a check; the id is empty where there is no mark."""
    mark = item.get_closest_marker("task")
    if mark is None or len(mark.args) != 1:
        return "", 0.0
    return str(mark.args[0]), float(mark.kwargs.get("weight", 1))


def check_name(item: pytest.Item) -> str:
    """`test_values[4-D]` is the check `values[4-D]`."""
    return item.name.removeprefix("test_")


def verdict(error: BaseException | None) -> tuple[str, str]:
    """Status and student's message for what ended a check.

    Only three kinds of text get out: messages written for students by the suite (`CheckFailed`),
    what the student's own code said (`StudentFault`), the name of any other exception's type.
    """
    if error is None:
        return "passed", ""
    if isinstance(error, NothingHandedIn):
        return "missing", str(error)
    if isinstance(error, CheckFailed):
        return "failed", str(error)
    if isinstance(error, StudentTimeout):
        return "timeout", error.sentence
    if isinstance(error, StudentError) and error.etype == "NotImplementedError":
        return "missing", f"Not written yet: {error.sentence}"
    # A NameError raised inside the student's code names its type; the proxy's own does not.
    if isinstance(error, StudentError) and error.sentence.endswith(" is not defined"):
        return "missing", error.sentence
    if isinstance(error, StudentFault):
        return "error", error.sentence
    return "failed", (
        f"The check could not use what the code returned ({type(error).__name__}). "
        "Does it return what the docstring says, in that order?"
    )
