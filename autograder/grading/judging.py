"""From one submission to a verdict on each task: own layers, correct layers, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.authoring.misconceptions import Misconception
from autograder.errors import SettingsError
from autograder.grading.convention import Convention
from autograder.grading.diagnosis import Suspect, diagnose
from autograder.grading.follow_through import CorrectLayers
from autograder.grading.overlays import (
    load_misconceptions,
    misconception_program,
    reference_program,
)
from autograder.grading.plugin import Play, Round
from autograder.grading.results import Diagnosis, TaskResult
from autograder.grading.scoring import CheckRun, score_task
from autograder.grading.student_run import StudentRun
from autograder.manifest import Assignment, Task
from autograder.paths import Course
from autograder.program import Program
from autograder.sandbox import Sandbox
from autograder.settings import Limits

# With correct layers these may come from a cache of the student's own form, which is no mistake.
RAISED = ("error", "timeout")


@dataclass(frozen=True)
class Subject:
    """Code to be judged.

    Attributes
    ----------
    program_of : the program behind a notebook, by the notebook's name.
    renames : how its constructors call their arguments, see `Worker.renames`.
    files : handed in beside the code, by name.
    draw : see `Round.draw`.
    """

    program_of: Callable[[str], Program]
    renames: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    draw: str = ""


class Judging:
    """Judges any number of subjects; what the known mistakes return is found out once.

    Parameters
    ----------
    replaced : by task id, the functions that correct ones take the place of when the task is judged
        again.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        course: Course,
        assignment: Assignment,
        limits: Limits,
        replaced: Mapping[str, Collection[str]],
    ) -> None:
        self._sandbox = sandbox
        self._course = course
        self._assignment = assignment
        self._limits = limits
        self._replaced = replaced
        self._misconceptions = load_misconceptions(course, assignment)
        self._suspects: dict[tuple[str, Convention, bool], list[Suspect]] = {}
        self._references: dict[Convention, Program] = {}

    def own_run(self, subject: Subject) -> StudentRun:
        """The subject's code with its own layers."""
        limits, renames = self._limits, subject.renames
        return StudentRun(self._sandbox, subject.program_of, limits, renames=renames)

    def judge(
        self,
        play: Play,
        run: StudentRun,
        subject: Subject,
        convention: Convention,
        tasks: Collection[str] | None = None,
    ) -> tuple[TaskResult, ...]:
        """Return the verdicts on these tasks (all of the assignment's by default).

        Parameters
        ----------
        run : what `own_run` made of the subject.

        Raises
        ------
        SettingsError
            If the suite has no check of one of them.
        """
        wanted = [t for t in self._assignment.tasks if tasks is None or t.id in tasks]
        round = Round(run, convention, subject.files, subject.draw)
        runs = play(round, [task.id for task in wanted])
        verdicts = []
        for task in wanted:
            own = [check for check in runs if check.task == task.id]
            if not own:
                suite = self._course.suite(self._assignment.id)
                raise SettingsError(f"{suite}: no check carries @pytest.mark.task({task.id!r})")
            verdicts.append(self._verdict(play, task, own, subject, convention))
        return tuple(verdicts)

    def _verdict(
        self,
        play: Play,
        task: Task,
        own: list[CheckRun],
        subject: Subject,
        convention: Convention,
    ) -> TaskResult:
        best = score_task(task, own)
        if best.status == "passed":
            return best
        rounds = [(False, own)]
        if self._replaced.get(task.id):
            again = self._with_correct_layers(play, task, subject, convention)
            rounds.insert(0, (True, again))
            better = score_task(task, again, "correct")
            best = better if better.score > best.score else best
        if best.status in ("passed", "missing"):
            return best
        return replace(best, diagnoses=self._diagnose(play, task, rounds, convention))

    def _diagnose(
        self,
        play: Play,
        task: Task,
        rounds: Iterable[tuple[bool, list[CheckRun]]],
        convention: Convention,
    ) -> tuple[Diagnosis, ...]:
        """Mistakes of the task's own code show best where all else is right."""
        for correct, runs in rounds:

            def play_checks(
                misconception: Misconception, checks: Sequence[str], correct: bool = correct
            ) -> list[CheckRun]:
                program = misconception_program(self._course, convention, misconception)
                suspect = Subject(lambda _: program)
                if correct:
                    return self._with_correct_layers(play, task, suspect, convention, checks)
                return play(Round(self.own_run(suspect), convention), [task.id], checks)

            found = diagnose(runs, self._suspects_of(task, convention, correct), play_checks)
            if found or not any(run.status in RAISED for run in runs):
                return found
        return ()

    def _with_correct_layers(
        self,
        play: Play,
        task: Task,
        subject: Subject,
        convention: Convention,
        checks: Collection[str] | None = None,
    ) -> list[CheckRun]:
        if convention not in self._references:
            self._references[convention] = reference_program(self._course, convention)
        layers = CorrectLayers(self._sandbox, self._references[convention], self._replaced)
        run = StudentRun(
            self._sandbox,
            subject.program_of,
            self._limits,
            renames=subject.renames,
            layers=layers,
        )
        try:
            round = Round(run, convention, subject.files, subject.draw)
            return play(round, [task.id], checks)
        finally:
            layers.close()

    def _suspects_of(self, task: Task, convention: Convention, correct: bool) -> list[Suspect]:
        key = task.id, convention, correct
        if key not in self._suspects:
            mine = [m for m in self._misconceptions if m.task == task.id]
            self._suspects[key] = [Suspect(misconception) for misconception in mine]
        return self._suspects[key]
