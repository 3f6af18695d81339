"""Ctrl-C reaches every process in the foreground; what becomes of ours, one of them decides."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def held_back() -> Iterator[None]:
    """Start processes in here that hear of Ctrl-C at no time, and `ignore` it when they run.

    Held back from its first moment, a process can't even print that it was interrupted.
    """
    # Python's own, which it starts with the first one, would let it through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore() -> None:
    """Ignore Ctrl-C, and hold back nothing any more: what is started from here on would, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
