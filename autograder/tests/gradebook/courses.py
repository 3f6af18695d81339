"""Small courses in temporary folders: the repository's own, built, with submissions in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.authoring.build import build_assignment
from autograder.errors import ResultError
from autograder.gradebook.autograded import write_autograded
from autograder.gradebook.connection import course_directory
from autograder.gradebook.record import record_of
from autograder.gradebook.writer import Writer
from autograder.grading.reference_submission import solved_cells, write_submission
from autograder.grading.results import Check, Result, TaskResult
from autograder.manifest import Assignment, load_assignment
from autograder.paths import MARKER, Course
from autograder.submissions import Submission, read_submission

ROOT = Course.find(Path(__file__).parent).root
QUIZ, NETS = "quiz-8", "neural-nets"


def make_course(folder: Path) -> Course:
    """Copy the repository's course into `folder` and build it."""
    folder.mkdir(parents=True)
    for name in ("source", "solutions", "tests"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    shutil.copy(ROOT / MARKER, folder / MARKER)
    course = Course(folder)
    for assignment in course.assignments():
        build_assignment(course, assignment)
    return course


def configure(course: Course, line: str) -> None:
    """Add a line to the course's nbgrader_config.py."""
    with open(course.root / MARKER, "a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def hand_in(
    course: Course,
    assignment: str,
    student: str,
    cells: Mapping[str, str] | None = None,
    untouched: tuple[str, ...] = (),
) -> Path:
    """Hand in the reference solution, with the model answers, changed by `cells`."""
    folder = course.submission(assignment, student)
    solved = {**solved_cells(course, assignment), **(cells or {})}
    write_submission(course, load_assignment(course, assignment), folder, solved, untouched)
    return folder


def read(course: Course, assignment: str, student: str) -> Submission:
    return read_submission(
        course.submission(assignment, student),
        load_assignment(course, assignment),
        course.release(assignment),
        student,
    )


def verdict(assignment: Assignment, student: str, share: float = 1.0, message: str = "") -> Result:
    """A result in which every task earned the same share of its points."""
    status = {0.0: "failed", 1.0: "passed"}.get(share, "partial")
    tasks = tuple(
        TaskResult(
            task.id,
            task.points * share,
            float(task.points),
            status,
            (Check("values", "passed" if share == 1 else "failed", 1.0, message),),
        )
        for task in assignment.tasks
    )
    total = sum(task.score for task in tasks)
    return Result(assignment.id, student, total, float(assignment.auto_points), tasks)


def put_autograded(course: Course, submission: Submission, result: Result) -> None:
    """Write autograded/."""
    assignment = load_assignment(course, submission.assignment)
    write_autograded(course, record_of(course, assignment, submission, result))


def write_one(
    writer: Writer, course: Course, submission: Submission, result: Result, *, force: bool = False
) -> None:
    """Write one submission into an open gradebook; `ResultError` if it is refused."""
    assignment = load_assignment(course, submission.assignment)
    refused = writer.write([record_of(course, assignment, submission, result)], force=force)
    for sentence in refused.values():
        raise ResultError(sentence)


def write(course: Course, submission: Submission, result: Result, *, force: bool = False) -> None:
    """Write one submission into the gradebook."""
    with Writer(course, load_assignment(course, submission.assignment)) as writer:
        write_one(writer, course, submission, result, force=force)


def record(course: Course, submission: Submission, result: Result) -> None:
    """Do with a result what `autograder grade` does."""
    put_autograded(course, submission, result)
    write(course, submission, result)


def rows(course: Course, assignment: str, student: str) -> dict[str, tuple[object, ...]]:
    """Grades (automatic, by hand, needs reading) and comments of a submission, by cell."""
    with Gradebook(course_directory(course).db_url) as gradebook:
        found: dict[str, tuple[object, ...]] = {}
        for notebook in gradebook.find_submission(assignment, student).notebooks:
            for grade in notebook.grades:
                about = (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                found[grade.name] = about
            for comment in notebook.comments:
                found[f"{comment.name} comment"] = (comment.auto_comment,)
        return found


def nbgrader(course: Course, *words: str) -> str:
    """Run a stock command in the course, in an environment that is not activated."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("nbgrader")), *words],
        cwd=course.root,
        env={**os.environ, "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
