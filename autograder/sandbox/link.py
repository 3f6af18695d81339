"""The process behind a worker: requests with a deadline, faults, and its end."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection
from typing import Any

from autograder.sandbox.calls import Renames, Request, renamed
from autograder.sandbox.codec import FAULT, REPLY, CodecError, Handle, encode
from autograder.sandbox.connection import Connection
from autograder.sandbox.faults import (
    ProtocolViolation,
    StudentError,
    StudentFault,
    StudentTimeout,
    WorkerDied,
    read_error,
)
from autograder.sandbox.life import Life, cause
from autograder.settings import Limits

HELLO_SECONDS = 30.0
EXIT_SECONDS = 1.0
MAX_RELEASED = 10_000  # in one request, which has a limit on its parts as a reply has
Answer = Callable[[str, list[object]], object]


class Link:
    """A locked-down process as the grader sees it.

    After a fault that ends the process every further request raises the same fault at once.

    Parameters
    ----------
    reap : returns the exit code of the ended process `pid`.
    budget : wall seconds that all requests together may take; may be set to what an earlier worker
        of the same task left.
    remote : makes what stands for a value that stays in the worker.
    sendable : returns the handle to send in place of what `remote` made; TypeError for all else.

    Attributes
    ----------
    cells : the cells that were loaded; faults may name lines of these.
    renames : by name of a function or class, other names for keyword arguments of its calls, e.g.
        {"FullyConnectedNet": {"dropout": "dropout_keep_ratio"}}.
    pid : process id.
    seconds_used : wall seconds spent waiting for this worker.
    """

    def __init__(
        self,
        pid: int,
        stream: socket.socket,
        limits: Limits,
        budget: float,
        reap: Callable[[int], int],
        remote: Callable[[Handle], object],
        sendable: Callable[[Any], Handle],
    ) -> None:
        self.cells: frozenset[str] = frozenset()
        self.renames: Renames = {}
        self.budget = budget
        self.seconds_used = 0.0
        self.pid = pid
        self._life = Life(pid, reap)
        self._connection = Connection(stream, remote, sendable)
        self._limits = limits
        self._end: StudentFault | None = None
        self._released: list[int] = []
        self._seed: int | None = None
        self._replaced: frozenset[str] = frozenset()
        self._answer: Answer | None = None

    @property
    def alive(self) -> bool:
        """Whether requests are still answered."""
        return self._end is None

    def end(self) -> StudentFault | None:
        """What ended the process, be it since its last reply; None while it runs."""
        if self._end is None and self._life.over():
            self._died("the student's code")
        return self._end

    def hello(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Layers and missing layers, as told before any student code arrived."""
        try:
            _, value = self._connection.receive(0, time.monotonic() + HELLO_SECONDS)
        except (TimeoutError, EOFError, CodecError) as error:
            raise self._stop(WorkerDied(f"the worker did not start ({error!r})")) from None
        return value[0], value[1]

    def seed(self, number: int) -> None:
        """Seed numpy's global generator and `random` in the worker; 0 <= number < 2**32.

        It is done by the next request, which needs no message of its own for it.
        """
        self._seed = number

    def replace(self, names: Collection[str], answer: Answer | None) -> None:
        """Let `answer` answer the calls of `names` that the worker passes on.

        A StudentError that it raises is raised in the worker, as the builtin exception of that
        name.
        """
        self._replaced, self._answer = frozenset(names), answer

    def _serve(self, callback: Any, nonce: int) -> list[memoryview]:
        """Make the frame that answers a callback."""
        match callback:
            case [str(name), list(args)] if name in self._replaced and self._answer is not None:
                try:
                    return encode(REPLY, self._answer(name, args), nonce)
                except StudentFault as fault:
                    etype = fault.etype if isinstance(fault, StudentError) else "RuntimeError"
                    return encode(FAULT, [etype, fault.sentence], nonce)
                except BaseException:
                    # The worker is left waiting: it can't take another request.
                    self._stop(WorkerDied("a call of a correct function was not answered"))
                    raise
        raise CodecError("a callback that nothing answers")

    def ask(self, request: Request) -> Any:
        """Ask for one operation, see `Respondent.request`."""
        if self._end is not None:
            raise type(self._end)(self._end.sentence)
        started = time.monotonic()
        limit = self._limits.call_seconds if request.seconds is None else request.seconds
        seconds = min(limit, self.budget - self.seconds_used)
        try:
            released = self._released[:MAX_RELEASED]
            sent = renamed(request.operation, request.arguments, self.renames)
            message = [released, self._seed, request.operation, *sent]
            kind, value = self._connection.ask(
                message, started + seconds, self._serve, handles=request.handles
            )
            del self._released[: len(released)]
            self._seed = None
        except TimeoutError:
            raise self._stop(StudentTimeout(self._too_late(request.label))) from None
        except EOFError:
            raise self._died(request.label) from None
        except CodecError:
            raise self.reject(request.label) from None
        finally:
            self.seconds_used += time.monotonic() - started
        if kind == REPLY:
            return value
        error = read_error(value, self.cells) if kind == FAULT else None
        raise error or self.reject(request.label)

    def release(self, handle_id: int) -> None:
        """Let the worker forget a value, with the next request."""
        self._released.append(handle_id)

    def close(self) -> None:
        """Kill the process and wait for its end."""
        if self.alive:
            self._stop(WorkerDied("the worker was closed"))

    def _too_late(self, label: str) -> str:
        if self.budget - self.seconds_used < self._limits.call_seconds:
            seconds = self._limits.task_seconds
            return f"{label} did not finish before the {seconds:g} s for this task were used up"
        return f"{label} did not finish within {self._limits.call_seconds:g} s"

    def reject(self, label: str) -> StudentFault:
        """End the worker because of what it sent; return the fault to raise."""
        sentence = f"{label} sent something that is not an answer; its process was ended"
        return self._stop(ProtocolViolation(sentence))

    def _died(self, label: str) -> StudentFault:
        self._end = WorkerDied(f"{label} ended its process")  # also where nobody can say how
        # Give the process a moment to end by itself: its exit code says more than our SIGKILL.
        by_itself = self._life.over(EXIT_SECONDS)
        code = self._kill()
        how = cause(code) if by_itself else "it hung up on the grader"
        self._end = WorkerDied(f"{label} ended its process: {how}")
        return self._end

    def _stop(self, fault: StudentFault) -> StudentFault:
        self._end = fault
        self._kill()
        return fault

    def _kill(self) -> int:
        self._connection.close()
        return self._life.end()
