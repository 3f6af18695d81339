"""From a folder to a verdict: the real sandbox, a suite of any content."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from autograder.errors import AuthoringError, SettingsError
from autograder.grading.results import Result
from autograder.grading.runner import Grader
from autograder.paths import Course
from autograder.submissions.assemble import given_statements, release_code

HandIn = Callable[..., Path]
HANG = "def double(x):\n    while True:\n        pass\n"


def grade(course: Course, folder: Path) -> Result:
    with Grader(course, "mini") as grader:
        return grader.grade(folder, folder.parent.name)


def test_right_code_earns_everything(course: Course, hand_in: HandIn) -> None:
    result = grade(course, hand_in("ada"))
    assert (result.score, result.max_score) == (10, 10)
    assert [task.status for task in result.tasks] == ["passed", "passed"]
    assert result.problems == ()
    assert result.sandbox["seccomp"]
    assert set(result.versions) == {"autograder", "numpy", "python", "suite", "terms"}


def test_the_release_earns_nothing_and_is_called_missing(course: Course) -> None:
    result = grade(course, course.release("mini"))
    assert result.score == 0
    assert {task.status for task in result.tasks} == {"missing"}
    assert "Not written yet" in result.task("double").checks[0].message


def test_a_wrong_check_costs_its_weight(course: Course, hand_in: HandIn) -> None:
    result = grade(course, hand_in("bob", double="def double(x):\n    return 3 * x\n"))
    assert result.task("double").score == 1
    assert result.task("double").status == "partial"
    assert result.task("triple").score == 6


def test_a_hang_costs_its_task_one_deadline_and_no_other_task_anything(
    course: Course, hand_in: HandIn
) -> None:
    folder = hand_in("ivan", double=HANG)
    started = time.monotonic()
    result = grade(course, folder)
    assert result.task("double").status == "timeout"
    assert [check.status for check in result.task("double").checks] == ["timeout", "timeout"]
    assert result.task("triple").score == 6
    assert result.task("double").seconds < 3  # one call_seconds, not one for each check
    assert time.monotonic() - started < 60


def test_a_crash_costs_the_check_that_crashed(course: Course, hand_in: HandIn) -> None:
    crash = "import os\n\ndef double(x):\n    if x.any():\n        os._exit(0)\n    return 2 * x\n"
    result = grade(course, hand_in("judy", double=crash))
    assert [check.status for check in result.task("double").checks] == ["error", "passed"]
    assert result.task("triple").score == 6


def test_a_cell_that_hangs_while_loading_is_left_out_with_a_note(
    course: Course, hand_in: HandIn
) -> None:
    source = RIGHT_DOUBLE + "\nwhile True:\n    pass\n"
    result = grade(course, hand_in("carl", double=source))
    assert result.score == 10
    (problem,) = result.problems
    assert "Mini, cell 1, line 4" in problem


def test_a_stray_call_that_fails_is_a_note(course: Course, hand_in: HandIn) -> None:
    result = grade(course, hand_in("dora", double=RIGHT_DOUBLE + "\ndouble(undefined_name)\n"))
    assert result.score == 10
    assert "undefined_name" in result.problems[0]


def test_a_name_error_inside_of_the_code_is_an_error_not_a_missing_function(
    course: Course, hand_in: HandIn
) -> None:
    result = grade(course, hand_in("eve", double="def double(x):\n    return y\n"))
    assert result.task("double").status == "error"
    assert "Mini, cell 1, line 2" in result.task("double").checks[0].message


def test_an_undefined_function_is_missing(course: Course, hand_in: HandIn) -> None:
    result = grade(course, hand_in("finn", double="def doubel(x):\n    return 2 * x\n"))
    assert result.task("double").status == "missing"


@pytest.mark.parametrize(
    "returned", ["None", "'text'", "(x, x)", "x[:2]", "float('nan') * x", "lambda: x", "print"]
)
def test_anything_may_be_returned(course: Course, hand_in: HandIn, returned: str) -> None:
    result = grade(course, hand_in("gus", double=f"def double(x):\n    return {returned}\n"))
    assert result.task("double").score == 0
    assert all(check.message for check in result.task("double").checks)


def test_grading_twice_gives_the_same_but_for_times(course: Course, hand_in: HandIn) -> None:
    chance = "import numpy as np\n\ndef double(x):\n    return np.random.rand(5)\n"
    folder = hand_in("ada", double=chance)
    first, second = (
        replace(result, tasks=tuple(replace(task, seconds=0.0) for task in result.tasks))
        for result in (grade(course, folder), grade(course, folder))
    )
    assert first == second


def test_hidden_inputs_change_with_the_courses_seed(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = "def double(x):\n    raise ValueError(str(x[0]))\n"
    folder = hand_in("ida", double=tell)
    messages = []
    for seed in ("1", "2"):
        monkeypatch.setenv("AUTOGRADER_SEED", seed)
        messages.append(grade(course, folder).task("double").checks[0].message)
    assert messages[0] != messages[1]


def test_a_plain_assert_in_a_suite_shows_students_nothing(course: Course, hand_in: HandIn) -> None:
    (course.suite("mini") / "test_mini.py").write_text(
        "import pytest\n"
        "@pytest.mark.task('double')\n"
        "def test_secret(student):\n"
        "    assert student.double(1.0) == 12345.678, 'hidden 12345.678'\n"
        "@pytest.mark.task('triple')\n"
        "def test_other(student):\n"
        "    raise KeyError('hidden 12345.678')\n"
    )
    result = grade(course, hand_in("ada"))
    for task in result.tasks:
        assert "12345" not in task.checks[0].message
        assert task.status == "failed"


@pytest.mark.parametrize(
    ("suite", "complaint"),
    [
        ("\nimport no_such_module\n", r"test_mini.py:2: ModuleNotFoundError: No module named"),
        ("def test_a(:\n    pass\n", r"test_mini.py:1: SyntaxError: "),
        ("def test_unmarked(student): pass\n", "test_unmarked"),
        ("import pytest\n@pytest.mark.task('double')\ndef test_a(): pass\n", "'triple'"),
        ("", "no check carries"),
    ],
)
def test_a_mistake_in_a_suite_is_an_error_for_the_instructor(
    course: Course, hand_in: HandIn, suite: str, complaint: str
) -> None:
    (course.suite("mini") / "test_mini.py").write_text(suite)
    with pytest.raises(SettingsError, match=complaint) as caught:
        grade(course, hand_in("ada"))
    assert "\n" not in str(caught.value)


def test_without_a_release_the_error_says_what_to_do(course: Course) -> None:
    (course.release("mini") / "Mini.ipynb").unlink()
    with pytest.raises(AuthoringError, match="autograder build mini"):
        Grader(course, "mini")


def test_a_damaged_release_stops_the_grader_before_the_first_submission(course: Course) -> None:
    (course.release("mini") / "Mini.ipynb").write_text("{")
    with pytest.raises(AuthoringError, match=r"Mini.ipynb: not a notebook any more"):
        Grader(course, "mini")


def test_a_solution_that_cannot_be_imported_is_named_with_its_line(course: Course) -> None:
    (course.solutions / "optim.py").write_text("import numpy\nimport no_such_module\n")
    with pytest.raises(SettingsError, match=r"optim.py:2: ModuleNotFoundError: No module named"):
        Grader(course, "mini")


RIGHT_DOUBLE = "def double(x):\n    return 2 * x\n"


def test_a_release_older_than_its_points_is_refused(course: Course) -> None:
    about = {
        "grade": True, "solution": False, "locked": True, "grade_id": "double_check",
        "points": 4, "schema_version": 3, "cell_type": "code",
    }  # fmt: skip
    path = course.release("mini") / "Mini.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(v4.new_code_cell("", id="double_check", metadata={"nbgrader": about}))
    nbformat.write(notebook, path)
    Grader(course, "mini")
    manifest = course.authored("mini") / "assignment.toml"
    manifest.write_text(manifest.read_text().replace("points = 4", "points = 5"))
    with pytest.raises(AuthoringError, match="double_check has 4 points here and 5 in assignment"):
        Grader(course, "mini")


def test_children_share_what_submissions_are_compared_with(course: Course, hand_in: HandIn) -> None:
    folder = hand_in("ada")

    def found_out() -> list[int]:
        return [found.cache_info().misses for found in (release_code, given_statements)]

    def read() -> list[int]:
        grader.read(folder, "ada")
        return found_out()

    with Grader(course, "mini") as grader:
        before = found_out()
        assert grader.apart(read) == before
