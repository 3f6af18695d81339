"""Each hostile hand-in is graded as anybody's: what is it worth, and what does it leave behind?"""

from __future__ import annotations

import shutil

import pytest

from autograder.grading.results import to_json
from autograder.tests.hostile.arena import CANARY, Arena, descendants, settled
from autograder.tests.hostile.hand_ins import HAND_INS, HandIn
from autograder.tests.hostile.zips import ZIPS

CASES = {**HAND_INS, **ZIPS}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_hostile_hand_in_is_worth_what_can_be_read_of_it(arena: Arena, case: HandIn) -> None:
    folder = arena.hand_in("eve")
    case.write(folder)
    try:
        before, running = arena.state(), len(descendants())
        result = arena.grader.grade(folder, "eve")

        assert result.score == case.score
        assert any(case.says in problem for problem in result.problems) or not case.says
        assert all(problem.isprintable() for problem in result.problems)
        assert CANARY not in to_json(result)
        assert settled(running)
        assert arena.state() == before
        assert arena.grader.grade(arena.hand_in("ada"), "ada").score == 10
    finally:
        if folder.is_symlink():
            folder.unlink()
        shutil.rmtree(folder.parent)
