"""Runs commands and says what they cost, everything that they started included."""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.5
PAGE = os.sysconf("SC_PAGE_SIZE")
PSS = re.compile(rb"^Pss: +(\d+) kB$", re.MULTILINE)


class CommandFailed(Exception):
    """A command that was to be measured ended with an error."""


@dataclass(frozen=True)
class Cost:
    """What one command took.

    Attributes
    ----------
    wall : seconds from start to end.
    cpu : processor seconds of the command and all its descendants.
    peak : most memory of all its processes together, in bytes, sampled twice a second.
    alone : most memory of the command's own process.
    """

    wall: float
    cpu: float
    peak: int
    alone: int


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run `command` in `folder` and wait for everything that it started.

    Raises
    ------
    CommandFailed
        If its exit status is not 0; the message ends with what it said.
    """
    _adopt_orphans()
    log = folder / "bench.log"
    before = os.times()
    started = time.monotonic()
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        with MemoryWatch(process.pid) as watch:
            status = process.wait()
            wall = time.monotonic() - started
    _reap_orphans()
    after = os.times()
    if status:
        said = log.read_text("utf-8", errors="replace")[-2000:]
        raise CommandFailed(f"{' '.join(command)} ended with status {status}:\n{said}")
    user, system = (after[i] - before[i] for i in (2, 3))
    return Cost(wall, user + system, watch.peak, watch.alone)


def answer_of(module: str, *words: str) -> Any:
    """Run a module of the benchmark's away from this process; return the JSON that it writes."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandFailed(f"{module} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


class MemoryWatch:
    """Samples the memory of a process and its descendants; a context manager."""

    def __init__(self, pid: int) -> None:
        self.peak = self.alone = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            used = {pid: memory(pid) for pid in tree(self._pid)}
            self.alone = max(self.alone, used[self._pid])
            self.peak = max(self.peak, sum(used.values()))


def tree(root: int) -> list[int]:
    """Return `root` and its descendants."""
    children: dict[int, list[int]] = {}
    for pid, parent in parents().items():
        children.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def parents() -> dict[int, int]:
    """Return the parent of every process that there is."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = Path("/proc", name, "stat").read_text("utf-8", errors="replace")
            except OSError:  # it has ended
                continue
            found[int(name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def processor_seconds(pid: int) -> float:
    """Return what a process and those of its children that have ended used, 0 if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return 0.0
    return sum(map(int, stat.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Return the memory of a process in bytes, 0 if it has ended.

    Of pages that processes share each counts its part, where the kernel tells; else all of them.
    """
    try:
        if found := PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_bytes()):
            return int(found[1]) * 1024
    except OSError:  # the sandbox lets nobody but root look
        pass
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _adopt_orphans() -> None:
    """Become the parent of descendants whose own has ended, so that their time is counted."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap_orphans() -> None:
    """Wait for descendants that are ending; those that are not are killed after a moment."""
    deadline = time.monotonic() + 5
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid and time.monotonic() > deadline:
            for child, parent in parents().items():
                if parent == os.getpid():
                    os.kill(child, signal.SIGKILL)
        if not pid:
            time.sleep(0.01)
