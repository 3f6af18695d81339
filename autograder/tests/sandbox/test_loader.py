"""Does a bad statement cost itself only?"""

from __future__ import annotations

import time

import pytest

from autograder.sandbox import load_program
from autograder.tests.sandbox.programs import program


def statuses(loaded) -> list[str]:
    return [outcome.status for outcome in loaded.outcomes]


def test_a_program_is_one_namespace_in_a_registered_module(load) -> None:
    worker = load("""
        import sys
        a = 1
        def f():
            return a + b, f.__module__ in sys.modules, __name__ == "__main__"
        b = 2
    """)
    assert worker.student.f() == (3, True, False)


def test_an_empty_program_loads(sandbox) -> None:
    loaded = load_program(sandbox, (), 0)
    assert (loaded.outcomes, loaded.worker.names) == ((), {})
    loaded.worker.close()


def test_a_statement_that_raises_is_recorded_and_the_rest_goes_on(sandbox) -> None:
    loaded = load_program(sandbox, program("x = 1\nx / 0\nexit(3)\nraise SystemExit\ny = 2"), 0)
    loaded.worker.close()
    assert statuses(loaded) == ["ok", "failed", "failed", "failed", "ok"]
    assert loaded.outcomes[1].message == "ZeroDivisionError: division by zero"
    assert len(loaded.program) == 5
    assert set(loaded.worker.names) == {"x", "y"}


def test_loading_is_seeded(sandbox) -> None:
    draws = []
    for seed in (1, 1, 2):
        source = "import numpy as np\nx = np.random.rand()\ndef f(): return x"
        loaded = load_program(sandbox, program(source), seed)
        draws.append(loaded.worker.student.f())
        loaded.worker.close()
    assert draws[0] == draws[1] != draws[2]


def test_lines_of_tracebacks_are_those_of_the_cell(load) -> None:
    worker = load("""
        import inspect, traceback
        def f():
            x = 1
            return 1 / 0   # marked
        def lines():
            try:
                f()
            except ZeroDivisionError as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                return frame.filename, frame.lineno, frame.line, inspect.getsource(f).count("\\n")
    """)
    assert worker.student.lines() == ("Notebook, cell 1", 4, "return 1 / 0   # marked", 3)


def test_a_statement_that_hangs_is_left_out(hasty_sandbox) -> None:
    source = "a = 1\nwhile True: pass\ndef f(): return a"
    loaded = load_program(hasty_sandbox, program(source), 0)
    assert statuses(loaded) == ["ok", "timeout", "ok"]
    assert "within 1 s; it was left out" in loaded.outcomes[1].message
    assert loaded.worker.student.f() == 1
    assert [s.source for s in loaded.program] == ["a = 1", "def f(): return a"]
    loaded.worker.close()


def test_a_statement_that_kills_its_process_is_left_out(sandbox) -> None:
    source = "import os\nos._exit(0)\ndef f(): return 1"
    loaded = load_program(sandbox, program(source), 0)
    assert statuses(loaded) == ["ok", "died", "ok"]
    assert loaded.outcomes[1].message == (
        "the statement ended its process: exit code 0; it was left out"
    )
    assert loaded.worker.student.f() == 1
    loaded.worker.close()


def test_the_usable_program_loads_again_without_searching(hasty_sandbox) -> None:
    source = "import os\nwhile True: pass\nos._exit(1)\ndef f(): return 1"
    usable = load_program(hasty_sandbox, program(source), 0)
    usable.worker.close()
    again = load_program(hasty_sandbox, usable.program, 0)
    assert statuses(again) == ["ok", "ok"]
    assert again.program == usable.program
    again.worker.close()


def test_behind_three_culprits_only_definitions_and_imports_are_tried(sandbox) -> None:
    source = """
        import os
        os._exit(1)
        os._exit(2)
        before = 1
        os._exit(3)
        after = 1
        import math
        @staticmethod
        def f(): return before
        class C: pass
        os._exit(4)
    """
    loaded = load_program(sandbox, program(source), 0)
    assert statuses(loaded) == [
        *("ok", "died", "died", "ok", "died"),
        *("died", "ok", "ok", "ok", "died"),
    ]
    assert "3 other statements" in loaded.outcomes[-1].message
    assert loaded.worker.student.f() == 1
    assert "after" not in loaded.worker.names
    loaded.worker.close()


def test_behind_four_culprits_nothing_is_tried(sandbox) -> None:
    source = "import os\n" + "os._exit(1)\n" * 3 + "class C: os._exit(1)\ndef f(): return 1"
    loaded = load_program(sandbox, program(source), 0)
    assert statuses(loaded) == ["ok", "died", "died", "died", "died", "died"]
    assert loaded.worker.alive
    loaded.worker.close()


@pytest.mark.parametrize(
    "trap",
    [
        "lambda: os._exit(0)",
        "lambda: {'f': np.zeros(3)}",
        "lambda: {1: 'function'}",
        "lambda: {'f': 'reference'}",
        "lambda: [1]",
        "lambda: 1 / 0",
    ],
)
def test_a_trap_for_the_end_of_loading_costs_the_whole_program(sandbox, trap: str) -> None:
    source = f"""
        import gc, os
        import numpy as np
        for table in gc.get_objects():
            if type(table) is dict and "perturb" in table and callable(table.get("begin")):
                table["begin"] = {trap}
        def f(): return 1
    """
    loaded = load_program(sandbox, program(source), 0)
    assert set(statuses(loaded)) == {"died"}
    assert loaded.worker.alive
    assert (loaded.program, loaded.worker.names) == ((), {})
    loaded.worker.close()


def test_searching_for_hangs_takes_one_deadline_for_each(hasty_sandbox) -> None:
    source = "while True: pass\n" * 10 + "def f(): return 1"
    started = time.monotonic()
    loaded = load_program(hasty_sandbox, program(source), 0)
    # One attempt with everything, three that each find one, and the last.
    assert time.monotonic() - started < 15
    assert statuses(loaded) == ["timeout"] * 10 + ["ok"]
    assert loaded.worker.student.f() == 1
    loaded.worker.close()


def test_a_statement_that_talks_to_the_grader_is_left_out(sandbox) -> None:
    source = "import os\nos.write(3, b'x' * 100)\ndef f(): return 1"
    loaded = load_program(sandbox, program(source), 0)
    assert statuses(loaded) == ["ok", "died", "ok"]
    assert "not an answer" in loaded.outcomes[1].message
    loaded.worker.close()


def test_a_loaded_worker_has_the_whole_budget_of_a_task(sandbox) -> None:
    worker = load_program(sandbox, program("x = 1"), 0).worker
    assert worker.budget == sandbox.limits.task_seconds
    worker.close()
