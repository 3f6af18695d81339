"""Suites with fixtures and marks of their own, and tasks that share a worker."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.overlays import reference_program
from autograder.grading.results import TaskResult
from autograder.grading.runner import Grader
from autograder.paths import Course
from autograder.program import Statement

KEEP = Convention("keep")
OWN_MACHINERY = """
import pytest
CALLS = []
@pytest.fixture
def doubled(seed):
    CALLS.append("set up")
    yield 2 * seed
    CALLS.append("torn down")
@pytest.mark.task("conv_forward_naive")
def test_fixture(doubled, seed):
    assert doubled == 2 * seed
@pytest.mark.task("conv_forward_naive")
def test_torn_down(tmp_path):
    assert CALLS == ["set up", "torn down"]
class TestInAClass:
    @pytest.mark.task("conv_forward_naive")
    def test_method(self, student):
        student.conv_forward_naive
@pytest.mark.task("conv_forward_naive")
@pytest.mark.parametrize("doubled", [1], indirect=True)
def test_wrong(doubled):
    assert doubled < 0
def warm_up(task_seed):
    CALLS.clear()
"""
PATCHES_NUMPY = """
def sgd_momentum(w, dw, config=None):
    np.sqrt = np.square
    config = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    config["velocity"] = config["momentum"] * config.get("velocity", 0 * w)
    config["velocity"] = config["velocity"] - config["learning_rate"] * dw
    return w + config["velocity"], config
"""


def judged(course: Course, assignment: str, source: str = "") -> dict[str, TaskResult]:
    mine = [Statement(source, "Mine, cell 1", 1)] if source else []
    program = (*reference_program(course, KEEP), *mine)
    subject = Subject(lambda _: program)
    with Grader(course, assignment, allow_degraded=True) as grader:
        run = grader.judging.run_of(subject)
        tasks = grader.play(lambda play: grader.judging.judge(play, run, subject, KEEP))
    return {task.task: task for task in tasks}


def test_checks_may_use_all_of_pytest(tmp_path: Path) -> None:
    home = Course.find()
    for part in ("solutions", "source", "release", "tests"):
        shutil.copytree(home.root / part, tmp_path / part)
    suite = tmp_path / "tests" / "quiz-8"
    (suite / "test_own_machinery.py").write_text(OWN_MACHINERY)
    task = judged(Course(tmp_path), "quiz-8")["conv_forward_naive"]
    found = {check.name: check.status for check in task.checks}
    mine = {name: found[name] for name in found if name in ("fixture", "torn_down", "method")}
    assert mine == dict.fromkeys(("fixture", "torn_down", "method"), "passed")
    assert found["wrong[1]"] == "failed"


@pytest.mark.parametrize("task", ["rmsprop", "adam"])
def test_what_one_task_does_to_its_process_is_not_held_against_another(task: str) -> None:
    verdicts = judged(Course.find(), "neural-nets", PATCHES_NUMPY)
    assert verdicts[task].score == verdicts[task].max_score
