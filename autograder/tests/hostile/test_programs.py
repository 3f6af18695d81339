"""Each hostile program is graded as anybody's: what does it get, and what is left behind?"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from autograder.grading.results import to_json
from autograder.grading.runner import Grader
from autograder.tests.grading.conftest import make_course
from autograder.tests.hostile.arena import CANARY, Arena, descendants, plant, settled
from autograder.tests.hostile.programs import PROGRAMS, Case

SETTINGS = (
    "title = 'T'\nseed = 1\n[limits]\ncall_seconds = 1.0\ntask_seconds = 3.0\nmemory_mib = 1024\n"
)


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    course = make_course(tmp_path_factory.mktemp("arena") / "course", SETTINGS)
    plant(course)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_CANARY", CANARY)
        with Grader(course, "mini") as grader:
            arena = Arena(course, grader)
            grader.grade(
                arena.hand_in("ada"), "ada"
            )  # whatever a grader starts once is running now
            yield arena


def test_there_are_enough_cases_and_each_has_a_name_of_its_own() -> None:
    names = {case.name for case in PROGRAMS}
    assert len(names) == len(PROGRAMS) >= 60


@pytest.mark.parametrize("case", PROGRAMS, ids=lambda case: case.name)
def test_a_hostile_program_gets_what_it_earned_and_leaves_nothing(arena: Arena, case: Case) -> None:
    code = case.code(ROOT=arena.course.root, GRADER=os.getpid(), CANARY=CANARY)
    folder = arena.hand_in("eve", double=code)
    before, running = arena.state(), len(descendants())
    result = arena.grader.grade(folder, "eve")
    told = to_json(result)

    assert result.score == case.score
    assert case.says in told
    assert CANARY not in told
    assert settled(running)
    assert arena.state() == before
    assert arena.grader.grade(arena.hand_in("ada"), "ada").score == 10
