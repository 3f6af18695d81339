"""`autograder grade --scheduler`: a class from a Dask cluster's worker to the gradebook."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from autograder.grading.results import read_result
from autograder.paths import Course
from autograder.tests.commands.conftest import QUIZ, ROOT, Autograder, hand_in
from autograder.tests.commands.test_grade import interrupted
from autograder.tests.commands.test_resume import rows
from autograder.tests.grading.dask_cluster import DaskCluster

pytest.importorskip("distributed", reason="Dask is not installed (pip install distributed)")

CHECK = "conv_forward_naive_check"
NOBODY = "tcp://127.0.0.1:9"  # no scheduler is there


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.add_worker("--nanny", "--nthreads", "2")
        yield cluster


def with_another_assignment(course: Course) -> None:
    """Let the course know mistakes in tasks that are not the quiz's, as real ones do."""
    for folder in ("source/neural-nets", "solutions/misconceptions"):
        shutil.copytree(ROOT / folder, course.root / folder, dirs_exist_ok=True)


def test_a_class_is_graded_once(
    course: Course, autograder: Autograder, cluster: DaskCluster
) -> None:
    with_another_assignment(course)
    hand_in(course, "ada")
    hand_in(course, "bo", solved=False)
    first = autograder("grade", QUIZ, "--scheduler", cluster.address)
    assert first.returncode == 0, first.stderr
    assert "0 unchanged, 2 graded" in first.stdout.splitlines()
    found = rows(course)
    assert (found["ada " + CHECK], found["bo " + CHECK]) == ((8, None, False), (0, None, False))
    assert read_result(course.result_file(QUIZ, "ada")).score == 8
    assert (course.autograded(QUIZ, "bo") / "Quiz8.ipynb").is_file()
    # Wherever a verdict was found, it is known.
    second = autograder("grade", QUIZ, "--jobs", "1")
    assert second.returncode == 0, second.stderr
    assert "2 unchanged, 0 graded" in second.stdout.splitlines()
    assert rows(course) == found


def test_ctrl_c_keeps_what_the_cluster_found(
    course: Course, autograder: Autograder, cluster: DaskCluster
) -> None:
    # Which of the two Dask begins with is not said; ivan's lasts until nobody waits any more.
    settings = course.settings_file.read_text("utf-8")
    patient = settings.replace("call_seconds = 6.0", "call_seconds = 60.0")
    assert patient != settings
    course.settings_file.write_text(patient, "utf-8")
    said = interrupted(course, "--scheduler", cluster.address)
    resume = f"autograder grade {QUIZ} --scheduler {cluster.address}"
    assert said == [f"interrupted; what was finished is kept. For the rest: {resume}"]
    assert not course.result_file(QUIZ, "ivan").exists()
    assert rows(course)["ada " + CHECK] == (8, None, False)
    # Nobody asks a scheduler where nothing is left to grade.
    rest = autograder("grade", QUIZ, "--student", "ada", "--scheduler", NOBODY)
    assert "1 unchanged, 0 graded" in rest.stdout.splitlines()
