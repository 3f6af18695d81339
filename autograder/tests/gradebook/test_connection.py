"""The gradebook is opened as configured, waits for a lock, and says what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import make_url

from autograder.errors import GradebookError
from autograder.gradebook.connection import course_directory, open_gradebook
from autograder.paths import Course
from autograder.tests.gradebook.courses import QUIZ, configure


def test_sqlite_waits_a_minute_for_a_locked_gradebook(course: Course) -> None:
    assert course_directory(course).db_url == f"sqlite:///{course.gradebook_file}?timeout=60"


@pytest.mark.parametrize("name", ["gradebook.db", "./gradebook.db?timeout=60"])
def test_a_relative_gradebook_is_the_courses_wherever_a_command_is_started(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    configure(course, f"c.CourseDirectory.db_url = 'sqlite:///{name}'")
    monkeypatch.chdir(tmp_path)
    assert course_directory(course).db_url == f"sqlite:///{course.gradebook_file}?timeout=60"
    with open_gradebook(course) as gradebook:
        assert QUIZ in [assignment.name for assignment in gradebook.assignments]
    assert not (tmp_path / "gradebook.db").exists()


@pytest.mark.parametrize("name", [":memory:", "file:gradebook.db"])
def test_what_is_no_path_stays_as_it_is(course: Course, name: str) -> None:
    configure(course, f"c.CourseDirectory.db_url = 'sqlite:///{name}'")
    assert make_url(course_directory(course).db_url).database == name


def test_another_database_is_left_as_configured(course: Course) -> None:
    url = "postgresql://grader:secret@db.example.org/gradebook"
    configure(course, f"c.CourseDirectory.db_url = {url!r}")
    assert course_directory(course).db_url == url


def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(course: Course) -> None:
    other = sqlite3.connect(course.gradebook_file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("ROLLBACK"))
    begun = time.monotonic()
    release.start()
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_student("ada")
        waited = time.monotonic() - begun
    release.join()
    other.close()
    assert waited >= 0.5


def test_a_gradebook_that_stays_locked_is_one_clear_error(course: Course) -> None:
    url = f"sqlite:///{course.gradebook_file}?timeout=0.1"
    configure(course, f"c.CourseDirectory.db_url = {url!r}")
    other = sqlite3.connect(course.gradebook_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        pytest.raises(GradebookError, match=r"gradebook\.db: the gradebook was locked"),
        open_gradebook(course),
    ):
        pass
    other.close()


def test_a_read_only_gradebook_is_one_clear_error(
    course: Course, capfd: pytest.CaptureFixture[str]
) -> None:
    # By SQLite's own mode, because permissions do not stop root.
    url = f"sqlite:///file:{course.gradebook_file}?mode=ro&uri=true"
    configure(course, f"c.CourseDirectory.db_url = {url!r}")
    with (
        pytest.raises(GradebookError, match=r"gradebook\.db: the gradebook is read-only"),
        open_gradebook(course),
    ):
        pass
    assert capfd.readouterr() == ("", "")


def test_a_damaged_gradebook_is_one_clear_error(course: Course) -> None:
    course.gradebook_file.write_bytes(b"not a database at all, but long enough to be read as one")
    with (
        pytest.raises(GradebookError, match=r"gradebook\.db: the gradebook is damaged"),
        open_gradebook(course),
    ):
        pass


def test_a_folder_that_is_not_there_is_one_clear_error(course: Course) -> None:
    configure(course, f"c.CourseDirectory.db_url = 'sqlite:///{course.root}/nowhere/gradebook.db'")
    with (
        pytest.raises(GradebookError, match="the gradebook cannot be opened"),
        open_gradebook(course),
    ):
        pass


def test_a_gradebook_is_made_where_the_environment_is_not_activated(
    new_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with open_gradebook(new_course) as gradebook:
        assert gradebook.assignments == []
    assert os.environ["PATH"] == "/usr/bin:/bin"


def test_a_new_gradebook_is_as_nbgrader_would_make_it(
    new_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_gradebook(new_course):
        pass
    # nbgrader runs `alembic`, which stands beside the interpreter, by its name.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    ours, stock = new_course.gradebook_file, tmp_path / "stock.db"
    Gradebook(f"sqlite:///{stock}", course_directory(new_course).course_id).close()
    with sqlite3.connect(ours) as one, sqlite3.connect(stock) as other:
        assert [*one.iterdump()] == [*other.iterdump()]
    one.close()
    other.close()


def test_an_error_of_the_caller_is_not_taken_for_one_of_the_gradebook(course: Course) -> None:
    with pytest.raises(ZeroDivisionError), open_gradebook(course):
        _ = 1 / 0
    with open_gradebook(course) as gradebook:
        assert QUIZ in [assignment.name for assignment in gradebook.assignments]
