"""`autograder build`: what is printed, and what a mistake of the author's ends in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.paths import Course
from autograder.tests.commands.conftest import Autograder


def test_a_pipe_gets_one_line_per_assignment(autograder: Autograder) -> None:
    result = autograder("build")
    assert result.stdout.splitlines() == [
        "built quiz-8: build/source/quiz-8 (instructors), release/quiz-8 (students)"
    ]


def test_check_shows_what_was_touched_and_writes_nothing(
    course: Course, autograder: Autograder
) -> None:
    readme = course.release("quiz-8") / "README.md"
    readme.write_text("touched\n")
    result = autograder("build", "--check")
    assert result.returncode == 1
    assert "-touched" in result.stdout.splitlines()
    assert readme.read_text() == "touched\n"


def test_check_of_an_untouched_release_is_silent_about_its_content(autograder: Autograder) -> None:
    result = autograder("build", "--check")
    assert (result.returncode, result.stdout) == (0, "up to date release/quiz-8\n")


def test_package_is_built_beside_the_release(course: Course, autograder: Autograder) -> None:
    result = autograder("build", "--layout", "package")
    assert result.stdout == "built quiz-8: build/package/quiz-8 (students)\n"
    assert (course.package("quiz-8") / "nets" / "conv.py").is_file()
    result = autograder("build", "--layout", "package", "--check")
    assert (result.returncode, result.stdout) == (0, "up to date build/package/quiz-8\n")


def test_check_of_a_package_shows_what_was_touched(course: Course, autograder: Autograder) -> None:
    result = autograder("build", "--layout", "package", "--check")
    assert result.returncode == 1
    assert result.stderr.startswith("error: build/package/quiz-8: not built; run `autograder build")
    autograder("build", "--layout", "package")
    (course.package("quiz-8") / "README.md").write_text("touched\n")
    result = autograder("build", "--layout", "package", "--check")
    assert result.returncode == 1
    assert "-touched" in result.stdout.splitlines()
    assert "run `autograder build quiz-8 --layout package`" in result.stdout


def append(name: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with (root / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def replace_build_by_a_file(root: Path) -> None:
    (root / "build").rename(root / "elsewhere")
    (root / "build").write_text("")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (append("solutions/optim.py", "def f(:\n"), "solutions/optim.py:"),
        (append("tests/quiz-8/test_conv_forward_naive.py", "def f(:\n"), "not valid Python"),
        (append("nbgrader_config.py", "c.A.b = (\n"), "SyntaxError: '(' was never closed"),
        (append("nbgrader_config.py", "oops\n"), "NameError: name 'oops' is not defined"),
        (replace_build_by_a_file, "build: File exists"),
    ],
)
def test_an_authors_mistake_is_one_line(
    course: Course, autograder: Autograder, change: Callable[[Path], None], complaint: str
) -> None:
    change(course.root)
    before = sorted(course.release("quiz-8").rglob("*"))
    result = autograder("build")
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert result.stderr.startswith("error: ")
    assert complaint in result.stderr
    assert sorted(course.release("quiz-8").rglob("*")) == before
