"""One submission's code in the sandbox: workers with it loaded, respawned when they die."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.grading.follow_through import CorrectLayers
from autograder.grading.recorder import Recorder
from autograder.manifest import Task
from autograder.program import Outcome, Program
from autograder.sandbox import (
    CodecError,
    Performed,
    Sandbox,
    Script,
    StudentFault,
    StudentTimeout,
    Transcript,
    Worker,
    load_behind,
    load_program,
    performed,
)
from autograder.settings import Limits

# Wall seconds for the scripts of a task, for which right code takes a hundredth of it. What needs
# longer is asked request by request, each with a limit of its own.
SCRIPT_SECONDS = 2.0


@dataclass(frozen=True)
class Part:
    """A script to be performed.

    Attributes
    ----------
    seed, layers_seed : of what the student's code and correct layers draw.
    """

    script: Script
    seed: int
    layers_seed: int


class StudentRun:
    """Hands out workers with the student's code loaded.

    A worker goes on to the next task until `close`, and with more code to tasks of a notebook that
    uses its own; what earlier tasks did to it (patched numpy, memory, a crash) may tell then, which
    `shared` says.

    Parameters
    ----------
    program_of : the program behind a notebook, by the notebook's name.
    renames : how the student's constructors call their arguments, see `Worker.renames`.
    layers : correct functions for what a task needs, in place of the student's own; a worker that
        has them is for one task only.

    Attributes
    ----------
    program_of : as given.
    recorder : keeps what was asked of the workers and what came back.
    transcript : takes down what is asked from here on, and what comes back; may be None.
    gave_up : the task whose scripts came to no end, if there was one; shared by `with_layers`.
    steady : whether all that was asked twice for this task was answered alike.
    doubtful : names of its checks that failed with requests that are in no script, behind the
        scripts of all: what those did to the code's state may have told.
    shared : whether the last task that asked for a worker got one that had served another.
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
        self.program_of = program_of
        self.recorder = Recorder()
        self.transcript: Transcript | None = None
        self.gave_up: set[str] = set()
        self.steady = True
        self.doubtful: set[str] = set()
        self.shared = False
        self._sandbox = sandbox
        self._limits = limits
        self._renames = renames or {}
        self._layers = layers
        self._usable: dict[str, Program] = {}
        self._outcomes: dict[str, tuple[Outcome, ...]] = {}
        self._task: Task | None = None
        self._worker: Worker | None = None
        self._seconds = 0.0  # of this task, in workers that are gone
        self._before = 0.0  # of the worker, before this task

    def with_layers(self, layers: CorrectLayers) -> StudentRun:
        """The same code with correct functions for what a task needs."""
        other = StudentRun(
            self._sandbox, self.program_of, self._limits, renames=self._renames, layers=layers
        )
        # What hung or crashed while it was loaded would do so again.
        other._usable, other._outcomes = self._usable, self._outcomes
        other.gave_up = self.gave_up
        return other

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
        if self._task is None or task.id != self._task.id:
            self.begin(task)
        if self._layers is not None:
            self._layers.seed(layers_seed)
        if self._worker is not None and (end := self._worker.end()) is not None:
            # What hung once would hang in every further check: one hang costs one deadline.
            if isinstance(end, StudentTimeout):
                raise StudentTimeout(end.sentence)
            self._drop_worker()
        if self._worker is None:
            self._worker = self._fresh_worker(task)
        self._worker.seed(seed)
        return self._worker

    def begin(self, task: Task) -> None:
        """Turn to a task, with all of its time; `worker` does so by itself for another one."""
        going_on = self._goes_on(task)
        if not going_on:
            self.close()
        self._task, self.shared, self._seconds = task, going_on, 0.0
        self.steady, self.doubtful = True, set()
        if self._worker is not None:
            self._before = self._worker.seconds_used
            self._worker.budget = self._before + self._limits.task_seconds

    def _goes_on(self, task: Task) -> bool:
        """Whether the worker that is there has the task's code, now if not before."""
        if self._worker is None or self._worker.end() is not None or self._task is None:
            return False
        if self._layers is not None:
            return self._task == task
        before, notebook = self._task.notebook, task.notebook
        return before == notebook or self._load_behind(self._worker, before, notebook)

    def _load_behind(self, worker: Worker, before: str, notebook: str) -> bool:
        """Load what `notebook` has in addition to `before`, if nothing else has to change."""
        there = self._usable[before]
        program = self._usable.get(notebook) or self.program_of(notebook)
        end = len(there)
        if program[:end] != there or len(self._outcomes[before]) != end:
            return False
        worker.budget = worker.seconds_used + self._limits.call_seconds
        worker.note = None  # no check asks for this
        more = load_behind(worker, there, program[end:])
        worker.note = self._note
        if more is None:
            return False
        self._usable[notebook] = program
        self._outcomes.setdefault(notebook, (*self._outcomes[before], *more))
        return True

    def perform(self, task: Task, parts: Sequence[Part]) -> list[Performed] | None:
        """Have scripts performed, see `Worker.perform`.

        None where that did not come to an end: then neither does it for any later task, and each
        request must be made by itself, to find the one that it stopped at.
        """
        if self.gave_up:
            return None
        # What correct layers draw is seeded on this side, check by check.
        together = self._layers is None or not self._layers.draw(task)
        groups = [parts] if together else [[part] for part in parts]
        used = self._used() if self._task == task else 0.0
        try:
            return [done for group in groups for done in self._perform(task, group)]
        except (StudentFault, CodecError):
            self.gave_up.add(task.id)
            if self._worker is not None and self._worker.end() is not None:
                self._drop_worker()
                self._seconds = used  # scripts do not count
            return None

    def _perform(self, task: Task, parts: Sequence[Part]) -> list[Performed]:
        worker = self.worker(task, parts[0].seed, parts[0].layers_seed)
        scripts = [(part.seed, part.script.frames(self._renames)) for part in parts]
        found = worker.perform(scripts, min(SCRIPT_SECONDS, self._limits.call_seconds))
        pairs = zip(parts, found, strict=True)
        return [performed(p.script, answers, worker.names, worker.cells) for p, answers in pairs]

    def outcomes(self, notebook: str) -> tuple[Outcome, ...]:
        """What became of the statements of `notebook` and of those it uses."""
        if notebook not in self._outcomes:
            self._load(notebook, None).close()
        return self._outcomes[notebook]

    def close(self) -> None:
        """Kill the current worker, if there is one; what is asked next gets a fresh one."""
        if self._worker is not None:
            self._drop_worker()
        self._task, self.shared, self.steady, self.doubtful = None, False, True, set()

    def _used(self) -> float:
        """Seconds of this task so far."""
        worker = self._worker
        return self._seconds + (worker.seconds_used - self._before if worker is not None else 0.0)

    def _drop_worker(self) -> None:
        assert self._worker is not None
        self._seconds = self._used()
        self._worker.close()
        self._worker = None

    def _fresh_worker(self, task: Task) -> Worker:
        left = self._limits.task_seconds - self._seconds
        if left <= 0:
            raise StudentTimeout(f"the time for {task.id} was used up by earlier checks")
        worker = self._reload(task)
        worker.budget, self._before = left, 0.0
        worker.record = self.recorder
        worker.note = self._note
        return worker

    def _note(self, operation: str, arguments: tuple[object, ...], outcome: object) -> None:
        if self.transcript is not None:
            self.transcript.note(operation, arguments, outcome)

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
            program = self.program_of(notebook)
        layers = self._layers if task is not None else None
        replaced = layers.replaced(task) if layers is not None and task is not None else ()
        answer = layers.answer if layers is not None else None
        loaded = load_program(self._sandbox, program, 0, replaced=replaced, answer=answer)
        loaded.worker.renames = self._renames
        self._usable[notebook] = loaded.program
        self._outcomes.setdefault(notebook, loaded.outcomes)
        return loaded.worker
