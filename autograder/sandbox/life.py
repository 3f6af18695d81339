"""The life of a worker's process: whether it has ended, how, and its end by force."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from collections.abc import Callable

ENDS = {
    -signal.SIGKILL: "it used more processor time or memory than allowed",
    -signal.SIGSEGV: "segmentation fault",
    -signal.SIGABRT: "it aborted",
    -signal.SIGSYS: "a forbidden system call",
}


class Life:
    """Watches a process by its pidfd, so never another one that got the same number.

    Parameters
    ----------
    reap : returns the exit code of the ended process `pid`.
    """

    def __init__(self, pid: int, reap: Callable[[int], int]) -> None:
        self._pid = pid
        self._reap = reap
        self._pidfd = os.pidfd_open(pid)
        self._gone = select.poll()
        self._gone.register(self._pidfd, select.POLLIN)

    def over(self, seconds: float = 0) -> bool:
        """Whether the process has ended, or does within so many seconds."""
        return bool(self._gone.poll(seconds * 1000))

    def end(self) -> int:
        """Kill the process if it still runs, once; return its exit code."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.close(self._pidfd)
        return self._reap(self._pid)


def cause(code: int) -> str:
    """What an exit code says about a process that ended by itself."""
    return ENDS.get(code, f"exit code {code}")
