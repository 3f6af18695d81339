"""The pytest plugin that judges code with a hidden suite.

The suite is collected once; then its checks are played in rounds, each for one subject: a
submission, the same with correct layers, a known mistake.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from autograder.errors import AutograderError, raised_in
from autograder.grading.checks import Check, check_of
from autograder.grading.memory import Memory
from autograder.grading.player import Player
from autograder.grading.rounds import FIXTURES, Equipment, Round
from autograder.grading.scoring import CheckRun
from autograder.grading.suite import check_seed
from autograder.grading.verdicts import verdict
from autograder.manifest import Assignment
from autograder.sandbox import Replay

# What is no fault of the judged code's: the sandbox is gone, the disk or the memory is full.
OUR_TROUBLE = (AutograderError, OSError, MemoryError)


def provided(name: str) -> Any:
    """Return the pytest fixture that hands out this part of the running check's equipment."""

    @pytest.fixture(name=name)
    def fixture(self: Judge) -> object:
        return getattr(self.equipment, name)

    return fixture


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
    body: Callable[[Player], None]
    memory: Memory
    collect_errors: list[str] = field(default_factory=list)
    _checks: dict[str, list[Check]] = field(default_factory=dict)
    _runs: list[CheckRun] = field(default_factory=list)
    _equipment: Equipment | None = None
    _trouble: BaseException | None = None

    @property
    def equipment(self) -> Equipment:
        """What the running check is given."""
        if self._equipment is None:
            raise RuntimeError("no check is running")
        return self._equipment

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
        self, config: pytest.Config, items: list[pytest.Function]
    ) -> None:
        """Run nothing if a check does not say which task it judges, or a task has none."""
        self._checks = {task.id: [] for task in self.assignment.tasks}
        for item in items:
            check = check_of(item)
            if check.task in self._checks:
                self._checks[check.task].append(check)
            else:
                self.collect_errors.append(
                    f"{item.nodeid}: needs @pytest.mark.task(<id of a task>, weight=…)"
                )
        for task, checks in self._checks.items():
            if not self.collect_errors and not checks:
                self.collect_errors.append(
                    f"{config.args[0]}: no check carries @pytest.mark.task({task!r})"
                )
        if self.collect_errors:
            items.clear()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Leave it to `body` which checks run, for whom, and how often."""
        if not self.collect_errors:
            self._warm_up()
            self.body(Player(self.assignment, self._checks, self._run, self.memory))
        return True

    def _warm_up(self) -> None:
        """Let the suite's files prepare what does not depend on a submission, once for all."""
        for task, checks in self._checks.items():
            seed = check_seed(self.course_seed, self.assignment.id, task, "")
            for module in dict.fromkeys(check.item.module for check in checks):
                if hasattr(module, "warm_up"):
                    module.warm_up(seed)

    def _run(self, check: Check, round: Round, replay: Replay | None) -> CheckRun:
        self._equipment = Equipment(
            self.assignment,
            self.course_seed,
            self.assignment.task(check.task),
            check.name,
            round,
            self.reference,
            replay,
        )
        if check.fixtures is not None:
            self._call(check, check.fixtures)
        else:
            check.item.ihook.pytest_runtest_protocol(item=check.item, nextitem=None)
            if self._trouble is not None:
                raise self._trouble
        self._equipment = None
        return self._runs.pop()

    def _call(self, check: Check, fixtures: tuple[str, ...]) -> None:
        """Run a check that needs nothing of pytest, which would take longer than most checks do."""
        error: BaseException | None = None
        started = time.perf_counter()
        try:
            given = {name: getattr(self.equipment, name) for name in fixtures}
            check.item.obj(**given, **check.parameters)
        except (KeyboardInterrupt, pytest.exit.Exception, *OUR_TROUBLE):
            raise
        except BaseException as raised:  # noqa: BLE001  what pytest takes for a failure, too
            error = raised
        self._record(check, error, time.perf_counter() - started)
        del error  # its traceback holds this frame: what the check drew would stay

    def _record(self, check: Check, error: BaseException | None, seconds: float) -> None:
        status, message = verdict(error)
        calls = self.equipment.round.subject.recorder.take()
        self._runs.append(
            CheckRun(check.task, check.name, check.weight, status, message, seconds, calls)
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Record the check; the report for pytest itself carries no text of the failure."""
        error = call.excinfo.value if call.excinfo else None
        if isinstance(error, OUR_TROUBLE):
            self._trouble = error
        if call.when == "call" or (call.when == "setup" and error is not None):
            self._record(check_of(item), error, call.duration)
        outcome: Literal["passed", "failed"] = "failed" if error else "passed"
        assert call.when != "collect"  # pytest never calls this hook then; mypy can't know
        return pytest.TestReport(
            item.nodeid, item.location, {}, outcome, None, call.when, (), call.duration
        )


for _name in FIXTURES:
    setattr(Judge, f"{_name}_fixture", provided(_name))
