"""Calls back to the grader that lie, flood, hang or carry what they must not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.sandbox import (
    ProtocolViolation,
    Sandbox,
    StudentError,
    StudentFault,
    StudentTimeout,
    Worker,
    WorkerDied,
    load_program,
)
from autograder.sandbox import connection as grader_end
from autograder.tests.hostile.test_lies import FRAME
from autograder.tests.sandbox.programs import program

Loader = Callable[[str], Worker]

# Forges frames of kind 4 (callback); `plea` is the frame of a well-formed one.
FORGED = (
    FRAME
    + """
import msgpack
def callback(tree, number=None, table=(), size=0):
    header = msgpack.packb([list(table), tree])
    return frame(nonce() if number is None else number, header, 4, size)
def plea(name="double", *args, number=None):
    return callback([0, name, [0, *args]], number)
"""
)


MACHINERY = "import gc\nfor o in gc.get_objects():\n    if type(o).__name__ == 'Callbacks'"


@pytest.fixture
def asked() -> list[tuple[str, list[object]]]:
    """What reached the function that answers."""
    return []


@pytest.fixture
def forging(sandbox: Sandbox, asked: list[tuple[str, list[object]]]) -> Iterator[Loader]:
    """Load code that can forge callbacks; only `double` is replaced."""
    workers: list[Worker] = []

    def answer(name: str, args: list[object]) -> object:
        asked.append((name, args))
        return 7

    def loader(source: str) -> Worker:
        loaded = load_program(
            sandbox, program(FORGED) + program(source), 0, replaced=["double"], answer=answer
        )
        workers.append(loaded.worker)
        return workers[-1]

    yield loader
    for worker in workers:
        worker.close()


def test_a_forged_callback_is_a_call_and_no_more(forging: Loader, asked: list[object]) -> None:
    worker = forging("def f():\n    os.write(3, plea())\n    os.read(3, 1000)\n    return 1")
    assert worker.student.f() == 1
    assert asked == [("double", [])]


@pytest.mark.parametrize(
    "bad",
    [
        "plea('affine_forward')",
        "plea('__class__')",
        "plea(number=0)",
        "plea(number=nonce() ^ 1)",
        "plea('double', [5, 1, 'Net'])",  # a handle
        "plea('double', [2, [5, 1, 'Net'], 1])",  # a handle as a key
        "callback([0, 'double'])",
        "callback([0, 'double', [1]])",
        "callback([0, b'double', [0]])",
        "callback([0, ['double'], [0]])",
        "callback([0, 'double', [0], [2]])",
        "callback('double')",
        "callback(None)",
        "plea('double', [9, 1])",
        "plea('double', [3])",  # an array that was not announced
        "plea('double', *[None] * 200_000)",
        "plea('double', eval('[0,' * 60 + '1' + ']' * 60))",
        "plea()[:20] + frame(nonce())",  # a reply in the middle of a callback
        "callback([0, 'double', [0, [3]]], None, [[11, 2**24]], 2**27) + frame(nonce()) * 9",
        "frame(nonce(), b'\\xc1', 4)",
        "frame(nonce(), kind=3)",
        "frame(nonce(), kind=5)",
    ],
)
def test_a_malformed_callback_ends_the_worker(
    forging: Loader, asked: list[object], bad: str
) -> None:
    worker = forging(f"def f():\n    os.write(3, {bad})\n    os._exit(0)")
    with pytest.raises((ProtocolViolation, WorkerDied)):
        worker.student.f()
    assert not worker.alive
    assert asked == []


def test_a_callback_where_nothing_is_replaced_ends_the_worker(sandbox: Sandbox) -> None:
    source = FORGED + "def f():\n    os.write(3, plea())\n    os.read(3, 1000)\n    return 1"
    worker = load_program(sandbox, program(source), 0).worker
    with pytest.raises(ProtocolViolation):
        worker.student.f()


def test_a_callback_behind_the_reply_ends_the_worker(forging: Loader, asked: list[object]) -> None:
    worker = forging("def f(): os.write(3, frame(nonce()) + plea())\ndef g(): return 1")
    assert worker.student.f() is True
    with pytest.raises(ProtocolViolation):
        worker.student.g()
    assert asked == []


def test_a_thread_can_not_call_for_there_is_none(forging: Loader) -> None:
    worker = forging(
        """
        import threading
        def f(): threading.Thread(target=double, args=(1,)).start()
        """
    )
    with pytest.raises(StudentError, match="can't start new thread"):
        worker.student.f()


def test_a_reply_without_reading_the_answer_breaks_the_students_process_only(
    forging: Loader,
) -> None:
    worker = forging("def f():\n    os.write(3, plea())\n    return 1\ndef g(): return 2")
    assert worker.student.f() == 1
    with pytest.raises(StudentFault):
        worker.student.g()
    assert not worker.alive


def test_a_flood_is_stopped_at_the_limit(
    forging: Loader, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grader_end, "MAX_CALLBACKS", 500)
    worker = forging("def f(n):\n    for _ in range(n): double(1)\n    return n")
    assert worker.student.f(499) == 499
    with pytest.raises(ProtocolViolation):
        worker.student.f(501)
    assert len(asked) == 499 + 500


def test_a_flood_whose_answers_nobody_reads_is_late(hasty_sandbox: Sandbox) -> None:
    source = FORGED + "def f():\n    while True: os.write(3, plea())"
    loaded = load_program(
        hasty_sandbox, program(source), 0, replaced=["double"], answer=lambda n, a: np.ones(10**5)
    )
    with pytest.raises(StudentTimeout):
        loaded.worker.student.f()


def test_a_callback_that_never_ends_is_late(hasty_sandbox: Sandbox) -> None:
    source = FORGED + "def f():\n    os.write(3, plea()[:-1])\n    while True: pass"
    loaded = load_program(
        hasty_sandbox, program(source), 0, replaced=["double"], answer=lambda n, a: 1
    )
    with pytest.raises(StudentTimeout):
        loaded.worker.student.f()


def test_a_process_that_ends_while_it_waits_for_an_answer_is_gone(forging: Loader) -> None:
    worker = forging("def f():\n    os.write(3, plea())\n    os._exit(5)")
    with pytest.raises(WorkerDied):
        worker.student.f()


@pytest.mark.parametrize(
    "argument",
    [
        "np.zeros(2**26)",
        "[0] * 300_000",
        "'x' * 2**23",
        "{i: i for i in range(5000)}",
        "deep",
        "object()",
        "10**30",
        "np.array([object()])",
        "type('D', (dict,), {'__iter__': lambda self: 1 / 0, 'keys': lambda self: 1 / 0})(a=1)",
    ],
)
def test_arguments_that_are_too_much_are_an_error_of_the_students(
    forging: Loader, asked: list[object], argument: str
) -> None:
    worker = forging(
        f"""
        import numpy as np
        deep = []
        for _ in range(10_000): deep = [deep]
        def f(): return double({argument})
        def g(): return double(1)
        """
    )
    with pytest.raises(StudentError):
        worker.student.f()
    assert asked == []
    assert worker.student.g() == 7


@pytest.mark.parametrize("argument", ["[0] * 199_990", "b'x' * (2**22 - 40)"])
def test_arguments_that_just_fit_are_no_trouble_on_the_way_to_a_second_worker(
    sandbox: Sandbox, argument: str
) -> None:
    second = load_program(sandbox, program("def double(x): return 7"), 0).worker
    for number in range(20_000):
        second.release(number + 10**6)  # as many as a request takes along
    loaded = load_program(
        sandbox,
        program(f"def f(): return double({argument})\ndef g(): return double(1)"),
        0,
        replaced=["double"],
        answer=second.call_plain,
    )
    try:
        assert loaded.worker.student.f() == 7
    except StudentError as error:
        assert error.etype == "ValueError"  # noqa: PT017  one of two that are fine
    assert loaded.worker.student.g() == 7
    loaded.worker.close()
    second.close()


@pytest.mark.parametrize(
    "deed",
    [
        "double.__code__ = (lambda *a, **k: 8).__code__",
        "double.__closure__[-1].cell_contents._functions.clear()",
        "double.__closure__[-1].cell_contents._descriptor = 99",
        f"{MACHINERY}: o.__dict__.clear()",
        f"{MACHINERY}: o.rebind = o.bind = o._learn = None",
        f"{MACHINERY}: o.nonce = 3",
        f"{MACHINERY}: o._plain = lambda value: value",
        "def double(x): pass\ndouble.__signature__ = 3\ndouble = double",
        "class D:\n    @property\n    def __signature__(self): raise SystemExit\ndouble = D()",
        "class D:\n    __wrapped__ = property(lambda self: 1 / 0)\ndouble = D()",
        "def double(x): pass\ndouble.__wrapped__ = double",
    ],
)
def test_what_code_does_to_the_machinery_harms_itself_only(
    forging: Loader, asked: list[object], deed: str
) -> None:
    worker = forging(f"{deed}\ndef f(): return double(1)")
    try:
        got = worker.student.f()
    except StudentFault:
        return
    assert got in (7, 8)
    assert all(call == ("double", [1]) for call in asked)


def test_call_plain_refuses_handles(sandbox: Sandbox) -> None:
    forged = "frame(nonce(), b'\\x92\\x90\\x93\\x05\\x01\\xa1x')"
    source = f"{FRAME}def f():\n    os.write(3, {forged})\n    os._exit(0)"
    worker = load_program(sandbox, program(source), 0).worker
    with pytest.raises(ProtocolViolation):
        worker.call_plain("f", [])
