"""Students who make something of the correct layers that their nets are judged again with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.grading.convention import Convention
from autograder.grading.follow_through import replaced_functions
from autograder.grading.judging import Subject
from autograder.grading.overlays import reference_program
from autograder.grading.recorder import MAX_BYTES, MAX_BYTES_OF_ROUND, MAX_CALLS, Recorder
from autograder.grading.results import TaskResult
from autograder.grading.rounds import Play
from autograder.grading.runner import Grader
from autograder.grading.suite import load_reference
from autograder.paths import Course
from autograder.program import Statement
from autograder.sandbox import Call

KEEP = Convention("keep")
# Wrong on its own, so that there is a second round; `correct` tells the rounds apart.
WRONG_LAYERS = """
def relu_forward(x):
    return np.abs(x), x

correct = relu_forward.__code__.co_filename != "Mallory, cell 1"
"""
# What a net of a student's does before it goes on as it should.
INSPECT = """
    import inspect, linecache
    found = [repr(vars(relu_forward)), str(linecache.cache.keys())]
    for tool in (inspect.getsource, inspect.getfile, inspect.getclosurevars):
        try:
            found.append(str(tool(affine_forward)))
        except Exception as error:
            found.append(str(error))
    raise RuntimeError(" ".join(found))
"""
TOO_LARGE = """
    affine_forward(np.ones((20_000, 1)), np.ones((1, 20_000)), np.ones(20_000))
"""
NONSENSE = """
    for value in (None, "x", [[]], {"a": 1}, float("nan"), np.ones((0, 0)), 2**60):
        try:
            affine_backward(value, value)
        except Exception:
            pass
"""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(Course.find(), "neural-nets") as grader:
        yield grader


@pytest.fixture
def judge(grader: Grader) -> Callable[[str], dict[str, TaskResult]]:
    """Verdicts on relu_forward, two_layer_net and fc_net of a net that first runs `body`."""

    def verdicts(body: str) -> dict[str, TaskResult]:
        net = f"def misuse():{body}\nclass TwoLayerNet(TwoLayerNet):\n"
        net += (
            "    def loss(self, X, y=None):\n        misuse()\n        return super().loss(X, y)\n"
        )
        sources = (WRONG_LAYERS, net)
        mine = [Statement(source, f"Mallory, cell {n}", 1) for n, source in enumerate(sources, 1)]
        program = (*reference_program(grader.course, KEEP), *mine)
        subject = Subject(lambda _: program)
        found: list[TaskResult] = []

        def play_all(play: Play) -> None:
            run = grader.judging.run_of(subject)
            tasks = ["relu_forward", "two_layer_net", "fc_net"]
            found.extend(grader.judging.judge(play, run, subject, KEEP, tasks))

        grader.play(play_all)
        return {task.task: task for task in found}

    return verdicts


@pytest.mark.parametrize("body", [TOO_LARGE, INSPECT], ids=["large", "inspect"])
def test_misuse_costs_the_net_that_does_it_and_no_other(judge, body: str) -> None:
    tasks = judge(body)
    assert tasks["two_layer_net"].score < tasks["two_layer_net"].max_score
    assert (tasks["fc_net"].score, tasks["fc_net"].layers) == (12, "correct")


def test_nonsense_is_answered_with_exceptions(judge) -> None:
    task = judge(NONSENSE)["two_layer_net"]
    assert (task.score, task.layers) == (task.max_score, "correct")


def test_no_line_of_the_reference_is_in_reach(judge) -> None:
    tasks = judge(INSPECT)
    said = " ".join(check.message for task in tasks.values() for check in task.checks)
    assert "RuntimeError" in said
    source = (Course.find().solutions / "layers.py").read_text()
    for code in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", source, re.DOTALL):
        for line in code.split("\n"):
            assert not line.strip() or line.strip() not in said


def test_no_function_is_judged_that_is_not_the_students() -> None:
    course = Course.find()
    with Grader(course, "neural-nets") as grader:
        assignment = grader.assignment
    replaced = replaced_functions(course, assignment, load_reference(course))
    assert set(replaced) >= {"affine_backward", "two_layer_net", "fc_net", "fc_net_dropout"}
    for task in assignment.tasks:
        assert not set(task.functions) & replaced.get(task.id, set())
        for later in assignment.tasks[assignment.tasks.index(task) :]:
            assert not set(later.functions) & replaced.get(task.id, set())


def test_a_flood_of_values_is_not_kept_for_the_diagnosis() -> None:
    recorder = Recorder()
    for _ in range(3):
        recorder(Call("call", (("name", "f"),), (), np.zeros(MAX_BYTES // 16)))
    assert recorder.take() == ()
    for _ in range(MAX_CALLS + 1):
        recorder(Call("call", (("name", "f"),), (), [1.0]))
    assert recorder.take() == ()
    recorder(Call("call", (("name", "f"),), (), [1.0]))
    assert len(recorder.take()) == 1


def test_many_checks_that_return_much_are_not_all_kept() -> None:
    recorder, kept = Recorder(), 0
    for _ in range(20):
        recorder(Call("call", (("name", "f"),), (), np.zeros(MAX_BYTES // 10)))
        kept += sum(call.outcome.nbytes for call in recorder.take())
    assert MAX_BYTES < kept <= MAX_BYTES_OF_ROUND
    recorder.begin()
    recorder(Call("call", (("name", "f"),), (), [1.0]))
    assert len(recorder.take()) == 1
