"""`autograder grade`: what changed is graded, what did not is known."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from autograder.commands.audit import Line, change_text
from autograder.commands.store import Store, set_aside
from autograder.errors import ResultError, SubmissionError
from autograder.gradebook import Writer, prepare_gradebook
from autograder.gradebook.stored import Stored, refresh_penalties
from autograder.grading.executor import Graded, Job, grade_class
from autograder.grading.known import still_holds
from autograder.grading.results import Result, read_result
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.reports.progress import ClassProgress
from autograder.reports.tables import class_table, printable
from autograder.reports.terminal import terminal
from autograder.submissions import Submission, find_submissions


@dataclass(frozen=True)
class _Known:
    """A submission whose verdict need not be found again."""

    submission: Submission
    result: Result


def grade_all(
    course: Course,
    assignment_id: str,
    students: Sequence[str],
    jobs: int | None,
    terms: Terms,
    allow_degraded: bool,
    console: Console | None = None,
    *,
    scheduler: str = "",
    force: bool = False,
    quiet: bool = False,
) -> bool:
    """Grade what changed of a class into the gradebook; True if every submission has a verdict."""
    console = console or terminal()
    run = _Run(Job(course, assignment_id, terms, allow_degraded), console, quiet)
    submissions = _select(course, assignment_id, students, console)
    prepare_gradebook(course, run.assignment)
    if force:
        for student, _ in submissions:
            set_aside(course.result_file(assignment_id, student))
    graded = run.grade(submissions, jobs, scheduler)
    if not quiet:
        console.print(class_table(assignment_id, graded))
        _say(console, run.counted(graded))
        _say(console, f"results: {printable(str(course.result_file(assignment_id, '*')))}")
    failed = [item.student for item in graded if item.result is None]
    if failed:
        count = f"{len(failed)} of {len(graded)} submissions"
        print(f"error: {count} could not be graded; the notes say why", file=sys.stderr)
    return not failed


class _Run:
    """One run over a class."""

    def __init__(self, job: Job, console: Console, quiet: bool) -> None:
        self._job = job
        self._console = console
        self._quiet = quiet
        self.assignment = load_assignment(job.course, job.assignment)
        self._unchanged = self._restored = 0

    def grade(
        self, submissions: Sequence[tuple[str, Path]], processes: int | None, scheduler: str
    ) -> list[Graded]:
        """Store each submission's verdict as soon as it is there."""
        job, assignment = self._job, self.assignment
        # Never entered: it tells what verdicts depend on; the grading is done in other processes.
        grader = Grader(job.course, job.assignment, job.terms, allow_degraded=job.allow_degraded)
        stored = Stored(job.course, assignment)
        graded: list[Graded] = []
        waiting = dict(submissions)
        progress = ClassProgress(self._console, assignment.id, len(submissions), quiet=self._quiet)
        with progress, Writer(job.course, assignment) as writer:
            store = Store(job, assignment, grader.settings, writer, self._print_change)
            for known in self._known(grader, submissions):
                student = known.submission.student
                item = Graded(student, waiting.pop(student), known.result)
                if not stored.has(known.submission, known.result):
                    item = store.restore(item, known.submission)
                    self._restored += 1
                graded.append(item)
                progress.unchanged(item)
            self._unchanged = len(graded)
            if waiting:
                rest = list(waiting.items())
                for new in grade_class(job, rest, processes=processes, scheduler=scheduler):
                    graded.append(store.keep(new))
                    progress.graded(graded[-1])
        refresh_penalties(job.course, assignment, {g.student for g in graded[: self._unchanged]})
        return graded

    def _known(self, grader: Grader, submissions: Sequence[tuple[str, Path]]) -> Iterator[_Known]:
        for student, path in submissions:
            file = self._job.course.result_file(self.assignment.id, student)
            if not file.is_file():
                continue
            try:
                result = read_result(file)
                submission = grader.read(path, student)
            except ResultError:
                sentence = f"{file}: damaged or of another version; graded anew"
                self._console.print(f"[yellow]note[/] {printable(sentence)}", soft_wrap=True)
                continue
            except SubmissionError:
                continue  # the graders say so
            degraded = self._job.allow_degraded
            if still_holds(result, submission, grader, allow_degraded=degraded):
                yield _Known(submission, result)

    def _print_change(self, change: Line) -> None:
        _say(self._console, f"[yellow]changed[/] {printable(change_text(change))}")

    def counted(self, graded: Sequence[Graded]) -> str:
        """Say how many submissions were graded in this run."""
        failed = sum(item.result is None for item in graded)
        text = f"{self._unchanged} unchanged, {len(graded) - self._unchanged - failed} graded"
        if failed:
            text += f", {failed} could not be"
        if self._restored:
            text += f"; {self._restored} of the unchanged stored again"
        return text


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)


def _select(
    course: Course, assignment: str, students: Sequence[str], console: Console
) -> list[tuple[str, Path]]:
    found = find_submissions(course, assignment)
    for sentence in found.skipped:
        console.print(f"[yellow]skipped[/] {printable(sentence)}", soft_wrap=True)
    chosen = [(name, path) for name, path in found.submissions if not students or name in students]
    for name in students:
        if name not in dict(chosen):
            raise SubmissionError(f"{course.submission(assignment, name)}: no such submission")
    if not chosen:
        raise SubmissionError(
            f"{course.submitted}: nothing handed in for {assignment} "
            f"(looked for submitted/<student>/{assignment}/*.ipynb)"
        )
    return chosen
