"""What is no fault of a student's costs no student a point."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.grading.executor import Job, grade_class
from autograder.grading.follow_through import CorrectLayers
from autograder.grading.job import Folder, GraderKilled
from autograder.grading.judging import Subject
from autograder.grading.lane import Lane, Lanes
from autograder.grading.runner import Grader
from autograder.paths import Course
from autograder.program import Statement
from autograder.sandbox import Sandbox, Worker
from autograder.tests.grading.conftest import SUITE
from autograder.tests.grading.dask_cluster import wait_until

HandIn = Callable[..., Path]

# Ends the process that makes workers, and so all workers, the first time that it is asked to.
LOSES_THE_SANDBOX = """
@pytest.mark.task("triple")
def test_loses_the_sandbox(student{fixture}):
    import os, signal
    from pathlib import Path
    done = Path({done!r})
    if student.triple(1.0) == 3.0 and not done.exists():
        done.touch()
        stat = Path(f"/proc/{{student._worker.pid}}/stat").read_text()
        os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)
        student.triple(1.0)
"""


@pytest.fixture(params=["", ", tmp_path"], ids=["plain", "by pytest"])
def losing_course(course: Course, tmp_path: Path, request: pytest.FixtureRequest) -> Course:
    check = LOSES_THE_SANDBOX.format(fixture=request.param, done=str(tmp_path / "done"))
    (course.suite("mini") / "test_mini.py").write_text(SUITE + check)
    return course


def test_a_lost_sandbox_is_nobodys_mistake(losing_course: Course, hand_in: HandIn) -> None:
    with (
        Grader(losing_course, "mini", allow_degraded=True) as grader,
        pytest.raises(SandboxUnavailable),
    ):
        grader.grade(hand_in("ada"), "ada")


def test_a_sandbox_that_is_lost_between_two_workers_is_nobodys_mistake(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawn, made = Sandbox.spawn, []

    def spawn_two(sandbox: Sandbox, budget: float | None = None) -> Worker:
        made.append(sandbox)
        if len(made) == 3:  # the probe, the notebook's worker, another one for the task that fails
            assert sandbox._zygote is not None
            sandbox._zygote.kill()
            sandbox._zygote.wait()
        return spawn(sandbox, budget)

    monkeypatch.setattr(Sandbox, "spawn", spawn_two)
    with (
        Grader(course, "mini", allow_degraded=True) as grader,
        pytest.raises(SandboxUnavailable),
    ):
        grader.grade(hand_in("ada", triple="def triple(x):\n    return x\n"), "ada")


def test_a_class_goes_on_in_a_new_sandbox(losing_course: Course, hand_in: HandIn) -> None:
    job = Job(losing_course, "mini", allow_degraded=True)
    class_ = [(name, hand_in(name)) for name in ("ada", "bob", "carl")]
    graded = grade_class(job, class_, processes=1)
    assert {g.student: g.result and g.result.score for g in graded} == dict.fromkeys(
        ("ada", "bob", "carl"), 10
    )


REMEMBERS = (
    "import numpy as np\n\nSEEN = []\n\ndef double(x):\n    SEEN.append(x)\n    return 2 * x\n"
)


@pytest.mark.parametrize(
    "trouble",
    [
        "while SEEN:\n        pass",
        "if SEEN:\n        raise NotImplementedError()",
        "1 / (not SEEN)",
    ],
)
def test_what_an_earlier_task_left_behind_is_not_held_against_a_later_one(
    course: Course, hand_in: HandIn, trouble: str
) -> None:
    triple = f"def triple(x):\n    {trouble}\n    return 3 * x\n"
    with Grader(course, "mini", allow_degraded=True) as grader:
        result = grader.grade(hand_in("ada", double=REMEMBERS, triple=triple), "ada")
    assert result.score == 10


def test_what_hangs_while_it_is_loaded_is_looked_for_once(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawn, made = Sandbox.spawn, []

    def spawn_and_count(sandbox: Sandbox, budget: float | None = None) -> Worker:
        made.append(sandbox)
        return spawn(sandbox, budget)

    program = (
        Statement("while True: pass", "Mini, cell 1", 1),
        Statement("def triple(x): return 3 * x", "Mini, cell 1", 2),
    )
    with Grader(course, "mini", allow_degraded=True) as grader:
        run = grader.judging.run_of(Subject(lambda _: program))
        assert [outcome.status for outcome in run.outcomes("Mini")] == ["timeout", "ok"]
        monkeypatch.setattr(Sandbox, "spawn", spawn_and_count)
        again = run.with_layers(CorrectLayers(grader._sandbox, program, {}))
        assert again.worker(grader.assignment.task("triple"), 0).student.triple(2.0) == 6.0
        again.close()
    assert len(made) == 1


BY_PYTEST = """
import pytest
@pytest.mark.task("{task}")
def test_by_pytest(student, tmp_path):
    assert student.{task}(1.0) == {answer}
"""
OWN_FIXTURE = """
@pytest.fixture
def rng():
    return "mine"
@pytest.mark.task("triple")
def test_own(rng):
    assert rng == "mine"
"""


def test_checks_that_pytest_runs_and_others_may_take_turns(course: Course, hand_in: HandIn) -> None:
    suite = course.suite("mini")
    (suite / "test_mini.py").write_text(BY_PYTEST.format(task="double", answer=2.0) + SUITE)
    (suite / "test_other.py").write_text(BY_PYTEST.format(task="triple", answer=3.0))
    with Grader(course, "mini", allow_degraded=True) as grader:
        assert grader.grade(hand_in("ada"), "ada").score == 10


def test_a_suites_own_fixture_counts(course: Course, hand_in: HandIn) -> None:
    (course.suite("mini") / "test_own.py").write_text("import pytest\n" + OWN_FIXTURE)
    with Grader(course, "mini", allow_degraded=True) as grader:
        assert grader.grade(hand_in("ada"), "ada").score == 10


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


WAITS = """
import select, socket, sys, time
from autograder.errors import SandboxUnavailable
from autograder.sandbox import connection
ours, theirs = socket.socketpair()
event = select.poll()
event.register(ours, select.POLLIN)
print("waiting", flush=True)
try:
    connection._wait(event, time.monotonic() + 2)
except (TimeoutError, SandboxUnavailable) as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("stopped", [False, True])
def test_who_was_stopped_does_not_say_that_another_was_slow(stopped: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITS], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        if stopped:
            wait_until(lambda: state(process.pid) == "S", "it waits")
            process.send_signal(signal.SIGSTOP)
            time.sleep(4)
            process.send_signal(signal.SIGCONT)
        found = process.stdout.read().strip()
    assert found == ("SandboxUnavailable" if stopped else "TimeoutError")


def test_no_room_for_another_process_is_tried_again_later(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(11, os.strerror(11))

    job, lanes = Job(course, "mini", allow_degraded=True), Lanes()
    with monkeypatch.context() as patched:
        patched.setattr(Lane, "__init__", refuse)
        with pytest.raises(GraderKilled):
            lanes.grade(job, Folder("ada", hand_in("ada")))
    graded = lanes.grade(job, Folder("ada", hand_in("ada")))
    lanes.close()
    assert graded.result is not None
    assert graded.result.score == 10
