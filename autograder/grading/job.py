"""What is asked of a grading process, and what it answers.

Job      one run over a class: course, assignment, terms
Item     one submission to grade, wherever it comes from
Graded   what became of it
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from autograder.errors import AutograderError, SandboxUnavailable
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
    finish : a module's function, called where the submission was read, so that nobody has to
        read it again; what it returns comes along as `Graded.record`.
    """

    course: Course
    assignment: str
    terms: Terms = field(default_factory=Terms)
    allow_degraded: bool = False
    finish: Finish | None = None

    def grader(self) -> Grader:
        """Return a grader for this job, not entered."""
        return Grader(self.course, self.assignment, self.terms, allow_degraded=self.allow_degraded)


@dataclass(frozen=True)
class Graded:
    """The outcome for one student: a result and what was made of it, or why there is none."""

    student: str
    path: Path
    result: Result | None
    error: str = ""
    record: object = None


class GraderKilled(Exception):
    """The process that graded a submission ended without an answer."""


class Item(Protocol):
    """A submission that is to be graded."""

    @property
    def student(self) -> str: ...

    @property
    def path(self) -> Path: ...

    def opened(self, grader: Grader) -> AbstractContextManager[Submission]:
        """Have it read, and its files at hand."""


@dataclass(frozen=True)
class Folder:
    """A submission in a folder of this machine."""

    student: str
    path: Path

    def opened(self, grader: Grader) -> AbstractContextManager[Submission]:
        return nullcontext(grader.read(self.path, self.student))


def grade_item(grader: Grader, item: Item, finish: Finish | None) -> Graded:
    """Grade one submission; its trouble becomes a sentence.

    Raises
    ------
    SandboxUnavailable
        If the sandbox was lost on the way: with this grader nobody can be graded any more.
    """
    try:
        with item.opened(grader) as submission:
            result = grader.grade_submission(submission)
            record = finish(grader, submission, result) if finish else None
        return Graded(item.student, item.path, result, record=record)
    except SandboxUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one student's surprise must not stop the class
        return Graded(item.student, item.path, None, why_not(error))


def why_not(error: Exception) -> str:
    """Say why a submission has no verdict."""
    if isinstance(error, AutograderError):
        return str(error)
    return f"the grader itself failed: {error!r}"
