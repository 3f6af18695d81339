"""Every written answer by question, anonymous, in an order of its own per question.

gather(assignment, submissions, guides, seed) -> tuple[Sheet, ...]
read_guide(course, assignment, question) -> Guide
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.authoring.material import read_answer
from autograder.manifest import Assignment, Question
from autograder.paths import Course
from autograder.submissions import Submission

KEY_LENGTH = 12  # hexadecimal digits


@dataclass(frozen=True)
class Guide:
    """What a grader compares an answer with; both are Markdown."""

    model_answer: str
    rubric: str


@dataclass(frozen=True)
class Entry:
    """One student's answer to one question.

    Attributes
    ----------
    key : names the answer instead of the student; the same each time answers are collected.
    text : Markdown as it was handed in.
    images : pasted pictures, name to `data:` URI.
    """

    key: str
    student: str
    text: str
    images: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """Everything about one question; `untouched` are the students who wrote nothing."""

    question: Question
    guide: Guide
    answers: tuple[Entry, ...]
    untouched: tuple[Entry, ...]


def read_guide(course: Course, assignment: str, question: Question) -> Guide:
    """Read model answer and rubric of a question.

    Raises
    ------
    AuthoringError
        If there is no such file, or the answer or its rubric is empty.
    """
    return Guide(*read_answer(course, assignment, question))


def gather(
    assignment: Assignment,
    submissions: Iterable[Submission],
    guides: Mapping[str, Guide],
    seed: int,
) -> tuple[Sheet, ...]:
    """Sort the answers of all submissions by question.

    The order of answers comes from the course's seed, the question and the student: it says
    nothing about who wrote what, and a late submission does not change the others' keys.
    """
    everybody = list(submissions)
    return tuple(
        _sheet(assignment.id, question, everybody, guides[question.id], seed)
        for question in assignment.questions
    )


def anonymous_key(seed: int, assignment: str, question: str, student: str) -> str:
    """Name an answer without naming its author."""
    text = f"{seed}/{assignment}/{question}/{student}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:KEY_LENGTH]


def _sheet(
    assignment: str,
    question: Question,
    submissions: Iterable[Submission],
    guide: Guide,
    seed: int,
) -> Sheet:
    touched: list[Entry] = []
    untouched: list[Entry] = []
    for submission in submissions:
        answer = submission.answers[question.id]
        key = anonymous_key(seed, assignment, question.id, submission.student)
        entry = Entry(key, submission.student, answer.text, answer.images)
        (touched if answer.touched else untouched).append(entry)
    return Sheet(question, guide, _by_key(touched), _by_key(untouched))


def _by_key(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.key))
