"""Grading processes, each with a grader that stays warm; one for every thread that asks.

A process that is killed (out of memory, most likely) takes one submission with it and is replaced
by a new one: which submission that was is never in doubt.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TypeVar

from autograder.errors import AutograderError
from autograder.grading.child import ChildDied
from autograder.grading.interrupts import held_back, ignore
from autograder.grading.job import Graded, GraderKilled, Item, Job, grade_item
from autograder.grading.judging import Lessons
from autograder.grading.runner import Grader
from autograder.sandbox import end_with_parent, harden_self

T = TypeVar("T")


class Lane:
    """One grading process; it starts at once, with its grader."""

    def __init__(self, job: Job) -> None:
        self.job = job
        context = multiprocessing.get_context("spawn")
        self._stream, theirs = context.Pipe()
        # A daemon: where nobody closes it, the end of this process ends it, too.
        self._process = context.Process(target=_serve, args=(os.getpid(), theirs, job), daemon=True)
        with held_back():
            self._process.start()
        theirs.close()
        self._heard: SimpleQueue[Lessons] = SimpleQueue()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def hear(self, lessons: Lessons) -> None:
        """Pass on what another lane learnt, with the next submission."""
        self._heard.put(lessons)

    def grade(self, item: Item) -> tuple[Graded, Lessons | None]:
        """Have a submission graded; return what was learnt by it, too.

        Raises
        ------
        AutograderError
            If no submission can be graded: no release, no sandbox, a mistake in the course.
        GraderKilled
            If the process ended over it.
        """
        heard = [self._heard.get() for _ in range(self._heard.qsize())]
        try:
            self._stream.send((item, heard))
            answer = self._stream.recv()
        except (EOFError, OSError):
            raise GraderKilled from None
        if isinstance(answer, AutograderError):
            raise answer
        graded, lessons = answer
        assert isinstance(graded, Graded)  # nothing else is sent by `_serve`
        return graded, lessons

    def kill(self) -> None:
        """End the process; it keeps nothing, and its sandbox ends with it."""
        self._process.kill()
        self._process.join()


class Lanes:
    """A lane for each thread that grades, and for each of the jobs that it had last.

    A context manager, which closes it.

    Parameters
    ----------
    keep : how many jobs a thread keeps lanes for.
    """

    def __init__(self, keep: int = 1) -> None:
        self._keep = keep
        self._own = threading.local()
        self._lock = threading.Lock()  # processes are started and ended one at a time
        self._open: set[Lane] = set()
        self._ahead: list[Lane] = []
        self._closed = False

    def __enter__(self) -> Lanes:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def start_ahead(self, job: Job, count: int) -> None:
        """Start so many lanes that threads will need, if there is room for them now."""
        for _ in range(count):
            with suppress(GraderKilled):
                self._ahead.append(self._start(job))

    def grade(self, job: Job, item: Item) -> Graded:
        """Have a submission graded by this thread's lane, see `Lane.grade`."""
        lanes = self._own.__dict__.setdefault("lanes", OrderedDict[Job, Lane]())
        lane = lanes.pop(job, None)
        if lane is not None and not lane.alive:
            self._end(lane)
            lane = None
        lane = lane or self._started(job) or self._start(job)
        try:
            answer, lessons = lane.grade(item)
        except BaseException:
            self._end(lane)  # the next one may find memory, or a mended course
            raise
        lanes[job] = lane
        if lessons:
            self._tell_others(lane, job, lessons)
        if len(lanes) > self._keep:
            self._end(lanes.popitem(last=False)[1])
        return answer

    def close(self) -> None:
        """End all lanes, also those that are grading, and start no more."""
        with self._lock:
            self._closed = True
            for lane in self._open:
                lane.kill()

    def _tell_others(self, lane: Lane, job: Job, lessons: Lessons) -> None:
        # What a mistake returns is the same in each of them: one finds it out for all.
        with self._lock:
            for other in self._open:
                if other is not lane and other.job == job:
                    other.hear(lessons)

    def _started(self, job: Job) -> Lane | None:
        """Take one that was started ahead."""
        with self._lock:
            for lane in self._ahead:
                if lane.job == job and lane.alive:
                    self._ahead.remove(lane)
                    return lane
        return None

    def _start(self, job: Job) -> Lane:
        with self._lock:
            if self._closed:
                raise GraderKilled
            try:
                lane = Lane(job)
            except OSError:  # no room for another process right now
                raise GraderKilled from None
            self._open.add(lane)
            return lane

    def _end(self, lane: Lane) -> None:
        with self._lock:
            self._open.discard(lane)
            lane.kill()


def _serve(parent: int, stream: Connection, job: Job) -> None:
    ignore()
    end_with_parent(parent)
    harden_self()
    grader = _entered(job)
    with suppress(EOFError, OSError, ChildDied):  # nobody asks any more, or nobody answered
        while True:
            item, heard = stream.recv()
            if isinstance(grader, AutograderError):
                stream.send(grader)
            else:
                for lessons in heard:
                    grader.judging.learn(lessons)
                graded = grader.apart(partial(grade_item, grader, item, job.finish))
                stream.send((graded, grader.lessons))


def _entered(job: Job) -> Grader | AutograderError:
    """Make a grader that is left by the end of the process: the zygote dies with its parent."""
    try:
        grader = job.grader().__enter__()
        grader.rehearse()
        return grader
    except AutograderError as error:
        return error  # raised here, it would end the process without a word
