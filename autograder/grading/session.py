"""A session of pytest that stays: the hidden suite is collected once and played many times."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from autograder.errors import SettingsError
from autograder.grading.memory import Memory
from autograder.grading.player import Player
from autograder.grading.plugin import Judge
from autograder.grading.rounds import Play, Round
from autograder.manifest import Assignment
from autograder.paths import Course

END_SECONDS = 5.0
T = TypeVar("T")
Job = tuple[Callable[[Play], Any], "Future[Any]"]

# No plugin that writes (cache, junit), prints, or changes how failures look; the suite's asserts
# stay plain because the text of a failure is never shown.
PYTEST_OPTIONS = (
    "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:logging", "-p", "no:faulthandler",
    "-p", "no:warnings", "-p", "no:doctest", "-p", "no:junitxml", "--capture=no",
    "-p", "no:unraisableexception", "-p", "no:threadexception",
    "--disable-plugin-autoload", "--assert=plain",
    "--import-mode=importlib", "--strict-markers",
)  # fmt: skip


class SuiteSession:
    """Plays rounds of one assignment's suite; a context manager.

    pytest calls a plugin and returns when all is done, a grader is called again and again: so
    pytest has a thread of its own, in which everything that is played runs, one thing after
    another.

    Parameters
    ----------
    seed : the course's, from which every check's is derived.
    memory : verdicts that are known; this session adds to it.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        seed: int,
        reference: SimpleNamespace,
        memory: Memory,
    ) -> None:
        self._suite = course.suite(assignment.id)
        self._arguments = [*PYTEST_OPTIONS, "-c", "/dev/null", f"--rootdir={course.root}"]
        self._judge = Judge(assignment, seed, reference, self._serve, memory)
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._collected: Future[None] = Future()
        self._player: Player | None = None
        self._thread = threading.Thread(target=self._main, name="pytest", daemon=True)

    def __enter__(self) -> SuiteSession:
        """Collect the suite.

        Raises
        ------
        SettingsError
            If it cannot be collected; the message names file and line.
        """
        writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            self._thread.start()
            self._collected.result()
        finally:
            sys.dont_write_bytecode = writes_bytecode
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self._jobs.put(None)
        # After Ctrl-C a student's code may still be running; the thread ends with the process then.
        self._thread.join(None if kind is None else END_SECONDS)

    def run(self, body: Callable[[Play], T]) -> T:
        """Let `body` play rounds; return what it returns and raise what it raises.

        A body may run another: at once, as the session waits for it.
        """
        if self._player is not None and threading.current_thread() is self._thread:
            return body(self._player.play)
        done: Future[T] = Future()
        self._jobs.put((body, done))
        return done.result()

    def rehearse(self, round: Round) -> None:
        """Learn from right code what the checks ask, see `Player.rehearse`."""
        player = self._player
        if player is not None:
            self.run(lambda _: player.rehearse(round))

    def _main(self) -> None:
        try:
            code = pytest.main([*self._arguments, str(self._suite)], [self._judge])
            if self._judge.collect_errors:
                raise SettingsError("\n".join(self._judge.collect_errors))
            reason = pytest.ExitCode(code).name.lower().replace("_", " ")
            raise SettingsError(f"{self._suite}: pytest says {reason}")
        except BaseException as error:  # noqa: BLE001  raised again where somebody waits
            if not self._collected.done():
                self._collected.set_exception(error)

    def _serve(self, player: Player) -> None:
        self._player = player
        self._collected.set_result(None)
        while (job := self._jobs.get()) is not None:
            body, done = job
            try:
                done.set_result(body(player.play))
            except BaseException as error:  # noqa: BLE001  it belongs to who asked
                done.set_exception(error)
