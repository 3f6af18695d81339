"""From one submission to a verdict on each task: own layers, correct layers, known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from autograder.grading.convention import Convention
from autograder.grading.follow_through import CorrectLayers
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
                right_needs = sound.issuperset(task.needs) and not subject.own_given
                verdicts.append(self._verdict(case, task, right_needs))
        return tuple(verdicts)

    def _verdict(self, case: _Case, task: Task, right_needs: bool) -> TaskResult:
        own = case.look(task)
        if (_passed(own) and case.own.steady) or case.nothing_there(task, own):
            return score_task(task, own)
        again: list[CheckRun] = []
        if not right_needs:
            again = self._with_correct_layers(case, task)
            if again and _passed(again):  # no other round could earn more
                return score_task(task, again, "correct")
        own = case.settled(task, own)
        best = score_task(task, own)
        if best.status == "passed" or (best.status == "missing" and right_needs):
            return best
        if right_needs:
            # Another round could earn no more, and mostly shows no more of what is wrong.
            if found := self._diagnose(case, task, own, correct=False):
                return replace(best, diagnoses=found)
            again = self._with_correct_layers(case, task)
        return self._better(case, task, right_needs, own, again)

    def _better(
        self,
        case: _Case,
        task: Task,
        right_needs: bool,
        own: list[CheckRun],
        again: list[CheckRun],
    ) -> TaskResult:
        """The better round of two of which none passed, and the mistakes that explain it."""
        best, better = score_task(task, own), score_task(task, again, "correct")
        if better.score < best.score:
            # The student's functions fit each other, not ours: a cache is their own business.
            again = []
        # Where all that it needs is right, another round is but another draw of random numbers.
        elif better.score > best.score and not right_needs:
            best = better
        if best.status == "missing":
            return best
        # Mistakes of the task's own code show best where all else is right.
        found = self._diagnose(case, task, again, correct=True)
        if not found and not right_needs and (not again or any(r.status in RAISED for r in again)):
            found = self._diagnose(case, task, own, correct=False)
        return replace(best, diagnoses=found)

    def _with_correct_layers(self, case: _Case, task: Task) -> list[CheckRun]:
        if not self._replaced.get(task.id) or task.notebook in case.subject.absent:
            return []
        with closing(case.own.with_layers(case.layers)) as run:
            return case.played(run, task)

    def _diagnose(
        self, case: _Case, task: Task, runs: list[CheckRun], *, correct: bool
    ) -> tuple[Diagnosis, ...]:
        if _passed(runs) or not self.mistakes.concern(task.id):
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

    def look(self, task: Task) -> list[CheckRun]:
        """Play with own layers, in the worker of the tasks before: only a pass counts there."""
        return self.play(self.round(self.own), [task.id])

    def nothing_there(self, task: Task, runs: Sequence[CheckRun]) -> bool:
        """Whether nothing was written for a task: correct layers show no more of it."""
        return {run.status for run in runs} == {"missing"} and not self.subject.written(task)

    def settled(self, task: Task, runs: list[CheckRun]) -> list[CheckRun]:
        """What counts of a look at which something did not pass: in a worker of the task's own.

        So what one task's code does to its process is not held against another task.
        """
        if not self.own.shared:
            return self._beyond_doubt(self.own, task, runs)
        self.own.close()
        runs.clear()  # they may be large
        return self.played(self.own, task)

    def played(self, run: StudentRun, task: Task) -> list[CheckRun]:
        """Play, beyond doubt."""
        return self._beyond_doubt(run, task, self.play(self.round(run), [task.id]))

    def _beyond_doubt(self, run: StudentRun, task: Task, runs: list[CheckRun]) -> list[CheckRun]:
        """Play once more from the code's start if it answers otherwise when asked again.

        Checks that failed behind what others asked are asked for first, in a fresh process, and the
        others behind them: if those are answered as before, neither told on the other.
        """
        round = self.round(run)
        steady = run.steady
        if steady and (doubtful := frozenset(run.doubtful)):
            run.close()
            before = {r.name: r.digest for r in runs if r.name not in doubtful}
            runs = self.play(replace(round, alone=doubtful), [task.id])
            after = {r.name: r.digest for r in runs if r.name not in doubtful}
            steady = run.steady and not run.doubtful and before == after and all(after.values())
        if steady:
            return runs
        run.close()
        return self.play(replace(round, live=True), [task.id])


def _passed(runs: Sequence[CheckRun]) -> bool:
    return all(run.status == "passed" for run in runs)
