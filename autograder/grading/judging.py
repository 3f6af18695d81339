"""From one submission to a verdict on each task: own layers, correct layers, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from autograder.grading.convention import Convention
from autograder.grading.follow_through import CorrectLayers
from autograder.grading.known_mistakes import KnownMistakes
from autograder.grading.overlays import reference_program
from autograder.grading.plugin import Play, Round
from autograder.grading.results import TaskResult
from autograder.grading.scoring import CheckRun, score_task
from autograder.grading.student_run import StudentRun
from autograder.manifest import Assignment, Task
from autograder.paths import Course
from autograder.program import Program
from autograder.sandbox import Sandbox
from autograder.settings import Limits
from autograder.submissions.files import File

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
    own_given : whether functions that the course gives are the student's copies, as in a package.
    absent : names of notebooks that were not handed in; their tasks are not judged again, although
        another notebook's code may happen to do.
    draw : see `Round.draw`.
    """

    program_of: Callable[[str], Program]
    renames: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    own_given: bool = False
    absent: Collection[str] = ()
    draw: str = ""


class Judging:
    """Judges any number of subjects.

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
        self._mistakes = KnownMistakes(sandbox, course, assignment, limits, replaced)
        self._references: dict[Convention, Program] = {}

    def close(self) -> None:
        """End the processes that are kept."""
        self._mistakes.close()

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
        """
        wanted = [t for t in self._assignment.tasks if tasks is None or t.id in tasks]
        round = Round(run, convention, subject.files, subject.draw)
        runs = play(round, [task.id for task in wanted])
        verdicts: list[TaskResult] = []
        for task in wanted:
            own = [check for check in runs if check.task == task.id]
            sound = {verdict.task for verdict in verdicts if verdict.status == "passed"}
            right_needs = sound.issuperset(task.needs) and not subject.own_given
            verdicts.append(self._verdict(play, task, own, subject, convention, right_needs))
        return tuple(verdicts)

    def _verdict(
        self,
        play: Play,
        task: Task,
        own: list[CheckRun],
        subject: Subject,
        convention: Convention,
        right_needs: bool,
    ) -> TaskResult:
        best = score_task(task, own)
        if best.status == "passed":
            return best
        again: list[CheckRun] = []
        if self._replaced.get(task.id) and task.notebook not in subject.absent:
            again = self._with_correct_layers(play, task, subject, convention)
            better = score_task(task, again, "correct")
            if better.score < best.score:
                # The student's functions fit each other, not ours: a cache is their own business.
                again = []
            # Where all that it needs is right, another round is but another draw of random numbers.
            elif better.score > best.score and not right_needs:
                best = better
        if best.status in ("passed", "missing"):
            return best
        # Mistakes of the task's own code show best where all else is right.
        found = self._mistakes.diagnose(play, task, convention, again, correct=True)
        if not found and (not again or any(run.status in RAISED for run in again)):
            found = self._mistakes.diagnose(play, task, convention, own, correct=False)
        return replace(best, diagnoses=found)

    def _with_correct_layers(
        self, play: Play, task: Task, subject: Subject, convention: Convention
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
            return play(Round(run, convention, subject.files, subject.draw), [task.id])
        finally:
            layers.close()
