"""Grades a class in one process that is sampled; a program of its own.

    python -m benchmarks.stages COURSE ASSIGNMENT STUDENT... >stages.json

It runs what `autograder grade` runs, but for the grading processes: all is done in this one. It
writes how many were graded under the eye of the sampler, the seconds that they took, and those of
each stage.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from autograder.commands.class_run import ClassRun
from autograder.gradebook.record import make_record
from autograder.grading.job import Folder, Graded, Job, grade_item
from autograder.paths import Course
from autograder.sandbox import harden_self
from benchmarks.figures import Sampled
from benchmarks.measure import answer_of
from benchmarks.sampler import Sampler

WARM_UP = 2  # submissions: what is loaded once for a class is no part of one of them


def measure(course: Course, assignment: str, students: Sequence[str]) -> Sampled:
    """Run this module on these students, away from the calling process."""
    return Sampled(**answer_of("benchmarks.stages", str(course.root), assignment, *students))


class OneProcess:
    """Takes the place of `grade_class`; the sampler is started after the warm-up."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.sampler = Sampler()
        self.count = 0
        self.started = 0.0

    def __call__(self, submissions: Sequence[tuple[str, Path]]) -> Iterator[Graded]:
        job = self._job
        with job.grader() as grader:
            for number, (student, path) in enumerate(submissions):
                item = Folder(student, path)
                if number < WARM_UP:  # as a grading process does it, which rehearses
                    yield grader.apart(partial(grade_item, grader, item, job.finish))
                    continue
                if number == WARM_UP:
                    self.count = len(submissions) - number
                    self.started = time.perf_counter()
                    self.sampler.start()
                yield grade_item(grader, item, job.finish)


def main(root: str, assignment: str, *students: str) -> None:
    """Grade these students, of whom the first ones are the warm-up."""
    harden_self()
    course = Course(Path(root))
    job = Job(course, assignment, finish=make_record)
    grading = OneProcess(job)
    submissions = [(student, course.submission(assignment, student)) for student in students]
    run = ClassRun(job, grading, Console(file=sys.stderr), quiet=True, force=False)
    if not run(submissions):
        sys.exit("not everybody was graded")
    stages = grading.sampler.stop()
    seconds = time.perf_counter() - grading.started
    json.dump({"count": grading.count, "seconds": seconds, "stages": stages}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
