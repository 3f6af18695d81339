"""Known mistakes one after the other in one process: each is put into the reference and out again.

They are the course's own code, and most of what a process of its own costs is loading the
reference, which they share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

from autograder.authoring.misconceptions import Misconception
from autograder.grading.convention import Convention
from autograder.grading.follow_through import CorrectLayers
from autograder.grading.programs import Programs
from autograder.grading.rounds import Play, Round
from autograder.grading.scoring import CheckRun
from autograder.grading.student_run import Part, StudentRun
from autograder.manifest import Task
from autograder.program import Program
from autograder.sandbox import Sandbox, Script, StudentFault, Worker, run_more
from autograder.settings import Limits


class Lineup:
    """Plays the mistakes of one task.

    Parameters
    ----------
    layers : correct functions for what the task needs; may be None.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        limits: Limits,
        programs: Programs,
        convention: Convention,
        task: Task,
        layers: CorrectLayers | None,
    ) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._programs = programs
        self._convention = convention
        self._task = task
        self._layers = layers
        self._run = self._run_of(())

    def close(self) -> None:
        """End the process."""
        self._run.close()

    def perform(
        self, misconception: Misconception, scripts: Mapping[str, Script]
    ) -> dict[str, Sequence[bytes]] | None:
        """Have scripts performed for a mistake, see `StudentRun.perform`.

        Returns
        -------
        The digests of the answers by name of the check; None where they came to no end.
        """
        overlay = self._programs.overlay(misconception, self._convention)
        round = Round(self._run, self._convention)
        parts = [Part(script, *round.seeds(check)) for check, script in scripts.items()]
        try:
            worker = self._with(overlay)
            found = self._run.perform(self._task, parts)
            if found is not None:
                run_more(worker, self._programs.restoring(overlay, self._convention))
                return {name: done.digests for name, done in zip(scripts, found, strict=True)}
        except StudentFault:
            pass
        self._begin_anew()
        return None

    def _begin_anew(self) -> None:
        """What one mistake did to its process is no matter to the next one."""
        self.close()
        self._run = self._run_of(())

    def play(
        self, play: Play, misconception: Misconception, checks: Sequence[str]
    ) -> Sequence[CheckRun]:
        """Play these checks for a mistake."""
        overlay = self._programs.overlay(misconception, self._convention)
        try:
            worker = self._with(overlay)
            runs = self._played(play, self._run, checks)
            if worker.end() is None:
                run_more(worker, self._programs.restoring(overlay, self._convention))
                return runs
        except StudentFault:
            pass
        # It ended the process: from there on it was the reference that was played.
        self._begin_anew()
        return self._alone(play, overlay, checks)

    def _with(self, overlay: Program) -> Worker:
        self._run.begin(self._task)
        worker = self._run.worker(self._task, 0)
        run_more(worker, overlay)
        return worker

    def _alone(self, play: Play, overlay: Program, checks: Sequence[str]) -> Sequence[CheckRun]:
        with closing(self._run_of(overlay)) as run:
            return self._played(play, run, checks)

    def _run_of(self, overlay: Program) -> StudentRun:
        """The reference with a mistake in it from the start."""
        program = (*self._programs.reference(self._convention), *overlay)
        return StudentRun(self._sandbox, lambda _: program, self._limits, layers=self._layers)

    def _played(self, play: Play, run: StudentRun, checks: Sequence[str]) -> Sequence[CheckRun]:
        return play(Round(run, self._convention, told=True), [self._task.id], checks)
