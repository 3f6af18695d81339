"""A second run of `autograder grade` grades what changed and keeps what did not."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.commands.grade import grade_all
from autograder.gradebook.connection import course_directory
from autograder.grading.results import read_result
from autograder.grading.terms import Terms
from autograder.paths import Course
from autograder.tests.commands.conftest import LONG_NAME, QUIZ, Autograder, command, hand_in

Row = tuple[object, ...]
STUDENTS = ("ada", "bo")
CHECK = "conv_forward_naive_check"


@pytest.fixture(scope="session")
def graded_once(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada earned 8 points and 3.5 by hand, Bo none; not to be changed."""
    root = tmp_path_factory.mktemp("graded") / LONG_NAME
    course = Course(Path(shutil.copytree(built, root)))
    hand_in(course, "ada")
    hand_in(course, "bo", solved=False)
    subprocess.run(command("grade", QUIZ, "--jobs", "1"), cwd=root, check=True, capture_output=True)
    with Gradebook(course_directory(course).db_url) as gradebook:
        grade = gradebook.find_grade("convolve_by_hand", "Quiz8", QUIZ, "ada")
        grade.manual_score, grade.needs_manual_grade = 3.5, False
        gradebook.db.commit()
    return root


@pytest.fixture
def course(graded_once: Path, tmp_path: Path) -> Course:
    return Course(Path(shutil.copytree(graded_once, tmp_path / LONG_NAME)))


def rows(course: Course) -> dict[str, Row]:
    """Everything that a regrade could spoil, by student and cell."""
    with Gradebook(course_directory(course).db_url) as gradebook:
        submissions = gradebook.find_assignment(QUIZ).submissions
        found: dict[str, Row] = {
            f"{row.student_id} {grade.name}": (
                grade.auto_score,
                grade.manual_score,
                grade.needs_manual_grade,
            )
            for row in submissions
            for notebook in row.notebooks
            for grade in notebook.grades
        }
        return found | {"submissions": (len(submissions), len(gradebook.students))}


def identity(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_mtime_ns


def audit(course: Course) -> list[dict[str, object]]:
    path = course.result_file(QUIZ, "audit").with_suffix(".jsonl")
    lines = path.read_text().splitlines() if path.exists() else []
    return [{**json.loads(line), "when": None} for line in lines]


def solve(course: Course, student: str) -> None:
    shutil.copy(course.instructor(QUIZ) / "Quiz8.ipynb", course.submission(QUIZ, student))


def test_what_did_not_change_is_neither_graded_nor_written(
    course: Course, autograder: Autograder
) -> None:
    files = [course.result_file(QUIZ, student) for student in STUDENTS]
    before, stored = [identity(file) for file in files], rows(course)
    result = autograder("grade", QUIZ, "--jobs", "1")
    assert result.returncode == 0, result.stderr
    assert "2 unchanged, 0 graded" in result.stdout.splitlines()
    assert ([identity(file) for file in files], rows(course)) == (before, stored)
    assert audit(course) == []


def test_a_changed_submission_is_graded_and_its_change_told(
    course: Course, autograder: Autograder
) -> None:
    untouched = identity(course.result_file(QUIZ, "ada"))
    old = read_result(course.result_file(QUIZ, "bo"))
    solve(course, "bo")
    result = autograder("grade", QUIZ, "--jobs", "1", "--quiet")
    assert result.stdout == "changed bo: 0 -> 8 (conv_forward_naive 0 -> 8)\n"
    new = read_result(course.result_file(QUIZ, "bo"))
    suite = new.versions["suite"]
    assert audit(course) == [
        {
            "when": None,
            "student": "bo",
            "suite": {"old": suite, "new": suite},
            "submission": {"old": old.digest, "new": new.digest},
            "score": {"old": 0.0, "new": 8.0},
            "tasks": {"conv_forward_naive": {"old": 0.0, "new": 8.0}},
        }
    ]
    assert identity(course.result_file(QUIZ, "ada")) == untouched
    assert rows(course)["bo " + CHECK] == (8.0, None, False)
    assert "2 unchanged, 0 graded" in autograder("grade", QUIZ).stdout


def change_the_suite(course: Course) -> None:
    with open(next(course.suite(QUIZ).glob("test_*.py")), "a") as file:
        file.write("# changed\n")


def change_the_settings(course: Course) -> None:
    text = course.settings_file.read_text("utf-8")
    course.settings_file.write_text(text.replace("seed = ", "seed = 1"), "utf-8")


def change_the_solutions(course: Course) -> None:
    with open(course.solutions / "conv.py", "a") as file:
        file.write("# changed\n")


def change_nothing(course: Course) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_the_suite, ()),
        (change_the_settings, ()),
        (change_the_solutions, ()),
        (change_nothing, ("--force",)),
        (change_nothing, ("--convention", "auto")),
    ],
    ids=["suite", "settings", "solutions", "force", "terms"],
)
def test_what_verdicts_depend_on_has_all_graded_again(
    course: Course,
    autograder: Autograder,
    change: Callable[[Course], None],
    words: tuple[str, ...],
) -> None:
    change(course)
    result = autograder("grade", QUIZ, "--jobs", "1", *words)
    assert "0 unchanged, 2 graded" in result.stdout.splitlines(), result.stdout + result.stderr
    assert "changed" not in result.stdout.replace("unchanged", "")
    assert rows(course)["ada convolve_by_hand"] == (None, 3.5, True)


def test_a_gradebook_that_was_lost_is_filled_without_grading(
    course: Course, autograder: Autograder
) -> None:
    before = identity(course.result_file(QUIZ, "ada"))
    course.gradebook_file.unlink()
    result = autograder("grade", QUIZ, "--jobs", "1")
    line = "2 unchanged, 0 graded; 2 of the unchanged stored again"
    assert line in result.stdout.splitlines(), result.stdout + result.stderr
    assert identity(course.result_file(QUIZ, "ada")) == before
    assert rows(course)["ada " + CHECK] == (8.0, None, False)


@pytest.mark.parametrize("quiet", [False, True])
def test_who_could_not_be_stored_again_is_told_and_not_counted_as_unchanged(
    course: Course, capsys: pytest.CaptureFixture[str], quiet: bool
) -> None:
    course.gradebook_file.unlink()
    shutil.rmtree(course.autograded(QUIZ, "ada"))
    course.autograded(QUIZ, "ada").write_text("")
    assert not grade_all(course, QUIZ, (), 1, Terms(), False, quiet=quiet)
    said = capsys.readouterr()
    place = course.autograded(QUIZ, "ada") / "Quiz8.ipynb"
    reason = f"{place}: File exists; move away what lies in its place"
    if quiet:
        (line,) = said.out.splitlines()
        assert line.startswith(f"not graded ada: {reason}")
    else:
        count = "1 unchanged, 0 graded, 1 could not be; 1 of the unchanged stored again"
        assert count in said.out.splitlines()
        assert reason in said.out
    assert said.err.startswith("error: 1 of 2 submissions could not be graded; the ")


def test_lost_notebooks_are_written_again_and_no_answer_is_to_be_read_again(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows(course)
    notebook = course.autograded(QUIZ, "ada") / "Quiz8.ipynb"
    content = notebook.read_bytes()
    notebook.unlink()
    assert grade_all(course, QUIZ, (), 1, Terms(), False)
    assert "1 of the unchanged stored again" in capsys.readouterr().out
    assert notebook.read_bytes() == content
    assert rows(course) == before


def test_a_machine_that_lacks_the_latest_hand_in_leaves_its_score_alone(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    (course.submission(QUIZ, "ada") / "timestamp.txt").write_text("2026-10-01 12:00:00 UTC")
    with Gradebook(course_directory(course).db_url) as gradebook:  # as another machine does
        gradebook.find_submission(QUIZ, "ada").timestamp = datetime(2026, 10, 2, 12)
        gradebook.find_grade(CHECK, "Quiz8", QUIZ, "ada").auto_score = 5.0
        gradebook.db.commit()
    assert not grade_all(course, QUIZ, (), 1, Terms(), False, quiet=True)
    assert "a later hand-in, of 2026-10-02 12:00:00 UTC" in capsys.readouterr().out
    assert rows(course)["ada " + CHECK] == (5.0, None, False)
    assert grade_all(course, QUIZ, ("ada",), 1, Terms(), False, force=True)
    assert rows(course)["ada " + CHECK] == (8.0, None, False)


@pytest.mark.parametrize("text", ["", "{", '{"schema": 1}', "\xff"])
def test_a_damaged_result_is_graded_anew_with_a_note(
    course: Course, autograder: Autograder, text: str
) -> None:
    file = course.result_file(QUIZ, "ada")
    file.write_text(text, encoding="latin-1")
    result = autograder("grade", QUIZ, "--jobs", "1")
    assert f"note {file}: damaged, of another version or student; graded anew" in result.stdout
    assert "1 unchanged, 1 graded" in result.stdout.splitlines()
    assert read_result(file).score == 8.0


# Ends the coordinator by SIGKILL, right before the event that is described.
KILLER = """
import os, signal, sys
wanted, place, count = sys.argv.pop(1), sys.argv.pop(1), int(sys.argv.pop(1))
def hook(event, arguments):
    global count
    if event == wanted and any(place in str(argument) for argument in arguments):
        count -= 1
        if count < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from autograder.cli import main
main()
"""
# Where something else would be lost, or done twice; others are tried at random (tests/faults).
POINTS = {
    "before the verdict is kept": ("os.rename", "bo.json.pending", 0),
    "before the scores": ("open", "gradebook.db.lock", 5),
    "before the audit log": ("open", "audit.jsonl", 0),
    "before the result": ("os.rename", f"{QUIZ}/bo.json", 0),
    "after the result": ("os.remove", "bo.json.pending", 0),
}
KEPT = list(POINTS)[1:]  # the verdict was there; to grade again would be a waste


@pytest.fixture(scope="session")
def undisturbed(
    graded_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Row], list[dict[str, object]]]:
    """What a run without a kill makes of Bo's solution."""
    root = tmp_path_factory.mktemp("undisturbed") / LONG_NAME
    course = Course(Path(shutil.copytree(graded_once, root)))
    solve(course, "bo")
    subprocess.run(command("grade", QUIZ, "--jobs", "1"), cwd=root, check=True, capture_output=True)
    return rows(course), audit(course)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_point_loses_nothing_and_does_nothing_twice(
    course: Course,
    autograder: Autograder,
    undisturbed: tuple[dict[str, Row], list[dict[str, object]]],
    point: str,
) -> None:
    solve(course, "bo")
    (course.submission(QUIZ, "bo") / "timestamp.txt").write_text("2026-10-01 12:00:00 UTC")
    with subprocess.Popen(
        [sys.executable, "-c", KILLER, *map(str, POINTS[point]), "grade", QUIZ, "--jobs", "1"],
        cwd=course.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        code = process.wait(timeout=120)
        with contextlib.suppress(ProcessLookupError):  # graders that outlive it
            os.killpg(process.pid, signal.SIGKILL)
    assert code == -signal.SIGKILL
    result = autograder("grade", QUIZ, "--jobs", "1")
    assert result.returncode == 0, result.stderr
    assert ("0 graded; 1 of the unchanged stored again" in result.stdout) == (point in KEPT)
    expected_rows, expected_audit = undisturbed
    assert rows(course) == expected_rows
    assert [line["score"] for line in audit(course)] == [line["score"] for line in expected_audit]
    assert "2 unchanged, 0 graded" in autograder("grade", QUIZ).stdout
