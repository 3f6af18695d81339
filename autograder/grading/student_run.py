"""One submission's code in the sandbox: a worker for each task, respawned when it dies."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from autograder.grading.follow_through import CorrectLayers
from autograder.grading.recorder import Recorder
from autograder.manifest import Task
from autograder.program import Outcome, Program
from autograder.sandbox import Sandbox, StudentFault, StudentTimeout, Worker, load_program
from autograder.settings import Limits


class StudentRun:
    """Hands out workers with the student's code loaded.

    Each task gets a worker of its own, so that what one task's code does to its process (patched
    numpy, used-up time, a crash) is not seen by another task's checks.

    Parameters
    ----------
    program_of : the program behind a notebook, by the notebook's name.
    renames : how the student's constructors call their arguments, see `Worker.renames`.
    layers : correct functions for what a task needs, in place of the student's own.

    Attributes
    ----------
    recorder : keeps what was asked of the workers and what came back.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        program_of: Callable[[str], Program],
        limits: Limits,
        *,
        renames: Mapping[str, Mapping[str, str]] | None = None,
        layers: CorrectLayers | None = None,
    ) -> None:
        self.recorder = Recorder()
        self._sandbox = sandbox
        self._program_of = program_of
        self._limits = limits
        self._renames = renames or {}
        self._layers = layers
        self._usable: dict[str, Program] = {}
        self._outcomes: dict[str, tuple[Outcome, ...]] = {}
        self._task = ""
        self._worker: Worker | None = None
        self._seconds = 0.0

    def worker(self, task: Task, seed: int, layers_seed: int = 0) -> Worker:
        """Return a live worker for `task`, its random generators seeded with `seed`.

        Parameters
        ----------
        layers_seed : for what correct layers draw.

        Raises
        ------
        StudentTimeout
            If the task's wall time is used up.
        """
        if task.id != self._task:
            self.close()
            self._task, self._seconds = task.id, 0.0
        if self._layers is not None:
            self._layers.seed(layers_seed)
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
        self._worker.record = self.recorder
        self._worker.seed(seed)
        return self._worker

    def outcomes(self, notebook: str) -> tuple[Outcome, ...]:
        """What became of the statements of `notebook` and of those it uses."""
        if notebook not in self._outcomes:
            self._load(notebook, None).close()
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
        worker = self._load(task.notebook, task)
        if not first:
            self._seconds += time.monotonic() - started - worker.seconds_used
        return worker

    def _load(self, notebook: str, task: Task | None) -> Worker:
        # The first load finds statements that hang or crash; later ones start without them.
        program = self._usable.get(notebook)
        if program is None:
            program = self._program_of(notebook)
        layers = self._layers if task is not None else None
        replaced = layers.replaced(task) if layers is not None and task is not None else ()
        answer = layers.answer if layers is not None else None
        loaded = load_program(self._sandbox, program, 0, replaced=replaced, answer=answer)
        loaded.worker.renames = self._renames
        self._usable[notebook] = loaded.program
        self._outcomes.setdefault(notebook, loaded.outcomes)
        return loaded.worker
