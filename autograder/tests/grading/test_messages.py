"""What a failing check says: what kind of thing is off, for every mistake that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from autograder.grading.convention import Convention
from autograder.grading.judging import Subject
from autograder.grading.overlays import (
    load_misconceptions,
    misconception_program,
    reference_program,
)
from autograder.grading.rounds import Play, Round
from autograder.grading.runner import Grader
from autograder.grading.scoring import CheckRun
from autograder.paths import Course
from autograder.program import Program, Statement

KEEP = Convention("keep")
KINDS = {
    "nothing returned": r"nothing was returned|is None|values were returned|not a single|no entry",
    "shape": r"has shape",
    "type": r"has dtype|should be a numpy array|should be a single number|the dtype of the net",
    "not finite": r"not finite|not a finite",
    "scale": r"[Tt]he scale is wrong|scaled|divided by|multiplied by|deviation",
    "mask statistics": r"share of the units|number of units|same units|same mask|another mask"
    r"|(unit|units|nothing|be|are) (is |was )?dropped|drop different units|loss is that of a net"
    r" without dropout",
    "gradient against value": r"does not agree with a numerical gradient|does not depend on",
    "values": r"wrong values|not the right one|loss should be 0|a larger epsilon",
    "changed": r"was changed in place",
    "distribution": r"should be (normally )?distributed",
    "settings": r"should be above 0|training accuracy|learn",
}
# One program of each kind: what defines it, the task, and a mistake in it.
PROGRAMS = {
    "nothing returned": ("relu_backward", "def relu_backward(dout, cache):\n    dout * cache"),
    "shape": ("affine_backward", """
def affine_backward(dout, cache):
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    return dx, x.reshape(len(x), -1).T @ dout, dout.sum(axis=0, keepdims=True)
"""),
    "type": ("relu_forward", "def relu_forward(x):\n    return np.maximum(x, 0) + 0j, x"),
    "not finite": ("relu_forward", "def relu_forward(x):\n    return x / (x > 0), x"),
    "scale": ("sgd_momentum", """
def sgd_momentum(w, dw, config=None):
    config = {"learning_rate": 0.01, "momentum": 0.9, "velocity": 0, **(config or {})}
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity / 2, {**config, "velocity": velocity}
"""),
    "mask statistics": ("dropout_forward", """
def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, None
    np.random.seed(dropout_param.get("seed"))
    mask = np.random.rand(*x.shape) < dropout_param["p"] ** 2
    return x * mask / dropout_param["p"], None
"""),
    "gradient against value": ("affine_backward", """
def affine_forward(x, w, b):
    return 3 * (x.reshape(len(x), -1) @ w) + b, (x, w, b)
"""),
    "values": ("conv_forward_naive", """
def conv_forward_naive(x, w, b, conv_param, forward=conv_forward_naive):
    out, cache = forward(x, w, b, conv_param)
    return out**2, cache
"""),
    "changed": ("relu_forward", "def relu_forward(x):\n    x[x < 0] = 0\n    return x, x"),
}  # fmt: skip


def programs(grader: Grader) -> Iterator[tuple[str, str, Program]]:
    """Name, task and program of everything that is wrong in a way of its own."""
    known = {task.id for task in grader.assignment.tasks}
    for kind, (task, source) in PROGRAMS.items():
        if task in known:
            statement = Statement(source, "own", 1)
            yield kind, task, (*reference_program(grader.course, KEEP), statement)
    for misconception in load_misconceptions(grader.course, grader.assignment):
        program = misconception_program(grader.course, KEEP, misconception)
        yield misconception.id, misconception.task, program


@pytest.fixture(scope="module")
def failures() -> dict[str, list[CheckRun]]:
    """The failed checks of every program; what the code itself raised is told in its own words."""
    found: dict[str, list[CheckRun]] = {}
    course = Course.find()
    for assignment in course.assignments():
        with Grader(course, assignment, allow_degraded=True) as grader:

            def body(play: Play, grader: Grader = grader) -> None:
                for name, task, program in programs(grader):
                    subject = Subject(lambda _, program=program: program)
                    runs = play(Round(grader.judging.run_of(subject), KEEP), [task])
                    found[name] = [run for run in runs if run.status == "failed"]

            grader.play(body)
    return found


@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_mistake_is_told_as_what_it_is(failures: dict[str, list[CheckRun]], kind: str) -> None:
    assert any(re.search(KINDS[kind], failed.message) for failed in failures[kind])


def test_every_message_says_what_kind_of_thing_is_off(failures: dict[str, list[CheckRun]]) -> None:
    kinds = re.compile("|".join(KINDS.values()))
    messages = {run.message for runs in failures.values() for run in runs}
    assert len(messages) > 100
    assert [message for message in sorted(messages) if not kinds.search(message)] == []


def test_no_message_holds_a_long_number(failures: dict[str, list[CheckRun]]) -> None:
    messages = {run.message for runs in failures.values() for run in runs}
    assert [message for message in messages if re.search(r"\d\.\d{3}", message)] == []
