"""Starts the zygote and gets workers from it; refuses where the machine can't hold them in."""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

from autograder.errors import SandboxUnavailable
from autograder.program import Program
from autograder.sandbox.faults import StudentFault, WorkerDied
from autograder.sandbox.linux import harden_self
from autograder.sandbox.process import Worker
from autograder.settings import Limits

ZYGOTE = Path(__file__).with_name("zygote.py")
START_SECONDS = 60.0
MAX_MESSAGE = 1 << 16  # bytes to and from the zygote
MAX_KNOWN = MAX_MESSAGE // 2  # of a statement as JSON
# -I would ignore PYTHONHASHSEED, so its parts: no user site, no script directory; the environment
# is ours. -S: the site module would run .pth files, which lead to the grader's own source.
PYTHON_OPTIONS = ("-s", "-P", "-S", "-B")
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
ADVICE = {
    "user": "run as an ordinary user, or as a root that may change its user id",
    "no_new_privs": "run on Linux 3.5 or later",
    "seccomp": "run on x86_64 or aarch64 Linux whose kernel and container allow seccomp filters",
}
NO_ADVICE = "run on a plain Linux machine or in a container that keeps Docker's default profile"
# A second lock on what seccomp denies already: its absence is recorded, and no reason to refuse.
OPTIONAL = {"landlock"}
NOT_LINUX = (
    "the sandbox needs Linux; on {platform} grade in a container, e.g. "
    '`docker run --rm -it -v "$PWD:/course" -w /course python:3.11 bash -c '
    '"make setup && .venv/bin/autograder grade ASSIGNMENT"`'
)


class Sandbox:
    """Makes workers; a context manager. One sandbox serves one thread.

    Parameters
    ----------
    allow_degraded : go on where a layer is missing; `layers["missing"]` then says which.

    Attributes
    ----------
    layers : the active layers of every worker, for the record in a result.
    """

    def __init__(self, limits: Limits, *, allow_degraded: bool = False) -> None:
        self.limits = limits
        self.layers: dict[str, Any] = {}
        self._allow_degraded = allow_degraded
        self._workers: dict[int, Worker] = {}
        self._control: socket.socket | None = None
        self._zygote: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sandbox:
        """Start the zygote and try one worker.

        Raises
        ------
        SandboxUnavailable
            If this machine lacks a layer; the message names it and says what to do.
        """
        if sys.platform != "linux":
            raise SandboxUnavailable(NOT_LINUX.format(platform=sys.platform))
        harden_self()
        try:
            self._start()
            self._probe()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def know(self, program: Program) -> None:
        """Have statements that many programs have in common compiled once, for later workers."""
        for statement in program:
            known = [statement.source, statement.where, statement.line]
            if len(json.dumps(known)) <= MAX_KNOWN:
                self._ask({"op": "know", "statement": known})

    def spawn(self, budget: float | None = None) -> Worker:
        """Return a new, empty worker.

        Parameters
        ----------
        budget : wall seconds for all of its requests; the course's limit for a task if None.
        """
        request = {
            "op": "spawn",
            "memory_mib": int(self.limits.memory_mib),
            # A second line behind the wall-clock deadline.
            "cpu_seconds": math.ceil(self.limits.task_seconds) + 5,
        }
        ours, theirs = socket.socketpair()
        try:
            pid = self._ask(request, [theirs.fileno()])["pid"]
        except SandboxUnavailable:
            ours.close()
            raise
        finally:
            theirs.close()
        seconds = self.limits.task_seconds if budget is None else budget
        worker = self._workers[pid] = Worker(pid, ours, self.limits, seconds, self._reap)
        try:
            layers, missing = worker.hello()
        except WorkerDied as fault:
            raise SandboxUnavailable(f"sandbox: {fault.sentence}") from None
        self._refuse_missing(missing)
        self.layers |= {**layers, "missing": missing}
        return worker

    def close(self) -> None:
        """End the workers and the zygote."""
        try:
            for worker in list(self._workers.values()):
                worker.close()
        finally:
            self._end_zygote()

    def _end_zygote(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            self._zygote.kill()
            self._zygote.wait()
            self._zygote = None

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        descriptor = theirs.fileno()
        with theirs:
            self._zygote = subprocess.Popen(
                [sys.executable, *PYTHON_OPTIONS, str(ZYGOTE), str(descriptor)],
                pass_fds=[descriptor],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends the zygote
            )
        self._control = ours
        ours.settimeout(START_SECONDS)
        homes = {str(Path(str(module.__file__)).parent.parent) for module in (np, msgpack)}
        self._ask({"import_from": sorted(homes)})

    def _ask(self, request: dict[str, Any], descriptors: list[int] | None = None) -> Any:
        if self._control is None:
            raise SandboxUnavailable("sandbox: not started; use `with Sandbox(...) as sandbox`")
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors or [])
            answer = self._control.recv(MAX_MESSAGE)
        except OSError:
            answer = b""
        if not answer:
            raise SandboxUnavailable(
                f"sandbox: its process has ended or does not answer; does {sys.executable} run?"
            )
        found = json.loads(answer)
        if "error" in found:
            raise SandboxUnavailable(f"sandbox: its process can't start: {found['error']}")
        return found

    def _reap(self, pid: int) -> int:
        del self._workers[pid]
        return int(self._ask({"op": "reap", "pid": pid})["status"])

    def _probe(self) -> None:
        """Try in a worker what must not work: a kernel may take a filter and not apply it."""
        worker = self.spawn()
        try:
            escapes = worker.request("escapes", os.getpid(), label="the probe")
        except StudentFault as fault:
            raise SandboxUnavailable(f"sandbox: {fault.sentence}") from None
        worker.close()
        self._refuse_missing(dict.fromkeys(escapes, "it works in a worker"))
        self.layers["escapes"] = escapes

    def _refuse_missing(self, missing: dict[str, str]) -> None:
        refused = sorted(set(missing) - OPTIONAL)
        if not refused or self._allow_degraded:
            return
        reasons = "; ".join(
            f"{name} ({missing[name]}): {ADVICE.get(name, NO_ADVICE)}" for name in refused
        )
        raise SandboxUnavailable(
            f"sandbox: this machine does not give {reasons}. To grade without it, at your own "
            "risk, pass --allow-degraded-sandbox; every result then says so"
        )
