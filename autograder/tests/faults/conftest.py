"""A class of the quiz, as it was handed in, and as it is to be graded again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.connection import course_directory
from autograder.paths import Course
from autograder.tests.commands.conftest import (
    QUIZ,
    built,  # noqa: F401  a fixture
    hand_in,
)
from autograder.tests.faults.mounts import Machine
from autograder.tests.faults.mounts import machine as a_machine
from autograder.tests.faults.state import state
from autograder.tests.faults.victim import Outcome, Victims

GRADE = ("grade", QUIZ, "--jobs", "1")
BY_HAND = {"ada": 3.5, "cy": 2.0}

Undisturbed = Callable[[str], tuple[Outcome, dict[str, Any]]]


def only_line(outcome: Outcome) -> str:
    """The one sentence that a run which failed has to say."""
    assert (outcome.code, outcome.orphans) == (1, 0), outcome.stdout
    (line,) = outcome.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def by_hand(course: Course) -> dict[str, float]:
    """The scores given by hand, by student."""
    with sqlite3.connect(course.gradebook_file) as gradebook:
        rows = gradebook.execute(
            "SELECT student_id, manual_score FROM grade JOIN submitted_notebook AS notebook "
            "ON notebook.id = grade.notebook_id JOIN submitted_assignment AS submission "
            "ON submission.id = notebook.assignment_id WHERE manual_score IS NOT NULL"
        ).fetchall()
    gradebook.close()
    return dict(rows)


def copied(course: Course, folder: Path) -> Course:
    return Course(Path(shutil.copytree(course.root, folder / "course")))


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    with Victims() as victims:
        yield victims


@pytest.fixture(scope="session")
def handed_in(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:  # noqa: F811
    """Three students, nothing graded; not to be changed."""
    course = copied(Course(built), tmp_path_factory.mktemp("handed-in"))
    hand_in(course, "ada")
    hand_in(course, "bo", solved=False)
    hand_in(course, "cy")
    return course


@pytest.fixture(scope="session")
def graded_once(
    handed_in: Course, victims: Victims, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Course, Outcome]:
    """The same, graded; not to be changed."""
    course = copied(handed_in, tmp_path_factory.mktemp("graded-once"))
    return course, _run(victims, course)


@pytest.fixture(scope="session")
def graded(graded_once: tuple[Course, Outcome], tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same, two answers graded by hand; not to be changed."""
    course = copied(graded_once[0], tmp_path_factory.mktemp("graded"))
    with Gradebook(course_directory(course).db_url) as gradebook:
        for student, points in BY_HAND.items():
            grade = gradebook.find_grade("convolve_by_hand", "Quiz8", QUIZ, student)
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
    return course


@pytest.fixture(scope="session")
def to_regrade(graded: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Ada's is as it was, Bo found the solution, Cy lost it, Dee comes late; not to be changed."""
    course = copied(graded, tmp_path_factory.mktemp("to-regrade"))
    shutil.copy(course.instructor(QUIZ) / "Quiz8.ipynb", course.submission(QUIZ, "bo"))
    shutil.copy(course.release(QUIZ) / "Quiz8.ipynb", course.submission(QUIZ, "cy"))
    folder = hand_in(course, "dee")
    (folder / "timestamp.txt").write_text("2026-10-01 12:00:00 UTC")
    return course


@pytest.fixture(scope="session")
def courses(handed_in: Course, to_regrade: Course) -> dict[str, Course]:
    """Courses by what a run in them is: without a gradebook, with changes, with --force."""
    return {"first": handed_in, "again": to_regrade, "forced": to_regrade}


@pytest.fixture(scope="session")
def undisturbed(
    courses: dict[str, Course],
    graded_once: tuple[Course, Outcome],
    victims: Victims,
    tmp_path_factory: pytest.TempPathFactory,
) -> Undisturbed:
    """A run that nothing disturbs, and what it leaves."""
    course, outcome = graded_once
    found = {"first": (outcome, state(course))}

    def run(name: str) -> tuple[Outcome, dict[str, Any]]:
        if name not in found:
            course = copied(courses[name], tmp_path_factory.mktemp(name))
            words = ("--force",) if name == "forced" else ()
            found[name] = _run(victims, course, *words), state(course)
        return found[name]

    return run


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    with a_machine() as machine:
        yield machine


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Course], Course]:
    """A copy of a course for one test."""
    return lambda course: copied(course, tmp_path)


def _run(victims: Victims, course: Course, *words: str) -> Outcome:
    outcome = victims.run(course.root, (*GRADE, *words))
    assert (outcome.code, outcome.stderr, outcome.orphans) == (0, "", 0)
    return outcome
