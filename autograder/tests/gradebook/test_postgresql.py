"""The gradebook in PostgreSQL: the same scores, stock's commands, and clear errors."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import threading

import pytest
from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from nbgrader.dbutil import ALEMBIC_DIR

from autograder.errors import GradebookError
from autograder.gradebook.connection import course_directory, open_gradebook
from autograder.gradebook.writer import Writer
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.gradebook.courses import (
    QUIZ,
    configure,
    hand_in,
    nbgrader,
    read,
    record,
    rows,
    verdict,
    write_one,
)
from autograder.tests.gradebook.server import PASSWORD, Server

CHECK = "conv_forward_naive_check"


def grade(course: Course, student: str, share: float = 1.0) -> None:
    hand_in(course, QUIZ, student)
    record(
        course, read(course, QUIZ, student), verdict(load_assignment(course, QUIZ), student, share)
    )


def test_stock_exports_and_gives_feedback_from_postgresql(postgresql_course: Course) -> None:
    course = postgresql_course
    grade(course, "ada", 0.5)
    with Gradebook(course_directory(course).db_url) as gradebook:
        row = gradebook.find_grade("convolve_by_hand", "Quiz8", QUIZ, "ada")
        row.manual_score, row.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    grade(course, "ada", 1.0)
    nbgrader(course, "export", "--to", "grades.csv", "--assignment", QUIZ)
    with open(course.root / "grades.csv", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["student_id"], float(line["score"])) == ("ada", 11.5)
    nbgrader(course, "generate_feedback", QUIZ)
    page = (course.root / "feedback" / "ada" / QUIZ / "Quiz8.html").read_text("utf-8")
    assert "Score: 11.5 / 20.0" in page
    assert not course.gradebook_file.exists()


def test_what_the_formgrader_shows_is_there(postgresql_course: Course) -> None:
    grade(postgresql_course, "ada", 0.5)
    with Gradebook(course_directory(postgresql_course).db_url) as gradebook:
        (submission,) = gradebook.submission_dicts(QUIZ)
        (notebook,) = gradebook.notebook_submission_dicts("Quiz8", QUIZ)
        assert submission["score"] == notebook["score"] == 4.0
        assert gradebook.average_assignment_score(QUIZ) == 4.0
        assert [student["score"] for student in gradebook.student_dicts()] == [4.0]


def test_a_late_submission_gets_the_configured_penalty(postgresql_course: Course) -> None:
    configure(postgresql_course, "c.LateSubmissionPlugin.penalty_method = 'zero'")
    stamp = hand_in(postgresql_course, QUIZ, "ada") / "timestamp.txt"
    stamp.write_text("2027-03-09 12:00:00 UTC")
    submission = read(postgresql_course, QUIZ, "ada")
    record(postgresql_course, submission, verdict(load_assignment(postgresql_course, QUIZ), "ada"))
    with Gradebook(course_directory(postgresql_course).db_url) as gradebook:
        stored = gradebook.find_submission(QUIZ, "ada")
        assert (stored.score, stored.late_submission_penalty) == (8.0, 8.0)


def test_a_student_whom_another_program_adds_meanwhile_is_no_error(
    postgresql_course: Course,
) -> None:
    course, assignment = postgresql_course, load_assignment(postgresql_course, QUIZ)
    hand_in(course, QUIZ, "ada")
    submission = read(course, QUIZ, "ada")
    with Gradebook(course_directory(course).db_url) as other, Writer(course, assignment) as writer:
        connection = other.engine.connect()
        connection.exec_driver_sql("INSERT INTO student (id) VALUES ('ada')")  # as stock, no lock
        commit = threading.Timer(0.5, connection.commit)
        commit.start()
        write_one(writer, course, submission, verdict(assignment, "ada"))
        commit.join()
        connection.close()
    assert rows(course, QUIZ, "ada")[CHECK] == (8.0, None, False)


def test_a_connection_that_breaks_changes_nothing_and_is_one_clear_error(
    postgresql_course: Course, server: Server
) -> None:
    course, assignment = postgresql_course, load_assignment(postgresql_course, QUIZ)
    grade(course, "ada", 0.5)
    before = rows(course, QUIZ, "ada")
    submission = read(course, QUIZ, "ada")
    with Writer(course, assignment) as writer:
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'gradebook'"
        )
        with pytest.raises(GradebookError, match="the gradebook lost its server") as caught:
            write_one(writer, course, submission, verdict(assignment, "ada"))
    assert PASSWORD not in str(caught.value)
    assert rows(course, QUIZ, "ada") == before


FAULTS = {
    "another password": (("gradebook", "a secret"), "did not let you in"),
    "another database": (("nowhere",), "is not there; make it by `createdb`"),
    "another user": (("gradebook", PASSWORD, "guest"), "may not be changed by this user|did not"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_the_server_refuses_is_one_sentence_without_a_password(
    postgresql_course: Course, server: Server, name: str
) -> None:
    words, sentence = FAULTS[name]
    configure(postgresql_course, f"c.CourseDirectory.db_url = {server.url(*words)!r}")
    with (
        pytest.raises(GradebookError, match=sentence) as caught,
        open_gradebook(postgresql_course),
    ):
        pass
    message = str(caught.value)
    assert message.startswith("postgresql+psycopg://")
    assert f"/{words[0]}?" in message
    assert "\n" not in message
    assert not {PASSWORD, "a secret"} & {word for word in (PASSWORD, "a secret") if word in message}


def test_a_server_that_is_down_is_one_sentence(course: Course) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql+psycopg://grader:hidden@/gradebook?host={course.root}&password=hidden"
    configure(course, f"c.CourseDirectory.db_url = {url!r}")
    with (
        pytest.raises(GradebookError, match="the gradebook cannot be reached") as caught,
        open_gradebook(course),
    ):
        pass
    assert "hidden" not in str(caught.value)


def test_a_gradebook_on_a_server_that_takes_no_changes_is_one_sentence(
    postgresql_course: Course, server: Server
) -> None:
    server.run("ALTER DATABASE gradebook SET default_transaction_read_only = on")
    with (
        pytest.raises(GradebookError, match="the gradebook is on a read-only server"),
        open_gradebook(postgresql_course),
    ):
        pass


# Opens the gradebook of the course that is named; ends by SIGKILL before a statement.
KILLED_BEFORE = """
import os, sys
from pathlib import Path
from sqlalchemy import Engine, event
from autograder.gradebook.connection import open_gradebook
from autograder.paths import Course

@event.listens_for(Engine, "before_cursor_execute")
def look(connection, cursor, statement, *more):
    if statement.strip().startswith(sys.argv[2]):
        os.kill(os.getpid(), 9)

with open_gradebook(Course(Path(sys.argv[1]))):
    pass
"""


@pytest.mark.parametrize("statement", ["CREATE TABLE grade ", "CREATE TABLE alembic_version"])
def test_a_kill_while_the_tables_are_made_leaves_none_and_the_next_run_makes_all(
    new_course: Course, server: Server, statement: str
) -> None:
    server.run("CREATE DATABASE gradebook")
    try:
        configure(new_course, f"c.CourseDirectory.db_url = {server.url('gradebook')!r}")
        words = [sys.executable, "-c", KILLED_BEFORE, new_course.root, statement]
        assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
        tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        assert server.run(tables, "gradebook") == [(0,)]
        with open_gradebook(new_course) as gradebook:
            assert gradebook.students == []
        head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        assert server.run("SELECT * FROM alembic_version", "gradebook") == [(head,)]
    finally:
        server.run("DROP DATABASE gradebook WITH (FORCE)")
