"""What may not be written to: one error that says what to do, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from autograder.paths import Course
from autograder.tests.faults.conftest import GRADE, Undisturbed, only_line
from autograder.tests.faults.mounts import Machine
from autograder.tests.faults.state import state
from autograder.tests.faults.victim import Outcome, Victims

# Root may do what modes forbid, unless this is taken away.
PRIVILEGES = "-dac_override,-dac_read_search"
LIKE_A_USER = ("setpriv", f"--bounding-set={PRIVILEGES}", f"--inh-caps={PRIVILEGES}", "--")
REASONS = {
    "disk": "Read-only file system; make it writable and run the same command again",
    "mode": "Permission denied; make it writable and run the same command again",
}
GRADEBOOK = "the gradebook is read-only; make the file and its folder writable and try again"

Run = Callable[[Course, str], Outcome]


@contextmanager
def modes_that_count(victims: Victims) -> Iterator[Victims]:
    """Give a server that modes stop; skip the test where there is only root."""
    if os.geteuid() != 0:
        yield victims
        return
    tried = subprocess.run([*LIKE_A_USER, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"modes do not stop root here: {tried.stderr.strip()}")
    with Victims(LIKE_A_USER) as user:
        yield user


@pytest.fixture(scope="session", params=REASONS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def run(way: str, request: pytest.FixtureRequest) -> Iterator[Run]:
    """Grade while a file or folder of the course is read-only, in one way or the other."""
    if way == "disk":
        machine: Machine = request.getfixturevalue("machine")

        def on_a_disk(course: Course, place: str) -> Outcome:
            with machine.read_only(course.root / place):
                return machine.run(course.root, GRADE)

        yield on_a_disk
        return
    with modes_that_count(request.getfixturevalue("victims")) as user:

        def by_its_mode(course: Course, place: str) -> Outcome:
            path = course.root / place
            before = path.stat().st_mode
            path.chmod(before & 0o555)
            try:
                return user.run(course.root, GRADE)
            finally:
                path.chmod(before)

        yield by_its_mode


@pytest.mark.parametrize("place", ["gradebook.db", "results/quiz-8", "autograded"])
def test_it_is_found_out_before_the_grading(
    to_regrade: Course, copy_of: Callable[[Course], Course], run: Run, way: str, place: str
) -> None:
    course = copy_of(to_regrade)
    before = state(course)
    reason = GRADEBOOK if place == "gradebook.db" else REASONS[way]
    assert only_line(run(course, place)) == f"error: {course.root / place}: {reason}"
    assert state(course) == before


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("autograded/bo/quiz-8", "autograded/bo/quiz-8/Quiz8.ipynb"),
        ("results/quiz-8/audit.jsonl", "results/quiz-8/audit.jsonl"),
    ],
)
def test_what_is_found_out_while_storing_is_done_by_the_next_run(
    to_regrade: Course,
    copy_of: Callable[[Course], Course],
    run: Run,
    way: str,
    place: str,
    named: str,
    victims: Victims,
    undisturbed: Undisturbed,
) -> None:
    course = copy_of(to_regrade)
    if not (course.root / place).exists():
        (course.root / place).touch()
    assert only_line(run(course, place)) == f"error: {course.root / named}: {REASONS[way]}"
    again = victims.run(course.root, GRADE)
    assert (again.code, again.stderr) == (0, "")
    assert state(course) == undisturbed("again")[1]
