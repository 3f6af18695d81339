"""A class on a Dask cluster: a real scheduler, real workers, and what may become of them."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import ClusterError
from autograder.grading import cluster as cluster_module
from autograder.grading.executor import KILLED, Graded, Job, grade_class
from autograder.grading.results import Result, to_json
from autograder.paths import Course
from autograder.tests.grading.conftest import SUITE
from autograder.tests.grading.dask_cluster import DaskCluster, alive, descendants, wait_until

distributed = pytest.importorskip(
    "distributed", reason="Dask is not installed (pip install distributed)"
)

HandIn = Callable[..., Path]
Submissions = list[tuple[str, Path]]
# Ends the Dask worker that grades it: kills what `dask worker` started, as an out-of-memory killer
# would. The grading process is below it.
KILLER = """
@pytest.mark.task("triple")
def test_kills(student):
    import os, signal
    from pathlib import Path
    if student.triple(1.0) != 666:
        return
    pid = os.getpid()
    while b"dask_worker" not in Path(f"/proc/{pid}/cmdline").read_bytes():
        ended, pid = pid, int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(ended if NANNY else pid, signal.SIGKILL)
"""
SLOW = """
import numpy as np

def double(x):
    for _ in range(200_000):
        np.exp(x)
    return 2 * x
"""
DEADLY = "def triple(x):\n    return 666\n"


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A cluster whose workers nobody kills, one with a nanny and one without."""
    with DaskCluster(tmp_path_factory.mktemp("two_workers")) as cluster:
        cluster.add_worker("--no-nanny")
        cluster.add_worker("--nanny")
        yield cluster


def of_every_kind(course: Course, hand_in: HandIn) -> Submissions:
    """Submissions that are right, wrong, broken, no file at all, or not there."""
    folders = {
        "ada": hand_in("ada"),
        "bob": hand_in("bob", double="def double(x):\n    return x\n"),
        "carl": hand_in("carl", double="def double(x):\n"),
        "dora": hand_in("dora", double="import os\n\ndef double(x):\n    os._exit(1)\n"),
        "emil": hand_in("emil", triple="def triple(x):\n    raise ValueError('\\ud800 <b>')\n"),
        "flo": hand_in("flo"),
        "gone": course.submission("mini", "gone"),
    }
    (folders["flo"] / "Mini.ipynb").unlink()
    (folders["flo"] / "Mini.ipynb").symlink_to(folders["ada"] / "Mini.ipynb")
    os.mkfifo(folders["flo"] / "pipe")
    return list(folders.items())


def told(graded: Graded) -> tuple[str, str]:
    """Everything that must be the same wherever a submission is graded: all but the time."""
    if graded.result is None:
        return graded.student, graded.error
    tasks = tuple(replace(task, seconds=0.0) for task in graded.result.tasks)
    return graded.student, to_json(replace(graded.result, tasks=tasks))


def finish(grader: object, submission: object, result: Result) -> str:
    return f"record of {result.student}"


def test_a_cluster_finds_what_the_local_pool_finds(
    course: Course, hand_in: HandIn, two_workers: DaskCluster
) -> None:
    submissions = of_every_kind(course, hand_in)
    job = Job(course, "mini", finish=finish)
    here = list(grade_class(job, submissions, processes=2))
    there = list(grade_class(job, submissions, scheduler=two_workers.address))
    assert sorted(map(told, there)) == sorted(map(told, here))
    assert sorted((g.student, g.record) for g in there if g.result) == [
        (g.student, f"record of {g.student}")
        for g in sorted(here, key=lambda g: g.student)
        if g.result
    ]
    assert sorted(g.student for g in there) == [student for student, _ in submissions]


def test_a_worker_keeps_the_course_to_itself_and_needs_none_of_its_own(
    course: Course, hand_in: HandIn, two_workers: DaskCluster
) -> None:
    list(grade_class(Job(course, "mini"), [("ada", hand_in("ada"))], scheduler=two_workers.address))
    suites = list(two_workers.folder.glob("worker-*/**/tests/mini/test_mini.py"))
    assert suites
    for suite in suites:
        folder = suite.parents[2]
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not (folder / "submitted").exists()
        assert not (folder / "nbgrader_config.py").exists()
        assert {path.name for path in folder.iterdir()} == {
            "source",
            "solutions",
            "tests",
            "release",
        }


def busy_workers(address: str) -> set[str]:
    with distributed.Client(address, set_as_default=False) as client:
        return {worker for worker, keys in client.processing().items() if keys}


def test_what_a_killed_worker_had_is_graded_by_another_once(
    course: Course, hand_in: HandIn, tmp_path: Path
) -> None:
    submissions = [(name, hand_in(name, double=SLOW)) for name in "abcdefgh"]
    graded = []
    with DaskCluster(tmp_path) as cluster:
        victim, survivor = cluster.add_worker("--no-nanny"), cluster.add_worker("--no-nanny")
        run = grade_class(Job(course, "mini"), submissions, scheduler=cluster.address)
        graded.append(next(run))
        # Of eight submissions one is graded, and each worker has one on its hands.
        assert len(busy_workers(cluster.address)) == 2
        wait_until(lambda: len(descendants(victim.pid)) > 1, "it has a grading process")
        below = descendants(victim.pid)
        victim.kill()
        victim.wait()
        wait_until(lambda: not any(map(alive, below)), "all that it started has ended")
        graded += run
        assert survivor.poll() is None
    assert sorted(g.student for g in graded) == list("abcdefgh")
    assert {g.result.score for g in graded if g.result} == {10.0}
    assert [g.error for g in graded if g.error] == []


def test_a_submission_that_kills_every_worker_costs_nobody_else_a_verdict(
    course: Course, hand_in: HandIn, tmp_path: Path
) -> None:
    (course.suite("mini") / "test_mini.py").write_text(SUITE + KILLER.replace("NANNY", "True"))
    submissions = [(name, hand_in(name)) for name in "abc"]
    submissions.insert(1, ("killer", hand_in("killer", triple=DEADLY)))
    # Dask gives a submission up at the first worker that dies with it, and what waited there too.
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with DaskCluster(tmp_path, **once) as cluster:
        cluster.add_worker("--nanny")
        job = Job(course, "mini")
        graded = {g.student: g for g in grade_class(job, submissions, scheduler=cluster.address)}
    assert graded["killer"].error == KILLED
    scores = {name: g.result.score for name, g in graded.items() if g.result}
    assert scores == {"a": 10, "b": 10, "c": 10}


def test_a_worker_that_would_judge_otherwise_is_refused(
    course: Course, hand_in: HandIn, tmp_path: Path
) -> None:
    older = tmp_path / "older.py"
    older.write_text("import numpy\n\nnumpy.__version__ = '1.9'\n")
    with DaskCluster(tmp_path) as cluster:
        cluster.add_worker("--no-nanny", "--preload", str(older))
        with pytest.raises(
            ClusterError, match=r"tcp://127.*: numpy is 1\.9 there and \d+\.\d+\.\d+ here"
        ):
            list(
                grade_class(
                    Job(course, "mini"), [("ada", hand_in("ada"))], scheduler=cluster.address
                )
            )


def test_images_of_ones_own_must_be_the_workers_too(
    course: Course, hand_in: HandIn, two_workers: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIFAR10_DIR", "elsewhere")
    with pytest.raises(ClusterError, match="CIFAR10_DIR is not set there and elsewhere here"):
        list(
            grade_class(
                Job(course, "mini"), [("ada", hand_in("ada"))], scheduler=two_workers.address
            )
        )


def test_what_no_worker_can_grade_is_said_once(
    course: Course, hand_in: HandIn, two_workers: DaskCluster
) -> None:
    (course.suite("mini") / "test_mini.py").write_text("import no_such_module\n")
    with pytest.raises(ClusterError, match=r"a worker can't grade: tcp:.*no_such_module"):
        list(
            grade_class(
                Job(course, "mini"), [("ada", hand_in("ada"))], scheduler=two_workers.address
            )
        )


def test_a_scheduler_that_ends_midway_is_an_error_that_says_so(
    course: Course, hand_in: HandIn, tmp_path: Path
) -> None:
    submissions = [(name, hand_in(name, double=SLOW)) for name in "abcd"]
    with DaskCluster(tmp_path) as cluster:
        cluster.add_worker("--no-nanny")
        run = grade_class(Job(course, "mini"), submissions, scheduler=cluster.address)
        next(run)
        cluster.scheduler.kill()
        cluster.scheduler.wait()
        with pytest.raises(ClusterError, match=r"does not answer any more.*again for the rest"):
            list(run)


def test_a_run_waits_for_workers_and_says_so(
    course: Course, hand_in: HandIn, tmp_path: Path
) -> None:
    notes: list[str] = []
    with DaskCluster(tmp_path) as cluster:
        threading.Timer(0.5, cluster.add_worker, ["--no-nanny"]).start()
        where = {"scheduler": cluster.address, "note": notes.append}
        (graded,) = grade_class(Job(course, "mini"), [("ada", hand_in("ada"))], **where)
    assert graded.result
    assert notes == [f"{cluster.address}: no worker is there; waiting for one to join"]


def test_leaving_a_run_cancels_what_waits(
    course: Course, hand_in: HandIn, two_workers: DaskCluster
) -> None:
    submissions = [(name, hand_in(name, double=SLOW)) for name in "abcdefgh"]
    run = grade_class(Job(course, "mini"), submissions, scheduler=two_workers.address)
    next(run)
    run.close()
    wait_until(lambda: not busy_workers(two_workers.address), "nothing waits any more")


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:9", "nonsense://", "127.0.0.1", "tls://127.0.0.1:9", "a b"]
)
def test_without_a_scheduler_there_is_a_sentence(
    course: Course, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.5)
    with pytest.raises(ClusterError, match=f"^{address}: no Dask scheduler answers there"):
        list(grade_class(Job(course, "mini"), [], scheduler=address))


def test_without_dask_there_is_a_sentence(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"needs Dask, .*: pip install distributed"):
        list(grade_class(Job(course, "mini"), [], scheduler="tcp://127.0.0.1:9"))


def test_graders_of_this_machine_and_a_cluster_are_not_mixed(course: Course) -> None:
    with pytest.raises(ClusterError, match="--jobs counts"):
        list(grade_class(Job(course, "mini"), [], processes=2, scheduler="tcp://127.0.0.1:9"))
