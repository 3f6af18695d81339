"""From one submission to a verdict on each task: own layers, correct layers, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from autograder.grading.convention import Convention
from autograder.grading.follow_through import CorrectLayers, draw_numbers
from autograder.grading.known_mistakes import KnownMistakes, Learnt
from autograder.grading.memory import Memory, News
from autograder.grading.overlays import load_misconceptions
from autograder.grading.programs import Programs
from autograder.grading.results import Diagnosis, TaskResult
from autograder.grading.rounds import Play, Round
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
class Lessons:
    """What one process learnt by judging, for another one; none of it depends on who came first."""

    mistakes: Learnt
    memory: News

    def __bool__(self) -> bool:
        return bool(self.mistakes or self.memory)


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
    written : whether anything was written for a task; where nothing was, correct layers show no
        more of it.
    """

    program_of: Callable[[str], Program]
    renames: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    own_given: bool = False
    absent: Collection[str] = ()
    draw: str = ""
    written: Callable[[Task], bool] = lambda task: True


class Judging:
    """Judges any number of subjects.

    Parameters
    ----------
    replaced : by task id, the functions that correct ones take the place of when the task is judged
        again.

    Attributes
    ----------
    mistakes : what is known of the course's misconceptions so far.
    memory : verdicts and diagnoses that are known; what is learnt here is added.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        course: Course,
        assignment: Assignment,
        limits: Limits,
        replaced: Mapping[str, Collection[str]],
        memory: Memory,
    ) -> None:
        self.memory = memory
        self._sandbox = sandbox
        self._assignment = assignment
        self._limits = limits
        self._replaced = replaced
        self._programs = Programs(course)
        self._known = load_misconceptions(course, assignment)
        self.mistakes = KnownMistakes(
            sandbox, self._known, limits, replaced, self._programs, memory
        )

    def close(self) -> None:
        """End the processes that are kept."""
        self.mistakes.close()

    def lessons(self) -> Lessons:
        """What was learnt in this process."""
        return Lessons(self.mistakes.learnt(), self.memory.news())

    def learn(self, lessons: Lessons) -> None:
        """Know what was learnt in another one, and keep it from the next who asks."""
        self.mistakes.learn(lessons.mistakes)
        self.memory.take_over(lessons.memory)

    def run_of(self, subject: Subject) -> StudentRun:
        """The subject's code with its own layers."""
        limits, renames = self._limits, subject.renames
        return StudentRun(self._sandbox, subject.program_of, limits, renames=renames)

    def prepare(self, convention: Convention) -> None:
        """Put all programs of a convention together, for this process and its forks."""
        self._programs.prepare(self._known, convention)

    def reference_round(self, convention: Convention) -> Round:
        """The reference, to be played like a submission."""
        program = self._programs.reference(convention)
        return Round(self.run_of(Subject(lambda _: program)), convention)

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
        run : what `run_of` made of the subject; closed in the end.
        """
        wanted = [t for t in self._assignment.tasks if tasks is None or t.id in tasks]
        reference = self._programs.reference(convention)
        layers = CorrectLayers(self._sandbox, reference, self._replaced)
        with closing(run), closing(layers):
            case = _Case(play, subject, convention, run, layers)
            verdicts: list[TaskResult] = []
            for task in wanted:
                sound = {verdict.task for verdict in verdicts if verdict.status == "passed"}
                verdicts.append(self._verdict(case, task, set(task.needs) - sound))
        return tuple(verdicts)

    def _verdict(self, case: _Case, task: Task, wrong_needs: Collection[str]) -> TaskResult:
        right_needs = not wrong_needs and not case.subject.own_given
        own = case.with_own_layers(task)
        best = score_task(task, own)
        if best.status == "passed":
            return best
        if best.status == "missing" and (right_needs or not case.subject.written(task)):
            return best
        # Another round could earn no more, and mostly shows no more of what is wrong.
        if right_needs and (found := self._diagnose(case, task, own, correct=False)):
            return replace(best, diagnoses=found)
        again: list[CheckRun] = []
        if self._replaced.get(task.id) and task.notebook not in case.subject.absent:
            again = self._with_correct_layers(case, task, own, self._draw(wrong_needs))
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
        found = self._diagnose(case, task, again, correct=True)
        if not found and not right_needs and (not again or any(r.status in RAISED for r in again)):
            found = self._diagnose(case, task, own, correct=False)
        return replace(best, diagnoses=found)

    def _draw(self, tasks: Collection[str]) -> bool:
        """Whether functions of these tasks draw random numbers."""
        return any(draw_numbers(self._assignment.task(task).functions) for task in tasks)

    def _with_correct_layers(
        self, case: _Case, task: Task, own: Sequence[CheckRun], wrong_draws: bool
    ) -> list[CheckRun]:
        """Play the checks that did not pass; the others, too, if not all of these do now.

        All of them if what the student's layers draw is wrong: a dropout that ignores its seed
        hides that a net always sets one.
        """
        passed = {run.name for run in own if run.status == "passed" and not wrong_draws}
        with closing(case.own.with_layers(case.layers)) as run:
            again = case.played(run, task, {run.name for run in own} - passed)
            if passed and any(run.status != "passed" for run in again):
                again += case.played(run, task, passed)
        found = {run.name: run for run in again}
        return [found.get(run.name, run) for run in own]

    def _diagnose(
        self, case: _Case, task: Task, runs: list[CheckRun], *, correct: bool
    ) -> tuple[Diagnosis, ...]:
        failed = any(run.status != "passed" for run in runs)
        if not failed or not self.mistakes.concern(task.id):
            return ()
        answers = task.id, case.convention, correct, tuple(run.digest for run in runs)
        if (known := self.memory.diagnosis(answers)) is not None:
            return known
        found: tuple[Diagnosis, ...] = ()
        if not case.subject.draw:  # else it draws other numbers than the known mistakes
            found = self.mistakes.exact(task, case.convention, runs, correct=correct)
        if not found:
            told = [replace(r, calls=r.recall()) if r.recall else r for r in runs]
            found = self.mistakes.diagnose(case.play, task, case.convention, told, correct=correct)
        if all(run.digest for run in runs):
            self.memory.learn_diagnosis(answers, found)
        return found


@dataclass(frozen=True)
class _Case:
    """One subject while it is judged."""

    play: Play
    subject: Subject
    convention: Convention
    own: StudentRun
    layers: CorrectLayers

    def round(self, run: StudentRun) -> Round:
        return Round(run, self.convention, self.subject.files, self.subject.draw)

    def with_own_layers(self, task: Task) -> list[CheckRun]:
        """Play in the worker of the tasks before; what does not pass there, in one of its own.

        So what one task's code does to its process is not held against another task.
        """
        runs = self.played(self.own, task)
        found = {run.status for run in runs}
        nothing_there = found == {"missing"} and not self.subject.written(task)
        if self.own.shared and found != {"passed"} and not nothing_there:
            self.own.close()
            runs = []  # they may be large
            runs = self.played(self.own, task)
        return runs

    def played(
        self, run: StudentRun, task: Task, checks: Collection[str] | None = None
    ) -> list[CheckRun]:
        """Play, and if the code answers otherwise when asked again, once more from its start.

        Checks that failed behind what others asked are asked for first, in a fresh process, and the
        others behind them: if those are answered as before, neither told on the other.

        Parameters
        ----------
        checks : names of those to play; all of the task's by default.
        """
        round = self.round(run)
        runs = self.play(round, [task.id], checks)
        steady = run.steady
        if steady and (doubtful := frozenset(run.doubtful)):
            run.close()
            before = {r.name: r.digest for r in runs if r.name not in doubtful}
            runs = self.play(replace(round, alone=doubtful), [task.id], checks)
            after = {r.name: r.digest for r in runs if r.name not in doubtful}
            steady = run.steady and not run.doubtful and before == after and all(after.values())
        if steady:
            return runs
        run.close()
        return self.play(replace(round, live=True), [task.id], checks)
