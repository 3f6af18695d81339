"""A small course full of canaries, and one grader that hostile programs are put before."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.grading.runner import Grader
from autograder.paths import Course
from autograder.tests.grading.conftest import RIGHT, write_notebook

CANARY = "canary-of-the-grader"
SETTINGS = """\
title = "T"
seed = 1
[limits]
call_seconds = 1.0
task_seconds = 3.0
memory_mib = 1024
"""


@dataclass(frozen=True)
class Arena:
    """Grades programs; `state` is what no program may change."""

    course: Course
    grader: Grader

    def hand_in(self, student: str, **sources: str) -> Path:
        """Write a submission; cells that are not given are right."""
        folder = self.course.submission("mini", student)
        write_notebook(folder / "Mini.ipynb", {**RIGHT, **sources})
        return folder

    def state(self) -> dict[str, object]:
        """Everything of the course on disk, and what belongs to the grader's process."""
        return {
            "files": digests(self.course.root),
            "descriptors": len(os.listdir("/proc/self/fd")),
            "threads": sorted(thread.name for thread in threading.enumerate()),
            "environment": {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")},
            "folder": os.getcwd(),
            "priority": os.getpriority(os.PRIO_PROCESS, 0),
            "cores": os.sched_getaffinity(0),
            "numpy": [np.allclose(0, 1), np.abs(-1), np.array_equal([0], [1])],
        }


def plant(course: Course) -> None:
    """Put the canary into every file that no program may read, and a right submission beside."""
    hidden = course.suite("mini") / "test_mini.py"
    hidden.write_text(f"{hidden.read_text()}\nSECRET = {CANARY!r}\n")
    bob = course.submission("mini", "bob") / "Mini.ipynb"
    write_notebook(bob, {**RIGHT, "double": f"{RIGHT['double']}# {CANARY}\n"})
    (course.root / "secret.txt").write_text(CANARY)
    np.savez(course.root / "secret.npz", x=np.array(CANARY))
    with sqlite3.connect(course.root / "gradebook.db") as gradebook:
        gradebook.execute("create table grade as select ? as score", (CANARY,))
    gradebook.close()
    for path in course.root.rglob("*"):  # so that nothing but the sandbox protects them
        path.chmod(0o777 if path.is_dir() else 0o666)


def digests(root: Path) -> dict[str, str]:
    """Mode and content of everything below a folder."""
    return {
        str(path.relative_to(root)): f"{path.lstat().st_mode:o} "
        + (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in root.rglob("*")
        if "__pycache__" not in path.parts
    }


def descendants() -> set[int]:
    """Ids of all running processes that this one or its children started."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                state, parent = (
                    Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[:2]
                )
            except (FileNotFoundError, ProcessLookupError):
                continue
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry))
    found: set[int] = set()
    waiting = [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found


def settled(count: int) -> bool:
    """Whether not more than `count` processes run, at once or a moment later."""
    deadline = time.monotonic() + 5
    while len(descendants()) > count:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
