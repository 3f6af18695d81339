"""Grading processes end with the one that started them, even if it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SCRIPT = """
import os, sys, time
from pathlib import Path
from autograder.grading.pool import grading_pool

def work(folder):
    Path(folder, str(os.getpid())).touch()
    time.sleep(600)

if __name__ == "__main__":
    with grading_pool(2) as pool:
        list(pool.map(work, [sys.argv[1]] * 2))
"""


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    # A process that ended and was not waited for is no longer alive.
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_for(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_no_process_outlives_a_coordinator_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    (tmp_path / "pids").mkdir()
    coordinator = subprocess.Popen([sys.executable, str(script), str(tmp_path / "pids")])
    assert wait_for(lambda: len(os.listdir(tmp_path / "pids")) == 2)
    pids = [int(name) for name in os.listdir(tmp_path / "pids")]
    assert all(map(alive, pids))
    coordinator.send_signal(signal.SIGKILL)
    coordinator.wait()
    assert wait_for(lambda: not any(map(alive, pids)))
