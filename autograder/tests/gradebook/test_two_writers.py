"""Two graders at once on one gradebook, on the same students, lose nothing."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder.gradebook.connection import course_directory
from autograder.gradebook.prepare import prepare_gradebook
from autograder.gradebook.record import record_of
from autograder.gradebook.writer import Writer
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.gradebook.courses import (
    NETS,
    QUIZ,
    configure,
    hand_in,
    read,
    record,
    rows,
    verdict,
)
from autograder.tests.gradebook.server import Server

CHECK = "conv_forward_naive_check"
STUDENTS = [f"student{number}" for number in range(8)]
DUPLICATES = """
SELECT count(*) FROM grade GROUP BY cell_id, notebook_id HAVING count(*) > 1
UNION ALL SELECT count(*) FROM submitted_assignment GROUP BY assignment_id, student_id
HAVING count(*) > 1"""


def write_all(root: Path, share: float, barrier: Barrier) -> None:
    course = Course(root)
    assignment = load_assignment(course, NETS)
    records = [
        record_of(
            course, assignment, read(course, NETS, student), verdict(assignment, student, share)
        )
        for student in STUDENTS
    ]
    barrier.wait(60)
    prepare_gradebook(course, assignment)
    with Writer(course, assignment) as writer:
        for start in range(0, len(records), 3):  # batches that are not all of one size
            assert writer.write(records[start : start + 3]) == {}


def counts(course: Course) -> tuple[list[object], int]:
    """Duplicates, and how many submissions there are."""
    with Gradebook(course_directory(course).db_url) as gradebook:
        duplicates = gradebook.db.execute(text(DUPLICATES)).fetchall()
        number = gradebook.db.execute(text("SELECT count(*) FROM submitted_assignment")).scalar()
    return list(duplicates), int(number or 0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_submission_is_wholly_of_one_writer(either_course: Course) -> None:
    course, assignment = either_course, load_assignment(either_course, NETS)
    for student in STUDENTS:
        hand_in(course, NETS, student)
    prepare_gradebook(course, assignment)
    record(course, read(course, NETS, STUDENTS[0]), verdict(assignment, STUDENTS[0], 0.25))
    first = assignment.tasks[0]
    with Gradebook(course_directory(course).db_url) as gradebook:
        grade = gradebook.find_grade(first.check_id, first.notebook, NETS, STUDENTS[0])
        grade.manual_score = 1.5
        gradebook.db.commit()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    writers = [
        context.Process(target=write_all, args=(course.root, share, barrier))
        for share in (1.0, 0.5)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(240)
    assert [writer.exitcode for writer in writers] == [0, 0]
    for student in STUDENTS:
        stored = rows(course, NETS, student)
        shares = {stored[task.check_id][0] / task.points for task in assignment.tasks}  # type: ignore[operator]
        assert shares in ({1.0}, {0.5})
    assert rows(course, NETS, STUDENTS[0])[first.check_id][1:] == (1.5, True)
    assert counts(course) == ([], len(STUDENTS))


@pytest.fixture(params=["sqlite", "postgresql"])
def ungraded_course(request: pytest.FixtureRequest, new_course: Course) -> Course:
    """A course that has no gradebook yet."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        server.run("DROP DATABASE IF EXISTS empty WITH (FORCE)")
        server.run("CREATE DATABASE empty")
        configure(new_course, f"c.CourseDirectory.db_url = {server.url('empty')!r}")
    return new_course


def test_two_runs_of_grade_at_once_make_one_gradebook(ungraded_course: Course) -> None:
    for student in STUDENTS:
        hand_in(ungraded_course, QUIZ, student)
    command = [str(Path(sys.executable).with_name("autograder")), "grade", QUIZ, "--jobs", "1"]
    runs = [
        subprocess.Popen(
            command, cwd=ungraded_course.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(2)
    ]
    said = [run.communicate(timeout=300)[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    scores = {rows(ungraded_course, QUIZ, student)[CHECK] for student in STUDENTS}
    assert scores == {(8.0, None, False)}
    assert counts(ungraded_course) == ([], len(STUDENTS))
