"""`autograder run`: one submission, whatever is named."""

from __future__ import annotations

import json
import os
import shutil
import stat

import pytest

from autograder.paths import Course
from autograder.tests.commands.conftest import QUIZ, Autograder, hand_in


@pytest.mark.parametrize("name", ["quiz.tar.gz", "notes.txt", "solution.py"])
def test_what_is_no_notebook_is_refused(course: Course, autograder: Autograder, name: str) -> None:
    (course.root / name).write_bytes(b"PK\x03\x04")
    result = autograder("run", name, "-a", QUIZ)
    assert (result.returncode, result.stdout) == (1, "")
    assert f"{name}: not a notebook" in result.stderr


def test_the_result_goes_to_a_file_in_a_new_folder(course: Course, autograder: Autograder) -> None:
    result = autograder("run", hand_in(course, "ada"), "-a", QUIZ, "--json", "new/one/r.json")
    assert result.returncode == 0, result.stderr
    found = json.loads((course.root / "new" / "one" / "r.json").read_text())
    assert (found["student"], found["score"]) == ("ada", found["max_score"])


def test_the_result_goes_to_stdout_and_the_table_to_stderr(
    course: Course, autograder: Autograder
) -> None:
    result = autograder("run", hand_in(course, "ada"), "-a", QUIZ, "--json", "-")
    assert json.loads(result.stdout)["assignment"] == QUIZ
    assert "conv_forward_naive" in result.stderr


def test_a_pipe_is_written_to_and_not_replaced(course: Course, autograder: Autograder) -> None:
    pipe = course.root / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR)  # both ends, so that neither side waits
    try:
        result = autograder("run", hand_in(course, "ada"), "-a", QUIZ, "--json", pipe)
        assert result.returncode == 0, result.stderr
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert json.loads(os.read(reader, 1 << 16))["assignment"] == QUIZ
    finally:
        os.close(reader)


def test_without_a_release_it_says_what_to_run(course: Course, autograder: Autograder) -> None:
    folder = hand_in(course, "ada")
    shutil.rmtree(course.release(QUIZ))
    result = autograder("run", folder, "-a", QUIZ)
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert "run `autograder build quiz-8`" in result.stderr
