"""Grades a class in many processes, here or on a cluster; one submission's trouble is its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from autograder.errors import ClusterError
from autograder.grading.cluster import Cluster
from autograder.grading.job import Folder, Graded, GraderKilled, Job
from autograder.grading.lane import Lanes

__all__ = ["Graded", "Job", "available_cores", "grade_class"]

KILLED = "the process that graded it was killed twice; out of memory?"
PATIENCE_SECONDS = 15.0


def grade_class(
    job: Job,
    submissions: Sequence[tuple[str, Path]],
    *,
    processes: int | None = None,
    scheduler: str = "",
    lanes: Lanes | None = None,
    note: Callable[[str], None] | None = None,
) -> Iterator[Graded]:
    """Grade every submission; yields in the order of completion.

    Parameters
    ----------
    submissions : pairs of student and folder.
    processes : how many graders run at once; all cores by default.
    scheduler : address of a Dask scheduler, whose workers then grade; `processes` is theirs.
    lanes : processes of this machine to grade with, some of which may have been started; closed in
        the end.
    note : is told what keeps a cluster from grading; prints to stderr by default.

    Raises
    ------
    AutograderError
        If no submission can be graded: no release, no sandbox, a mistake in the course, no such
        scheduler.
    """
    if scheduler and processes:
        raise ClusterError("--jobs counts graders of this machine; a cluster counts its own")
    if scheduler:
        place: Place = Cluster(job, scheduler, note or _print)
    else:
        count = max(1, min(processes or available_cores(), len(submissions)))
        place = Here(job, count, lanes or Lanes())
    killed: list[tuple[str, Path]] = []
    with place:
        for student, path, graded in _completed(place, submissions):
            if graded is None:
                killed.append((student, path))
            else:
                yield graded
        # Was it this submission, or one that shared the machine with it? It runs alone now.
        for each in killed:
            for student, path, graded in _completed(place, [each]):
                yield graded or Graded(student, path, None, KILLED)


def available_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Place(AbstractContextManager["Place"], Protocol):
    """Where submissions are graded; leaving its context ends what is still running there."""

    def submit(self, student: str, path: Path) -> Future[Any]: ...

    def full(self, waiting: int) -> bool:
        """Whether with so many submitted and not yet answered no more should be."""

    def outcome(self, future: Future[Any], student: str, path: Path) -> Graded:
        """What a finished future stands for; raises GraderKilled."""

    def look(self) -> None:
        """Is called when nothing was finished for a while; raises or notes what is wrong."""


class Here:
    """Processes of this machine, one for each thread of a pool."""

    def __init__(self, job: Job, processes: int, lanes: Lanes) -> None:
        self._job = job
        self._lanes = lanes
        self._most = 2 * processes
        self._threads = ThreadPoolExecutor(processes, "grading")

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *error: object) -> None:
        # After Ctrl-C nobody waits for what is being graded, which may take minutes.
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._lanes.close()
        self._threads.shutdown(wait=True)

    def submit(self, student: str, path: Path) -> Future[Graded]:
        return self._threads.submit(self._lanes.grade, self._job, Folder(student, path))

    def full(self, waiting: int) -> bool:
        return waiting >= self._most

    def outcome(self, future: Future[Graded], student: str, path: Path) -> Graded:
        return future.result()

    def look(self) -> None:
        pass  # a submission may take its time


Answer = tuple[str, Path, Graded | None]  # None: its process was killed


def _completed(place: Place, submissions: Sequence[tuple[str, Path]]) -> Iterator[Answer]:
    """Submit as much as there is room for, so that memory does not grow with the class."""
    asked: dict[Future[Any], tuple[str, Path]] = {}
    for student, path in submissions:
        while place.full(len(asked)):
            yield from _finished(place, asked)
        asked[place.submit(student, path)] = (student, path)
    while asked:
        yield from _finished(place, asked)


def _finished(place: Place, asked: dict[Future[Any], tuple[str, Path]]) -> Iterator[Answer]:
    done, _ = wait(asked, timeout=PATIENCE_SECONDS, return_when=FIRST_COMPLETED)
    if not done:
        place.look()
    for future in done:
        student, path = asked.pop(future)
        try:
            yield student, path, place.outcome(future, student, path)
        except GraderKilled:
            yield student, path, None


def _print(sentence: str) -> None:
    print(sentence, file=sys.stderr)
