"""Processes that grade side by side, and end with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from autograder.sandbox import end_with_parent, harden_self


def grading_pool(
    processes: int, start: Callable[..., None] | None = None, *arguments: object
) -> ProcessPoolExecutor:
    """Return a pool of fresh processes.

    Parameters
    ----------
    start : called with `arguments` in each process before its first task.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, context, _begin, (os.getpid(), start, arguments))


def _begin(parent: int, start: Callable[..., None] | None, arguments: tuple[object, ...]) -> None:
    # Ctrl-C reaches the whole process group; the coordinator alone decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    harden_self()
    if start is not None:
        start(*arguments)
