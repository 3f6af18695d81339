"""Is every call recorded with what came of it, and are arguments renamed where it was asked?"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.sandbox import Call, Remote, StudentError, fetch, perturb

SOURCE = """
import numpy as np
class Net:
    def __init__(self, size=2, dropout_keep_ratio=1, **more):
        self.params = {"W1": np.ones(size)}
        self.p, self.more = dropout_keep_ratio, more
    def loss(self, scale=1, dropout=None):
        return float(scale * self.params["W1"].sum()), dropout
def fails(x): raise ValueError("no")
def add(x, y=1):
    x += y
    return x
"""


@pytest.fixture
def recorded(load):
    worker = load(SOURCE)
    calls: list[Call] = []
    worker.record = calls.append
    return worker, calls


def test_a_call_is_recorded_as_the_check_gave_it(recorded) -> None:
    worker, calls = recorded
    assert worker.student.add(2, y=3) == 5
    assert calls == [Call("call", (("name", "add"),), (2, {"y": 3}), 5)]


def test_a_call_with_the_arguments_behind_it(recorded) -> None:
    worker, calls = recorded
    worker.student.add.inout(np.zeros(1))
    (call,) = calls
    assert (call.operation, call.path) == ("inout", (("name", "add"),))
    value, (after,) = call.outcome
    assert (value[0], after[0]) == (1, 1)


def test_objects_readings_and_perturbations(recorded) -> None:
    worker, calls = recorded
    net = worker.student.Net(3)
    net.params["W1"]
    fetch(net.params)
    direction = np.array([[1.0, 0, 0]])
    perturb(net, "W1", direction, 0.5, 2)
    assert [call.operation for call in calls] == ["call", "get", "get", "perturb"]
    assert isinstance(calls[0].outcome, Remote)
    assert calls[1].path[1:] == (("attr", "params"), ("item", "W1"))
    assert np.array_equal(calls[1].outcome, np.ones(3))
    name, moved, *rest = calls[3].arguments
    assert (name, moved is direction, rest) == ("W1", True, [0.5, 2])
    assert np.array_equal(calls[3].outcome, [[7], [5]])


def test_a_fault_is_an_outcome(recorded) -> None:
    worker, calls = recorded
    with pytest.raises(StudentError) as caught:
        worker.student.fails(1)
    assert [call.outcome for call in calls] == [caught.value]


def test_seeding_setting_and_plain_calls_are_not_recorded(recorded) -> None:
    worker, calls = recorded
    worker.seed(3)
    worker.call_plain("add", [1])
    assert calls == []


def test_arguments_of_a_call_by_name_are_renamed(recorded) -> None:
    worker, calls = recorded
    worker.renames = {"Net": {"dropout": "dropout_keep_ratio"}, "loss": {"dropout": "scale"}}
    net = worker.student.Net(dropout=0.5, size=1)
    assert (fetch(net.p), fetch(net.more)) == (0.5, {})
    assert calls[0].arguments == ({"dropout": 0.5, "size": 1},)


def test_arguments_of_methods_are_not(recorded) -> None:
    worker, _ = recorded
    worker.renames = {"Net": {"dropout": "scale"}, "loss": {"dropout": "scale"}}
    net = worker.student.Net(1)
    assert net.loss(dropout=3) == (1.0, 3)
