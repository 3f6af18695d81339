"""Can a suite call, read, set and perturb, and is nothing decided by the student's object?"""

from __future__ import annotations

import operator

import numpy as np
import pytest

from autograder.sandbox import (
    Remote,
    StudentError,
    StudentTimeout,
    WorkerDied,
    fetch,
    load_program,
    perturb,
)
from autograder.tests.sandbox.programs import CELL, program

NET = """
import numpy as np
class Net:
    reg = 0.5
    def __init__(self, size):
        self.params = {"W1": np.arange(float(size)), "b1": np.zeros(2)}
        self.calls = 0
    def loss(self, X, y=None):
        self.calls += 1
        value = (self.params["W1"] ** 2 * X).sum()
        return value if y is None else (value, {"W1": 2 * X * self.params["W1"]})
def same(net): return net is last
def make():
    global last
    last = Net(3)
    return last
def change(x, config, other):
    x += 1
    config["t"] = 1
    return config["t"]
def fail(): raise ValueError("wrong\\nshape")
"""


@pytest.fixture
def worker(load):
    return load(NET)


def test_an_object_of_a_students_class_is_remote(worker) -> None:
    net = worker.student.Net(3)
    assert isinstance(net, Remote)
    assert net.remote_type == "Net"


def test_methods_attributes_and_items(worker) -> None:
    net = worker.student.Net(3)
    assert net.loss(np.ones(3)) == 5.0
    loss, grads = net.loss(np.ones(3), y=1)
    assert (loss, grads["W1"].tolist()) == (5.0, [0, 2, 4])
    assert fetch(net.reg) == 0.5
    assert net.params["W1"].tolist() == [0, 1, 2]
    assert sorted(fetch(net.params)) == ["W1", "b1"]


def test_an_item_can_be_set(worker) -> None:
    net = worker.student.Net(3)
    net.params["W1"] = np.full(3, 2.0)
    assert net.loss(np.ones(3)) == 12.0


def test_a_missing_item_or_attribute_is_a_student_error(worker) -> None:
    net = worker.student.Net(3)
    with pytest.raises(StudentError, match="KeyError: 'W9'"):
        net.params["W9"]
    with pytest.raises(StudentError, match="no attribute 'nothing'"):
        fetch(net.nothing)


def test_a_remote_goes_back_as_the_same_object(worker) -> None:
    assert worker.student.same(worker.student.make()) is True


def test_a_remote_of_another_worker_is_refused(worker, load) -> None:
    with pytest.raises(TypeError, match="the worker it lives in"):
        load(NET).student.same(worker.student.make())


def test_a_dropped_remote_is_released(load) -> None:
    worker = load("""
        import weakref
        class Thing: pass
        def make():
            global alive
            thing = Thing()
            alive = weakref.ref(thing)
            return thing
        def living(): return alive() is not None
    """)
    thing = worker.student.make()
    assert worker.student.living() is True
    del thing
    assert worker.student.living() is False


def test_arguments_are_not_changed_unless_asked_for(worker) -> None:
    x, config = np.zeros(2), {}
    value, (x_after, config_after, other_after) = worker.student.change.inout(x, config, 5)
    assert (value, other_after) == (1, 5)
    assert (x.tolist(), config) == ([0, 0], {})
    assert (x_after.tolist(), config_after) == ([1, 1], {"t": 1})


def test_perturb_returns_both_losses_in_one_message_and_restores(worker) -> None:
    net = worker.student.Net(3)
    X = np.array([1.0, 10.0, 100.0])
    found = perturb(net, "W1", np.eye(3)[[0, 2]], 0.5, X)
    assert np.allclose(found, [[410.25, 635.0], [410.25, 235.0]], rtol=1e-15)
    assert net.params["W1"].tolist() == [0, 1, 2]
    assert fetch(net.calls) == 4


def test_perturb_takes_the_loss_of_a_tuple(worker) -> None:
    net = worker.student.Net(2)
    assert perturb(net, "W1", np.array([[0.0, 1.0]]), 1.0, np.ones(2), 1).tolist() == [[4.0], [0.0]]


def test_perturb_of_something_that_is_no_array_is_a_student_error(load) -> None:
    worker = load("class Net:\n    params = {'W1': [1.0]}\n    def loss(self): return 1.0")
    with pytest.raises(StudentError, match="TypeError"):
        perturb(worker.student.Net(), "W1", np.ones((1, 1)), 1e-3)


COMPARISONS = [operator.eq, operator.ne, operator.lt, operator.ge, operator.contains]


@pytest.mark.parametrize("compare", COMPARISONS)
def test_remotes_and_paths_are_not_comparable(worker, compare) -> None:
    net = worker.student.Net(2)
    for thing in (net, net.params, worker.student.make):
        with pytest.raises(TypeError, match="fetch"):
            compare(thing, 1)


@pytest.mark.parametrize("convert", [bool, len, iter, float, int, list, np.asarray, operator.index])
def test_remotes_turn_into_nothing_else(worker, convert) -> None:
    with pytest.raises(TypeError, match="fetch"):
        convert(worker.student.Net(2))


def test_numpy_does_not_take_a_remote_for_a_value(worker) -> None:
    net = worker.student.Net(2)
    with pytest.raises(TypeError, match="fetch"):
        np.testing.assert_allclose(net, np.ones(2))


def test_an_attribute_cannot_be_set_by_mistake(worker) -> None:
    with pytest.raises(AttributeError):
        worker.student.Net(2).reg = 1.0


def test_a_missing_name_says_so(worker) -> None:
    with pytest.raises(StudentError) as caught:
        worker.student.dropout_forward(1)
    assert caught.value.etype == "NameError"
    assert caught.value.sentence == "dropout_forward is not defined"


def test_an_exception_names_type_message_cell_and_line(worker) -> None:
    with pytest.raises(StudentError) as caught:
        worker.student.fail()
    assert caught.value.etype == "ValueError"
    assert caught.value.sentence == f"ValueError: wrong shape ({CELL}, line 20)"


@pytest.mark.parametrize("raising", ["SystemExit(3)", "KeyboardInterrupt()", "GeneratorExit()"])
def test_any_exception_is_an_answer(load, raising: str) -> None:
    worker = load(f"def f(): raise {raising}\ndef g(): return 1")
    with pytest.raises(StudentError):
        worker.student.f()
    assert worker.student.g() == 1


def test_names_tell_what_is_defined(load) -> None:
    worker = load("import math\nX = 1\ndef f(): pass\nclass C: pass\nh = lambda: 1")
    assert worker.names == {
        "math": "other",
        "X": "other",
        "f": "function",
        "C": "class",
        "h": "function",
    }


def test_seeding_repeats_numpy_and_random(load) -> None:
    worker = load("""
        import random
        import numpy as np
        def draw(): return [np.random.rand(), random.random(), np.random.default_rng(3).random()]
    """)
    draws = []
    for number in (7, 7, 8):
        worker.seed(number)
        draws.append(worker.student.draw())
    assert draws[0] == draws[1] != draws[2]


def test_the_order_of_sets_is_the_same_in_every_sandbox(load) -> None:
    worker = load("def f(): return hash('keep'), list({'alpha', 'beta', 'gamma', 'delta'})")
    number, order = worker.student.f()
    # PYTHONHASHSEED=0: the same in every process of this Python.
    assert isinstance(number, int)
    assert order == load("def f(): return list({'alpha', 'beta', 'gamma', 'delta'})").student.f()


def test_a_closed_worker_says_so(worker) -> None:
    f = worker.student.fail
    worker.close()
    assert not worker.alive
    with pytest.raises(WorkerDied, match="was closed"):
        f()


def test_a_late_call_ends_the_worker_for_good(hasty_sandbox) -> None:
    source = "import time\ndef nap(): time.sleep(60)\ndef f(): return 1"
    worker = load_program(hasty_sandbox, program(source), 0).worker
    assert worker.student.f() == 1
    with pytest.raises(StudentTimeout, match=r"^nap\(\) did not finish within 1 s$"):
        worker.student.nap()
    assert not worker.alive
    assert 1 <= worker.seconds_used < 10
    with pytest.raises(StudentTimeout):
        worker.student.f()


def test_calls_share_the_budget_of_the_task(sandbox) -> None:
    source = "import time\ndef nap(s): time.sleep(s)"
    worker = load_program(sandbox, program(source), 0).worker
    worker.budget = worker.seconds_used + 2
    worker.student.nap(0.5)
    with pytest.raises(StudentTimeout, match="for this task were used up"):
        worker.student.nap(60)
    assert worker.seconds_used < 10
