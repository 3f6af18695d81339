"""Processes that grade side by side, and end with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from autograder.grading.interrupts import held_back, ignore
from autograder.sandbox import end_with_parent, harden_self


@contextmanager
def grading_pool(
    processes: int, start: Callable[..., None] | None = None, *arguments: object
) -> Iterator[ProcessPoolExecutor]:
    """Have a pool of fresh processes; an exception within the `with` ends them at once.

    Parameters
    ----------
    start : called with `arguments` in each process before its first task.
    """
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(processes, context, _begin, (os.getpid(), start, arguments))
    with held_back():
        for _ in range(processes):  # each starts with something to do
            pool.submit(int)
    try:
        yield pool
    except BaseException:
        # Ctrl-C or a full disk: nobody waits for what is being graded, which may take minutes.
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(parent: int, start: Callable[..., None] | None, arguments: tuple[object, ...]) -> None:
    ignore()
    end_with_parent(parent)
    harden_self()
    if start is not None:
        start(*arguments)
