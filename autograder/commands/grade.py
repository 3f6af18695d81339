"""`autograder grade`: what changed is graded, what did not is known."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from autograder.commands.audit import Line, change_text
from autograder.commands.store import (
    Store,
    forget_before,
    read_result_of,
    result_files,
    set_aside,
)
from autograder.errors import ResultError, SubmissionError
from autograder.gradebook.prepare import prepare_gradebook
from autograder.gradebook.record import make_record
from autograder.gradebook.stored import Stored
from autograder.gradebook.writer import Writer
from autograder.grading.executor import Graded, Job, grade_class
from autograder.grading.known import still_holds
from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.replace import sweep, try_to_write
from autograder.reports.progress import ClassProgress
from autograder.reports.tables import class_table, printable
from autograder.reports.terminal import terminal
from autograder.submissions import find_submissions


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
    run = _Run(
        Job(course, assignment_id, terms, allow_degraded, make_record), console, quiet, force
    )
    submissions = _select(course, assignment_id, students, console)
    _make_ready(course, assignment_id)
    prepare_gradebook(course, run.assignment)
    if force:
        for student, _ in submissions:
            set_aside(course.result_file(assignment_id, student))
    graded = run.grade(submissions, jobs, scheduler)
    failed = [item for item in graded if item.result is None]
    if not quiet:
        console.print(class_table(assignment_id, graded))
        _say(console, run.counted(graded))
        _say(console, f"results: {printable(str(course.result_file(assignment_id, '*')))}")
    else:
        for item in failed:
            _say(console, f"[red]not graded[/] {printable(f'{item.student}: {item.error}')}")
    if failed:
        count = f"{len(failed)} of {len(graded)} submissions"
        where = "the lines above say" if quiet else "the notes say"
        print(f"error: {count} could not be graded; {where} why", file=sys.stderr)
    return not failed


class _Run:
    """One run over a class."""

    def __init__(self, job: Job, console: Console, quiet: bool, force: bool) -> None:
        self._job = job
        self._console = console
        self._quiet = quiet
        self._force = force
        self.assignment = load_assignment(job.course, job.assignment)
        self._unchanged = self._restored = 0

    def grade(
        self, submissions: Sequence[tuple[str, Path]], processes: int | None, scheduler: str
    ) -> list[Graded]:
        """Store verdicts soon after they are there; return what became of each submission."""
        job, assignment = self._job, self.assignment
        # Never entered: it tells what verdicts depend on; the grading is done in other processes.
        grader = Grader(job.course, job.assignment, job.terms, allow_degraded=job.allow_degraded)
        graded: list[Graded] = []
        waiting = dict(submissions)
        progress = ClassProgress(self._console, assignment.id, len(submissions), quiet=self._quiet)
        with (
            progress,
            Writer(job.course, assignment) as writer,
            Store(job, assignment, writer, self._print_change, force=self._force) as store,
        ):
            for item in self._known(grader, submissions, writer.stored(), store):
                del waiting[item.student]
                graded.append(_summary(item))
                progress.unchanged(item)
            self._unchanged = sum(item.result is not None for item in graded)
            writer.refresh_penalties([item.student for item in graded])
            if waiting:
                rest = list(waiting.items())
                new = grade_class(job, rest, processes=processes, scheduler=scheduler)
                for item in _stored(new, store):
                    graded.append(_summary(item))
                    progress.graded(item)
        return graded

    def _known(
        self,
        grader: Grader,
        submissions: Sequence[tuple[str, Path]],
        stored: Stored,
        store: Store,
    ) -> Iterator[Graded]:
        """Yield submissions whose verdicts need not be found again, once they are stored."""
        for student, path in submissions:
            file = self._job.course.result_file(self.assignment.id, student)
            known = self._known_result(grader, student, path, file)
            if known is None:
                continue
            result, whole = known
            item = Graded(student, path, result)
            scored = whole and stored.has_scores(student, path, result)
            if scored and stored.has_notebooks(student):
                forget_before(file)
                yield item
            else:
                restored = store.restore(item, new=not whole, scored=scored)
                yield from self._count_restored(restored)
        yield from self._count_restored(store.flush())

    def _count_restored(self, items: Sequence[Graded]) -> Sequence[Graded]:
        self._restored += sum(item.result is not None for item in items)
        return items

    def _known_result(
        self, grader: Grader, student: str, path: Path, file: Path
    ) -> tuple[Result, bool] | None:
        """Find the verdict that grading would give again, and whether all of it was stored."""
        for place, whole in result_files(file):
            try:
                result = read_result_of(place, self.assignment.id, student)
                digest = self._job.terms.digest(self.assignment, path)
            except ResultError:
                sentence = f"{place}: damaged, of another version or student; graded anew"
                self._console.print(f"[yellow]note[/] {printable(sentence)}", soft_wrap=True)
                continue
            except SubmissionError:
                continue  # the graders say so
            degraded = self._job.allow_degraded
            if still_holds(result, student, digest, grader, allow_degraded=degraded):
                return result, whole
        return None

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


def _stored(new: Iterable[Graded], store: Store) -> Iterator[Graded]:
    for item in new:
        yield from store.keep(item)
    yield from store.flush()


def _summary(item: Graded) -> Graded:
    """Forget what the table at the end does not show: the checks of a class would fill memory."""
    if item.result is None:
        return item
    tasks = tuple(replace(task, checks=(), diagnoses=()) for task in item.result.tasks)
    return replace(item, result=replace(item.result, tasks=tasks, sandbox={}, versions={}))


def _make_ready(course: Course, assignment: str) -> None:
    """Find out before the grading whether results can be stored; tidy up after a killed run."""
    results = course.result_file(assignment, "").parent
    for folder in (results, course.autograded(assignment, "").parent):
        try_to_write(folder)
        sweep(folder)


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
