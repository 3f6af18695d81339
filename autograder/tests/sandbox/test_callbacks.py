"""Do replaced functions come from the grader, wherever and however the student calls them?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.sandbox import (
    Sandbox,
    StudentError,
    StudentTimeout,
    Worker,
    WorkerDied,
    load_program,
    perturb,
)
from autograder.tests.sandbox.programs import package, program

Loader = Callable[..., Worker]


def triple(name: str, args: list[object]) -> object:
    """Answers `double(x)`, which the students below get wrong."""
    assert name == "double"
    return 3 * args[0]  # type: ignore[operator]


@pytest.fixture
def replacing(sandbox: Sandbox) -> Iterator[Loader]:
    """Load source text whose `double` is answered by the grader."""
    workers: list[Worker] = []

    def loader(source: str | dict[str, str], answer=triple, names=("double",)) -> Worker:
        loaded = load_program(
            sandbox,
            program(source) if isinstance(source, str) else package(source),
            0,
            replaced=names,
            answer=answer,
        )
        workers.append(loaded.worker)
        assert [o.message for o in loaded.outcomes if o.status != "ok"] == []
        return workers[-1]

    yield loader
    for worker in workers:
        worker.close()


@pytest.mark.parametrize(
    "source",
    [
        "def double(x): return x\ndef f(x): return double(x)",
        "def f(x): return double(x)",
        "def f(x): return double(x)\ndef double(x): return x\ndouble = lambda x: -x",
        "def double(x): return x\nmine = double\ndef f(x): return mine(x)",
        "def double(x): return x\nclass C:\n    g = staticmethod(double)\ndef f(x): return C.g(x)",
        "double = 3\nif double:\n    def double(x): return x\ndef f(x): return double(x)",
        "def double(x): return x\ndel double\ndef f(x): return double(x)",
        "def double(x): return x\n1 if 1 else 0\nfrom numpy import *\ndef f(x): return double(x)",
    ],
)
def test_in_a_notebook(replacing: Loader, source: str) -> None:
    assert replacing(source).student.f(5) == 15


@pytest.mark.parametrize(
    "statement",
    [
        "from .layers import *",
        "from .layers import double",
        "from pack.layers import double as mine\ndef double(x): return mine(x)",
        "from . import layers\ndef twice(x): return layers.double(x)\ndouble = twice",
        "import pack.layers\ndouble = vars(pack.layers)['double']",
        "pass",
    ],
)
def test_in_modules(replacing: Loader, statement: str) -> None:
    worker = replacing(
        {
            "pack.layers": "def double(x): return x",
            "pack.nets": f"{statement}\ndef f(x): return double(x)",
            "": "from pack.nets import f",
        }
    )
    assert worker.student.f(5) == 15


def test_the_check_itself_gets_them_too(replacing: Loader) -> None:
    assert replacing("def double(x): return x").student.double(5) == 15


def test_a_failing_definition_is_no_obstacle(sandbox: Sandbox) -> None:
    source = "double = 1 / 0\ndef f(x): return double(x)"
    loaded = load_program(sandbox, program(source), 0, replaced=["double"], answer=triple)
    assert [outcome.status for outcome in loaded.outcomes] == ["failed", "ok"]
    assert loaded.worker.student.f(5) == 15
    loaded.worker.close()


def test_they_may_be_called_while_the_program_is_loaded(replacing: Loader) -> None:
    worker = replacing("def double(x): return x\nat_once = double(1)\ndef f(): return at_once")
    assert worker.student.f() == 3


def test_values_go_both_ways_unchanged(replacing: Loader) -> None:
    seen: list[object] = []

    def answer(name: str, args: list[object]) -> object:
        seen.extend(args)
        return (args[0], ({"cache": [None, (args[1],)]}, np.float32(2.5)))

    worker = replacing(
        """
        import numpy as np
        class Table(dict): pass
        x = np.arange(6.0).reshape(2, 3)
        def f():
            out, (cache, number) = double(x.T, Table(mode="train", p=0.5))
            return out, cache["cache"][1][0], type(number).__name__, out is not x
        """,
        answer,
    )
    out, param, kind, fresh = worker.student.f()
    assert np.array_equal(out, np.arange(6.0).reshape(2, 3).T)
    assert (param, kind, fresh) == ({"mode": "train", "p": 0.5}, "float32", True)
    assert seen[1] == {"mode": "train", "p": 0.5}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("double(1, b=2)", [1, 2]),
        ("double(b=2, x=1)", [1, 2]),
        ("double(1, c=7)", [1, 10, 7]),
        ("double(1)", [1]),
        ("double(1, 2, 3, 4)", [1, 2, 3, 4]),
    ],
)
def test_keyword_arguments_find_their_places(replacing: Loader, call: str, expected) -> None:
    source = f"def double(x, b=10, c=20): pass\ndef f(): return {call}"
    assert replacing(source, lambda name, args: args).student.f() == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(): return double(x=1)", r"double\(\) is not defined here: call it with positional"),
        ("def double(x): pass\ndef f(): return double(1, y=1)", "unexpected keyword argument 'y'"),
        ("def double(*, x): pass\ndef f(): return double(x=1)", "more keyword arguments"),
        ("def f(): return double(object())", r"double\(\) takes arrays.*type object can't be sent"),
        ("def f(): return double([lambda: 1])", "type function can't be sent"),
    ],
)
def test_arguments_that_can_not_be_sent_are_a_type_error(
    replacing: Loader, source: str, message: str
) -> None:
    worker = replacing(source)
    with pytest.raises(StudentError, match=message) as caught:
        worker.student.f()
    assert caught.value.etype == "TypeError"
    assert worker.alive


@pytest.mark.parametrize(
    ("etype", "caught"),
    [
        ("ValueError", "ValueError"),
        ("KeyError", "KeyError"),
        ("LinAlgError", "RuntimeError"),
        ("UnicodeDecodeError", "RuntimeError"),
        ("SystemExit", "RuntimeError"),
        ("print", "RuntimeError"),
        ("__doc__", "RuntimeError"),
    ],
)
def test_an_error_of_the_answer_is_raised_where_it_was_asked(
    replacing: Loader, etype: str, caught: str
) -> None:
    def answer(name: str, args: list[object]) -> object:
        raise StudentError(f"{etype}: shapes differ", etype)

    worker = replacing(
        """
        def f():
            try:
                double(1)
            except Exception as error:
                return type(error).__name__, str(error).count("shapes differ")
        """,
        answer,
    )
    assert worker.student.f() == (caught, 1)


def test_another_fault_of_the_answer_is_a_runtime_error(replacing: Loader) -> None:
    def answer(name: str, args: list[object]) -> object:
        raise WorkerDied("double() ended its process")

    with pytest.raises(StudentError, match=r"RuntimeError: double\(\) ended its"):
        replacing("def f(): return double(1)", answer).student.f()


@pytest.mark.parametrize("wrong", [KeyError("a mistake of ours"), None], ids=["raises", "object"])
def test_a_mistake_of_ours_ends_the_worker_and_shows(replacing: Loader, wrong) -> None:
    def answer(name: str, args: list[object]) -> object:
        if wrong:
            raise wrong
        return object()

    worker = replacing("def f(): return double(1)", answer)
    with pytest.raises((KeyError, TypeError)):
        worker.student.f()
    with pytest.raises(WorkerDied, match="was not answered"):
        worker.student.f()


def test_a_second_worker_answers_within_perturb(sandbox: Sandbox, replacing: Loader) -> None:
    reference = load_program(sandbox, program("def double(x): return 2 * x, ((x,), None)"), 0)
    worker = replacing(
        """
        import numpy as np
        class Net:
            def __init__(self): self.params = {"W1": np.ones(3)}
            def loss(self):
                out, cache = double(self.params["W1"])
                return float(out.sum())
        """,
        reference.worker.call_plain,
    )
    losses = perturb(worker.student.Net(), "W1", np.eye(3)[[0, 2]], 0.5)
    assert np.allclose(losses, [[7, 7], [5, 5]])
    reference.worker.close()


def test_the_time_of_answers_counts(hasty_sandbox: Sandbox) -> None:
    source = "def f():\n    while True: double(1)"
    slow = load_program(hasty_sandbox, program("def wait(): \n    while True: pass"), 0).worker

    def answer(name: str, args: list[object]) -> object:
        return slow.call_plain("wait", [])

    loaded = load_program(hasty_sandbox, program(source), 0, replaced=["double"], answer=answer)
    with pytest.raises(StudentTimeout, match="within 1 s"):
        loaded.worker.student.f()
    assert not slow.alive


PLAIN = """
def f(x): return (x, (x, {"a": [None, (True,)]}, ((),)))
def none(): return None
def thing(): return (1, object())
def fails(): return 1 / 0
class Sum:
    def __call__(self, *args): return sum(args)
total = Sum()
"""


def test_call_plain_returns_everything_by_value(load) -> None:
    worker = load(PLAIN)
    assert worker.call_plain("f", [1]) == (1, (1, {"a": [None, (True,)]}, ((),)))
    assert worker.call_plain("none", ()) is None
    assert worker.call_plain("total", (1, 2)) == 3


@pytest.mark.parametrize(
    ("name", "args", "etype"),
    [
        ("thing", [], "TypeError"),
        ("fails", [], "ZeroDivisionError"),
        ("f", [], "TypeError"),
        ("missing", [], "KeyError"),
        ("f", [[0] * 250_000], "ValueError"),
    ],
)
def test_call_plain_raises_what_it_can_not_return(load, name: str, args, etype: str) -> None:
    worker = load(PLAIN)
    with pytest.raises(StudentError) as caught:
        worker.call_plain(name, args)
    assert caught.value.etype == etype
    assert worker.call_plain("none", ()) is None
