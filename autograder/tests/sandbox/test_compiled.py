"""Does a statement that was compiled beforehand run like any other?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.program import Statement
from autograder.sandbox import Sandbox, StudentError, Worker, load_program
from autograder.sandbox.loader import Loaded

Run = Callable[..., Loaded]

COMMON = Statement("def f(a: int = 1):\n    return a / 0", "Known, cell 1", 3)
BROKEN = Statement("return 1", "Known, cell 2", 1)
ELSEWHERE = Statement(COMMON.source, COMMON.where, COMMON.line + 1)
LONG = Statement(f"x = '{'ä' * 100_000}'", "Known, cell 3", 1)


def other(source: str) -> Statement:
    return Statement(source, "Notebook, cell 1", 1)


NO_COMPILER = other("import builtins\nbuiltins.compile = None")


@pytest.fixture
def run(sandbox: Sandbox) -> Iterator[Run]:
    """Load statements into a new worker of a sandbox that knows some."""
    sandbox.know((COMMON, BROKEN, LONG))
    workers: list[Worker] = []

    def runner(*program: Statement) -> Loaded:
        loaded = load_program(sandbox, program, 0)
        workers.append(loaded.worker)
        return loaded

    yield runner
    for worker in workers:
        worker.close()


def statuses(loaded: Loaded) -> list[str]:
    return [outcome.status for outcome in loaded.outcomes]


def test_it_is_compiled_before_there_is_a_worker(run: Run) -> None:
    assert statuses(run(NO_COMPILER, COMMON)) == ["ok", "ok"]
    assert statuses(run(NO_COMPILER, ELSEWHERE)) == ["ok", "failed"]


def test_what_a_worker_runs_again_is_compiled_once(run: Run) -> None:
    assert statuses(run(ELSEWHERE, NO_COMPILER, ELSEWHERE)) == ["ok", "ok", "ok"]


def test_its_faults_name_its_lines(run: Run) -> None:
    with pytest.raises(StudentError, match="Known, cell 1, line 4"):
        run(COMMON).worker.student.f()


def test_imports_from_future_before_it_count(run: Run) -> None:
    kind = other("def kind(): return type(f.__annotations__['a']).__name__")
    future = other("from __future__ import annotations")
    assert run(COMMON, kind).worker.student.kind() == "type"
    assert run(future, COMMON, kind).worker.student.kind() == "str"


def test_what_can_not_be_compiled_is_left_to_the_program(run: Run) -> None:
    loaded = run(BROKEN, LONG)
    assert statuses(loaded) == ["failed", "ok"]
    assert "SyntaxError" in loaded.outcomes[0].message
