"""Tries in a locked-down worker what must fail there: a filter that is not in force shows."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable

ATTEMPTS: dict[str, Callable[[int], object]] = {
    "reading a file": lambda grader: os.open("/", os.O_RDONLY),
    "writing a file": lambda grader: os.open("/dev/null", os.O_WRONLY),
    "listing a folder": lambda grader: os.listdir("/"),
    "a socket": lambda grader: socket.socket(),
    "a pipe": lambda grader: os.pipe(),
    "signalling another process": lambda grader: os.kill(grader, 0),
    "starting a program": lambda grader: subprocess.run(["/bin/true"], check=True),
}


def escapes(grader: int) -> list[str]:
    """Names of the forbidden things that worked; empty where the lockdown holds.

    Parameters
    ----------
    grader : process id of the grader, which a worker must not be able to signal.
    """
    found = []
    for name, attempt in ATTEMPTS.items():
        try:
            attempt(grader)
        except (OSError, subprocess.SubprocessError):
            continue
        found.append(name)
    return found
