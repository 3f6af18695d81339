"""Which folders under `submitted/` are submissions."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.submissions import find_submissions


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "submitted").mkdir()
    return Course(tmp_path)


def test_students_come_sorted_by_name(course: Course) -> None:
    for name in ("grace", "ada"):
        course.submission("small", name).mkdir(parents=True)
    found = find_submissions(course, "small")
    assert found.submissions == (
        ("ada", course.submitted / "ada" / "small"),
        ("grace", course.submitted / "grace" / "small"),
    )
    assert found.skipped == ()


def test_other_assignments_are_no_submissions(course: Course) -> None:
    course.submission("large", "ada").mkdir(parents=True)
    (course.submitted / "notes.txt").write_text("not a student")
    assert find_submissions(course, "small") == find_submissions(course, "none")


def test_a_course_without_submissions_has_none(tmp_path: Path) -> None:
    assert find_submissions(Course(tmp_path), "small").submissions == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a\nb", "submitted/a?b: the name holds control characters; rename the folder"),
        ("-rf", "submitted/-rf: a student's id must not start with one of . = + - @"),
        (".ada", "submitted/.ada: a student's id must not start with one of"),
        ("ada ", "submitted/ada : a student's id must not hold"),
        ("a" * 201, "the name is longer than 200 bytes"),
    ],
)
def test_a_name_that_is_no_student_id_is_skipped(course: Course, name: str, reason: str) -> None:
    course.submission("small", name).mkdir(parents=True)
    found = find_submissions(course, "small")
    assert found.submissions == ()
    (sentence,) = found.skipped
    assert reason in sentence


def test_a_symbolic_link_is_skipped(course: Course) -> None:
    course.submission("small", "ada").mkdir(parents=True)
    (course.submitted / "eve").symlink_to(course.submitted / "ada")
    found = find_submissions(course, "small")
    assert [name for name, _ in found.submissions] == ["ada"]
    assert found.skipped == (
        "submitted/eve: is a symbolic link, which is not followed; put the folder itself there",
    )


def test_a_file_in_the_folders_place_is_skipped(course: Course) -> None:
    (course.submitted / "ada").mkdir()
    course.submission("small", "ada").write_text("")
    assert find_submissions(course, "small").skipped == ("submitted/ada: small is not a folder",)
