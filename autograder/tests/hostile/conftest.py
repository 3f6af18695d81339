"""The hostile cases run in the sandboxes and the small course of the other rooms' own tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from autograder.grading.runner import Grader
from autograder.tests.grading.conftest import course, hand_in, make_course, write_solutions
from autograder.tests.hostile.arena import CANARY, SETTINGS, Arena, plant
from autograder.tests.sandbox.conftest import hasty_sandbox, load, sandbox

__all__ = ["arena", "course", "hand_in", "hasty_sandbox", "load", "sandbox"]


@pytest.fixture(scope="package")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """One grader for all cases: what one of them breaks, the next ones notice."""
    course = make_course(tmp_path_factory.mktemp("arena") / "course", SETTINGS)
    write_solutions(course)
    plant(course)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_CANARY", CANARY)
        with Grader(course, "mini") as grader:
            arena = Arena(course, grader)
            right = arena.hand_in("ada")
            grader.apart(partial(grader.grade, right, "ada"))
            grader.grade(right, "ada")  # whatever starts once is running now
            yield arena
