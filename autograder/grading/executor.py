"""Grades a class: the same grader in several processes, one submission's trouble its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError
from autograder.grading.known import stamped
from autograder.grading.pool import grading_pool
from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.grading.terms import Terms
from autograder.paths import Course
from autograder.submissions import Submission

# What a caller wants of a submission besides its verdict, while it is at hand: `finish` of a Job.
Finish = Callable[[Grader, Submission, Result], object]


@dataclass(frozen=True)
class Job:
    """What a grading process needs to know.

    Attributes
    ----------
    finish : a module's function, called where the submission was graded, so that nobody has to
        read it again; what it returns comes along as `Graded.record`.
    """

    course: Course
    assignment: str
    terms: Terms = field(default_factory=Terms)
    allow_degraded: bool = False
    finish: Finish | None = None


@dataclass(frozen=True)
class Graded:
    """The outcome for one student: a result and what was made of it, or why there is none."""

    student: str
    path: Path
    result: Result | None
    error: str = ""
    record: object = None


# What `_start` made: a grader, or why there is none.
_grader: Grader | AutograderError | None = None
_finish: Finish | None = None


def grade_class(
    job: Job, submissions: Sequence[tuple[str, Path]], *, processes: int | None = None
) -> Iterator[Graded]:
    """Grade every submission; yields in the order of completion.

    Parameters
    ----------
    submissions : pairs of student and folder.
    processes : how many graders run at once; all cores by default.

    Raises
    ------
    AutograderError
        If no submission can be graded here: no release, no sandbox, a mistake in the course.
    """
    waiting = dict(submissions)
    count = max(1, min(processes or available_cores(), len(waiting)))
    try:
        for graded in _pool(job, waiting, count):
            del waiting[graded.student]
            yield graded
        return
    except BrokenProcessPool:
        pass
    # A grading process was killed (out of memory, most likely). Whose submission did it shows when
    # each of the rest runs in a process of its own.
    for student, path in list(waiting.items()):
        try:
            yield from _pool(job, {student: path}, 1)
        except BrokenProcessPool:
            yield Graded(student, path, None, "the grading process was killed; out of memory?")


def available_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pool(job: Job, submissions: dict[str, Path], processes: int) -> Iterator[Graded]:
    with grading_pool(processes, _start, job) as pool:
        futures: list[Future[Graded]] = [
            pool.submit(_grade, student, path) for student, path in submissions.items()
        ]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _start(job: Job) -> None:
    global _grader, _finish
    _finish = job.finish
    try:
        _grader = Grader(job.course, job.assignment, job.terms, allow_degraded=job.allow_degraded)
        _grader.__enter__()  # left by the end of the process: the zygote dies with its parent
    except AutograderError as error:
        _grader = error  # raised here, it would end the process without a word to the coordinator


def _grade(student: str, path: Path) -> Graded:
    if isinstance(_grader, AutograderError):
        raise _grader
    assert _grader is not None  # the pool has called `_start`
    try:
        submission = _grader.read(path, student)
        result = stamped(_grader.grade_submission(submission), _grader.terms, _grader.settings)
        record = _finish(_grader, submission, result) if _finish else None
        return Graded(student, path, result, record=record)
    except AutograderError as error:
        return Graded(student, path, None, str(error))
    except Exception as error:  # noqa: BLE001 - one student's surprise must not stop the class
        return Graded(student, path, None, f"the grader itself failed: {error!r}")
