"""Packages of modules, end to end: built, filled, graded by command, found in the gradebook."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from autograder.authoring.modules import renamed
from autograder.authoring.regions import BEGIN, END
from autograder.demo.run import make_course
from autograder.grading.reference_submission import trained_model
from autograder.grading.results import Result, read_result
from autograder.paths import Course
from autograder.tests.end_to_end.classic_2016 import DROP_2016, Files
from autograder.tests.end_to_end.classic_2021 import KEEP_2021
from autograder.tests.end_to_end.conftest import ROOT, run

ASSIGNMENT = "neural-nets"
# What the classic course does not have: 2 + 3 + 8 of 84 points.
NOT_CLASSIC = {"overfit_three_layers", "overfit_five_layers", "best_model"}
CLASSIC_POINTS = 71


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course of its own, its release and its package built."""
    course = make_course(Course(ROOT), tmp_path_factory.mktemp("package") / "course")
    for words in ((), ("--layout", "package")):
        result = run("autograder", "build", ASSIGNMENT, *words, cwd=course.root)
        assert result.returncode == 0, result.stderr
    return course


def filled(course: Course, folder: Path) -> Path:
    """Hand in the package that students get, the solutions in its modules, and a trained model."""
    shutil.copytree(course.package(ASSIGNMENT), folder)
    for path in (folder / "nets").glob("[!_]*.py"):
        lines = (course.solutions / path.name).read_text("utf-8").splitlines()
        kept = [line for line in lines if line.strip() not in (BEGIN, END)]
        path.write_text(renamed("\n".join(kept)) + "\n", "utf-8")
    # The project's own, which the self-check has trained already: the solutions are the same.
    shutil.copy(trained_model(Course(ROOT)), folder / "best_model.npz")
    return folder


def written(files: Files, folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def graded(course: Course, folder: Path, *words: str) -> Result:
    """What `autograder run --layout package --convention auto` says of a folder."""
    target = folder.with_name(f"{folder.name}.json")
    options = ("--assignment", ASSIGNMENT, "--layout", "package", "--convention", "auto")
    result = run("autograder", "run", folder, *options, *words, "--json", target, cwd=course.root)
    assert result.returncode == 0, result.stderr
    return read_result(target)


def short(result: Result) -> dict[str, float]:
    """Points by task where some are missing."""
    return {task.task: task.score for task in result.tasks if task.score < task.max_score}


def test_the_package_with_the_solutions_in_it_earns_everything(
    course: Course, tmp_path: Path
) -> None:
    result = graded(course, filled(course, tmp_path / "ada"))
    assert (short(result), result.problems, result.repairs) == ({}, (), ())
    assert (result.score, result.layout, result.convention) == (84, "package", "keep")


def test_the_untouched_package_earns_nothing(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "bo"
    shutil.copytree(course.package(ASSIGNMENT), folder)
    assert graded(course, folder).score == 0


def test_python_2_is_named_where_it_is_not_mended(course: Course, tmp_path: Path) -> None:
    result = graded(course, written(DROP_2016, tmp_path / "cy"))
    again = "grade again with --repair to have it mended."
    said = [problem for problem in result.problems if problem.endswith(again)]
    assert said == [
        f"layers.py, line 5: np.reshape(newshape=) is gone from NumPy; {again}",
        f"layers.py, line 5: np.product is gone from NumPy; {again}",
        f"layers.py, line 29: .has_key() is gone since Python 3; {again}",
        f"layers.py, line 34: np.float is gone from NumPy; {again}",
        f"layers.py, line 36: <> is no longer Python; {again}",
        f"layers.py, line 37: raise E, x is no longer Python; {again}",
        f"optim.py, line 16: .iteritems() is gone since Python 3; {again}",
        f"fast_layers.py, line 5: print is a function since Python 3; {again}",
        f"classifiers/fc_net.py, line 47 and 3 more: xrange is gone since Python 3; {again}",
        f"classifiers/fc_net.py, line 55: .iteritems() is gone since Python 3; {again}",
        f"classifiers/fc_net.py, line 70: backticks are no longer Python; {again}",
    ]
    assert result.repairs == ()
    # optim.py runs in Python 3 too: momentum and Adam earn what they are worth.
    assert result.score == 10


def test_python_2_earns_its_points_once_it_is_mended(course: Course, tmp_path: Path) -> None:
    result = graded(course, written(DROP_2016, tmp_path / "dot"), "--repair")
    assert (set(short(result)), result.score) == (NOT_CLASSIC, CLASSIC_POINTS)
    assert result.convention == "drop"
    assert result.repairs == (
        "layers.py: np.reshape(newshape=) -> np.reshape(shape=) (1 time)",
        "layers.py: np.product -> np.prod (1 time)",
        "layers.py: .has_key() -> .__contains__() (1 time)",
        "layers.py: np.float -> float (1 time)",
        "layers.py: <> -> != (1 time)",
        "layers.py: raise E, x -> raise E(x) (1 time)",
        "optim.py: .iteritems() -> .items() (1 time)",
        "fast_layers.py: print statement -> print() (1 time)",
        "classifiers/fc_net.py: xrange -> range (4 times)",
        "classifiers/fc_net.py: .iteritems() -> .items() (1 time)",
        "classifiers/fc_net.py: backticks -> repr() (1 time)",
    )
    (missing,) = result.problems
    assert missing == (
        "No file that was read defines overfit_three_layers, overfit_five_layers and "
        "train_best_model."
    )


def test_a_keep_ratio_and_two_assignments_in_one_tree(course: Course, tmp_path: Path) -> None:
    files = KEEP_2021 | {"a2/cs231n/optim.py": DROP_2016["assignment2/cs231n/optim.py"]}
    result = graded(course, written(files, tmp_path / "eve"), "--repair")
    assert (set(short(result)), result.score) == (NOT_CLASSIC, CLASSIC_POINTS)
    assert result.convention == "keep"
    assert result.problems[0] == "a2/cs231n was read, and a1/cs231n for TwoLayerNet."


def test_a_class_that_hands_in_packages(course: Course) -> None:
    filled(course, course.submission(ASSIGNMENT, "ada"))
    written(DROP_2016, course.submission(ASSIGNMENT, "bo"))
    shutil.copytree(course.package(ASSIGNMENT), course.submission(ASSIGNMENT, "cy"))
    options = ("--layout", "package", "--convention", "auto", "--repair")
    result = run("autograder", "grade", ASSIGNMENT, *options, cwd=course.root)
    assert result.returncode == 0, result.stdout + result.stderr
    result = run("nbgrader", "export", cwd=course.root)
    assert result.returncode == 0, result.stderr
    with (course.root / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: float(row["raw_score"] or 0) for row in csv.DictReader(file)}
    assert rows == {"ada": 84, "bo": CLASSIC_POINTS, "cy": 0}
