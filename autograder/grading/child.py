"""A forked child that does one thing and keeps nothing of it."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import warnings
from collections.abc import Callable
from typing import TypeVar

from autograder.sandbox import end_with_parent

T = TypeVar("T")

SELDOM = 20_000


class ChildDied(Exception):
    """The child was killed, or ended before it was done."""


def in_child(body: Callable[[], T]) -> T:
    """Call `body` in a child of this process; return what it returned.

    What it does to this process's memory stays in the child. The pickle that comes back is written
    by the grader's own code, in a process that runs nothing of a student's.

    Raises
    ------
    ChildDied
        If there is no answer: out of memory, most likely.
    """
    reader, writer = os.pipe()
    parent = os.getpid()
    with warnings.catch_warnings():
        # Python warns of locks that other threads hold. The one that waits for this holds none.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _run(body, writer, parent)
    os.close(writer)
    with open(reader, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    if status or not answer:
        raise ChildDied(f"exit code {os.waitstatus_to_exitcode(status)}")
    value: T = pickle.loads(answer)  # noqa: S301  written by `_run`
    return value


def _run(body: Callable[[], object], writer: int, parent: int) -> None:
    """Be the child; never returns."""
    code = 1
    try:
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # who waits says what Ctrl-C means
        end_with_parent(parent)
        gc.set_threshold(SELDOM)  # it ends before there is much to collect
        answer = pickle.dumps(body(), pickle.HIGHEST_PROTOCOL)
        with open(writer, "wb") as pipe:
            pipe.write(answer)
        code = 0
    finally:
        os._exit(code)
