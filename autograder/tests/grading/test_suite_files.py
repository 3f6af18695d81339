"""Seeds and digests of a suite."""

import ast
from pathlib import Path

import numpy as np
import pytest

import autograder
from autograder.grading.suite import JUDGING_ROOMS, SHARED_FILES, check_seed, suite_digest
from autograder.paths import Course
from autograder.settings import load_settings


def test_every_check_has_its_own_seed() -> None:
    seeds = {
        check_seed(course, assignment, task, check)
        for course in (1, 2)
        for assignment in ("neural-nets", "quiz-8")
        for task in ("adam", "rmsprop")
        for check in ("values", "state")
    }
    assert len(seeds) == 16


def test_a_seed_fits_numpys_global_generator() -> None:
    seed = check_seed(20260921, "neural-nets", "adam", "values")
    assert 0 <= seed < 2**32
    np.random.seed(seed)


def test_seeds_are_stable_for_good() -> None:
    assert check_seed(0, "a", "b", "c") == 1725554034


@pytest.mark.parametrize(
    ("name", "decides"),
    [("conventions.toml", True), ("misconceptions/double.toml", True), ("variations/a.py", False)],
)
def test_digest_covers_what_decides_a_verdict(course: Course, name: str, decides: bool) -> None:
    def digest() -> str:
        return suite_digest(course, "mini", load_settings(course))

    before = digest()
    (course.solutions / name).parent.mkdir(exist_ok=True)
    (course.solutions / name).write_text("# changed\n")
    assert (digest() != before) is decides


def imported(path: Path) -> set[str]:
    """Files of the package, relative to it, that a file imports."""
    package = Path(autograder.__file__).parent
    names = {
        node.module
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("autograder")
    }
    places = {"/".join(name.split(".")[1:]) for name in names}
    files = {f"{p}.py" if (package / f"{p}.py").is_file() else f"{p}/__init__.py" for p in places}
    return files - {"/__init__.py"}


def test_digest_covers_every_file_that_a_judging_room_imports() -> None:
    package = Path(autograder.__file__).parent
    waiting = [path for room in JUDGING_ROOMS for path in package.joinpath(room).rglob("*.py")]
    found: set[str] = {"__init__.py"}
    while waiting:
        new = imported(waiting.pop()) - found
        found |= new
        waiting += [package / file for file in new]
    outside = {file for file in found if file.partition("/")[0] not in JUDGING_ROOMS}
    assert outside == set(SHARED_FILES)


def test_digest_covers_whose_images_models_are_judged_on(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(course)
    before = suite_digest(course, "mini", settings)
    monkeypatch.setenv("CIFAR10_DIR", "elsewhere")
    assert suite_digest(course, "mini", settings) != before
