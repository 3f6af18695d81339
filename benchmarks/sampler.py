"""Tells by samples of the stack what the time of the grader's process goes into.

A thread looks at the other threads some hundred times a second, and each time what has passed
since goes to the stage of the innermost frame that belongs to one. So it needs to know the rooms of
the package and nothing of what is in them, and what is measured runs as it always does.
"""

from __future__ import annotations

import faulthandler
import re
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import cache

INTERVAL = 2e-3
# A thread that computes lets others run so often that a look is never late.
TURN = 2e-5
# Parts of the path of a source file, and the stage that it belongs to; the first one counts.
STAGES = {
    "/autograder/sandbox/loader": "loading",
    "/autograder/sandbox/launcher": "loading",
    "/autograder/sandbox/": "proxy",
    "/autograder/submissions/": "reading",
    "/autograder/gradebook/": "gradebook",
    "/autograder/grading/results": "result",
    "/autograder/grading/known.py": "result",
    "/autograder/commands/": "result",
    "/autograder/replace": "result",
    "/autograder/grading/expect": "checks",
    "/solutions/": "checks",
    "/tests/": "checks",
    "/autograder/grading/": "pytest",
    "/_pytest/": "pytest",
    "/pluggy/": "pytest",
}
NAMES = (
    "reading",
    "loading",
    "student",
    "checks",
    "pytest",
    "proxy",
    "result",
    "gradebook",
    "rest",
)
# What the process waits for there is the student's process, or the disk.
WAITED_FOR = {
    "loading": "loading",
    "proxy": "student",
    "gradebook": "gradebook",
    "result": "result",
}
FILE = re.compile(r'^  File "(.*)", line ', re.MULTILINE)
# A thread that is here waits for another one.
IDLE = ("/threading.py", "/selectors.py", "/grading/session.py", "/concurrent/futures/")


class Sampler:
    """Watches all other threads of the process, of which one at a time is at work."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(NAMES, 0.0)
        self._ended = threading.Event()
        self._dump = tempfile.TemporaryFile()  # noqa: SIM115  as long as this lives
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Begin."""
        sys.setswitchinterval(TURN)
        self._thread.start()

    def stop(self) -> dict[str, float]:
        """End; return the seconds in each stage, or raise what ended it before."""
        self._ended.set()
        self._thread.join()
        if self._error is not None:
            raise self._error
        return dict(self._seconds)

    def _watch(self) -> None:
        try:
            self._sample()
        except Exception as error:  # noqa: BLE001  raised by `stop`
            self._error = error

    def _sample(self) -> None:
        wall, cpu = time.perf_counter(), _others_cpu()
        while not self._ended.wait(INTERVAL):
            stage = self._stage()
            new_wall, new_cpu = time.perf_counter(), _others_cpu()
            busy = min(new_cpu - cpu, new_wall - wall)
            self._seconds[stage] += busy
            self._seconds[WAITED_FOR.get(stage, "rest")] += new_wall - wall - busy
            wall, cpu = new_wall, new_cpu

    def _stage(self) -> str:
        # Not by walking frames in Python, during which the threads would run on and leave them.
        self._dump.seek(0)
        self._dump.truncate()
        faulthandler.dump_traceback(self._dump, all_threads=True)
        self._dump.seek(0)
        threads = self._dump.read().decode("utf-8", "replace").split("\n\n")
        stacks = [FILE.findall(text) for text in threads if not text.startswith("Current thread")]
        stages = [stage_of(files) for files in stacks if files and not _waits(files)]
        return next((stage for stage in stages if stage != "rest"), "rest")


def _others_cpu() -> float:
    """Processor seconds of the process's threads but for the one that asks."""
    return time.process_time() - time.thread_time()


def stage_of(files: Sequence[str]) -> str:
    """Return the stage of the innermost frame that has one.

    Parameters
    ----------
    files : source file of each frame, innermost first.
    """
    stages = [stage for path in files if (stage := _stage_of_file(path))]
    if stages and stages[0] == "proxy" and "loading" in stages:
        return "loading"  # told by who asks, not by what it asks of the sandbox
    return stages[0] if stages else "rest"


@cache
def _stage_of_file(path: str) -> str:
    return next((stage for part, stage in STAGES.items() if part in path), "")


def _waits(files: Sequence[str]) -> bool:
    return any(part in files[0] for part in IDLE)
