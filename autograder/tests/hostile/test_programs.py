"""Each hostile program is graded as anybody's: what does it get, and what is left behind?"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from autograder.grading.results import Result, to_json
from autograder.tests.hostile.arena import CANARY, Arena, descendants, settled
from autograder.tests.hostile.programs import PROGRAMS, Case


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
    assert all(text.isprintable() for text in texts(result))
    assert settled(running)
    assert arena.state() == before
    assert arena.grader.grade(arena.hand_in("ada"), "ada").score == 10


def texts(result: Result) -> Iterator[str]:
    """Everything that a student reads."""
    yield from result.problems
    for task in result.tasks:
        yield from (check.message for check in task.checks)
