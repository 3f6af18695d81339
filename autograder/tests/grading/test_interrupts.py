"""Ctrl-C is heard by one process only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.paths import Course

# Python starts a process of its own with the first one, so this has to be a fresh Python.
SCRIPT = """
import multiprocessing, re, sys
from pathlib import Path
from autograder.grading.job import Job
from autograder.grading.lane import Lanes
from autograder.grading.pool import grading_pool
from autograder.paths import Course

def heeds(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    masks = [int(re.search(name + r":\\s*(.*)", status)[1], 16) for name in ("SigBlk", "SigIgn")]
    return not (masks[0] | masks[1]) & 2

if __name__ == "__main__":
    course, what = Course(Path(sys.argv[1])), sys.argv[2]
    with Lanes() if what == "lanes" else grading_pool(2) as started:
        if what == "lanes":
            started.start_ahead(Job(course, "mini"), 2)
        print(*map(heeds, multiprocessing.active_children()))
"""


@pytest.mark.parametrize("what", ["lanes", "pool"])
def test_no_grading_process_ever_heeds_ctrl_c(course: Course, tmp_path: Path, what: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, script, course.root, what], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False False\n", done.stderr
