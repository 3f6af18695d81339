"""One submission's code in the sandbox: a worker for each task, respawned when it dies."""

from __future__ import annotations

import time

from autograder.manifest import Assignment, Task
from autograder.program import Outcome, Program
from autograder.sandbox import Sandbox, StudentFault, StudentTimeout, Worker, load_program
from autograder.settings import Limits
from autograder.submissions import Submission


class StudentRun:
    """Hands out workers with the student's code loaded.

    Each task gets a worker of its own, so that what one task's code does to its process (patched
    numpy, used-up time, a crash) is not seen by another task's checks.
    """

    def __init__(
        self, sandbox: Sandbox, assignment: Assignment, submission: Submission, limits: Limits
    ) -> None:
        self._sandbox = sandbox
        self._assignment = assignment
        self._submission = submission
        self._limits = limits
        self._usable: dict[str, Program] = {}
        self._outcomes: dict[str, tuple[Outcome, ...]] = {}
        self._task = ""
        self._worker: Worker | None = None
        self._seconds = 0.0

    def worker(self, task: Task, seed: int) -> Worker:
        """Return a live worker for `task`, its random generators seeded with `seed`.

        Raises
        ------
        StudentTimeout
            If the task's wall time is used up.
        """
        if task.id != self._task:
            self.close()
            self._task, self._seconds = task.id, 0.0
        if self._worker is not None:
            try:
                self._worker.seed(seed)
                return self._worker
            except StudentTimeout:
                # What hung once would hang in every further check: one hang costs one deadline.
                raise
            except StudentFault:
                self._drop_worker()
        left = self._limits.task_seconds - self._seconds
        if left <= 0:
            raise StudentTimeout(f"the time for {task.id} was used up by earlier checks")
        self._worker = self._reload(task)
        self._worker.budget = left
        self._worker.seed(seed)
        return self._worker

    def outcomes(self, notebook: str) -> tuple[Outcome, ...]:
        """What became of the statements of `notebook` and of those it uses."""
        if notebook not in self._outcomes:
            self._load(notebook).close()
        return self._outcomes[notebook]

    def close(self) -> None:
        """Kill the current worker, if there is one."""
        if self._worker is not None:
            self._drop_worker()

    def _drop_worker(self) -> None:
        assert self._worker is not None
        self._seconds += self._worker.seconds_used
        self._worker.close()
        self._worker = None

    def _reload(self, task: Task) -> Worker:
        """Load, at the task's expense: code may hang in every load but the first."""
        first = task.notebook not in self._usable
        started = time.monotonic()
        worker = self._load(task.notebook)
        if not first:
            self._seconds += time.monotonic() - started - worker.seconds_used
        return worker

    def _load(self, notebook: str) -> Worker:
        # The first load finds statements that hang or crash; later ones start without them.
        program = self._usable.get(notebook)
        if program is None:
            program = self._submission.program(self._assignment, notebook)
        loaded = load_program(self._sandbox, program, 0)
        self._usable[notebook] = loaded.program
        self._outcomes.setdefault(notebook, loaded.outcomes)
        return loaded.worker
