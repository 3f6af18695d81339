"""More of a program, loaded where a part of it is in use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.program import Outcome
from autograder.sandbox import StudentError, Worker, load_behind, load_program
from autograder.tests.sandbox.programs import package, program

Load = Callable[[str], Worker]
FIRST = """
    import numpy as np
    import matplotlib.pyplot as plt
    def f():
        return 1
    def plot():
        plt.plot([1])
"""


def behind(worker: Worker, source: str) -> list[Outcome] | None:
    found = load_behind(worker, program(FIRST), program(source, "Second, cell 1"))
    return None if found is None else list(found)


def test_it_shares_one_namespace_with_what_was_there(load: Load) -> None:
    worker = load(FIRST)
    assert worker.student.f() == 1
    found = behind(
        worker, "def g():\n    return f() + 1\nk = np.float64(2)\ndef f():\n    return 5"
    )
    assert found is not None
    assert [outcome.status for outcome in found] == ["ok"] * 3
    assert worker.student.g() == 6
    assert worker.names["k"] == "other"


def test_names_that_it_lacks_are_still_missing(load: Load) -> None:
    worker = load(FIRST)
    behind(worker, "def g():\n    return 2")
    with pytest.raises(StudentError, match="h is not defined"):
        worker.student.h()


def test_stand_ins_are_inert_while_it_is_loaded_and_raise_again_later(load: Load) -> None:
    worker = load(FIRST)
    found = behind(worker, "import seaborn\nplt.figure()\nseaborn.set()")
    assert found is not None
    with pytest.raises(StudentError, match="matplotlib"):
        worker.student.plot()


def test_errors_name_its_cells(load: Load) -> None:
    worker = load(FIRST)
    behind(worker, "def g():\n    return 1 / 0")
    with pytest.raises(StudentError, match="Second, cell 1, line 2"):
        worker.student.g()


def test_it_is_seeded_as_a_program_that_is_loaded_at_once(load: Load) -> None:
    drawn = []
    for calls in (1, 2):
        worker = load(FIRST + "    def draw():\n        return np.random.rand()\n")
        for _ in range(calls):
            worker.student.draw()
        behind(worker, "x = np.random.rand()\ndef g():\n    return x")
        drawn.append(worker.student.g())
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("source", ["1 / 0", "import os\nos._exit(3)", "while True: pass"])
def test_where_it_does_not_run_a_new_worker_has_to_find_out(hasty_sandbox, source: str) -> None:
    loaded = load_program(hasty_sandbox, program(FIRST), 0)
    try:
        assert behind(loaded.worker, source) is None
    finally:
        loaded.worker.close()


def test_modules_that_were_not_announced_need_a_new_worker(load: Load) -> None:
    worker = load(FIRST)
    more = package({"cs231n.layers": "def g():\n    return 2"})
    assert load_behind(worker, program(FIRST), more) is None
    assert worker.student.f() == 1
