"""A built course whose gradebook knows its assignments; each test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.gradebook.prepare import prepare_gradebook
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.gradebook.courses import QUIZ, configure, make_course
from autograder.tests.gradebook.server import Server, running_server


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


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own, with a gradebook in the database `prepared`."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def prepared_database(
    server: Server, built_course: Course, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A database whose gradebook knows the small assignment; others are copied from it."""
    server.run("CREATE DATABASE prepared")
    folder = tmp_path_factory.mktemp("postgresql") / "course"
    course = Course(Path(shutil.copytree(built_course.root, folder)))
    configure(course, f"c.CourseDirectory.db_url = {server.url('prepared')!r}")
    prepare_gradebook(course, load_assignment(course, QUIZ))
    return "prepared"


@pytest.fixture
def database(server: Server, prepared_database: str) -> Iterator[str]:
    """A fresh copy of the prepared database."""
    server.run(f"CREATE DATABASE gradebook TEMPLATE {prepared_database}")
    yield "gradebook"
    server.run("DROP DATABASE gradebook WITH (FORCE)")


@pytest.fixture
def postgresql_course(new_course: Course, server: Server, database: str) -> Course:
    """A course with its gradebook in PostgreSQL."""
    configure(new_course, f"c.CourseDirectory.db_url = {server.url(database)!r}")
    return new_course


@pytest.fixture(params=["sqlite", "postgresql"])
def either_course(request: pytest.FixtureRequest) -> Course:
    """A course whose gradebook knows the small assignment, in each of the two databases."""
    name = "course" if request.param == "sqlite" else "postgresql_course"
    return request.getfixturevalue(name)  # type: ignore[no-any-return]
