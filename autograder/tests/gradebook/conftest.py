"""A built course whose gradebook knows its assignments; each test gets a copy of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.gradebook import prepare_gradebook
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.gradebook.courses import make_course


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Not to be changed; it has no gradebook."""
    return make_course(tmp_path_factory.mktemp("gradebook") / "built")


@pytest.fixture(scope="session")
def prepared_course(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Not to be changed."""
    folder = tmp_path_factory.mktemp("gradebook") / "prepared"
    course = Course(Path(shutil.copytree(built_course.root, folder)))
    for assignment in course.assignments():
        prepare_gradebook(course, load_assignment(course, assignment))
    return course


@pytest.fixture
def new_course(built_course: Course, tmp_path: Path) -> Course:
    """A course without a gradebook."""
    return Course(Path(shutil.copytree(built_course.root, tmp_path / "course")))


@pytest.fixture
def course(prepared_course: Course, tmp_path: Path) -> Course:
    """A course whose gradebook knows both assignments."""
    return Course(Path(shutil.copytree(prepared_course.root, tmp_path / "course")))
