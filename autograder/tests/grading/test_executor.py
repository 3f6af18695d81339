"""A class in several processes: one submission's trouble stays its own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from autograder.errors import AuthoringError, SettingsError
from autograder.grading.executor import KILLED, Job, grade_class
from autograder.grading.lane import Lane, Lanes
from autograder.paths import Course
from autograder.tests.grading.conftest import SUITE
from autograder.tests.grading.dask_cluster import alive, descendants, wait_until

HandIn = Callable[..., Path]


def test_everybody_is_graded_whatever_the_others_do(course: Course, hand_in: HandIn) -> None:
    folders = {
        "ada": hand_in("ada"),
        "bob": hand_in("bob", double="import os\n\ndef double(x):\n    os._exit(1)\n"),
        "carl": hand_in("carl", double="def double(x:\n"),
        "gone": course.submission("mini", "gone"),
    }
    job = Job(course, "mini")
    graded = {g.student: g for g in grade_class(job, [*folders.items()], processes=2)}
    assert set(graded) == set(folders)
    scores = {name: g.result.score for name, g in graded.items() if g.result}
    assert scores == {"ada": 10, "bob": 6, "carl": 6}
    assert "gone" in graded["gone"].error


def test_a_mistake_in_the_suite_is_raised_once(course: Course, hand_in: HandIn) -> None:
    (course.suite("mini") / "test_mini.py").write_text("import no_such_module\n")
    with pytest.raises(SettingsError, match=r"test_mini.py:1: .*no_such_module"):
        list(grade_class(Job(course, "mini"), [("ada", hand_in("ada")), ("bob", hand_in("bob"))]))


def test_what_keeps_every_submission_from_being_graded_is_raised_once(
    course: Course, hand_in: HandIn
) -> None:
    # By the path, line and message of the error in the grading process, which is another one.
    (course.release("mini") / "Mini.ipynb").unlink()
    with pytest.raises(AuthoringError, match=r"Mini.ipynb: not built; run `autograder build mini`"):
        list(grade_class(Job(course, "mini"), [("ada", hand_in("ada")), ("bob", hand_in("bob"))]))


KILLER = """
@pytest.mark.task("triple")
def test_kills(student):
    import os, signal
    from pathlib import Path
    if student.triple(1.0) == 666:
        parent = os.getpid()
        while parent != MAIN:
            pid = parent
            parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(pid, signal.SIGKILL)
"""


def test_a_submission_that_kills_its_grader_costs_nobody_else_a_verdict(
    course: Course, hand_in: HandIn
) -> None:
    killer = KILLER.replace("MAIN", str(os.getpid()))
    (course.suite("mini") / "test_mini.py").write_text(SUITE + killer)
    submissions = [(name, hand_in(name)) for name in "abcd"]
    submissions.insert(1, ("killer", hand_in("killer", triple="def triple(x):\n    return 666\n")))
    graded = {g.student: g for g in grade_class(Job(course, "mini"), submissions, processes=2)}
    assert graded["killer"].error == KILLED
    scores = {name: g.result.score for name, g in graded.items() if g.result}
    assert scores == dict.fromkeys("abcd", 10)


def test_leaving_a_run_ends_what_is_being_graded(course: Course, hand_in: HandIn) -> None:
    forever = "def double(x):\n    while True:\n        pass\n"
    submissions = [("ada", hand_in("ada")), ("bob", hand_in("bob", double=forever))]
    resource_tracker.ensure_running()  # Python's own; the first lane would start it, for good
    before = set(descendants(os.getpid()))
    run = grade_class(Job(course, "mini"), submissions, processes=2)
    assert next(run).student == "ada"
    started = set(descendants(os.getpid())) - before
    assert started
    run.close()
    wait_until(lambda: not any(map(alive, started)), "all that was started has ended")


def test_processes_that_were_started_ahead_do_the_grading(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(course, "mini")
    submissions = [(name, hand_in(name)) for name in "abc"]
    with Lanes() as lanes:
        lanes.start_ahead(job, 2)
        monkeypatch.delattr(Lane, "__init__")  # no more can be started
        graded = list(grade_class(job, submissions, processes=2, lanes=lanes))
    assert sorted((g.student, g.result.score) for g in graded if g.result) == [
        *(("a", 10), ("b", 10), ("c", 10))
    ]


def test_one_that_was_killed_before_it_graded_is_replaced(course: Course, hand_in: HandIn) -> None:
    resource_tracker.ensure_running()
    before = set(descendants(os.getpid()))
    job = Job(course, "mini")
    with Lanes() as lanes:
        lanes.start_ahead(job, 1)
        (started,) = multiprocessing.active_children()
        started.kill()
        started.join()
        (graded,) = grade_class(job, [("ada", hand_in("ada"))], lanes=lanes)
    assert graded.result
    assert graded.result.score == 10
    wait_until(lambda: set(descendants(os.getpid())) <= before, "all that was started has ended")
