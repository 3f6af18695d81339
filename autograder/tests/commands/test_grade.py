"""`autograder grade`: a class, its gradebook, and what stops it."""

from __future__ import annotations

import fcntl
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.commands.store import LOCK, Store
from autograder.gradebook.prepare import prepare_gradebook
from autograder.gradebook.record import make_record
from autograder.gradebook.writer import Writer
from autograder.grading.executor import Graded, Job
from autograder.grading.results import read_result
from autograder.grading.runner import Grader
from autograder.manifest import load_assignment
from autograder.paths import Course
from autograder.tests.commands.conftest import QUIZ, Autograder, command, hand_in


def graded_students(course: Course) -> set[str]:
    with sqlite3.connect(course.gradebook_file) as gradebook:
        rows = gradebook.execute("select student_id from submitted_assignment").fetchall()
    return {row[0] for row in rows}


def test_a_class_is_graded_and_the_place_of_the_results_is_one_line(
    course: Course, autograder: Autograder
) -> None:
    hand_in(course, "ada")
    hand_in(course, "Bo Übel", solved=False)
    hand_in(course, "-x")
    result = autograder("grade", QUIZ, "--jobs", "1")
    assert result.returncode == 0, result.stderr
    assert "skipped submitted/-x: " in result.stdout
    assert f"results: {course.root}/results/{QUIZ}/*.json" in result.stdout.splitlines()
    assert graded_students(course) == {"ada", "Bo Übel"}
    assert read_result(course.result_file(QUIZ, "Bo Übel")).score == 0


def test_only_the_students_that_were_asked_for_are_graded(
    course: Course, autograder: Autograder
) -> None:
    hand_in(course, "ada")
    hand_in(course, "bo")
    assert autograder("grade", QUIZ, "-s", "bo", "-s", "bo").returncode == 0
    assert graded_students(course) == {"bo"}


def test_a_submission_that_changed_while_it_was_graded_gets_no_score(course: Course) -> None:
    folder = hand_in(course, "ada")
    assignment, job = load_assignment(course, QUIZ), Job(course, QUIZ)
    with Grader(course, QUIZ) as grader:
        submission = grader.read(folder, "ada")
        result = grader.grade_submission(submission)
    graded = Graded("ada", folder, result, record=make_record(grader, submission, result))
    prepare_gradebook(course, assignment)
    with Writer(course, assignment) as writer, Store(job, assignment, writer, print) as store:
        (kept,) = [*store.keep(graded), *store.flush()]
        shutil.copy(course.release(QUIZ) / "Quiz8.ipynb", folder)
        (changed,) = store.keep(graded)
        shutil.rmtree(folder)
        (gone,) = store.keep(graded)
    assert read_result(course.result_file(QUIZ, "ada")) == kept.result
    assert kept.result.untouched == ()
    assert "changed while it was graded" in changed.error
    assert changed.result is gone.result is None
    assert str(folder) in gone.error


@pytest.mark.parametrize(
    ("words", "complaint"),
    [((), "nothing handed in for quiz-8"), (("-s", "nobody"), "nobody/quiz-8: no such submission")],
)
def test_without_a_submission_there_is_nothing_to_do(
    course: Course, autograder: Autograder, words: tuple[str, ...], complaint: str
) -> None:
    result = autograder("grade", QUIZ, *words)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert complaint in result.stderr
    assert not course.gradebook_file.exists()


def spoil_the_suite(course: Course) -> None:
    (course.suite(QUIZ) / "test_more.py").write_text("import no_such_module\n")


def lose_the_release(course: Course) -> None:
    shutil.rmtree(course.release(QUIZ))


def damage_the_release(course: Course) -> None:
    (course.release(QUIZ) / "Quiz8.ipynb").write_text("{")


def damage_the_instructors_notebook(course: Course) -> None:
    (course.instructor(QUIZ) / "Quiz8.ipynb").write_text("{")


def put_a_file_in_the_place_of_the_results(course: Course) -> None:
    (course.root / "results").write_text("")


def spoil_the_gradebook(course: Course) -> None:
    course.gradebook_file.write_text("garbage, and more than a header of it\n" * 100)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (spoil_the_suite, "test_more.py:1: ModuleNotFoundError: No module named"),
        (lose_the_release, "not built; run `autograder build quiz-8`"),
        (damage_the_release, "not a notebook any more; run `autograder build quiz-8`"),
        (damage_the_instructors_notebook, "not a notebook any more; run `autograder build"),
        (
            put_a_file_in_the_place_of_the_results,
            "results/quiz-8: Not a directory; move away what lies in its place",
        ),
        (spoil_the_gradebook, "the gradebook is damaged"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_broken_is_named_in_one_line(
    course: Course, autograder: Autograder, spoil: Callable[[Course], None], complaint: str
) -> None:
    hand_in(course, "ada")
    spoil(course)
    result = autograder("grade", QUIZ)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1), result.stderr
    assert result.stderr.startswith("error: ")
    assert complaint in result.stderr


def pending(course: Course, student: str) -> Path:
    return course.result_file(QUIZ, student).with_name(f".{student}.json.pending")


def wait_for_verdict(course: Course, student: str, seconds: float) -> None:
    """Wait for a verdict that is not stored yet: the gradebook takes several at a time."""
    deadline = time.monotonic() + seconds
    while not pending(course, student).exists():
        assert time.monotonic() < deadline, f"no verdict on {student}"
        time.sleep(0.05)
    # It is being kept while the lock is held; an interruption then leaves it to the next run.
    with open(course.result_file(QUIZ, student).with_name(LOCK), "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def interrupted(course: Course, *words: str) -> list[str]:
    """Ctrl-C while ivan's endless loop is graded and ada's verdict waits; what is said then."""
    hand_in(course, "ada")
    folder = hand_in(course, "ivan")
    text = (folder / "Quiz8.ipynb").read_text("utf-8")
    # The first line of the reference's body becomes an endless loop.
    marker = "### BEGIN SOLUTION"
    assert marker in text
    (folder / "Quiz8.ipynb").write_text(text.replace(marker, "while True: pass"), "utf-8")
    with subprocess.Popen(
        command("grade", QUIZ, *words),
        cwd=course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A test run in the background ignores SIGINT, and its children would, too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        wait_for_verdict(course, "ada", 60)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    return stderr.splitlines()


def test_ctrl_c_keeps_what_was_graded(course: Course) -> None:
    said = interrupted(course, "--force", "--jobs", "1")
    resume = f"autograder grade {QUIZ} --jobs 1"
    assert said[-1] == f"interrupted; what was finished is kept. For the rest: {resume}"
    assert "Traceback" not in "\n".join(said)
    # Stored, or about to be: that depends on the moment. The next run stores it then.
    assert graded_students(course) == {"ada"} or pending(course, "ada").exists()
    assert not course.result_file(QUIZ, "ivan").exists()
    assert not pending(course, "ivan").exists()
