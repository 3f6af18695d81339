"""Code that lies: forged frames, patched modules and odd objects never decide a check."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import expect
from autograder.grading.expect import CheckFailed
from autograder.sandbox import (
    ProtocolViolation,
    Remote,
    StudentError,
    StudentFault,
    StudentTimeout,
    WorkerDied,
    load_program,
    perturb,
)
from autograder.tests.sandbox.programs import program


def test_garbage_on_the_socket_ends_the_worker(load) -> None:
    worker = load("import os\ndef f():\n    os.write(3, b'\\0' * 1000)\n    return 1")
    with pytest.raises(ProtocolViolation, match="not an answer"):
        worker.student.f()
    assert not worker.alive


FRAME = """
import os, struct, sys
def frame(nonce, header=b"\\x92\\x90\\xc3", kind=1, size=0):
    return struct.pack("<4sB3xIQQ", b"agr1", kind, len(header), size, nonce) + header
def nonce():
    '''The nonce of the request that is being answered: it is in a frame of the worker.'''
    at = sys._getframe()
    while at:
        if "nonce" in at.f_locals and "tree" in at.f_locals:
            return at.f_locals["nonce"]
        at = at.f_back
"""


def test_a_reply_forged_before_its_request_is_refused(load) -> None:
    worker = load(FRAME + "os.write(3, frame(0))\nos.write(3, frame(1))\ndef f(): return 1")
    # The loader has left out what wrote them; the rest works.
    assert worker.student.f() == 1


def test_a_guessed_nonce_is_refused(load) -> None:
    worker = load(FRAME + "def f():\n    os.write(3, frame(12345))\n    return 1")
    with pytest.raises(ProtocolViolation):
        worker.student.f()


def test_a_forged_reply_to_the_very_request_is_a_return_value_and_no_more(load) -> None:
    worker = load(FRAME + "def f():\n    os.write(3, frame(nonce()))\n    os._exit(0)")
    assert worker.student.f() is True
    with pytest.raises(WorkerDied):
        worker.student.f()


def test_a_surplus_reply_ends_the_worker_at_the_next_request(load) -> None:
    worker = load(FRAME + "def f():\n    os.write(3, frame(nonce()))\n    return 2")
    assert worker.student.f() is True
    with pytest.raises(ProtocolViolation):
        worker.student.f()


@pytest.mark.parametrize(
    "arguments",
    [
        "nonce(), kind=0",
        "nonce(), kind=3",
        "nonce(), kind=9",
        "nonce(), b'\\x92\\x90\\x80'",
        "nonce(), b'\\x92\\x90\\xd4\\x01\\x00'",
        "nonce(), b'\\x92\\x91\\x92\\x63\\x01\\x91\\x03', size=8",
        "nonce(), b'\\xc3'",
        "nonce(), b'\\xdd\\xff\\xff\\xff\\xff'",
        "nonce(), kind=2",
    ],
)
def test_a_malformed_reply_with_the_right_nonce_is_refused(load, arguments: str) -> None:
    worker = load(FRAME + f"def f():\n    os.write(3, frame({arguments}) + bytes(8))\n    return 1")
    with pytest.raises(ProtocolViolation):
        worker.student.f()


@pytest.mark.parametrize("size", ["2**28 + 1", "2**63"])
def test_an_announced_flood_is_refused_before_it_is_stored(load, size: str) -> None:
    worker = load(FRAME + f"def f():\n    os.write(3, frame(nonce(), size={size}))\n    return 1")
    with pytest.raises(ProtocolViolation):
        worker.student.f()


def test_a_frame_that_never_ends_is_late(hasty_sandbox) -> None:
    source = FRAME + (
        "def f():\n"
        "    os.write(3, frame(nonce(), b'\\x92\\x91\\x92\\x0b\\x64\\x91\\x03', size=800))\n"
        "    while True: pass\n"
    )
    worker = load_program(hasty_sandbox, program(source), 0).worker
    with pytest.raises(StudentTimeout):
        worker.student.f()


def test_lying_about_perturb_is_refused(load) -> None:
    worker = load("""
        import sys
        import numpy as np
        class Net:
            params = {"W1": np.zeros(3)}
            def loss(self):
                at = sys._getframe()
                while at.f_code.co_name != "perturb":
                    at = at.f_back
                type(at.f_locals["self"]).perturb = lambda *a: "yes"
                at.f_locals["self"].operations["perturb"] = lambda *a: "yes"
                return 1.0
    """)
    net = worker.student.Net()
    perturb(net, "W1", np.ones((1, 1)), 1e-3)
    with pytest.raises(TypeError, match="two losses"):
        perturb(net, "W1", np.ones((1, 1)), 1e-3)


OBJECTS = """
import numpy as np
class Everything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __len__(self): return 3
    def __iter__(self): return iter([1.0, 2.0, 3.0])
    def __getitem__(self, key): return 1.0
    def __float__(self): return 1.0
    def __array__(self, *a, **k): return np.arange(3.0)
    def __array_ufunc__(self, *a, **k): return True
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None
    shape, dtype, size, ndim = (3,), np.dtype("f8"), 3, 1
class Posing(Everything):
    __class__ = np.ndarray
class Array(np.ndarray):
    def __eq__(self, other): return True
    def __sub__(self, other): return np.zeros(3)
    def __array_ufunc__(self, *a, **k): return np.zeros(3)
class Number(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
def everything(): return Everything()
def posing(): return Posing()
def array(): return np.full(3, 9.0).view(Array)
def number(): return Number(9.0)
def objects(): return np.array([Everything()] * 3)
"""


@pytest.mark.parametrize("name", ["everything", "posing", "array", "objects"])
def test_an_object_that_equals_everything_passes_no_check(load, name: str) -> None:
    got = getattr(load(OBJECTS).student, name)()
    with pytest.raises(CheckFailed):
        expect.close(got, np.arange(1.0, 4.0), name="out")


def test_a_number_that_equals_everything_passes_no_check(load) -> None:
    got = load(OBJECTS).student.number()
    assert type(got) is float
    with pytest.raises(CheckFailed):
        expect.close(got, 1.0, name="loss")


def test_a_type_name_cannot_carry_text(load) -> None:
    worker = load("def f(): return type('<script>alert(1)</script>', (), {})()")
    got = worker.student.f()
    assert isinstance(got, Remote)
    assert (got.remote_type, repr(got)) == ("object", "<remote object>")


PATCHED = """
import builtins, os, sys
import numpy as np
np.allclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
np.ndarray.__eq__ if False else None
np.abs = np.max = np.subtract = lambda *a, **k: 0
builtins.AssertionError = builtins.isinstance = builtins.abs = lambda *a, **k: True
sys.exit = os._exit
def f(): return np.zeros(3)
"""


def test_patched_numpy_and_builtins_pass_no_check(load) -> None:
    try:
        got = load(PATCHED).student.f()
    except StudentFault:
        return  # patching broke the student's own process: no check passes either
    with pytest.raises(CheckFailed):
        expect.close(got, np.ones(3), name="out")
    assert not np.allclose(0, 1)


@pytest.mark.parametrize(
    "raising",
    [
        "type('E', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "type('E', (Exception,), {'__str__': lambda self: 'x' * 10**7})()",
        "type('x' * 10**6, (Exception,), {})()",
        "type('E', (BaseException,), {'__traceback__': 3})()",
        "type('Passed, 100 points', (Exception,), {})('\\n\\x1b[2J\\u202e')",
    ],
)
def test_hostile_exceptions_make_a_plain_sentence(load, raising: str) -> None:
    worker = load(f"def f(): raise {raising}")
    with pytest.raises(StudentError) as caught:
        worker.student.f()
    assert len(caught.value.sentence) < 450
    assert caught.value.sentence.isprintable()
    assert caught.value.etype.isidentifier()


def test_names_that_hash_alike_do_not_stall_the_grader(load) -> None:
    # Multiples of 2**61 - 1 all hash to 0: a dict of n of them takes n**2 steps to build.
    source = "def f(n): return {i * (2**61 - 1): 0 for i in range(n)}"
    worker = load(source)
    assert isinstance(worker.student.f(5000), Remote)


def test_more_handles_than_a_request_can_name_are_given_back_bit_by_bit(load) -> None:
    worker = load("def f(): return tuple(object() for _ in range(150_000))\ndef g(): return 1")
    handles = [worker.student.f(), worker.student.f()]
    del handles
    assert worker.student.g() == 1
