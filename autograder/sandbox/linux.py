"""The Linux calls that Python's standard library does not offer."""

from __future__ import annotations

import ctypes
import functools
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38


@functools.cache
def _libc() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, *arguments: int) -> int:
    """Call prctl(2); `OSError` if the kernel refuses."""
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return _checked(_libc().prctl(option, *padded), f"prctl {option}")


def syscall(name: str, number: int, *arguments: object) -> int:
    """Call system call `number`; `name` is for the `OSError` if the kernel refuses."""
    return _checked(_libc().syscall(ctypes.c_long(number), *arguments), name)


def end_with_parent(parent: int) -> None:
    """Have this process killed when `parent`, which started it, ends in whatever way."""
    if sys.platform != "linux":
        return
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was quicker
        os._exit(1)


def harden_self() -> bool:
    """Make this process unreadable for others of its user; True where that is possible.

    With PR_SET_DUMPABLE off, nobody but root opens its `/proc/<pid>/mem` and `environ`, and nobody
    attaches a debugger: the grader's memory holds the hidden suite.
    """
    if sys.platform != "linux":
        return False
    prctl(PR_SET_DUMPABLE, 0)
    return True
