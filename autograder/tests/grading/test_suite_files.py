"""Seeds and digests of a suite."""

import numpy as np
import pytest

from autograder.grading.suite import check_seed, suite_digest
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
