"""A run over a class: what changed is graded and stored, what did not is known."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from autograder.gradebook.stored import Stored
from autograder.gradebook.writer import Writer
from autograder.grading.job import Graded, Job
from autograder.grading.known import still_holds
from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.manifest import load_assignment
from autograder.reports.progress import ClassProgress
from autograder.reports.tables import class_table, printable

# Grades submissions, pairs of student and folder; yields in the order of completion.
Grading = Callable[[Sequence[tuple[str, Path]]], Iterator[Graded]]


class ClassRun:
    """One run over a class.

    Parameters
    ----------
    grading : does `job`.
    quiet : print only what changed or went wrong.
    force : grade also what did not change.
    """

    def __init__(
        self, job: Job, grading: Grading, console: Console, *, quiet: bool, force: bool
    ) -> None:
        self._job = job
        self._assignment = load_assignment(job.course, job.assignment)
        self._grading = grading
        self._console = console
        self._quiet = quiet
        self._force = force
        self._unchanged = self._restored = 0

    def __call__(self, submissions: Sequence[tuple[str, Path]]) -> bool:
        """Grade what changed into the gradebook; True if every submission has a verdict."""
        course, assignment = self._job.course, self._assignment
        prepare_gradebook(course, assignment)
        if self._force:
            for student, _ in submissions:
                set_aside(course.result_file(assignment.id, student))
        graded = self._grade(submissions)
        self._report(graded)
        return all(item.result is not None for item in graded)

    def _report(self, graded: Sequence[Graded]) -> None:
        console, assignment = self._console, self._assignment.id
        failed = [item for item in graded if item.result is None]
        if not self._quiet:
            console.print(class_table(assignment, graded))
            _say(console, self._counted(graded))
            results = self._job.course.result_file(assignment, "*")
            _say(console, f"results: {printable(str(results))}")
        else:
            for item in failed:
                _say(console, f"[red]not graded[/] {printable(f'{item.student}: {item.error}')}")
        if failed:
            count = f"{len(failed)} of {len(graded)} submissions"
            where = "the lines above say" if self._quiet else "the notes say"
            print(f"error: {count} could not be graded; {where} why", file=sys.stderr)

    def _grade(self, submissions: Sequence[tuple[str, Path]]) -> list[Graded]:
        """Store verdicts soon after they are there; return what became of each submission."""
        job, assignment = self._job, self._assignment
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
                for item in _stored(self._grading(list(waiting.items())), store):
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
            file = self._job.course.result_file(self._assignment.id, student)
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
                result = read_result_of(place, self._assignment.id, student)
                digest = self._job.terms.digest(self._assignment, path)
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

    def _counted(self, graded: Sequence[Graded]) -> str:
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


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)
