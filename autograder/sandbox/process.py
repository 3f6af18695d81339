"""One worker as the grader sees it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

import numpy as np

from autograder.sandbox.calls import Request
from autograder.sandbox.dtypes import Array
from autograder.sandbox.link import Link
from autograder.sandbox.respondent import Respondent
from autograder.settings import Limits


class Worker(Link, Respondent):
    """A locked-down process with a student's code; parameters as of `Link`."""

    def __init__(
        self,
        pid: int,
        stream: socket.socket,
        limits: Limits,
        budget: float,
        reap: Callable[[int], int],
    ) -> None:
        Respondent.__init__(self)
        Link.__init__(self, pid, stream, limits, budget, reap, self.remote, self.sendable)

    def perform(self, scripts: Sequence[tuple[int, Array]], seconds: float) -> list[Array]:
        """Perform scripts, each under a seed of its own; it does not count as time of the task's.

        Parameters
        ----------
        scripts : seed, and the requests of one check as frames, see `transcript`.
        seconds : wall seconds for all of them.

        Returns
        -------
        The answers to each script as frames, up to the first fault: bytes that nobody has checked.
        """
        used = self.seconds_used
        label = "the student's code"
        try:
            found = self.ask(Request("perform", (list(scripts),), label, seconds, handles=False))
        finally:
            self.seconds_used = used
        if type(found) is not list or len(found) != len(scripts):
            raise self.reject(label)
        if any(type(a) is not np.ndarray or a.dtype != np.uint8 or a.ndim != 1 for a in found):
            raise self.reject(label)
        return found
