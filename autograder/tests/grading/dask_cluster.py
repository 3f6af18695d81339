"""A real Dask cluster of processes on this machine, which ends with its test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SECONDS = 120.0


class DaskCluster:
    """A scheduler, and workers that the test adds; a context manager.

    Parameters
    ----------
    folder : for logs and the workers' directories.
    settings : Dask's, as environment variables.

    Attributes
    ----------
    workers : the processes, in the order in which they were added.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self._environment = {**os.environ, **settings}
        self._file = folder / "scheduler.json"

    def __enter__(self) -> DaskCluster:
        place = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = self._start("scheduler", *place, "--scheduler-file", str(self._file))
        # The file is there before its text is.
        wait_until(lambda: self._file.exists() and self._file.read_bytes() != b"", "it started")
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self.scheduler, *self.workers):
            end_tree(process.pid)
            process.wait()

    @property
    def address(self) -> str:
        return str(json.loads(self._file.read_text())["address"])

    def add_worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread and wait until the scheduler knows it."""
        name = f"worker-{len(self.workers)}"
        words = ("--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--name", name)
        place = ("--local-directory", str(self.folder / name))
        worker = self._start("worker", self.address, *words, *place, *options, **environment)
        self.workers.append(worker)
        log = self.folder / f"worker-{name}.log"
        wait_until(lambda: "Registered to" in log.read_text(), "the worker joined")
        return worker

    def _start(self, kind: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        name = words[words.index("--name") + 1] if "--name" in words else "0"
        with (self.folder / f"{kind}-{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words],
                cwd=self.folder,
                env={**self._environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that is bound to happen."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    """Processes that a process has started, and those that these have."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(status.parent.name))
    found, waiting = [], [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        found += new
        waiting += new
    return found


def end_tree(pid: int) -> None:
    """Kill a process and those below it."""
    for each in (pid, *descendants(pid)):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"
